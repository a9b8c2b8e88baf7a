#include "engine.h"

#include "branch.h"
#include "clock.h"
#include "facility.h"
#include "milp.h"
#include "siting.h"
#include "within.h"

#include <math.h>
#include <string.h>

/* Prices of the model's points from those of the facility problem, whose costs are discounted and
 * whose points all have a volume. With one flow every line carries the cost of its site. */
static void certify(struct arena *a, const struct model *m, const struct facility *f,
	const double *price, struct answer *out)
{
	double *full = arena_array(a, double, m->points);
	for (size_t i = 0; i < f->points; i++)
		full[f->point_of[i]] = f->discount > 0 ? price[i] / f->discount : 0;
	out->certificate = (struct certificate){.price = full, .share = m->site_cost};
	out->certified = bound_evaluate(m, &out->certificate);
}

/* One flow, one year, one level: the facility problem proper. */
static bool solve_facility(struct arena *a, const struct model *m, const struct engine_options *o,
	struct answer *out, struct err *e)
{
	double begin = clock_seconds(), cpu = clock_cpu_seconds();
	struct facility f;
	struct branch_result r;
	struct arena *scratch = arena_new();
	facility_init(scratch, &f, m);
	branch_solve(scratch, &f, o, begin, &r);
	*out = (struct answer){.status = ANSWER_UNKNOWN, .bound = r.bound, .nodes = r.nodes};
	certify(a, m, &f, r.price, out);
	bool is_done = true;
	if (r.cost < INFINITY) {
		is_done = facility_plan(a, &f, m, r.is_open, r.to, &out->plan);
		double cost = out->plan.cost.total;
		out->gap = cost > out->bound ? (cost - out->bound) / fabs(cost) : 0;
		out->status = r.is_complete ? ANSWER_OPTIMAL : ANSWER_FEASIBLE;
	} else if (r.is_complete) {
		out->status = ANSWER_INFEASIBLE;
	}
	arena_free(scratch);
	out->seconds = clock_seconds() - begin;
	out->cpu_seconds = clock_cpu_seconds() - cpu;
	return is_done || err_set(e, ERR_SYSTEM, "le plan trouvé ne se reconstruit pas");
}

bool engine_solve(struct arena *a, const struct model *m, const struct engine_options *o,
	struct answer *out, struct err *e)
{
	*out = (struct answer){.status = ANSWER_UNKNOWN,
		.bound = -INFINITY,
		.certified = -INFINITY,
		.gap = INFINITY};
	if (model_find_shortage(m, &(struct shortage){0})) {
		out->status = ANSWER_INFEASIBLE;
		out->bound = INFINITY;
		return true;
	}
	if (m->limit_count)
		return within_solve(a, m, o, out, e);
	if (facility_fits(m))
		return solve_facility(a, m, o, out, e);
	if (!siting_fits(m))
		return err_set(e, ERR_INVALID, "%zu flux : c’est plus que le solveur n’en admet",
			m->flows);
	if (milp_is_small(m)) {
		if (!milp_solve(a, m, o, out, e))
			return false;
		if (out->status != ANSWER_INFEASIBLE)
			siting_certify(a, m, o, out);
		return true;
	}
	return siting_solve(a, m, o, out, e);
}
