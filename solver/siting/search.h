/* Plans of a whole model: each flow searched on its own, given the sites that others keep open.
 *
 *	search_init(&s, a, m, seed);
 *	search_offer(&s, level);			a plan to begin from
 *	search_round(&s, opened, share, is_over, context);	again and again
 *	s.best, s.best_cost
 *
 * Mathematics. Flows only meet in the costs of sites. A round takes each flow in turn: descent
 * (descent.h) from the best plan so far, from what the bound opened for it, and from the best plan
 * shaken, with site costs for sites that no other flow has open; then whole sites are moved. Once the
 * bound has said what it puts on each line of a site's cost, every other round takes all flows together: at those
 * shares first, then whole platforms are regrouped (regroup.h). Where
 * the number of platforms is limited, those that do least are barred until it is kept. */
#ifndef RECIRCUIT_SOLVER_SEARCH_H
#define RECIRCUIT_SOLVER_SEARCH_H

#include "descent.h"

enum { SEARCH_POOL = 8 };

struct search {
	const struct model *m;
	struct descent *flows; /* [flow] */
	struct arena *arena;
	bool *is_barred;       /* [site] not to be a platform */
	double prohibitive;    /* EUR per year: more than any plan saves by it */
	bool *elsewhere;       /* [site][year] scratch */
	int *level;            /* [site][year] scratch */
	int *best;             /* [site][flow][year] */
	double best_cost;      /* infinite until every tonne had a place */
	double regrouped_cost; /* of the best plan when its platforms were last regrouped, .. */
	size_t regroupings;    /* .. how often since they were in vain */
	size_t rounds;
	uint64_t random;

	/* The latest plans that cost about as little: infinite where there is none. */
	int *pool[SEARCH_POOL];
	double pool_cost[SEARCH_POOL];
	size_t pool_next;
};

void search_init(struct search *s, struct arena *a, const struct model *m, uint64_t seed);

/* level[site][flow][year]; kept if it is better than what there is. */
void search_offer(struct search *s, const int *level);

/* Cost of all flows together as they are loaded, every site paid once; infinite when some tonnes have no place. */
double search_cost(const struct search *s);

/* Whether any flow has a line there that is not fixed. */
bool search_is_platform(const struct search *s, size_t j);

/* Gives all flows other levels, [site][flow][year]; as they are. */
void search_load(struct search *s, const int *level);
void search_copy(const struct search *s, int *level);

/* Keeps the plan that is loaded when it is the best. */
void search_keep(struct search *s);

/* Flow k searched on from where it is, at true costs of sites. */
void search_settle(struct search *s, size_t k, bool (*is_over)(void *context), void *context);

/* Every line of the best plan gets its best path, the others as they are. */
void search_retime(struct search *s, bool (*is_over)(void *context), void *context);

/* opened[site][flow][year] is what the bound would open, share[site][flow][year] what of a site's cost it puts on each
 * line; null for nothing yet. */
void search_round(struct search *s, const int *opened, const double *share,
	bool (*is_over)(void *context), void *context);

#endif
