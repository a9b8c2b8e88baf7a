#include "tipping.h"

#include <math.h>
#include <stdlib.h>

/* Values looked at between today's and the outermost before it is said that nothing flips; how many
 * halvings close a flip in; the width, as a part of the side, that is narrow enough. */
enum { SCAN = 2, HALVINGS = 9 };
static const double NARROW = 0.004;

struct search {
	const struct network *net;
	const struct driver *driver;
	const struct outcome *here;
	const struct task *task;
	struct tipping *out;
	struct err *e;
};

static bool try_at(struct search *s, double value, struct trial *out)
{
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

/* Part of the way from one value to another; factors go by their ratio. */
static double between(const struct search *s, double from, double to, double part)
{
	if (s->driver->kind == DRIVER_FACTOR && from > 0 && to > 0)
		return from * pow(to / from, part);
	return from + part * (to - from);
}

/* near and far have sure and different answers. */
static bool close_in(struct search *s, struct side *side, double width)
{
	double open_near = NAN, open_far = NAN; /* ends of what has no sure answer */
	bool near_side = true;
	for (int n = 0; n < HALVINGS; n++) {
		bool is_whole = isnan(open_near);
		double from = is_whole || near_side ? side->near.value : open_far,
		       to = is_whole || !near_side ? side->far.value : open_near;
		struct trial t;
		if (fabs(to - from) <= width)
			break;
		if (!try_at(s, between(s, from, to, 0.5), &t))
			return false;
		if (t.answer == side->near.answer)
			side->near = t;
		else if (t.answer == side->far.answer)
			side->far = t;
		else if (is_whole)
			open_near = open_far = t.value;
		else if (near_side)
			open_near = t.value;
		else
			open_far = t.value;
		near_side = !near_side;
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
		if (!try_at(s, between(s, here->value, end, part), &seen[n]))
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
	return close_in(s, side, NARROW * fabs(end - here->value));
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
	struct search s = {net, d, here, task, out, e};
	*out = (struct tipping){.driver = d};
	out->here = (struct trial){
		driver_central(d, net), here->answer, here->before, here->cost, here->bound};
	out->trials[out->trial_count++] = out->here;
	if (!find_side(&s, least, &out->below) || !find_side(&s, most, &out->above))
		return false;
	qsort(out->trials, out->trial_count, sizeof *out->trials, by_value);
	return true;
}
