/* Ctrl-C and SIGTERM as a flag that anyone may watch. */
#ifndef RECIRCUIT_CMD_STOP_H
#define RECIRCUIT_CMD_STOP_H

#include "arena.h"
#include "err.h"

#include <stdatomic.h>

/* From here on SIGINT and SIGTERM set *stop, and nothing else. Call it before any thread starts. A
 * second signal ends the process at once, for those who cannot wait. */
must_use bool stop_watch(struct arena *a, const atomic_bool **stop, struct err *e);

#endif
