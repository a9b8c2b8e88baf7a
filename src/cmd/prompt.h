/* A password, from the terminal without showing it or from the standard input; never from the
 * arguments, which every user of the machine can read. */
#ifndef RECIRCUIT_CMD_PROMPT_H
#define RECIRCUIT_CMD_PROMPT_H

#include "arena.h"
#include "err.h"

#include <stdbool.h>

/* On the terminal it is typed twice. */
must_use bool prompt_password(
	struct arena *a, bool from_stdin, const char **password, struct err *e);

#endif
