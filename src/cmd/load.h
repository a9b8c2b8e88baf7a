/* What `recircuit load` can load: one file and one line of the table in load.c each. */
#ifndef RECIRCUIT_CMD_LOAD_H
#define RECIRCUIT_CMD_LOAD_H

#include "err.h"

#include <stdbool.h>
#include <stddef.h>

enum { LOAD_FILE_LIMIT = 256 << 20 };

must_use bool load_points(int argc, char **argv, struct err *e);
must_use bool load_distances(int argc, char **argv, struct err *e);
must_use bool load_lines(int argc, char **argv, struct err *e);

/* What the shell is told once all is printed: whether every line was good. */
must_use bool load_conclude(size_t refused, struct err *e);

#endif
