#include "climb.h"

#include "separate.h"
#include "team.h"

#include <math.h>

/* Work, chosen on the reference scenario and on generated networks. */
enum {
	SEARCH_EVERY = 3, /* rounds */
	SKETCH_EVERY = 2,
	FIRST_HEARD = 2,
	REVIVALS = 3, /* of an ascent that was slow, by new inequalities */
};

/* A round on one rung: the bound rises while plans are searched from what it opened before. Neither
 * sees what the other does, so it is the same whether they take turns or not. */
struct shift {
	struct run *r;
	size_t rung;
	double target;
	bool is_sketch;
	struct proposal proposal; /* for all but a sketch */
};

static void work_shift(void *context, size_t job, size_t thread)
{
	const struct shift *s = context;
	struct rung *rung = &s->r->ladder.rungs[s->rung];
	(void)thread;
	if (job == 0)
		relax_run(&rung->relax, rung->iterations, s->target, run_is_over, s->r);
	else if (s->is_sketch)
		sketch_round(&s->r->sketch, run_is_over, s->r);
	else
		search_round(
			&s->r->search, s->proposal.level, s->proposal.share, run_is_over, s->r);
}

/* What part of the gap asked for is enough on a rung: points that have prices of their own lose less than
 * zones, and an earlier answer leaves them such prices, but stages of years hide a part. */
static double enough_of(const struct run *r, size_t n)
{
	static const double COLD = 0.8, WARM = 0.95, STAGES = 0.8;
	if (n == 0)
		return 1;
	if (!r->ladder.rungs[n].is_warm)
		return COLD;
	return r->ladder.rungs[n].m->years < r->model->years ? STAGES : WARM;
}

bool climb_is_enough(const struct run *r, size_t n)
{
	double cost = run_cost(r, n), gap = cost - r->ladder.rungs[n].relax.value;
	return gap <= fmax(1e-6, enough_of(r, n) * r->o->gap) * fabs(cost);
}

/* A round that raises the bound by less than this is not worth its time: a share of the cost; from an earlier
 * answer also a part of what is still asked for. */
static double least_rise(const struct run *r, size_t n, double cost)
{
	static const double POINTS = 3e-5, ZONES = 1.5e-4, SKETCH = 5e-5, BRISK = 1.5e-4,
			    PART = 0.1, BRISK_PART = 0.3;
	const struct rung *rung = &r->ladder.rungs[n];
	double value = rung->relax.value, rise = n ? ZONES : r->o->is_brisk ? BRISK : POINTS;
	if (run_is_sketched(r, n))
		rise = SKETCH;
	double least = rise * fabs(value);
	if (!rung->is_warm || isinf(cost))
		return least;
	double part = r->o->is_brisk ? BRISK_PART : PART;
	return fmax(least, part * (cost - value - r->o->gap * fabs(cost)));
}

void climb_rung(struct run *r, struct arena *a, size_t n)
{
	static const double UNKNOWN_GAP = 0.05;
	struct rung *rung = &r->ladder.rungs[n];
	struct relax *x = &rung->relax;
	int idle = 0, revivals = 0;
	relax_look(x);
	run_allow(r, rung->until);
	if (rung->is_warm && climb_is_enough(r, n))
		return;
	for (int round = 0; round < rung->rounds && !run_is_over(r); round++) {
		double before = x->value, cost = run_cost(r, n), dearer = cost;
		double target = cost < INFINITY ? cost : x->value + UNKNOWN_GAP * fabs(x->value);
		bool is_sketch = run_is_sketched(r, n);
		struct shift shift = {r, n, target, is_sketch, {0}};
		struct arena *scratch = arena_new();
		bool is_small = n >= r->ladder.warm_rung;
		/* From an earlier answer, whose plan may do, once the bound has become slow; where time is short, once it
		 * has something to say. */
		int every = is_sketch ? SKETCH_EVERY : SEARCH_EVERY;
		bool is_turn = rung->is_warm ? idle == 1
					     : round % every == every - 1 &&
						       !(r->o->is_brisk && is_sketch &&
							       round < FIRST_HEARD);
		/* There is no time to search on more zones what was searched on few. */
		bool is_done = r->o->is_brisk && rung->is_warm && r->has_sketch && !is_sketch;
		bool is_searching = is_small && is_turn && !is_done;
		if (is_searching && is_sketch)
			sketch_hear(&r->sketch, x);
		else if (is_searching)
			shift.proposal = run_propose(r, n, scratch);
		team_run(r->threads, is_searching ? 2 : 1, work_shift, &shift);
		arena_free(scratch);
		cost = run_cost(r, n);
		run_report(r, x->value, cost,
			n ? "plans et borne, sur des zones" : "borne, sur tous les points");
		if (climb_is_enough(r, n))
			break;
		double closed = x->value - before + (isfinite(dearer) ? dearer - cost : 0);
		idle = closed < least_rise(r, n, cost) ? idle + 1 : 0;
		bool is_slow = idle == (n || rung->is_warm || r->o->is_brisk ? 2 : 6);
		bool may_cut = n && (!rung->is_warm || is_sketch);
		bool is_cutting = is_slow ? may_cut : round >= rung->first_cuts && round % 2;
		size_t added = is_cutting ? separate_discs(x, a) : 0;
		if (is_slow && !(added && revivals++ < REVIVALS))
			break;
		/* What is new has a round to show what it is worth. */
		if (added && may_cut)
			idle = 0;
	}
}
