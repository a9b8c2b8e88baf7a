#include "branch.h"

#include "clock.h"
#include "dive.h"
#include "scout.h"
#include "team.h"

#include <math.h>
#include <string.h>

enum {
	ROOT_ROUND = 50,   /* evaluations between two looks at the root */
	ROOT_ROUNDS = 40,  /* at most */
	CLIMB_ROUNDS = 5,  /* rounds of the root made from far away */
	ROOT_TRIALS = 600, /* of the local search */
	ROUND_TASKS = 16,  /* nodes taken from the heap at once */
};

static const double PROVED = 1e-6; /* relative: what counts as no gap at all */

/* A first guess: what the cheapest site would ask with its fixed cost spread over its capacity. */
static void guess_prices(const struct facility *f, double *price)
{
	for (size_t i = 0; i < f->points; i++) {
		price[i] = INFINITY;
		for (size_t j = 0; j < f->sites; j++) {
			if (f->capacity[j] <= 0)
				continue;
			double share = f->is_capacitated ? f->opening[j] / f->capacity[j] : 0;
			double c = f->unit[j * f->points + i] + (share > 0 ? share : 0);
			price[i] = c < price[i] ? c : price[i];
		}
	}
}

static void report(const struct search *s, double bound, double cost, const char *stage)
{
	if (!s->o->progress)
		return;
	struct progress p = {.seconds = clock_seconds() - s->begin_s,
		.bound = bound,
		.cost = cost,
		.stage = stage};
	s->o->progress(s->o->context, &p);
}

/* Ascends, harvests, fixes until little more comes of it. */
static void solve_root(struct diver *v, struct node *root)
{
	const struct search *s = v->search;
	const struct facility *f = s->f;
	struct dual *d = &v->dual;
	struct primal *p = &v->primal;
	guess_prices(f, root->price);
	dual_start(d, root->status, root->price);
	dual_fix(d, INFINITY);
	/* Whole items make the bound bumpy: the volume algorithm may find no way up at all. */
	int climbs = f->is_single ? CLIMB_ROUNDS : 0;
	double before = -INFINITY;
	for (int round = 0; round < ROOT_ROUNDS && !search_is_over(s); round++) {
		double cut = primal_cutoff(f, s->gap, p->best.cost), known = p->best.cost;
		double target = known < INFINITY ? known : 1.1 * fabs(d->value) + 1;
		/* First far, then exactly: only the second leaves a fractional solution. */
		if (round < climbs)
			dual_climb(d, ROOT_ROUND, target, cut);
		if (climbs && round == climbs)
			d->step = fmax(d->step, 0.1);
		if (round >= climbs)
			dual_ascend(d, ROOT_ROUND, target, cut);
		primal_harvest(p, d);
		if (round % 4 == 1 && p->best.cost < known)
			primal_improve(p, ROOT_TRIALS);
		report(s, d->value, p->best.cost, "borne et premiers plans");
		cut = primal_cutoff(f, s->gap, p->best.cost);
		if (d->value >= cut)
			break;
		dual_fix(d, cut);
		if (round > climbs + (climbs ? 2 : 5) && d->value - before < 2e-5 * fabs(d->value))
			break;
		before = d->value;
	}
	if (isinf(p->best.cost))
		primal_harvest(p, d); /* time was up before anything was tried */
	if (p->best.cost < INFINITY) {
		if (!search_is_over(s))
			primal_improve(p, ROOT_TRIALS);
		while (!search_is_over(s) && d->value < primal_cutoff(f, s->gap, p->best.cost) &&
			primal_insist(p)) {}
		dual_fix(d, primal_cutoff(f, s->gap, p->best.cost));
	}
	memcpy(root->price, d->price, f->points * sizeof *root->price);
	root->bound = root->before = d->value;
	root->step = fmax(d->step, 0.1);
	root->site = f->sites;
}

