#include "dive.h"

#include "clock.h"

#include <math.h>
#include <string.h>

enum {
	ASCENT = 8,        /* evaluations between two looks at a node */
	LOOKS = 12,        /* at most */
	TRY_ASCENT = 6,    /* evaluations of one side of a candidate */
	CANDIDATES = 8,    /* sites considered for branching */
	TRIED = 8,         /* of which so many may be tried out */
	RELIABLE = 4,      /* decisions that make experience */
	HARVEST_EVERY = 6, /* nodes */
};

static const double LEAST_STEP = 0.05; /* of the ascent at a new node */

bool search_is_over(const struct search *s)
{
	const struct engine_options *o = s->o;
	if (o->stop && *o->stop)
		return true;
	return o->time_limit_s > 0 && clock_seconds() - s->begin_s > o->time_limit_s;
}

void experience_init(struct experience *x, struct arena *a, size_t sites)
{
	for (int side = 0; side < 2; side++) {
		x->rise[side] = arena_array(a, double, sites);
		x->count[side] = arena_array(a, uint32_t, sites);
	}
}

void experience_clear(struct experience *x, size_t sites)
{
	for (int side = 0; side < 2; side++) {
		memset(x->rise[side], 0, sites * sizeof *x->rise[side]);
		memset(x->count[side], 0, sites * sizeof *x->count[side]);
	}
}

void experience_add(struct experience *to, const struct experience *more, size_t sites)
{
	for (int side = 0; side < 2; side++)
		for (size_t j = 0; j < sites; j++) {
			to->rise[side][j] += more->rise[side][j];
			to->count[side][j] += more->count[side][j];
		}
}

void diver_init(struct diver *v, struct arena *a, const struct search *s)
{
	const struct facility *f = s->f;
	*v = (struct diver){.search = s,
		.kept_price = arena_array(a, double, f->points),
		.kept_open = arena_array(a, double, f->sites)};
	dual_init(&v->dual, a, f, &s->arcs);
	primal_init(&v->primal, a, f, s->gap);
	if (!f->is_single)
		return;
	v->choices = arena_array(a, uint32_t, f->points);
	v->where = arena_array(a, uint32_t, f->points);
	v->most = arena_array(a, double, f->points);
	v->is_barred = arena_array(a, uint8_t, f->sites * f->points);
	v->dual.oracle.is_barred = v->is_barred;
}

static double cutoff(const struct diver *v)
{
	return primal_cutoff(v->search->f, v->search->gap, v->primal.best.cost);
}

static double moved_by(double share, int side)
{
	static const double least = 0.02;
	double moved = side ? 1 - share : share;
	return moved > least ? moved : least;
}

static void learn(struct diver *v, size_t j, int side, double share, double rise)
{
	v->learnt->rise[side][j] += (rise > 0 ? rise : 0) / moved_by(share, side);
	v->learnt->count[side][j]++;
}

static uint32_t experiences(const struct diver *v, size_t j, int side)
{
	return v->search->known.count[side][j] + v->learnt->count[side][j];
}

static double expected_rise(const struct diver *v, size_t j, int side, double share)
{
	double sum = v->search->known.rise[side][j] + v->learnt->rise[side][j];
	return sum / experiences(v, j, side) * moved_by(share, side);
}

/* The free sites the fractional solution is least sure of, the least sure first. */
static size_t least_sure(const struct dual *d, uint32_t *out, size_t most)
{
	const struct facility *f = d->f;
	double scores[CANDIDATES];
	size_t count = 0;
	for (size_t j = 0; j < f->sites; j++) {
		if (d->status[j] != SITE_FREE)
			continue;
		double m = d->mean_open[j], score = m < 0.5 ? m : 1 - m;
		if (count == most && score <= scores[most - 1])
			continue;
		size_t n = count < most ? count++ : most - 1;
		for (; n && scores[n - 1] < score; n--) {
			scores[n] = scores[n - 1];
			out[n] = out[n - 1];
		}
		scores[n] = score;
		out[n] = (uint32_t)j;
	}
	return count;
}

static void keep(struct diver *v)
{
	const struct dual *d = &v->dual;
	memcpy(v->kept_price, d->price, d->f->points * sizeof *v->kept_price);
	memcpy(v->kept_open, d->mean_open, d->f->sites * sizeof *v->kept_open);
	v->kept_value = d->value;
	v->kept_step = d->step;
}

static void restore(struct diver *v)
{
	struct dual *d = &v->dual;
	dual_start(d, d->status, v->kept_price);
	memcpy(d->mean_open, v->kept_open, d->f->sites * sizeof *v->kept_open);
	d->value = v->kept_value;
	d->step = v->kept_step;
}

/* Both decisions of a site for a few evaluations. */
static void try_sides(struct diver *v, size_t j, double cut, double value[2])
{
	struct dual *d = &v->dual;
	for (int side = 0; side < 2; side++) {
		d->status[j] = side ? SITE_OPEN : SITE_CLOSED;
		dual_start(d, d->status, v->kept_price);
		d->step = v->kept_step > LEAST_STEP ? v->kept_step : LEAST_STEP;
		dual_ascend(d, TRY_ASCENT, v->primal.best.cost, cut);
		value[side] = d->value;
		learn(v, j, side, v->kept_open[j], value[side] - v->kept_value);
	}
	d->status[j] = SITE_FREE;
}

