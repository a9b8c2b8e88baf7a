/* The best plan among listed rounds, by a search tree over the linear programme.
 *
 *	struct branching_answer out;
 *	branching_run(a, &m, &list, best, &out);	m: some of them columns, stops = 1
 *
 * A node's programme is cut (cutting.h); where it is not whole, its children part it: by the number of rounds, else by two stops that share
 * a round or do not (Ryan, Foster 1981), else by a round that is in the plan or is not. Of a few pairs the one whose children cost
 * most is taken (strong branching). The node of least bound comes first. */
#ifndef RECIRCUIT_ROUNDS_BRANCHING_H
#define RECIRCUIT_ROUNDS_BRANCHING_H

#include "listed.h"

struct branching_answer {
	double bound; /* no plan of these rounds that is better than `best` costs less; infinite: there is none */
	bool is_better; /* `best` was improved */
	size_t nodes;
};

void branching_run(struct arena *a, struct master *m, struct listed *list, struct rounds *best,
	struct branching_answer *out);

#endif
