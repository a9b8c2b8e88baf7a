#include "graph.h"

#include <math.h>

struct reached {
	double dist;
	uint32_t node;
};

static void heap_push(struct reached *heap, size_t *count, struct reached r)
{
	size_t i = (*count)++;
	for (; i && heap[(i - 1) / 2].dist > r.dist; i = (i - 1) / 2)
		heap[i] = heap[(i - 1) / 2];
	heap[i] = r;
}

static struct reached heap_pop(struct reached *heap, size_t *count)
{
	struct reached top = heap[0], last = heap[--*count];
	size_t i = 0;
	for (size_t child; (child = 2 * i + 1) < *count; i = child) {
		if (child + 1 < *count && heap[child + 1].dist < heap[child].dist)
			child++;
		if (heap[child].dist >= last.dist)
			break;
		heap[i] = heap[child];
	}
	heap[i] = last;
	return top;
}

/* Dijkstra. */
void graph_ways(const struct graph *g, size_t source, double *way)
{
	struct reached *heap = g->heap;
	size_t count = 0;
	for (size_t v = 0; v < g->nodes; v++)
		way[v] = INFINITY;
	way[source] = 0;
	heap_push(heap, &count, (struct reached){0, (uint32_t)source});
	while (count) {
		struct reached r = heap_pop(heap, &count);
		if (r.dist > way[r.node])
			continue; /* reached again on a shorter way since */
		for (size_t e = g->first[r.node]; e < g->first[r.node + 1]; e++) {
			double d = r.dist + g->length[e];
			if (d < way[g->to[e]]) {
				way[g->to[e]] = d;
				heap_push(heap, &count, (struct reached){d, g->to[e]});
			}
		}
	}
}

void graph_init(struct graph *g, struct arena *a, size_t nodes, const double *length)
{
	size_t arcs = 0;
	for (size_t n = 0; n < nodes * nodes; n++)
		arcs += length[n] < INFINITY;
	*g = (struct graph){.nodes = nodes,
		.first = arena_array(a, size_t, nodes + 1),
		.to = arena_array(a, uint32_t, arcs),
		.length = arena_array(a, double, arcs),
		/* Every arc, and the source. */
		.heap = arena_array(a, struct reached, arcs + 1)};
	size_t e = 0;
	for (size_t u = 0; u < nodes; u++) {
		for (size_t v = 0; v < nodes; v++)
			if (length[u * nodes + v] < INFINITY) {
				g->to[e] = (uint32_t)v;
				g->length[e++] = length[u * nodes + v];
			}
		g->first[u + 1] = e;
	}
}
