#include "run.h"

#include "clock.h"

#include <math.h>

bool run_is_over(void *context)
{
	const struct run *r = context;
	return (r->o->stop && *r->o->stop) || clock_seconds() > r->end_s;
}

void run_allow(struct run *r, double part)
{
	r->end_s = r->o->time_limit_s > 0 ? r->from_s + part * r->left_s : INFINITY;
}

void run_report(const struct run *r, double bound, double cost, const char *stage)
{
	struct progress p = {clock_seconds() - r->began, bound, cost, stage};
	if (r->o->progress)
		r->o->progress(r->o->context, &p);
}

bool run_is_sketched(const struct run *r, size_t n)
{
	return r->has_sketch && n + 1 == r->ladder.count;
}

double run_cost(const struct run *r, size_t n)
{
	if (run_is_sketched(r, n) && r->sketch.search.best_cost < INFINITY)
		return r->sketch.search.best_cost;
	return n == 0 && r->plan->level ? r->plan->cost.total : r->search.best_cost;
}

/* Lines that it opens now and then are likely. */
struct proposal run_propose(struct run *r, size_t n, struct arena *a)
{
	static const double NOW_AND_THEN = 0.01;
	const struct model *m = r->ladder.rungs[r->ladder.plan_rung].m,
			   *small = r->ladder.rungs[n].m;
	int *level = arena_array(a, int, m->sites * m->flows * m->years);
	double *share = arena_array(a, double, m->sites * m->flows * m->years);
	for (size_t c = 0; c < m->sites * m->flows; c++)
		for (size_t t = 0; t < m->years; t++) {
			size_t s =
				n > r->ladder.plan_rung ? r->ladder.rungs[n].zones.stage_of[t] : t;
			const struct relax *x = &r->ladder.rungs[n].relax;
			level[c * m->years + t] = x->path[c * small->years + s];
			share[c * m->years + t] = x->share[c * small->years + s];
			if (x->mean_open[c * small->years + s] > NOW_AND_THEN)
				r->search.flows[c % m->flows].is_likely[c / m->flows] = true;
		}
	return (struct proposal){level, r->ladder.is_light ? share : NULL};
}