/* Prices seldom rise far below the root: twice what they are above the cheapest lane, and always
 * enough to reach the nearest few sites that are not closed. Dearer arcs are left out of the tree;
 * that costs a little of the bound where it is wrong, never its validity. */
static void set_ceilings(
	const struct facility *f, const uint8_t *status, const double *price, double *ceiling)
{
	enum { NEAREST = 8 };
	static const double margin = 2;
	for (size_t i = 0; i < f->points; i++) {
		double near[NEAREST];
		size_t count = 0;
		for (size_t j = 0; j < f->sites; j++) {
			double c = f->unit[j * f->points + i];
			if (status[j] == SITE_CLOSED ||
				(count == NEAREST && c >= near[NEAREST - 1]))
				continue;
			size_t n = count < NEAREST ? count++ : NEAREST - 1;
			for (; n && near[n - 1] > c; n--)
				near[n] = near[n - 1];
			near[n] = c;
		}
		if (!count)
			continue;
		double c = price[i] + margin * (price[i] > near[0] ? price[i] - near[0] : 0);
		double reach = near[count - 1] + 1e-6 * fabs(near[count - 1]);
		ceiling[i] = fmax(c, reach);
	}
}

/* The lanes of the tree: dear ones are left out, but branching on who serves a point needs every
 * lane that may serve it; there reduced costs decide. */
static void narrow_arcs(struct arena *a, struct search *s, struct diver *v, const struct node *root)
{
	const struct facility *f = s->f;
	if (!f->is_single) {
		double *ceiling = arena_array(a, double, f->points);
		set_ceilings(f, root->status, root->price, ceiling);
		arcs_init(a, &s->arcs, f, ceiling, NULL);
		return;
	}
	double cut = primal_cutoff(f, s->gap, v->primal.best.cost);
	(void)dual_fix_lanes(&v->dual, cut, v->is_barred);
	arcs_init(a, &s->arcs, f, NULL, v->is_barred);
}

/* A better plan decides more at the root. */
static void fix_again(struct arena *a, struct search *s, struct diver *v, const double *price)
{
	const struct facility *f = s->f;
	double cut = primal_cutoff(f, s->gap, v->primal.best.cost);
	oracle_forget(&v->dual.oracle);
	dual_start(&v->dual, s->status, price);
	dual_fix(&v->dual, cut);
	if (!f->is_single)
		return;
	(void)dual_fix_lanes(&v->dual, cut, v->is_barred);
	arcs_init(a, &s->arcs, f, NULL, v->is_barred);
}

/* One round: the best few nodes, each a task; and the scout, which begins first. */
struct round {
	struct task tasks[ROUND_TASKS];
	struct nodes pools[ROUND_TASKS]; /* one per task: threads never share one */
	size_t count;
	struct diver *divers; /* [thread] */
	struct scout scout;
	const struct best *best; /* when it began */
};

static void run_task(void *context, size_t job, size_t thread)
{
	struct round *r = context;
	if (job == 0)
		scout_step(&r->scout, r->best);
	else
		dive(&r->divers[thread], &r->tasks[job - 1], &r->pools[job - 1], r->best->cost);
}

static struct arena *own_arena(struct arena *parent)
{
	struct arena *own = arena_new();
	arena_defer(parent, (void (*)(void *))arena_free, own);
	return own;
}

static struct round *round_new(
	struct arena *a, const struct search *s, const struct node *root, size_t threads)
{
	const struct facility *f = s->f;
	struct round *r = arena_one(a, struct round);
	r->divers = arena_array(a, struct diver, threads);
	scout_init(&r->scout, a, f, s->gap, root->status);
	for (size_t n = 0; n < threads; n++)
		diver_init(&r->divers[n], own_arena(a), s);
	for (size_t n = 0; n < ROUND_TASKS; n++) {
		r->pools[n] = (struct nodes){
			.arena = own_arena(a), .points = f->points, .sites = f->sites};
		best_init(&r->tasks[n].best, a, f);
		experience_init(&r->tasks[n].learnt, a, f->sites);
	}
	return r;
}

