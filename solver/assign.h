/* Single sources: every point to one of the open sites, capacities kept.
 *
 *	assign_init(&s, a, f);
 *	cost = assign_points(&s, is_open, flow, to);	flow: the split transport of the same set
 *
 * Mathematics. Generalised assignment, heuristically: the split transport leaves at most as many
 * points divided as there are open sites; these go to their largest part, then shifts of one point
 * and exchanges of two lower cost + penalty * overload, with a penalty that grows until nothing is
 * overloaded. The split transport's own cost is a bound for the set. */
#ifndef RECIRCUIT_SOLVER_ASSIGN_H
#define RECIRCUIT_SOLVER_ASSIGN_H

#include "facility.h"
#include "transport.h"

struct assign {
	const struct facility *f;
	double *load;   /* [site] */
	uint32_t *to;   /* [point] */
	uint32_t *open; /* [site] those that are */
	size_t open_count;
	uint64_t random;
};

void assign_init(struct assign *s, struct arena *a, const struct facility *f);

/* Transport cost of what it found, without opening costs; infinite when it found nothing. The
 * answer is in s->to. */
double assign_points(struct assign *s, const bool *is_open, const struct transport *flow);

/* Goes on from an assignment that may overload sites. */
double assign_repair(struct assign *s);

#endif
