/* The numbers of a run by name, from network_parameter_list. One that is missing is our mistake in the data: it
 * reads as 0 and is said once, at the end. */
#ifndef RECIRCUIT_JOBS_PARAMETERS_H
#define RECIRCUIT_JOBS_PARAMETERS_H

#include "db.h"

/* Columns of the query. */
enum { PARAMETER_ID, PARAMETER_VALUE };

struct parameters {
	const struct rows *rows;
	const char *missing;
};

double value_of(struct parameters *p, const char *id);

/* flow.<flow>.<what> */
double flow_value(struct arena *a, struct parameters *p, const char *flow, const char *what);

struct jout;
/* The member "distance_bands" of solver/FORMAT.md. */
void write_distance_bands(struct jout *j, struct parameters *p);

#endif