/* Takes the best nodes until none below the cut is left; returns the lowest bound of the rest. */
static double search_tree(struct arena *a, struct search *s, struct diver *first, struct node *root,
	const double *price, struct best *best, int64_t *nodes)
{
	const struct facility *f = s->f;
	size_t threads = s->o->threads > 1 ? (size_t)s->o->threads : 1;
	struct round *r = round_new(a, s, root, threads);
	struct heap heap = {.arena = a};
	int64_t order = 0;
	heap_add(&heap, root);
	r->best = best;
	while (heap.count && !search_is_over(s)) {
		double cut = primal_cutoff(f, s->gap, best->cost);
		if (heap.nodes[0]->bound >= cut)
			break;
		report(s, heap.nodes[0]->bound, best->cost, "recherche de la preuve");
		for (r->count = 0; heap.count && r->count < ROUND_TASKS; r->count++) {
			if (heap.nodes[0]->bound >= cut)
				break;
			r->tasks[r->count].root = heap_take(&heap);
		}
		team_run(threads, r->count + 1, run_task, r);
		double known = best->cost;
		if (r->scout.primal.best.cost < best->cost)
			best_copy(best, &r->scout.primal.best, f);
		for (size_t n = 0; n < r->count; n++) {
			struct task *t = &r->tasks[n];
			*nodes += t->nodes;
			experience_add(&s->known, &t->learnt, f->sites);
			if (t->best.cost < best->cost)
				best_copy(best, &t->best, f);
			for (size_t k = 0; k < t->left_count; k++) {
				t->left[k]->order = order++;
				heap_add(&heap, t->left[k]);
			}
		}
		if (best->cost < known) {
			first->primal.best.cost = best->cost;
			fix_again(a, s, first, price);
		}
	}
	return heap.count ? heap.nodes[0]->bound : INFINITY;
}

void branch_solve(struct arena *a, const struct facility *f, const struct engine_options *o,
	double begin_s, struct branch_result *r)
{
	struct arena *scratch = arena_new();
	struct search s = {
		.f = f, .o = o, .begin_s = begin_s, .gap = o->gap > PROVED ? o->gap : PROVED};
	for (size_t i = 0; i < f->points; i++)
		s.largest = f->demand[i] > s.largest ? f->demand[i] : s.largest;
	experience_init(&s.known, scratch, f->sites);
	arcs_init(scratch, &s.arcs, f, NULL, NULL);
	struct diver *first = arena_one(scratch, struct diver);
	diver_init(first, scratch, &s);
	struct nodes pool = {.arena = scratch, .points = f->points, .sites = f->sites};
	struct node *root = node_new(&pool);
	for (size_t j = 0; j < f->sites; j++)
		root->status[j] = f->is_fixed[j]       ? SITE_OPEN
				  : f->capacity[j] > 0 ? SITE_FREE
						       : SITE_CLOSED;
	solve_root(first, root);
	struct best best;
	best_init(&best, a, f);
	best_copy(&best, &first->primal.best, f);
	*r = (struct branch_result){
		.root_bound = root->bound, .price = arena_array(a, double, f->points), .nodes = 1};
	memcpy(r->price, root->price, f->points * sizeof *r->price);
	s.status = arena_array(scratch, uint8_t, f->sites);
	memcpy(s.status, root->status, f->sites);
	narrow_arcs(scratch, &s, first, root);
	double left = search_tree(scratch, &s, first, root, r->price, &best, &r->nodes);
	r->cost = best.cost;
	r->is_open = best.is_open;
	r->to = best.to;
	double cut = primal_cutoff(f, s.gap, best.cost);
	r->is_complete = left >= cut;
	r->bound = fmin(left, cut);
	if (r->is_complete && f->grain > 0 && o->gap <= 0)
		r->bound = r->cost;
	arena_free(scratch);
}
