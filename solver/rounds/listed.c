#include "listed.h"

#include <stdlib.h>
#include <string.h>

double listed_price(struct master *m, struct listed *list)
{
	const struct vrp *v = m->v;
	struct subset *subset = arena_array(m->scratch, struct subset, m->cuts + 1);
	size_t subsets = master_subsets(m, subset, m->cuts);
	double least = 0;
	for (uint32_t t = 0; t < v->types; t++) {
		uint32_t depot = v->vehicles[t].depot;
		master_price_arcs(m, t);
		for (size_t n = 0; n < list->count; n++) {
			struct column *c = &list->round[n];
			uint32_t at = depot;
			if (c->type != t)
				continue;
			c->reduced = 0;
			for (uint32_t k = 0; k <= c->length; k++) {
				uint32_t to = k < c->length ? c->visit[k] : depot;
				c->reduced += m->arc[at * v->places + to];
				at = to;
			}
			for (size_t k = 0; k < subsets; k++)
				c->reduced += subset[k].penalty * subset_count(&subset[k], v, c);
			least = fmin(least, c->reduced);
		}
	}
	return least;
}

static int by_reduced(const void *a, const void *b)
{
	const struct column *x = *(const struct column *const *)a,
			    *y = *(const struct column *const *)b;
	return (x->reduced > y->reduced) - (x->reduced < y->reduced);
}

size_t listed_add(
	struct master *m, struct listed *list, const bool *is_out, double below, size_t most)
{
	struct column **order = arena_array(m->scratch, struct column *, list->count + 1);
	size_t count = 0;
	for (size_t n = 0; n < list->count; n++)
		if (!list->place[n] && list->round[n].reduced < below && !(is_out && is_out[n]))
			order[count++] = &list->round[n];
	qsort(order, count, sizeof *order, by_reduced);
	count = count < most ? count : most;
	for (size_t n = 0; n < count; n++) {
		master_add_column(m, order[n]);
		list->place[order[n] - list->round] = (uint32_t)m->count;
	}
	return count;
}

void listed_strike(struct listed *list, double gap)
{
	size_t kept = 0;
	for (size_t n = 0; n < list->count; n++)
		if (list->round[n].reduced <= gap) {
			list->place[kept] = list->place[n];
			list->round[kept++] = list->round[n];
		}
	list->count = kept;
}

void listed_withdraw(struct listed *list)
{
	memset(list->place, 0, list->count * sizeof *list->place);
}
