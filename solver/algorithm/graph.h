/* Shortest ways in a graph.
 *
 *	struct graph g;
 *	graph_init(&g, a, nodes, length);	[from][to], infinite where there is no edge
 *	graph_ways(&g, source, way);		[node] length of the shortest way there; infinite: none
 */
#ifndef RECIRCUIT_SOLVER_GRAPH_H
#define RECIRCUIT_SOLVER_GRAPH_H

#include "arena.h"

#include <stddef.h>
#include <stdint.h>

struct reached;

/* Lists of neighbours: those of u are [first[u], first[u + 1]). One user at a time. */
struct graph {
	size_t nodes;
	size_t *first;
	uint32_t *to;
	double *length;
	struct reached *heap;
};

void graph_init(struct graph *g, struct arena *a, size_t nodes, const double *length);
void graph_ways(const struct graph *g, size_t source, double *way);

#endif
