/* Problems of rounds as files: which formats there are and who reads each. A new one is a line of the table. */
#ifndef RECIRCUIT_SOLVER_CIRCUITS_H
#define RECIRCUIT_SOLVER_CIRCUITS_H

#include "err.h"
#include "vrp.h"

/* Whether the format is one of rounds. */
bool circuits_is_format(const char *format);

/* Reads the file and says what it is; the digest has 64 digits. */
must_use bool circuits_read(struct arena *a, const char *format, const char *path, struct vrp *v,
	char sha256[static 65], struct err *e);

#endif
