/* What a database needs from time to time, done by a worker between two runs. */
#ifndef RECIRCUIT_JOBS_UPKEEP_H
#define RECIRCUIT_JOBS_UPKEEP_H

#include "db.h"

struct upkeep {
	double next_s; /* clock_seconds() from which it is due; 0: at once */
};

/* Takes away what has been kept long enough, if it is due: a part at a time, so that no run waits. Several workers may. */
must_use bool upkeep_do(struct arena *a, struct db *db, struct upkeep *u, struct err *e);

#endif
