/* One vehicle's day, driven by the rules: when it is back at the earliest, when it can leave for that at the latest, what
 * it costs.
 *
 * A driver rests before the driving since the last rest passes `before_break`: on the way at that very moment or,
 * where the vehicle waits anyway, on arrival. Of all ways to rest the one with the earliest return counts; it is found by
 * labels (hour, driving since the last rest) of which no one is worse in both; the latest departure likewise,
 * backwards from the return. */
#ifndef RECIRCUIT_ROUNDS_DAY_H
#define RECIRCUIT_ROUNDS_DAY_H

#include "rules.h"

struct day {
	double leave, back, driving; /* hours; leave is exact only where hours cost */
	double km, hours, cost;      /* hours = back - leave */
	double busy;                 /* hours at work on the spot and at unloadings */
};

/* False: the round breaks a rule of hours (windows, shift, driving). */
bool day_drive(const struct vrp *v, uint32_t type, const uint32_t *visit, uint32_t length,
	struct day *out);

#endif
