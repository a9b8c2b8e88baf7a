#include "branch.h"

#include "assign.h"
#include "clock.h"
#include "local.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
	ROOT_ROUND = 50,   /* evaluations between two looks at the root */
	ROOT_ROUNDS = 40,  /* at most */
	NODE_ASCENT = 12,  /* evaluations at a node */
	CLIMB_ROUNDS = 5,  /* rounds of the root made from far away */
	TRY_ASCENT = 6,    /* evaluations of one side of a candidate */
	CANDIDATES = 4,    /* sites tried on both sides before branching */
	ROOT_TRIALS = 600, /* of the local search */
	MANY_OPEN = 12,    /* so many undecided sites open: one decision says little, try some */
	HARVEST_EVERY = 4, /* nodes of a task */
	ROUND_TASKS = 16,  /* nodes taken from the pool at once */
	TASK_NODES = 24,   /* a task's share of nodes */
	SEEN = 1024,       /* open sets remembered, a power of two */
	CLOSED_ENOUGH = 1000000,
};

static const double PROVED = 1e-6; /* relative: what counts as no gap at all */

/* A decision on who serves a point: this site only, or not this site. Decisions are shared by the
 * nodes below and live as long as the tree. */
struct bar {
	const struct bar *parent;
	uint32_t point, site;
	bool is_only;
};

struct node {
	struct node *next; /* in the list of free ones */
	const struct bar *bars;
	double bound, step;
	int64_t order;
	int depth;
	uint8_t *status; /* [site] */
	double *price;   /* [point] */
};

/* Nodes come and go by the million: they have the same size and are used again. */
struct nodes {
	struct arena *arena;
	struct node *free;
	size_t points, sites;
};

struct best {
	double cost;
	bool *is_open;
	uint32_t *to; /* [point] single sources only */
};

/* What the threads read. */
struct search {
	const struct facility *f;
	const struct engine_options *o;
	double begin_s;
	struct arcs arcs;
	double gap;
	double largest; /* demand of a point */
};

struct worker {
	struct arena *arena;
	const struct search *search;
	struct dual dual;
	struct local local;
	struct assign assign;
	uint8_t *is_barred; /* [site][point] single sources only */
	struct best best;   /* of the task */
	bool *trial;
	uint32_t *order;
	double *kept_price, *kept_open; /* [point], [site] of the node while sides are tried */
	double kept_value, kept_step;
	uint64_t seen[SEEN];
	int64_t nodes;
};

/* A node to search below, and what is left of it afterwards. */
struct task {
	struct node *root;
	struct node **left;
	size_t left_count;
	struct best best;
	int64_t nodes;
};

struct round {
	struct task *tasks;
	size_t count;
	atomic_size_t next;
	struct worker *workers;
	struct nodes *pools; /* one per task: threads never share one */
	double cost;         /* the best plan of the start */
};

struct thread {
	struct round *round;
	struct worker *worker;
	pthread_t id;
};

static bool is_over(const struct search *s)
{
	const struct engine_options *o = s->o;
	if (o->stop && *o->stop)
		return true;
	return o->time_limit_s > 0 && clock_seconds() - s->begin_s > o->time_limit_s;
}

/* What a bound must reach for a node to be of no use. */
static double cutoff(const struct search *s, double cost)
{
	if (isinf(cost))
		return cost;
	double by_gap = cost - s->gap * fabs(cost);
	double by_grain = s->f->grain > 0 ? cost - 0.999 * s->f->grain : cost;
	return by_gap < by_grain ? by_gap : by_grain;
}

static struct node *node_new(struct nodes *pool)
{
	struct node *n = pool->free;
	if (n) {
		pool->free = n->next;
		return n;
	}
	n = arena_one(pool->arena, struct node);
	n->status = arena_array(pool->arena, uint8_t, pool->sites);
	n->price = arena_array(pool->arena, double, pool->points);
	return n;
}

