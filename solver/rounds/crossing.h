/* Rounded capacity inequalities: rounds cross the border of a set of stops at least twice for every vehicle
 * load in it.
 *
 *	sum_rounds (crossings of delta(S)) y_r >= 2 ceil(load(S) / capacity)
 *
 * For one type of vehicle and one trip a round. Separation grows sets from each stop: the
 * neighbour that shares most with the set joins next, or the one that leaves least slack (Lysgaard, Letchford, Eglese 2004); from sets near to
 * breaking theirs, single stops join or leave while that helps. */
#ifndef RECIRCUIT_ROUNDS_CROSSING_H
#define RECIRCUIT_ROUNDS_CROSSING_H

#include "labels.h"

struct crossing {
	struct stops set;
	double least; /* 2 ceil(load / capacity) */
};

bool crossing_has(const struct crossing *c, const struct vrp *v, size_t place);

/* How often this round crosses the border of the set. */
int crossing_count(const struct crossing *c, const struct vrp *v, const struct column *r);

/* Sets whose inequality the flow on the ways, [place][place] symmetric, breaks by more than `by`. */
size_t crossing_find(struct arena *a, const struct vrp *v, const double *flow, double by,
	struct crossing *out, size_t most);

#endif
