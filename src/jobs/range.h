/* How far each driver of a study (solver/study/driver.h) may credibly go: from the range of the parameter behind
 * it, or from the driver's own, which is then an assumption and said to be one.
 *
 * A factor is a parameter's range over its value, an amount added the distance to it, a value the range
 * itself. A new link is one line of the table in range.c. */
#ifndef RECIRCUIT_JOBS_RANGE_H
#define RECIRCUIT_JOBS_RANGE_H

#include "driver.h"
#include "instance.h"

struct driver_range {
	const struct driver *driver;
	bool is_given; /* by a parameter; else low and high are the driver's own, not to be written */
	double low, high;
	const char *parameter; /* its id, or a family ("flow.*.revenue_eur_t"); null without one */
	const char *source, *year, *confidence; /* year: null when there is none */
};

/* One for each driver, in the order of driver_table. */
const struct driver_range *range_list(struct arena *a, const struct instance *in);

#endif