static void node_free(struct nodes *pool, struct node *n)
{
	n->next = pool->free;
	pool->free = n;
}

static uint64_t hash_set(const bool *is_open, size_t sites)
{
	uint64_t h = 0x9E3779B97F4A7C15u;
	for (size_t j = 0; j < sites; j++)
		if (is_open[j]) {
			h ^= j + 0x9E3779B97F4A7C15u + (h << 6) + (h >> 2);
			h *= 0xD6E8FEB86659FD93u;
		}
	return h ? h : 1;
}

static void take_best(struct worker *w, double cost, const bool *is_open)
{
	if (cost >= w->best.cost)
		return;
	w->best.cost = cost;
	memcpy(w->best.is_open, is_open, w->search->f->sites);
	if (w->best.to)
		memcpy(w->best.to, w->assign.to, w->search->f->points * sizeof *w->best.to);
}

/* Prices a set unless it was priced lately; keeps it when it is the best. */
static void try_set(struct worker *w, const bool *is_open)
{
	const struct facility *f = w->search->f;
	uint64_t h = hash_set(is_open, f->sites), *slot = &w->seen[h & (SEEN - 1)];
	if (*slot == h)
		return;
	*slot = h;
	double cost = local_cost(&w->local, is_open);
	if (f->is_single && cost >= cutoff(w->search, w->best.cost))
		return;
	if (f->is_single) {
		/* The split cost is a bound; what it leaves divided has to be put together. */
		double opening = cost - transport_cost(&w->local.flow);
		cost = opening + assign_points(&w->assign, is_open, &w->local.flow);
	}
	take_best(w, cost, is_open);
}

