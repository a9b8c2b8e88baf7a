/* Single sources: every point to one of the open sites, capacities kept.
 *
 *	assign_init(&s, a, f);
 *	cost = assign_points(&s, is_open, flow, 0);	flow: the split transport of the same set
 *	cost = assign_served(&s, is_open, oracle, 0);	from what a relaxation gave to each site
 *
 * Mathematics. Generalised assignment, heuristically. A start may overload sites: shifts of one
 * point and exchanges of two lower cost + penalty * overload, with a penalty that grows until
 * nothing is overloaded. What fits is then polished: shifts, exchanges, and ejections (i goes to b,
 * where k makes room and goes on to c). Then `kicks` times a few points are thrown elsewhere, and
 * the penalty swings around where things just fit (as Yagiura, Ibaraki and Glover 2004 do). */
#ifndef RECIRCUIT_SOLVER_ASSIGN_H
#define RECIRCUIT_SOLVER_ASSIGN_H

#include "oracle.h"
#include "transport.h"

struct assign {
	const struct facility *f;
	double *cost;   /* [point][site] of all its demand */
	double *load;   /* [site] */
	uint32_t *to;   /* [point] */
	uint32_t *kept; /* [point] the best while kicking */
	uint32_t *here; /* [point] where the next kick begins */
	uint32_t *open; /* [site] those that are */
	size_t open_count;
	uint32_t *head, *next; /* [site], [point] who is where, while ejecting */
	uint64_t random;
};

void assign_init(struct assign *s, struct arena *a, const struct facility *f);

/* So that results do not depend on what was asked before. */
void assign_forget(struct assign *s);

/* Transport cost of what it found, without opening costs; infinite when it found nothing. The
 * answer is in s->to. */
double assign_points(
	struct assign *s, const bool *is_open, const struct transport *flow, int kicks);
double assign_served(struct assign *s, const bool *is_open, const struct oracle *oracle, int kicks);

#endif
