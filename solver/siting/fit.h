/* Plans within limits by local search on lines, all flows together.
 *
 *	fit_init(&f, a, m, mu, seed);
 *	fit_run(&f, level, other, moves, offer, is_over, context);	offer(context, level, least) when limits seem kept
 *
 * Moves: a line closes, opens at some level from some year on, changes level, starts a year earlier or later, or
 * takes the place of a line of another site. A move is priced exactly by changing the transport and changing it
 * back (descent.h), at the prices mu of P(mu) (limit.h), with so much per unit on top for what exceeds a limit: the
 * weight of a limit rises while it is broken when nothing helps any more, and falls while it is kept. From
 * the best plan that keeps to all limits the search goes on with a few lines shaken. Transport itself knows
 * no joint limits: reroute.h has the last word. Large models are searched on zones. */
#ifndef RECIRCUIT_SOLVER_FIT_H
#define RECIRCUIT_SOLVER_FIT_H

#include "descent.h"
#include "limit.h"
#include "zones.h"

struct fit {
	const struct model *m; /* with limits */
	struct model priced;   /* P(mu), on zones where there are many points */
	struct zones zones;
	struct trend trend;
	const double *mu;
	struct descent *flows; /* [flow] */
	double *weight;        /* [limit] EUR per unit of excess */
	double *excess;        /* [limit] of the state */
	double *load;          /* [site][year] scratch */
	double *co2_t;         /* [year] scratch */
	int *path, *kept;      /* [year] scratch */
	int *best;             /* [site][flow][year] within limits, as far as seen here */
	double value, best_value, least;
	uint64_t random;
	int64_t moves;
};

void fit_init(struct fit *f, struct arena *a, const struct model *m, const double *mu,
	const double *weight, uint64_t seed);

/* At most about so many moves priced, from the better of two plans [site][flow][year]. `least`: no routing of these lines within
 * the limits costs less (but for the error of zones). */
void fit_run(struct fit *f, const int *level, const int *other, int64_t moves,
	void (*offer)(void *context, const int *level, double least),
	bool (*is_over)(void *context), void *context);

#endif
