#include "engine.h"

#include "branch.h"
#include "clock.h"
#include "design.h"
#include "facility.h"
#include "milp.h"
#include "reduce.h"
#include "tangent.h"
#include "text.h"

#include <math.h>

/* What GLPK closes well within a minute: chosen on the reference scenario, not on test instances.
 */
enum { CANDIDATES = 10, STAGES = 3, ZONES_LEAST = 10 };

static const char *note(struct arena *a, const char *what, size_t from, size_t to)
{
	return arena_printf(a, "%s : %zu, ramenés à %zu", what, from, to);
}

static void set_answer(struct answer *out, const struct plan *plan, double bound, double gap_asked)
{
	out->plan = *plan;
	out->bound = fmin(bound, plan->cost.total);
	out->gap = plan->cost.total ? (plan->cost.total - out->bound) / fabs(plan->cost.total) : 0;
	out->status = out->gap <= gap_asked + 1e-9 ? ANSWER_OPTIMAL : ANSWER_FEASIBLE;
}

/* Solve a smaller model, lift its plan, price it on the whole; keep the status quo if it is
 * cheaper. */
static bool solve_reduced(struct arena *a, const struct model *m, const struct engine_options *o,
	struct answer *out, struct err *e)
{
	double started = clock_seconds(), cpu = clock_cpu_seconds();
	struct reduce_sizes sizes = {ZONES_LEAST, CANDIDATES, STAGES};
	struct reduction r;
	reduce_make(a, m, &sizes, &r);
	sizes.zones = MILP_CELLS_MAX / (1 + milp_cells(&r.model) / r.model.points);
	reduce_make(a, m, &sizes, &r);

	struct engine_options within = *o;
	if (o->time_limit_s > 0)
		within.time_limit_s = fmax(1, 0.9 * o->time_limit_s - (clock_seconds() - started));
	within.gap = fmax(o->gap, 1e-4);
	if (!milp_solve(a, &r.model, &within, out, e))
		return false;
	const char **notes = arena_array(a, const char *, 4);
	notes[0] = note(a, "points de collecte", m->points, r.model.points);
	notes[1] = note(a, "sites", m->sites, r.model.sites);
	notes[2] = note(a, "années", m->years, r.model.years);
	notes[3] = arena_printf(a,
		"écart prouvé sur ce problème réduit : %.2f %% ; le plan est ensuite chiffré sur "
		"le "
		"problème entier",
		100 * out->gap);

	struct plan best = plan_status_quo(a, m), lifted = {0};
	bool has_best = plan_route(a, m, &best);
	if (out->plan.level) {
		lifted = reduce_lift(a, m, &r, &out->plan);
		bool fits = plan_route(a, m, &lifted);
		if (fits && (!has_best || lifted.cost.total < best.cost.total))
			best = lifted;
		has_best |= fits;
	}
	*out = (struct answer){.status = ANSWER_UNKNOWN,
		.bound = tangent_bound(m),
		.gap = INFINITY,
		.notes = notes,
		.note_count = 4};
	if (has_best)
		set_answer(out, &best, out->bound, o->gap);
	out->seconds = clock_seconds() - started;
	out->cpu_seconds = clock_cpu_seconds() - cpu;
	return true;
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
	if (facility_fits(m))
		return solve_facility(a, m, o, out, e);
	if (milp_cells(m) <= MILP_CELLS_MAX)
		return milp_solve(a, m, o, out, e);
	if (!m->is_single_sourced && m->max_platforms < 0)
		return design_solve(a, m, o, out, e);
	return solve_reduced(a, m, o, out, e);
}