/* The set of the relaxation, and the fractional solution rounded until it covers the demand. */
static void harvest(struct worker *w)
{
	const struct facility *f = w->search->f;
	const struct dual *d = &w->dual;
	try_set(w, d->oracle.is_in);
	double room = 0;
	int open = 0;
	size_t count = 0;
	for (size_t j = 0; j < f->sites; j++) {
		w->trial[j] = d->status[j] == SITE_OPEN;
		room += w->trial[j] ? f->capacity[j] : 0;
		open += w->trial[j];
		if (d->status[j] == SITE_FREE)
			w->order[count++] = (uint32_t)j;
	}
	for (size_t n = 1; n < count; n++) {
		uint32_t id = w->order[n];
		size_t at = n;
		for (; at && d->mean_open[w->order[at - 1]] < d->mean_open[id]; at--)
			w->order[at] = w->order[at - 1];
		w->order[at] = id;
	}
	for (size_t n = 0; n < count; n++) {
		uint32_t j = w->order[n];
		bool is_wanted = d->mean_open[j] >= 0.5 || open < f->open_min ||
				 (f->is_capacitated && room < f->total) || !open;
		if (!is_wanted || open >= f->open_max)
			break;
		w->trial[j] = true;
		room += f->capacity[j];
		open++;
	}
	try_set(w, w->trial);
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

static void keep(struct worker *w)
{
	const struct dual *d = &w->dual;
	memcpy(w->kept_price, d->price, d->f->points * sizeof *w->kept_price);
	memcpy(w->kept_open, d->mean_open, d->f->sites * sizeof *w->kept_open);
	w->kept_value = d->value;
	w->kept_step = d->step;
}

static void restore(struct worker *w)
{
	struct dual *d = &w->dual;
	dual_start(d, d->status, w->kept_price);
	memcpy(d->mean_open, w->kept_open, d->f->sites * sizeof *w->kept_open);
	d->value = w->kept_value;
	d->step = w->kept_step;
}

/* Tries both decisions of the least sure sites for a few evaluations and takes the site where the
 * bound rises most on both sides (product rule). A side that reaches the cut decides the site for
 * good. Returns sites when nothing is left to decide, and says so in *is_dead when a site has no
 * side left. */
static size_t choose_branch(struct worker *w, double cut, bool *is_dead)
{
	struct dual *d = &w->dual;
	uint32_t list[CANDIDATES];
	size_t sites = d->f->sites, best = sites;
	double best_score = -1;
	*is_dead = false;
	double undecided = 0;
	for (size_t j = 0; j < sites; j++)
		undecided += d->status[j] == SITE_FREE ? d->mean_open[j] : 0;
	size_t count = least_sure(d, list, undecided < MANY_OPEN ? 1 : CANDIDATES);
	if (count < 2)
		return count ? list[0] : sites;
	keep(w);
	double scale = 1e-6 * fabs(w->kept_value);
	for (size_t n = 0; n < count; n++) {
		uint32_t j = list[n];
		double value[2];
		for (int side = 0; side < 2; side++) {
			d->status[j] = side ? SITE_OPEN : SITE_CLOSED;
			dual_start(d, d->status, w->kept_price);
			d->step = w->kept_step > 0.05 ? w->kept_step : 0.05;
			dual_ascend(d, TRY_ASCENT, w->best.cost, cut);
			value[side] = d->value;
		}
		d->status[j] = SITE_FREE;
		if (value[0] >= cut || value[1] >= cut) {
			d->status[j] = value[0] >= cut ? SITE_OPEN : SITE_CLOSED;
			if (value[0] >= cut && value[1] >= cut)
				*is_dead = true;
			if (*is_dead)
				return sites;
			continue;
		}
		double rise[2];
		for (int side = 0; side < 2; side++)
			rise[side] = value[side] - w->kept_value > scale
					     ? value[side] - w->kept_value
					     : scale;
		double score = rise[0] * rise[1];
		if (score > best_score) {
			best_score = score;
			best = j;
		}
	}
	restore(w);
	if (best < sites)
		return best;
	/* Every candidate was decided: whoever else is free comes next. */
	count = least_sure(d, list, 1);
	return count ? list[0] : sites;
}

static void set_bars(struct worker *w, const struct bar *bars)
{
	const struct facility *f = w->search->f;
	if (!w->is_barred)
		return;
	memset(w->is_barred, 0, f->sites * f->points);
	oracle_forget(&w->dual.oracle);
	for (; bars; bars = bars->parent)
		for (size_t j = 0; j < f->sites; j++)
			if ((j == bars->site) != bars->is_only)
				w->is_barred[j * f->points + bars->point] = 1;
}

/* The point whose source is least sure, and its likeliest site. Points with one site left are
 * decided; a point with none makes the node dead. False when all are decided. */
static bool choose_source(struct worker *w, uint32_t *point, uint32_t *site, bool *is_dead)
{
	const struct facility *f = w->search->f;
	const struct dual *d = &w->dual;
	const struct arcs *arcs = d->arcs;
	struct arena *scratch = arena_new();
	double *most = arena_array(scratch, double, f->points);
	uint32_t *where = arena_array(scratch, uint32_t, f->points);
	uint32_t *choices = arena_array(scratch, uint32_t, f->points);
	for (size_t i = 0; i < f->points; i++)
		most[i] = -1;
	for (size_t j = 0; j < f->sites; j++) {
		if (d->status[j] == SITE_CLOSED)
			continue;
		for (size_t n = arcs->first[j]; n < arcs->first[j + 1]; n++) {
			uint32_t i = arcs->point[n];
			if (w->is_barred[j * f->points + i] || f->demand[i] > f->capacity[j])
				continue;
			choices[i]++;
			if (d->mean_flow[n] > most[i]) {
				most[i] = d->mean_flow[n];
				where[i] = (uint32_t)j;
			}
		}
	}
	bool is_found = false;
	double least = INFINITY;
	*is_dead = false;
	for (size_t i = 0; i < f->points; i++) {
		if (!choices[i])
			*is_dead = true;
		/* Large points first: they decide most. */
		double key = fabs(most[i] - 0.5) - 0.2 * f->demand[i] / w->search->largest;
		if (choices[i] > 1 && key < least) {
			least = key;
			*point = (uint32_t)i;
			*site = where[i];
			is_found = true;
		}
		if (choices[i] == 1)
			w->assign.to[i] = where[i];
	}
	arena_free(scratch);
	return is_found;
}

/* All points decided: the assignment itself is the plan, if it fits. */
static void take_assignment(struct worker *w)
{
	const struct facility *f = w->search->f;
	struct arena *scratch = arena_new();
	double *load = arena_array(scratch, double, f->sites);
	double cost = f->offset;
	bool fits = true;
	for (size_t j = 0; j < f->sites; j++) {
		w->trial[j] = w->dual.status[j] == SITE_OPEN;
		cost += w->trial[j] ? f->opening[j] : 0;
	}
	for (size_t i = 0; i < f->points; i++) {
		size_t j = w->assign.to[i];
		load[j] += f->demand[i];
		fits &= w->trial[j] && load[j] <= f->capacity[j] + 1e-9 * f->total;
		cost += f->unit[j * f->points + i] * f->demand[i];
	}
	arena_free(scratch);
	if (fits)
		take_best(w, cost, w->trial);
}

static const struct bar *bar_new(
	struct nodes *pool, const struct bar *parent, uint32_t point, uint32_t site, bool is_only)
{
	struct bar *b = arena_one(pool->arena, struct bar);
	*b = (struct bar){parent, point, site, is_only};
	return b;
}

static struct node *child(struct nodes *pool, const struct worker *w, const struct node *parent,
	size_t j, enum site_status status)
{
	const struct dual *d = &w->dual;
	struct node *n = node_new(pool);
	memcpy(n->status, d->status, pool->sites);
	memcpy(n->price, d->price, pool->points * sizeof *n->price);
	if (j < pool->sites)
		n->status[j] = (uint8_t)status;
	n->bars = parent->bars;
	n->bound = d->value;
	n->step = d->step > 0.05 ? d->step : 0.05;
	n->depth = parent->depth + 1;
	return n;
}

/* Bounds one node. Returns how many children it has, the more promising one last. */
static size_t branch_node(
	struct worker *w, struct nodes *pool, struct node *n, struct node *children[2])
{
	const struct search *s = w->search;
	struct dual *d = &w->dual;
	w->nodes++;
	double cut = cutoff(s, w->best.cost);
	if (n->bound >= cut)
		return 0;
	set_bars(w, n->bars);
	dual_start(d, n->status, n->price);
	d->step = n->step;
	for (int pass = 0; pass < 3; pass++) {
		dual_ascend(d, NODE_ASCENT, w->best.cost, cut);
		if (d->value >= cut)
			return 0;
		if (pass == 0 && w->nodes % HARVEST_EVERY == 1)
			harvest(w);
		cut = cutoff(s, w->best.cost);
		if (d->value >= cut)
			return 0;
		if (dual_fix(d, cut) < 2)
			break;
	}
	if (n->bound > d->value)
		d->value = n->bound;
	bool is_dead;
	size_t j = choose_branch(w, cut, &is_dead);
	if (is_dead)
		return 0;
	if (j == s->f->sites && s->f->is_single) {
		uint32_t point, site;
		if (w->nodes % HARVEST_EVERY == 0) {
			for (size_t k = 0; k < s->f->sites; k++)
				w->trial[k] = d->status[k] == SITE_OPEN;
			try_set(w, w->trial);
		}
		if (!choose_source(w, &point, &site, &is_dead)) {
			if (!is_dead)
				take_assignment(w);
			return 0;
		}
		if (is_dead)
			return 0;
		children[0] = child(pool, w, n, j, SITE_FREE);
		children[0]->bars = bar_new(pool, n->bars, point, site, false);
		children[1] = child(pool, w, n, j, SITE_FREE);
		children[1]->bars = bar_new(pool, n->bars, point, site, true);
		return 2;
	}
	if (j == s->f->sites) {
		for (size_t k = 0; k < s->f->sites; k++)
			w->trial[k] = d->status[k] == SITE_OPEN;
		try_set(w, w->trial);
		return 0;
	}
	bool open_first = d->mean_open[j] >= 0.5;
	children[0] = child(pool, w, n, j, open_first ? SITE_CLOSED : SITE_OPEN);
	children[1] = child(pool, w, n, j, open_first ? SITE_OPEN : SITE_CLOSED);
	return 2;
}

/* Depth first below one node for a fixed number of nodes. */
static void run_task(struct worker *w, struct task *t, struct nodes *pool, double cost)
{
	struct node *stack[2 + 2 * TASK_NODES];
	size_t height = 0;
	stack[height++] = t->root;
	w->best.cost = cost;
	w->nodes = 0;
	memset(w->seen, 0, sizeof w->seen);
	local_forget(&w->local);
	oracle_forget(&w->dual.oracle);
	while (height && w->nodes < TASK_NODES && !is_over(w->search)) {
		struct node *n = stack[--height], *children[2];
		size_t count = branch_node(w, pool, n, children);
		node_free(pool, n);
		for (size_t k = 0; k < count; k++)
			stack[height++] = children[k];
	}
	t->left_count = height;
	memcpy(t->left, stack, height * sizeof *stack);
	t->nodes = w->nodes;
	t->best.cost = w->best.cost;
	if (w->best.cost >= cost)
		return;
	memcpy(t->best.is_open, w->best.is_open, w->search->f->sites);
	if (t->best.to)
		memcpy(t->best.to, w->best.to, w->search->f->points * sizeof *t->best.to);
}

static void *run_thread(void *argument)
{
	struct thread *th = argument;
	struct round *r = th->round;
	size_t n;
	while ((n = atomic_fetch_add(&r->next, 1)) < r->count)
		run_task(th->worker, &r->tasks[n], &r->pools[n], r->cost);
	return NULL;
}

static void run_round(struct round *r, struct thread *threads, size_t count)
{
	atomic_store(&r->next, 0);
	size_t started = 1;
	for (; started < count && started < r->count; started++)
		if (pthread_create(&threads[started].id, NULL, run_thread, &threads[started]))
			break;
	run_thread(&threads[0]);
	for (size_t n = 1; n < started; n++)
		pthread_join(threads[n].id, NULL);
}

/* A heap of open nodes, the lowest bound on top; among equals the deepest, then the oldest. */
struct heap {
	struct arena *arena;
	struct node **nodes;
	size_t count, room;
};

static bool comes_before(const struct node *a, const struct node *b)
{
	if (a->bound != b->bound)
		return a->bound < b->bound;
	return a->order < b->order;
}

static void heap_add(struct heap *h, struct node *n)
{
	if (h->count == h->room) {
		h->room = h->room ? 2 * h->room : 1024;
		struct node **more = arena_array(h->arena, struct node *, h->room);
		if (h->count)
			memcpy(more, h->nodes, h->count * sizeof *more);
		h->nodes = more;
	}
	size_t i = h->count++;
	for (; i && comes_before(n, h->nodes[(i - 1) / 2]); i = (i - 1) / 2)
		h->nodes[i] = h->nodes[(i - 1) / 2];
	h->nodes[i] = n;
}

static struct node *heap_take(struct heap *h)
{
	struct node *top = h->nodes[0], *last = h->nodes[--h->count];
	size_t i = 0;
	for (size_t c; (c = 2 * i + 1) < h->count; i = c) {
		if (c + 1 < h->count && comes_before(h->nodes[c + 1], h->nodes[c]))
			c++;
		if (!comes_before(h->nodes[c], last))
			break;
		h->nodes[i] = h->nodes[c];
	}
	h->nodes[i] = last;
	return top;
}

static void worker_init(struct worker *w, struct arena *a, const struct search *s)
{
	w->arena = a;
	w->search = s;
	dual_init(&w->dual, a, s->f, &s->arcs);
	local_init(&w->local, a, s->f);
	if (s->f->is_single) {
		assign_init(&w->assign, a, s->f);
		w->is_barred = arena_array(a, uint8_t, s->f->sites * s->f->points);
		w->dual.oracle.is_barred = w->is_barred;
	}
	w->best = (struct best){INFINITY, arena_array(a, bool, s->f->sites),
		s->f->is_single ? arena_array(a, uint32_t, s->f->points) : NULL};
	w->trial = arena_array(a, bool, s->f->sites);
	w->order = arena_array(a, uint32_t, s->f->sites);
	w->kept_price = arena_array(a, double, s->f->points);
	w->kept_open = arena_array(a, double, s->f->sites);
}

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

/* Local search around the best set; with single sources it looks at split costs, and the set it
 * ends in is then assigned. */
static void improve_best(struct worker *w)
{
	if (!w->search->f->is_single) {
		w->best.cost =
			local_improve(&w->local, w->best.is_open, w->best.cost, NULL, ROOT_TRIALS);
		return;
	}
	memcpy(w->trial, w->best.is_open, w->search->f->sites);
	double split = local_cost(&w->local, w->trial);
	(void)local_improve(&w->local, w->trial, split, NULL, ROOT_TRIALS);
	try_set(w, w->trial);
}

/* Ascends, harvests, fixes until little more comes of it. */
static void solve_root(struct worker *w, uint8_t *status, double *price)
{
	const struct search *s = w->search;
	const struct facility *f = s->f;
	struct dual *d = &w->dual;
	guess_prices(f, price);
	dual_start(d, status, price);
	dual_fix(d, INFINITY);
	/* Whole items make the bound bumpy: the volume algorithm may find no way up at all. */
	int climbs = f->is_single ? CLIMB_ROUNDS : 0;
	double before = -INFINITY;
	for (int round = 0; round < ROOT_ROUNDS && !is_over(s); round++) {
		double cut = cutoff(s, w->best.cost);
		double target = w->best.cost < INFINITY ? w->best.cost
							: d->value + 0.1 * fabs(d->value) + 1;
		/* First far, then exactly: only the second leaves a fractional solution. */
		if (round < climbs)
			dual_climb(d, ROOT_ROUND, target, cut);
		if (climbs && round == climbs)
			d->step = d->step > 0.1 ? d->step : 0.1;
		if (round >= climbs)
			dual_ascend(d, ROOT_ROUND, target, cut);
		double known = w->best.cost;
		harvest(w);
		if (round % 4 == 1 && w->best.cost < known)
			improve_best(w);
		report(s, d->value, w->best.cost, "borne et premiers plans");
		cut = cutoff(s, w->best.cost);
		if (d->value >= cut)
			break;
		dual_fix(d, cut);
		if (round > climbs + (climbs ? 2 : 5) && d->value - before < 2e-5 * fabs(d->value))
			break;
		before = d->value;
	}
	if (w->best.cost < INFINITY) {
		improve_best(w);
		dual_fix(d, cutoff(s, w->best.cost));
	}
	memcpy(price, d->price, f->points * sizeof *price);
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
		ceiling[i] = c > reach ? c : reach;
	}
}

