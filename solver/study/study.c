#include "study.h"

#include "clock.h"
#include "doubt.h"
#include "economy.h"
#include "explain.h"
#include "team.h"
#include "text.h"

#include <math.h>

/* Who follows hears so often, and of every new stage. */
static const double TELL_S = 0.25;

struct run {
	struct study *s;
	struct task task;
	size_t threads;
	const struct ear *ear;
	const char *stage, *told_stage;
	double began, told;
};

static void tell(struct run *r, size_t done, size_t total)
{
	double now = clock_seconds();
	bool is_due = r->stage != r->told_stage || now - r->told >= TELL_S || done == total;
	if (!r->ear || !r->ear->tell || !is_due)
		return;
	r->told = now;
	r->told_stage = r->stage;
	r->ear->tell(r->ear->context, r->stage, done, total, now - r->began);
}

static void tell_count(void *context, size_t done, size_t total)
{
	tell(context, done, total);
}

static bool find_tippings(struct arena *a, struct run *r, struct err *e)
{
	struct study *s = r->s;
	r->stage = "points de bascule";
	for (size_t n = 0; n < s->subjects; n++) {
		struct subject *x = &s->subject[n];
		tell(r, n, s->subjects);
		if (x->wants_tipping && !tipping_find(a, s->net, x->range.driver, x->least, x->most,
						&s->here, &r->task, &x->tipping, e))
			return false;
	}
	return true;
}

/* The ends of the ranges, each a search of its own on one thread. */
struct tornado {
	struct run *run;
	struct subject *subject[DRIVERS_MAX];
	struct tally tally;
};

static void try_end(void *context, size_t job, size_t thread)
{
	struct tornado *w = context;
	struct arena *scratch = arena_new();
	struct subject *x = w->subject[job / 2];
	bool is_high = job % 2;
	double value = is_high ? x->range.high : x->range.low;
	struct network net = driver_apply(scratch, x->range.driver, w->run->s->net, value);
	struct outcome found;
	struct task task = w->run->task;
	struct err e = {0};
	(void)thread;
	task.begin = &w->run->s->here;
	task.threads = 1;
	bool ok = !w->tally.has_failed && outcome_find(scratch, &net, &task, &found, &e);
	if (ok)
		*(is_high ? &x->high : &x->low) =
			(struct trial){value, found.answer, found.before, found.cost, found.bound};
	arena_free(scratch);
	tally_add(&w->tally, ok, &e);
}

static bool find_tornado(struct run *r, struct err *e)
{
	struct tornado w = {.run = r,
		.tally = {.e = e,
			.told = tell_count,
			.context = r,
			.mutex = PTHREAD_MUTEX_INITIALIZER}};
	r->stage = "sensibilité, un levier après l’autre";
	for (size_t n = 0; n < r->s->subjects; n++)
		if (r->s->subject[n].wants_tornado) {
			w.subject[w.tally.total / 2] = &r->s->subject[n];
			w.tally.total += 2;
		}
	team_run(r->threads, w.tally.total, try_end, &w);
	return !w.tally.has_failed;
}

static bool find_frontier(struct arena *a, struct run *r, struct frontier *f, struct err *e)
{
	const struct study *s = r->s;
	const struct subject *across = &s->subject[f->across], *along = &s->subject[f->along];
	for (size_t n = 0; n < STUDY_FRONTIER_STEPS; n++) {
		struct arena *scratch = arena_new();
		double part = (double)n / (STUDY_FRONTIER_STEPS - 1);
		f->at[n] = across->range.low + part * (across->range.high - across->range.low);
		struct network net = driver_apply(scratch, across->range.driver, s->net, f->at[n]);
		struct outcome there;
		struct task task = r->task;
		task.begin = &s->here;
		tell(r, n, STUDY_FRONTIER_STEPS);
		bool ok = outcome_find(scratch, &net, &task, &there, e) &&
			  tipping_find(a, &net, along->range.driver, along->least, along->most,
				  &there, &r->task, &f->tipping[n], e);
		arena_free(scratch);
		if (!ok)
			return false;
	}
	return true;
}

static bool find_frontiers(struct arena *a, struct run *r, struct err *e)
{
	r->stage = "frontière de viabilité";
	for (size_t n = 0; n < r->s->frontiers; n++)
		if (!find_frontier(a, r, &r->s->frontier[n], e))
			return false;
	return true;
}

static bool find_draws(struct arena *a, struct run *r, struct err *e)
{
	struct study *s = r->s;
	struct range ranges[DRIVERS_MAX];
	for (size_t n = 0; n < s->subjects; n++)
		ranges[n] = s->subject[n].range;
	struct task task = r->task;
	task.seed = s->draw_seed;
	r->stage = "tirages";
	return !s->draw_count || draws_make(a, s->net, ranges, s->subjects, s->draw_count, &s->here,
					 &task, r->threads, tell_count, r, &s->draws, e);
}

