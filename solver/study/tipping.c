#include "tipping.h"

#include <math.h>
#include <stdlib.h>

/* Values looked at between today's and the outermost before it is said that nothing flips; how many
 * halvings close a flip in; the width, as a part of the side, that is narrow enough. */
enum { SCAN = 2, HALVINGS = 9 };
static const double NARROW = 0.004;

struct search {
	struct attempt attempt; /* first: the search is reached through it */
	const struct network *net;
	const struct driver *driver;
	const struct outcome *here;
	const struct task *task;
	struct tipping *out;
	struct err *e;
};

static bool try_at(struct attempt *attempt, double value, struct trial *out)
{
	struct search *s = (struct search *)attempt;
	struct arena *scratch = arena_new();
	struct network net = driver_apply(scratch, s->driver, s->net, value);
	struct outcome found;
	struct task task = *s->task;
	task.begin = s->here;
	task.wants_answer_only = true;
	task.gap = 0;
	bool ok = outcome_find(scratch, &net, &task, &found, s->e);
	if (ok)
		*out = (struct trial){value, found.answer, found.before, found.cost, found.bound};
	if (ok && s->out->trial_count < TIPPING_TRIALS)
		s->out->trials[s->out->trial_count++] = *out;
	arena_free(scratch);
	return ok;
}

/* Factors go by their ratio. */
static bool is_by_ratio(const struct driver *d, double from, double to)
{
	return d->kind == DRIVER_FACTOR && from > 0 && to > 0;
}

/* Part of the way from one value to another. */
static double between(const struct driver *d, double from, double to, double part)
{
	return is_by_ratio(d, from, to) ? from * pow(to / from, part) : from + part * (to - from);
}

static double apart(const struct driver *d, double from, double to)
{
	return is_by_ratio(d, from, to) ? fabs(log(to / from)) : fabs(to - from);
}

bool tipping_close_in(
	const struct driver *d, double width, struct attempt *attempt, struct side *side)
{
	double open_near = NAN, open_far = NAN; /* ends of what has no sure answer */
	for (int n = 0; n < HALVINGS; n++) {
		bool is_whole = isnan(open_near);
		double to_open = apart(d, side->near.value, is_whole ? side->far.value : open_near);
		double from_open = is_whole ? 0 : apart(d, open_far, side->far.value);
		bool is_near = to_open >= from_open; /* the wider of the two is halved */
		double from = is_near ? side->near.value : open_far;
		double to = is_near && !is_whole ? open_near : side->far.value;
		struct trial t;
		if (fmax(to_open, from_open) <= width)
			break;
		if (!attempt->make(attempt, between(d, from, to, 0.5), &t))
			return false;
		if (t.answer == UNDECIDED) {
			open_near = is_whole || is_near ? t.value : open_near;
			open_far = is_whole || !is_near ? t.value : open_far;
			continue;
		}
		bool moves_near = t.answer == side->near.answer;
		*(moves_near ? &side->near : &side->far) = t;
		/* One that is sure beyond what is open leaves that outside. */
		if (moves_near != is_near)
			open_near = open_far = NAN;
	}
	return true;
}

/* Outwards to `end` the value only moves further into today's answer. */
static bool only_confirms(const struct search *s, double end)
{
	int wanted = s->out->here.answer == VIABLE ? 1 : -1;
	return s->driver->sense && (end > s->out->here.value) == (s->driver->sense == wanted);
}

static bool find_side(struct search *s, double end, struct side *side)
{
	const struct trial *here = &s->out->here;
	struct trial seen[SCAN + 1];
	*side = (struct side){.near = *here};
	if (here->answer == UNDECIDED) {
		side->is_open = true;
		return true;
	}
	if (end == here->value || only_confirms(s, end))
		return true;
	/* From the outermost inwards: the flip nearest to today counts. */
	int flip = -1;
	for (int n = 0; n <= SCAN; n++) {
		double part = (double)(SCAN + 1 - n) / (SCAN + 1);
		if (!try_at(&s->attempt, between(s->driver, here->value, end, part), &seen[n]))
			return false;
		side->is_open |= seen[n].answer == UNDECIDED;
		if (seen[n].answer != UNDECIDED && seen[n].answer != here->answer)
			flip = n;
		if (s->driver->sense && seen[n].answer == here->answer)
			break; /* and so it is all the way */
	}
	if (flip < 0)
		return true;
	side->flips = true;
	side->is_open = false;
	side->far = seen[flip];
	for (int n = SCAN; n > flip; n--)
		if (seen[n].answer == here->answer)
			side->near = seen[n];
		else
			break;
	return tipping_close_in(
		s->driver, NARROW * apart(s->driver, end, here->value), &s->attempt, side);
}

static int by_value(const void *a, const void *b)
{
	const struct trial *x = a, *y = b;
	return (x->value > y->value) - (x->value < y->value);
}

bool tipping_find(struct arena *a, const struct network *net, const struct driver *d, double least,
	double most, const struct outcome *here, const struct task *task, struct tipping *out,
	struct err *e)
{
	(void)a;
	struct search s = {{try_at}, net, d, here, task, out, e};
	*out = (struct tipping){.driver = d};
	out->here = (struct trial){
		driver_central(d, net), here->answer, here->before, here->cost, here->bound};
	out->trials[out->trial_count++] = out->here;
	if (!find_side(&s, least, &out->below) || !find_side(&s, most, &out->above))
		return false;
	qsort(out->trials, out->trial_count, sizeof *out->trials, by_value);
	return true;
}
