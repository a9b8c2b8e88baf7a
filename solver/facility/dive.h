/* One thread's part of the search: bounds nodes, branches, and follows one branch down.
 *
 *	diver_init(&v, a, &search);			one per thread
 *	dive(&v, &task, pool, cost);			knowing only the best cost of the round
 *
 * Branching. On a site first, then (single sources) on who serves a point. Of the sites that the
 * fractional solution is least sure of we take the one whose decision is thought to raise the
 * bound most on both sides (product rule); what a decision brings is learnt from those made before
 * (pseudo-costs), and tried out where there is too little experience (Achterberg, Koch, Martin
 * 2005). A task learns from the rounds before it and from itself, so that threads do not matter. */
#ifndef RECIRCUIT_SOLVER_DIVE_H
#define RECIRCUIT_SOLVER_DIVE_H

#include "answer.h"
#include "primal.h"
#include "tree.h"

enum { TASK_NODES = 24, TASK_LEFT = 2 + 2 * TASK_NODES }; /* a task's share of nodes */

/* What decisions have brought: [side][site], side 0 closed and 1 open. Rises are per unit of the
 * fractional solution that the decision moved. */
struct experience {
	double *rise[2];
	uint32_t *count[2];
};

/* What the threads read. */
struct search {
	const struct facility *f;
	const struct engine_options *o;
	double begin_s, gap;
	double largest; /* demand of a point */
	struct arcs arcs;
	uint8_t *status; /* [site] what reduced costs decide at the root */
	struct experience known;
};

/* A node to search below, and what is left of it afterwards. */
struct task {
	struct node *root;
	struct node *left[TASK_LEFT];
	size_t left_count;
	struct best best;
	struct experience learnt;
	int64_t nodes;
};

struct diver {
	const struct search *search;
	struct dual dual;
	struct primal primal;
	struct experience *learnt;      /* of the task */
	uint8_t *is_barred;             /* [site][point] single sources only */
	const struct bar *bars;         /* what is_barred says */
	double *kept_price, *kept_open; /* [point], [site] of the node while sides are tried */
	double kept_value, kept_step;
	uint32_t *choices, *where; /* [point] scratch */
	double *most;              /* [point] scratch */
	int64_t nodes;
};

bool search_is_over(const struct search *s);
void experience_init(struct experience *x, struct arena *a, size_t sites);
void experience_clear(struct experience *x, size_t sites);
void experience_add(struct experience *to, const struct experience *more, size_t sites);

void diver_init(struct diver *v, struct arena *a, const struct search *s);

/* Depth first below one node for a fixed number of nodes. */
void dive(struct diver *v, struct task *t, struct nodes *pool, double cost);

#endif
