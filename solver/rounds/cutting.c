#include "cutting.h"

enum { CROSSINGS_A_TURN = 30, SUBSETS_A_TURN = 12, WHOLE_A_TURN = 48 };

static const double BROKEN = 0.02, BROKEN_SUBSET = 0.05; /* by which it is worth adding */

/* What each way carries, both directions together. */
static double *find_flow(struct master *m)
{
	const struct vrp *v = m->v;
	double *flow = arena_array(m->scratch, double, v->places * v->places);
	for (size_t k = 0; k < m->count; k++) {
		double y = master_share(m, k);
		const struct column *c = &m->column[k];
		uint32_t at = 0;
		for (uint32_t n = 0; y > 1e-9 && n <= c->length; n++) {
			uint32_t to = n < c->length ? c->visit[n] : 0;
			flow[at * v->places + to] += y;
			flow[to * v->places + at] += y;
			at = to;
		}
	}
	return flow;
}

static bool has_options(const struct vrp *v)
{
	for (size_t i = v->depots; i < v->places; i++)
		if (!isinf(v->penalty[i]))
			return true;
	return false;
}

size_t cutting_crossings(struct master *m)
{
	struct crossing found[CROSSINGS_A_TURN];
	size_t room = MASTER_CUTS - m->cuts;
	if (m->v->types > 1 || m->v->dims != 1 || !room || has_options(m->v))
		return 0;
	size_t count = crossing_find(m->scratch, m->v, find_flow(m), BROKEN, found,
		room < CROSSINGS_A_TURN ? room : CROSSINGS_A_TURN);
	for (size_t n = 0; n < count; n++)
		master_add_cut(m, &(struct cut){.crossing = found[n]});
	return count;
}

size_t cutting_subsets(struct master *m, size_t room, bool is_whole)
{
	struct subset found[WHOLE_A_TURN];
	size_t most = is_whole ? WHOLE_A_TURN : SUBSETS_A_TURN, count = 0, there = 0;
	struct used *used = arena_array(m->scratch, struct used, m->count + 1);
	for (size_t k = 0; k < m->count; k++) {
		double share = master_share(m, k);
		if (share > 1e-9)
			used[count++] = (struct used){&m->column[k], share};
	}
	master_drop_idle_subsets(m);
	for (size_t k = 0; k < m->cuts; k++)
		there += m->cut[k].is_subset;
	size_t left = room > there ? room - there : 0, free = MASTER_CUTS - m->cuts;
	left = free < left ? free : left;
	count = subset_find(m->scratch, m->v, used, count, BROKEN_SUBSET, is_whole, found,
		left < most ? left : most);
	for (size_t n = 0; n < count; n++)
		master_add_cut(m, &(struct cut){.is_subset = true, .subset = found[n]});
	return count;
}
