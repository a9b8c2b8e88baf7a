/* The nodes of a search: where they live, and which comes next.
 *
 *	struct nodes pool = {.arena = a, .points = f->points, .sites = f->sites};
 *	struct node *n = node_new(&pool);	... node_free(&pool, n);
 *	heap_add(&heap, n);	n = heap_take(&heap);		the lowest bound
 *
 * Nodes come and go by the million: they have the same size and are used again. One thread owns a
 * pool at a time. */
#ifndef RECIRCUIT_SOLVER_TREE_H
#define RECIRCUIT_SOLVER_TREE_H

#include "arena.h"

#include <stdbool.h>
#include <stdint.h>

/* A decision on who serves a point: this site only, or not this site. Decisions are shared by the
 * nodes below and live as long as the tree. */
struct bar {
	const struct bar *parent;
	uint32_t point, site;
	bool is_only;
};

struct node {
	struct node *next; /* in the list of free ones */
	const struct bar *bars;
	double bound, step;
	int64_t order;   /* of its birth */
	uint8_t *status; /* [site] */
	double *price;   /* [point] */
	/* how it came about: a site decided that stood at `share`, when the bound was `before` */
	size_t site;
	double share, before;
};

struct nodes {
	struct arena *arena;
	struct node *free;
	size_t points, sites;
};

struct node *node_new(struct nodes *pool);
void node_free(struct nodes *pool, struct node *n);

/* Among equal bounds the oldest comes first. */
struct heap {
	struct arena *arena;
	struct node **nodes;
	size_t count, room;
};

void heap_add(struct heap *h, struct node *n);
struct node *heap_take(struct heap *h);

#endif
