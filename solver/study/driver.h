/* What the answer may hang on: the drivers of a siting question, each a way to change a network.
 *
 *	const struct driver *d = driver_find("capex");
 *	struct network dearer = driver_apply(a, d, &net, 1.2);		new lines cost 20 % more
 *
 * A driver is a factor (1 leaves the network as it is), an amount added (0 does) or a value of the
 * network itself. Only what it names changes: dearer equipment in new lines leaves the fees of
 * existing plants as they are. */
#ifndef RECIRCUIT_SOLVER_DRIVER_H
#define RECIRCUIT_SOLVER_DRIVER_H

#include "network.h"

enum driver_kind { DRIVER_FACTOR, DRIVER_ADDED, DRIVER_VALUE };

struct driver {
	const char *id, *label, *unit; /* French, for people */
	enum driver_kind kind;
	double low, high;      /* credible, where the question does not say; added to a value */
	double least, most;    /* what a tipping point is looked for within, as low and high */
	double floor, ceiling; /* what it may be at all: beyond, there is no network to compute */
	/* As the driver rises the value of every plan only rises (1) or falls (-1), and so does that of
	 * the best one; 0 where that depends. Then one proof at an end holds for all on the way. */
	int sense;
	void (*change)(struct arena *a, struct network *net, double v);
};

enum { DRIVERS_MAX = 32 };

extern const struct driver driver_table[];
extern const size_t driver_count;

/* Null when there is none of that name. */
const struct driver *driver_find(const char *id);

/* Where the driver stands in the network as it is. */
double driver_central(const struct driver *d, const struct network *net);

/* The network with this driver elsewhere; shares with `net` what does not change. */
struct network driver_apply(
	struct arena *a, const struct driver *d, const struct network *net, double value);

#endif