/* The site to branch on; `sites` when none is free. A side that reaches the cut when it is tried
 * decides the site for good; *is_dead: a site has no side left. */
static size_t choose_site(struct diver *v, double cut, bool *is_dead)
{
	struct dual *d = &v->dual;
	uint32_t list[CANDIDATES];
	size_t sites = d->f->sites, best = sites, count = least_sure(d, list, CANDIDATES);
	*is_dead = false;
	if (count < 2)
		return count ? list[0] : sites;
	keep(v);
	double scale = 1e-6 * fabs(v->kept_value), best_score = -1;
	int tried = 0;
	for (size_t n = 0; n < count; n++) {
		uint32_t j = list[n];
		double share = v->kept_open[j], rise[2];
		bool is_known =
			experiences(v, j, 0) >= RELIABLE && experiences(v, j, 1) >= RELIABLE;
		if (is_known) {
			for (int side = 0; side < 2; side++)
				rise[side] = expected_rise(v, j, side, share);
		} else if (tried++ < TRIED) {
			double value[2];
			try_sides(v, j, cut, value);
			*is_dead = value[0] >= cut && value[1] >= cut;
			if (*is_dead)
				return sites;
			if (value[0] >= cut || value[1] >= cut) {
				d->status[j] = value[0] >= cut ? SITE_OPEN : SITE_CLOSED;
				continue;
			}
			for (int side = 0; side < 2; side++)
				rise[side] = value[side] - v->kept_value;
		} else {
			continue;
		}
		double score = fmax(rise[0], scale) * fmax(rise[1], scale);
		if (score > best_score) {
			best_score = score;
			best = j;
		}
	}
	restore(v);
	if (best < sites)
		return best;
	/* Every candidate was decided: whoever else is free comes next. */
	count = least_sure(d, list, 1);
	return count ? list[0] : sites;
}

static void set_bars(struct diver *v, const struct bar *bars)
{
	const struct facility *f = v->search->f;
	oracle_forget(&v->dual.oracle);
	memset(v->is_barred, 0, f->sites * f->points);
	for (; bars; bars = bars->parent)
		for (size_t j = 0; j < f->sites; j++)
			if ((j == bars->site) != bars->is_only)
				v->is_barred[j * f->points + bars->point] = 1;
}

/* What is known at the root by now holds at every node. False: the node contradicts it. */
static bool take_root_decisions(const struct search *s, struct node *n)
{
	for (size_t j = 0; j < s->f->sites; j++) {
		if (s->status[j] == SITE_FREE)
			continue;
		if (n->status[j] == SITE_FREE)
			n->status[j] = s->status[j];
		if (n->status[j] != s->status[j])
			return false;
	}
	return true;
}

/* The point whose source is least sure, and its likeliest site. Points with one site left are
 * decided; a point with none makes the node dead. False when all are decided. */
static bool choose_source(struct diver *v, uint32_t *point, uint32_t *site, bool *is_dead)
{
	const struct facility *f = v->search->f;
	const struct dual *d = &v->dual;
	const struct arcs *arcs = d->arcs;
	for (size_t i = 0; i < f->points; i++) {
		v->most[i] = -1;
		v->choices[i] = 0;
	}
	for (size_t j = 0; j < f->sites; j++) {
		if (d->status[j] == SITE_CLOSED)
			continue;
		for (size_t n = arcs->first[j]; n < arcs->first[j + 1]; n++) {
			uint32_t i = arcs->point[n];
			if (v->is_barred[j * f->points + i])
				continue;
			v->choices[i]++;
			if (d->mean_flow[n] > v->most[i]) {
				v->most[i] = d->mean_flow[n];
				v->where[i] = (uint32_t)j;
			}
		}
	}
	bool is_found = false;
	double least = INFINITY;
	*is_dead = false;
	for (size_t i = 0; i < f->points; i++) {
		if (!v->choices[i])
			*is_dead = true;
		/* Large points first: they decide most. */
		double key = fabs(v->most[i] - 0.5) - 0.2 * f->demand[i] / v->search->largest;
		if (v->choices[i] > 1 && key < least) {
			least = key;
			*point = (uint32_t)i;
			*site = v->where[i];
			is_found = true;
		}
	}
	return is_found;
}

/* All points decided: the assignment itself is the plan, if it fits. */
static void take_assignment(struct diver *v)
{
	const struct facility *f = v->search->f;
	struct primal *p = &v->primal;
	double cost = f->offset;
	bool fits = true;
	for (size_t j = 0; j < f->sites; j++) {
		p->trial[j] = v->dual.status[j] == SITE_OPEN;
		p->assign.load[j] = 0;
		cost += p->trial[j] ? f->opening[j] : 0;
	}
	for (size_t i = 0; i < f->points; i++) {
		size_t j = p->assign.to[i] = v->where[i];
		p->assign.load[j] += f->demand[i];
		fits &= p->trial[j] && p->assign.load[j] <= f->capacity[j] + 1e-9 * f->total;
		cost += f->unit[j * f->points + i] * f->demand[i];
	}
	if (fits)
		primal_take(p, cost, p->trial);
}