/* What the groups would pay, as a game to share. */
static struct gamefile game_of(struct arena *a, const struct study *s)
{
	size_t all = (size_t)1 << s->players;
	double *cost = arena_array(a, double, all), *bound = arena_array(a, double, all);
	const char **name = arena_array(a, const char *, s->players);
	for (size_t n = 1; n < all; n++) {
		cost[n] = s->coalitions.outcome[n].cost;
		bound[n] = s->coalitions.outcome[n].bound;
	}
	for (size_t p = 0; p < s->players; p++)
		name[p] = s->net->region[s->player[p]];
	return (struct gamefile){.game = {.players = s->players,
					 .cost = cost,
					 .bound = bound,
					 .weight = s->coalitions.tonnes},
		.name = name};
}

/* So many looks at most. */
enum { LOOKS_MAX = 8 };

/* The shares, and again as long as few groups leave open whether a rule is stable. */
static bool settle_sharing(struct arena *a, struct run *r, struct err *e)
{
	/* A group whose bound rises by less than this part is not looked at once more. */
	static const double CLOSER = 0.1, PROGRESS = 2e-4;
	struct study *s = r->s;
	bool *is_seen = arena_calloc(a, (size_t)1 << s->players, sizeof *is_seen);
	coalition list[LOOKS_MAX];
	size_t left = s->second_look > 0 ? LOOKS_MAX : 0, count;
	struct task task = r->task;
	task.gap *= CLOSER;
	task.time_limit_s *= s->second_look;
	do {
		s->game = game_of(a, s);
		if (!sharing_find(a, &s->game.game, &s->sharing, e))
			return false;
		count = left ? doubt_find(a, &s->game.game, &s->sharing, is_seen, left, list) : 0;
		r->stage = "groupes de régions, second regard";
		for (size_t n = 0; n < count; n++) {
			struct outcome *o = &s->coalitions.outcome[list[n]];
			double bound = o->bound;
			tell(r, n, count);
			if (!doubt_look(a, s->net, s->player, s->players, list[n], &task, o, e))
				return false;
			is_seen[list[n]] = o->bound - bound < PROGRESS * fabs(o->cost);
		}
		left -= count;
	} while (count);
	return true;
}

static bool find_sharing(struct arena *a, struct run *r, struct err *e)
{
	struct study *s = r->s;
	r->stage = "groupes de régions";
	struct task task = r->task;
	task.begin = &s->here;
	if (!s->players)
		return true;
	if (!coalition_solve(a, s->net, s->player, s->players, &task, r->threads, tell_count, r,
		    &s->coalitions, e))
		return false;
	if (!settle_sharing(a, r, e))
		return false;
	partners_find(a, &s->coalitions, &s->partners);
	return true;
}

/* Without a status quo there is nothing to compare with: says what today's plants lack, and of what. */
static bool refuse_without_today(struct arena *a, const struct network *net, struct err *e)
{
	struct network today = *net;
	struct model m;
	struct explanation why;
	struct label flow;
	today.max_platforms = today.min_platforms = 0;
	economy_model(a, &today, &m);
	explain_find(a, &m, &why);
	if (!why.count)
		return err_set(
			e, ERR_INFEASIBLE, "les usines existantes ne suffisent pas à tout traiter");
	const struct lack *lack = &why.lacks[0];
	const char *worst = "";
	if (lack->worst_year != lack->year)
		worst = arena_printf(a, ", et %s\u00a0t en %d",
			text_french_number(a, lack->worst_missing_t, 0),
			model_year(&m, lack->worst_year));
	return err_set(e, ERR_INFEASIBLE,
		"les usines existantes ne suffisent pas à tout traiter : flux %s, il manque "
		"%s\u00a0t en %d%s",
		model_flow(&m, lack->flow, &flow), text_french_number(a, lack->missing_t, 0),
		model_year(&m, lack->year), worst);
}

bool study_run(struct arena *a, struct study *s, size_t threads, uint64_t seed,
	const volatile sig_atomic_t *stop, const struct ear *ear, struct err *e)
{
	struct run r = {.s = s,
		.task = {.gap = s->gap,
			.time_limit_s = s->time_limit_s,
			.threads = (int)threads,
			.seed = seed,
			.stop = stop},
		.threads = threads,
		.ear = ear,
		.stage = "le scénario lui-même",
		.began = clock_seconds()};
	/* All else begins from it: what it leaves open they inherit. */
	static const double CLOSER = 0.5, LONGER = 3;
	struct task first = r.task;
	first.gap *= CLOSER;
	first.time_limit_s *= s->players || s->draw_count ? LONGER : 1; /* hundreds inherit */
	tell(&r, 0, 1);
	bool ok = outcome_find(a, s->net, &first, &s->here, e) &&
		  (!isnan(s->here.before) || refuse_without_today(a, s->net, e)) &&
		  (!isnan(s->here.cost) ||
			  err_set(e, ERR_INFEASIBLE,
				  "aucun plan trouvé dans les limites du scénario")) &&
		  find_tippings(a, &r, e) && find_tornado(&r, e) && find_frontiers(a, &r, e) &&
		  find_sharing(a, &r, e) && find_draws(a, &r, e);
	s->seconds = clock_seconds() - r.began;
	return ok;
}