void branch_solve(struct arena *a, const struct facility *f, const struct engine_options *o,
	double begin_s, struct branch_result *r)
{
	struct arena *scratch = arena_new();
	struct search s = {
		.f = f, .o = o, .begin_s = begin_s, .gap = o->gap > PROVED ? o->gap : PROVED};
	for (size_t i = 0; i < f->points; i++)
		s.largest = f->demand[i] > s.largest ? f->demand[i] : s.largest;
	arcs_init(scratch, &s.arcs, f, NULL);
	struct worker *first = arena_one(scratch, struct worker);
	worker_init(first, scratch, &s);
	struct nodes pool = {.arena = scratch, .points = f->points, .sites = f->sites};
	struct node *root = node_new(&pool);
	for (size_t j = 0; j < f->sites; j++)
		root->status[j] = f->is_fixed[j]       ? SITE_OPEN
				  : f->capacity[j] > 0 ? SITE_FREE
						       : SITE_CLOSED;
	solve_root(first, root->status, root->price);
	*r = (struct branch_result){.cost = first->best.cost,
		.root_bound = first->dual.value,
		.is_open = arena_array(a, bool, f->sites),
		.price = arena_array(a, double, f->points),
		.nodes = 1};
	memcpy(r->is_open, first->best.is_open, f->sites);
	memcpy(r->price, root->price, f->points * sizeof *r->price);
	if (f->is_single) {
		r->to = arena_array(a, uint32_t, f->points);
		memcpy(r->to, first->best.to, f->points * sizeof *r->to);
	}
	root->bound = r->root_bound;
	root->step = first->dual.step > 0.1 ? first->dual.step : 0.1;

	double *ceiling = arena_array(scratch, double, f->points);
	set_ceilings(f, root->status, root->price, ceiling);
	arcs_init(scratch, &s.arcs, f, ceiling);

	size_t thread_count = o->threads > 1 ? (size_t)o->threads : 1;
	struct thread *threads = arena_array(scratch, struct thread, thread_count);
	struct round round = {.tasks = arena_array(scratch, struct task, ROUND_TASKS),
		.pools = arena_array(scratch, struct nodes, ROUND_TASKS)};
	for (size_t n = 0; n < thread_count; n++) {
		struct worker *w = arena_one(scratch, struct worker);
		struct arena *own = arena_new();
		arena_defer(scratch, (void (*)(void *))arena_free, own);
		worker_init(w, own, &s);
		threads[n] = (struct thread){.round = &round, .worker = w};
	}
	for (size_t n = 0; n < ROUND_TASKS; n++) {
		struct arena *own = arena_new();
		arena_defer(scratch, (void (*)(void *))arena_free, own);
		round.pools[n] =
			(struct nodes){.arena = own, .points = f->points, .sites = f->sites};
		round.tasks[n].left = arena_array(scratch, struct node *, 2 + 2 * TASK_NODES);
		round.tasks[n].best.is_open = arena_array(scratch, bool, f->sites);
		if (f->is_single)
			round.tasks[n].best.to = arena_array(scratch, uint32_t, f->points);
	}
	struct heap heap = {.arena = scratch};
	int64_t order = 0;
	heap_add(&heap, root);
	while (heap.count && !is_over(&s)) {
		double cut = cutoff(&s, r->cost);
		if (heap.nodes[0]->bound >= cut)
			break;
		report(&s, heap.nodes[0]->bound, r->cost, "recherche de la preuve");
		round.count = 0;
		round.cost = r->cost;
		while (heap.count && round.count < ROUND_TASKS && heap.nodes[0]->bound < cut)
			round.tasks[round.count++].root = heap_take(&heap);
		run_round(&round, threads, thread_count);
		for (size_t n = 0; n < round.count; n++) {
			struct task *t = &round.tasks[n];
			r->nodes += t->nodes;
			if (t->best.cost < r->cost) {
				r->cost = t->best.cost;
				memcpy(r->is_open, t->best.is_open, f->sites);
				if (r->to)
					memcpy(r->to, t->best.to, f->points * sizeof *r->to);
			}
			for (size_t k = 0; k < t->left_count; k++) {
				t->left[k]->order = order++;
				heap_add(&heap, t->left[k]);
			}
		}
	}
	double cut = cutoff(&s, r->cost);
	r->is_complete = !heap.count || heap.nodes[0]->bound >= cut;
	r->bound = cut;
	if (r->is_complete && f->grain > 0 && o->gap <= 0)
		r->bound = r->cost;
	if (!r->is_complete && heap.nodes[0]->bound < cut)
		r->bound = heap.nodes[0]->bound;
	arena_free(scratch);
}
