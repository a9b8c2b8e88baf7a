/* The time of many searches together: what one leaves is for those after it.
 *
 *	purse_init(&p, 127, 1.8);			searches, seconds of each; 0: no limit
 *	double began = clock_seconds(), s = purse_take(&p);
 *	... search for s seconds at most ...
 *	purse_return(&p, s - (clock_seconds() - began));
 */
#ifndef RECIRCUIT_SOLVER_PURSE_H
#define RECIRCUIT_SOLVER_PURSE_H

#include <pthread.h>
#include <stddef.h>

/* Of a search, however little is left. */
static const double PURSE_LEAST_S = 0.05;

struct purse {
	double left_s; /* not promised yet */
	size_t left;   /* searches */
	double most_s; /* of one */
	pthread_mutex_t mutex;
};

void purse_init(struct purse *p, size_t searches, double each_s);

/* Seconds that the next search may take; 0 where there is no limit. */
double purse_take(struct purse *p);

/* What a search left of them; less than nothing where it took longer. */
void purse_return(struct purse *p, double seconds);

#endif