static void try_open(struct diver *v)
{
	for (size_t j = 0; j < v->search->f->sites; j++)
		v->primal.trial[j] = v->dual.status[j] == SITE_OPEN;
	primal_try(&v->primal, v->primal.trial, 0);
}

static struct node *child(struct nodes *pool, const struct diver *v, const struct node *parent)
{
	const struct dual *d = &v->dual;
	struct node *n = node_new(pool);
	memcpy(n->status, d->status, pool->sites);
	memcpy(n->price, d->price, pool->points * sizeof *n->price);
	n->bars = parent->bars;
	n->bound = n->before = d->value;
	n->step = d->step > LEAST_STEP ? d->step : LEAST_STEP;
	n->site = pool->sites;
	return n;
}

static void branch_on_site(
	struct diver *v, struct nodes *pool, const struct node *n, size_t j, struct node **children)
{
	double share = v->dual.mean_open[j];
	bool is_open_last = share >= 0.5;
	for (int k = 0; k < 2; k++) {
		children[k] = child(pool, v, n);
		children[k]->status[j] = (k == 1) == is_open_last ? SITE_OPEN : SITE_CLOSED;
		children[k]->site = j;
		children[k]->share = share;
	}
}

static void branch_on_source(struct diver *v, struct nodes *pool, const struct node *n,
	uint32_t point, uint32_t site, struct node **children)
{
	for (int k = 0; k < 2; k++) {
		struct bar *bar = arena_one(pool->arena, struct bar);
		*bar = (struct bar){n->bars, point, site, .is_only = k == 1};
		children[k] = child(pool, v, n);
		children[k]->bars = bar;
	}
}

/* Climbs as long as that promises to end the node. False: the node is of no use. */
static bool bound_node(struct diver *v, const struct node *n)
{
	struct dual *d = &v->dual;
	double cut = cutoff(v);
	dual_start(d, n->status, n->price);
	d->step = n->step;
	for (int look = 0; look < LOOKS; look++) {
		double before = d->value;
		dual_ascend(d, ASCENT, v->primal.best.cost, cut);
		if (look == 0 && v->nodes % HARVEST_EVERY == 1)
			primal_harvest(&v->primal, d);
		cut = cutoff(v);
		if (d->value >= cut)
			return false;
		if (look == 1) {
			dual_fix(d, cut);
			if (v->is_barred)
				dual_fix_lanes(d, cut, v->is_barred);
		}
		if (look > 1 && (d->value - before) * (LOOKS - look) < cut - d->value)
			break;
	}
	return d->value < cut;
}

/* Returns how many children the node has, the more promising one last. */
static size_t branch_node(
	struct diver *v, struct nodes *pool, struct node *n, struct node *children[2])
{
	const struct search *s = v->search;
	struct dual *d = &v->dual;
	v->nodes++;
	if (n->bound >= cutoff(v) || !take_root_decisions(s, n))
		return 0;
	if (v->is_barred)
		set_bars(v, n->bars);
	bool is_alive = bound_node(v, n);
	if (n->site < s->f->sites)
		learn(v, n->site, n->status[n->site] == SITE_OPEN, n->share, d->value - n->before);
	if (!is_alive)
		return 0;
	double cut = cutoff(v);
	dual_fix(d, cut);
	if (n->bound > d->value)
		d->value = n->bound;
	bool is_dead;
	size_t j = choose_site(v, cut, &is_dead);
	if (is_dead)
		return 0;
	if (j < s->f->sites) {
		branch_on_site(v, pool, n, j, children);
		return 2;
	}
	if (!s->f->is_single) {
		try_open(v);
		return 0;
	}
	uint32_t point = 0, site = 0;
	if (v->nodes % HARVEST_EVERY == 0)
		try_open(v);
	bool is_open = choose_source(v, &point, &site, &is_dead);
	if (is_dead)
		return 0;
	if (!is_open) {
		take_assignment(v);
		return 0;
	}
	branch_on_source(v, pool, n, point, site, children);
	return 2;
}

void dive(struct diver *v, struct task *t, struct nodes *pool, double cost)
{
	size_t height = 0;
	t->left[height++] = t->root;
	v->learnt = &t->learnt;
	experience_clear(v->learnt, v->search->f->sites);
	v->nodes = 0;
	primal_start(&v->primal, cost);
	v->primal.kicks = 0;
	oracle_forget(&v->dual.oracle);
	while (height && v->nodes < TASK_NODES && !search_is_over(v->search)) {
		struct node *n = t->left[--height], *children[2];
		size_t count = branch_node(v, pool, n, children);
		node_free(pool, n);
		for (size_t k = 0; k < count; k++)
			t->left[height++] = children[k];
	}
	t->left_count = height;
	t->nodes = v->nodes;
	t->best.cost = v->primal.best.cost;
	if (v->primal.best.cost < cost)
		best_copy(&t->best, &v->primal.best, v->search->f);
}
