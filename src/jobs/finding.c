#include "finding.h"

#include "odds.h"
#include "pact.h"
#include "phrase.h"
#include "range.h"
#include "text.h"

#include <math.h>
#include <stdlib.h>

static const double LARGEST = 1e18;

const char *finding_region(const struct findings *f, const char *code)
{
	return phrase_name(&f->regions, 0, 1, code);
}

void finding_copy(const struct findings *f, const struct jin *object, const char *key)
{
	struct jin member = jin_member(object, key);
	jout_key(f->j, key);
	jout_raw(f->j, jin_dump(f->arena, &member));
}

double finding_number(const struct jin *object, const char *key)
{
	return jin_real_or(object, key, -LARGEST, LARGEST, NAN);
}

/* ---- drivers and their values ---- */

/* How people write the value of a driver: "×1,56", "+12,5 €/t", "5,80 %/an". */
static const struct scale {
	enum driver_kind kind;
	const char *unit; /* the driver's; null: any */
	double times;
	int decimals;
	const char *before, *after; /* after null: the driver's unit */
} scales[] = {
	{DRIVER_FACTOR, NULL, 1, 2, "×", ""},
	{DRIVER_ADDED, "1/an", 100, 2, "", "\u00a0%/an"},
	{DRIVER_ADDED, "exposant", 1, 2, "", ""},
	{DRIVER_ADDED, NULL, 1, 1, "", NULL},
	{DRIVER_VALUE, "1/an", 100, 2, "", "\u00a0%/an"},
	{DRIVER_VALUE, NULL, 1, 1, "", NULL},
};

static const struct scale *scale_of(const struct driver *d)
{
	const struct scale *s = scales;
	while (s->kind != d->kind || (s->unit && !text_eq(s->unit, d->unit)))
		s++;
	return s;
}

/* Rounded down (`way` -1), up (1) or to the nearest (0): a bracket shown must hold the one proved. */
static const char *value_text(struct arena *a, const struct driver *d, double v, int way)
{
	const struct scale *s = scale_of(d);
	double grain = pow(10, s->decimals), x = v * s->times * grain;
	x = (way < 0 ? floor(x + 1e-6) : way > 0 ? ceil(x - 1e-6) : round(x)) / grain;
	const char *sign = d->kind != DRIVER_ADDED || x < 0 ? "" : x > 0 ? "+" : "±";
	return arena_printf(a, "%s%s%s%s%s", s->before, sign, text_french_number(a, x, s->decimals),
		s->after ? "" : "\u00a0", s->after ? s->after : d->unit);
}

static const struct driver *driver_of(const struct jin *x, const char *key)
{
	const struct driver *d = driver_find(jin_text(x, key, 100));
	if (!d)
		jin_fail(x, "levier inconnu");
	return d ? d : driver_table;
}

static void open_driver(const struct findings *f, const struct driver *d)
{
	jout_open(f->j, '{');
	jout_kv_text(f->j, "driver", d->id);
	jout_kv_text(f->j, "label", d->label);
	jout_kv_text(f->j, "unit", d->unit);
}

static void write_source(const struct findings *f, const struct driver *d)
{
	const struct driver_range *r = &f->ranges[d - driver_table];
	jout_kv_text(f->j, "parameter", r->parameter);
	jout_kv_text(f->j, "source", r->source);
	jout_key(f->j, "year");
	jout_raw(f->j, r->year ? r->year : "null");
	jout_kv_text(f->j, "confidence", r->confidence);
}

/* A value tried, with its proof. */
static void write_trial(const struct findings *f, const struct driver *d, const struct jin *object,
	const char *key, int way)
{
	struct jin t = jin_object(object, key);
	double value = finding_number(&t, "value");
	jout_key(f->j, key);
	jout_open(f->j, '{');
	jout_kv_real(f->j, "value", value);
	jout_kv_text(f->j, "text", value_text(f->arena, d, value, way));
	finding_copy(f, &t, "answer");
	finding_copy(f, &t, "value_eur");
	finding_copy(f, &t, "value_bound_eur");
	jout_close(f->j);
}

/* ---- tipping points ---- */

/* How far beyond the flip every value looked at still has the contrary answer. */
static double contrary_to(const struct jin *tipping, const struct jin *far, int way)
{
	double from = finding_number(far, "value"), to = from,
	       first_unlike = way * (double)INFINITY;
	const char *answer = jin_text(far, "answer", 50);
	struct jin trials = jin_array(tipping, "trials", 0, 1000);
	for (size_t n = 0; n < trials.count; n++) {
		struct jin t = jin_item(&trials, n);
		double value = finding_number(&t, "value");
		bool is_unlike = !text_eq(jin_text(&t, "answer", 50), answer);
		if (is_unlike && way * value > way * from && way * value < way * first_unlike)
			first_unlike = value;
	}
	for (size_t n = 0; n < trials.count; n++) {
		struct jin t = jin_item(&trials, n);
		double value = finding_number(&t, "value");
		if (way * value > way * to && way * value < way * first_unlike)
			to = value;
	}
	return to;
}

static void write_side(const struct findings *f, const struct driver *d, const struct jin *object,
	const char *key, int way)
{
	struct jin side = jin_object(object, key);
	jout_key(f->j, key);
	jout_open(f->j, '{');
	finding_copy(f, &side, "flips");
	if (jin_bool(&side, "flips")) {
		write_trial(f, d, &side, "near", -way);
		write_trial(f, d, &side, "far", way);
		struct jin far = jin_object(&side, "far");
		if (jin_has(object, "trials"))
			jout_kv_real(f->j, "to", contrary_to(object, &far, way));
	} else {
		finding_copy(f, &side, "undecided");
	}
	jout_close(f->j);
}

/* "entre ×1,53 (encore viable) et ×1,56 (non viable)" */
static const char *flip_text(struct arena *a, const struct driver *d, const struct jin *tipping,
	const char *key, int way)
{
	struct jin side = jin_object(tipping, key);
	if (!jin_bool(&side, "flips"))
		return NULL;
	struct jin near = jin_object(&side, "near"), far = jin_object(&side, "far");
	return arena_printf(a, "entre %s (encore %s) et %s (%s)",
		value_text(a, d, finding_number(&near, "value"), -way),
		phrase_answer(jin_text(&near, "answer", 50)),
		value_text(a, d, finding_number(&far, "value"), way),
		phrase_answer(jin_text(&far, "answer", 50)));
}

/* Whether either side says so: "flips", "undecided". */
static bool either(const struct jin *tipping, const char *word)
{
	struct jin below = jin_object(tipping, "below"), above = jin_object(tipping, "above");
	return jin_bool_or(&below, word, false) || jin_bool_or(&above, word, false);
}

/* Whether the answer flips without the driver leaving its credible range. */
enum reach { BEYOND, PERHAPS, WITHIN };

static enum reach side_reach(const struct jin *tipping, const char *key, int way, double edge)
{
	struct jin side = jin_object(tipping, key);
	if (!jin_bool(&side, "flips"))
		return jin_bool(&side, "undecided") ? PERHAPS : BEYOND;
	struct jin near = jin_object(&side, "near"), far = jin_object(&side, "far");
	if (way * finding_number(&far, "value") <= way * edge)
		return WITHIN;
	return way * finding_number(&near, "value") < way * edge ? PERHAPS : BEYOND;
}

static enum reach reach_of(const struct findings *f, const struct driver *d, const struct jin *x)
{
	const struct driver_range *r = &f->ranges[d - driver_table];
	enum reach below = side_reach(x, "below", -1, r->low),
		   above = side_reach(x, "above", 1, r->high);
	return below > above ? below : above;
}

/* "Sa fourchette, de ×0,71 à ×1,29, va jusque-là." */
static const char *reach_sentence(
	const struct findings *f, const struct driver *d, const struct jin *x)
{
	static const char *const ends[] = {[BEYOND] = "ne va pas jusque-là",
		[PERHAPS] = "s’arrête entre les deux",
		[WITHIN] = "va jusque-là"};
	const struct driver_range *r = &f->ranges[d - driver_table];
	return arena_printf(f->arena, "Sa fourchette, de %s à %s, %s.",
		value_text(f->arena, d, r->low, 0), value_text(f->arena, d, r->high, 0),
		ends[reach_of(f, d, x)]);
}

static const char *tipping_sentence(
	const struct findings *f, const struct driver *d, const struct jin *x, const char *answer)
{
	struct arena *a = f->arena;
	const char *below = flip_text(a, d, x, "below", -1),
		   *above = flip_text(a, d, x, "above", 1);
	const char *range =
		arena_printf(a, "de %s à %s", value_text(a, d, finding_number(x, "least"), 0),
			value_text(a, d, finding_number(x, "most"), 0));
	if (text_eq(answer, "undecided"))
		return "La réponse d’aujourd’hui n’est pas tranchée : il n’y a rien à faire "
		       "basculer.";
	if (below || above)
		return arena_printf(a, "Le verdict bascule %s%s%s\u00a0; prouvé des deux côtés. %s",
			below ? below : "", below && above ? ", et " : "", above ? above : "",
			reach_sentence(f, d, x));
	if (either(x, "undecided"))
		return arena_printf(a,
			"Aucune bascule n’est prouvée %s, mais l’écart du calcul laisse un doute à "
			"certaines valeurs.",
			range);
	return arena_printf(a, "Ne bascule pas %s : %s %s.", range, phrase_answer(answer),
		jin_bool(x, "is_monotone") ? "est prouvé pour toute la plage"
					   : "est prouvé à chaque valeur essayée");
}

/* "least" and "least_text", for instance. */
static void write_end(const struct findings *f, const struct driver *d, const char *key, double v)
{
	jout_kv_real(f->j, key, v);
	jout_kv_text(f->j, arena_printf(f->arena, "%s_text", key), value_text(f->arena, d, v, 0));
}

/* Returns how many flip. */
static size_t write_tippings(const struct findings *f, const char *answer)
{
	static const char *const words[] = {
		[BEYOND] = "no", [PERHAPS] = "undecided", [WITHIN] = "certain"};
	struct jin list = jin_array(f->answer, "tipping", 0, DRIVERS_MAX);
	size_t flips = 0;
	jout_key(f->j, "drivers");
	jout_open(f->j, '[');
	for (size_t n = 0; n < list.count; n++) {
		struct jin x = jin_item(&list, n);
		const struct driver *d = driver_of(&x, "driver");
		struct jin here = jin_object(&x, "here");
		open_driver(f, d);
		finding_copy(f, &x, "is_monotone");
		jout_kv_real(f->j, "value", finding_number(&here, "value"));
		jout_kv_text(
			f->j, "text", value_text(f->arena, d, finding_number(&here, "value"), 0));
		write_end(f, d, "least", finding_number(&x, "least"));
		write_end(f, d, "most", finding_number(&x, "most"));
		write_end(f, d, "low", f->ranges[d - driver_table].low);
		write_end(f, d, "high", f->ranges[d - driver_table].high);
		jout_kv_text(f->j, "in_range", words[reach_of(f, d, &x)]);
		write_side(f, d, &x, "below", -1);
		write_side(f, d, &x, "above", 1);
		jout_kv_text(f->j, "sentence", tipping_sentence(f, d, &x, answer));
		jout_close(f->j);
		flips += either(&x, "flips");
	}
	jout_close(f->j);
	return flips;
}

static void write_frontiers(const struct findings *f)
{
	struct jin list = jin_array(f->answer, "frontiers", 0, 100);
	jout_key(f->j, "frontiers");
	jout_open(f->j, '[');
	for (size_t n = 0; n < list.count; n++) {
		struct jin x = jin_item(&list, n), steps = jin_array(&x, "steps", 0, 100);
		const struct driver *across = driver_of(&x, "across");
		const struct driver *along = driver_of(&x, "along");
		jout_open(f->j, '{');
		jout_kv_text(f->j, "across", across->id);
		jout_kv_text(f->j, "across_label", across->label);
		jout_kv_text(f->j, "along", along->id);
		jout_kv_text(f->j, "along_label", along->label);
		jout_kv_text(f->j, "along_unit", along->unit);
		jout_key(f->j, "steps");
		jout_open(f->j, '[');
		for (size_t s = 0; s < steps.count; s++) {
			struct jin step = jin_item(&steps, s);
			double at = finding_number(&step, "at");
			jout_open(f->j, '{');
			jout_kv_real(f->j, "at", at);
			jout_kv_text(f->j, "text", value_text(f->arena, across, at, 0));
			finding_copy(f, &step, "answer");
			write_side(f, along, &step, "below", -1);
			write_side(f, along, &step, "above", 1);
			jout_close(f->j);
		}
		jout_close(f->j);
		jout_close(f->j);
	}
	jout_close(f->j);
}

/* « A » et « B »: the drivers that flip the answer that way. Null when none does. */
static const char *drivers_that(const struct findings *f, enum reach reach)
{
	struct jin list = jin_array(f->answer, "tipping", 0, DRIVERS_MAX);
	const char *names[DRIVERS_MAX];
	size_t count = 0;
	for (size_t n = 0; n < list.count; n++) {
		struct jin x = jin_item(&list, n);
		const struct driver *d = driver_of(&x, "driver");
		if (reach_of(f, d, &x) == reach)
			names[count++] = arena_printf(f->arena, "«\u00a0%s\u00a0»", d->label);
	}
	return count ? phrase_list(f->arena, names, count) : NULL;
}

/* Who flips it without leaving the credible range: what a reader has to look into. */
static const char *within_sentence(const struct findings *f)
{
	const char *within = drivers_that(f, WITHIN), *perhaps = drivers_that(f, PERHAPS);
	if (!within && !perhaps)
		return "Aucun ne le fait sans sortir de sa fourchette.";
	return arena_printf(f->arena, "Sans sortir de sa fourchette\u00a0: %s%s%s.",
		within ? within : "", within && perhaps ? "\u00a0; peut-être " : "",
		perhaps ? arena_printf(f->arena, "%s%s", within ? "" : "peut-être ", perhaps) : "");
}

static void write_tipping(const struct findings *f, const char *answer)
{
	struct jin list = jin_array(f->answer, "tipping", 0, DRIVERS_MAX);
	struct jin frontiers = jin_array(f->answer, "frontiers", 0, 100);
	if (!list.count && !frontiers.count)
		return;
	jout_key(f->j, "tipping");
	jout_open(f->j, '{');
	size_t flips = write_tippings(f, answer);
	write_frontiers(f);
	const char *today = arena_printf(f->arena, "Aujourd’hui : %s.", phrase_answer(answer));
	if (list.count)
		today = arena_printf(f->arena,
			"%s %zu levier%s sur %zu, pris un par un, peu%s faire basculer cette "
			"réponse.%s%s",
			today, flips, flips > 1 ? "s" : "", list.count, flips > 1 ? "vent" : "t",
			flips ? " " : "", flips ? within_sentence(f) : "");
	jout_kv_text(f->j, "sentence", today);
	jout_close(f->j);
}

/* ---- tornado ---- */

struct bar {
	struct jin x;
	double spread;
};

static int by_spread(const void *a, const void *b)
{
	const struct bar *x = a, *y = b;
	return (x->spread < y->spread) - (x->spread > y->spread);
}

/* The drivers that move the value most come first. */
static void write_tornado(const struct findings *f)
{
	struct jin list = jin_array(f->answer, "tornado", 0, DRIVERS_MAX);
	struct bar *bars = arena_array(f->arena, struct bar, list.count);
	if (!list.count)
		return;
	for (size_t n = 0; n < list.count; n++) {
		bars[n].x = jin_item(&list, n);
		struct jin low = jin_object(&bars[n].x, "low"),
			   high = jin_object(&bars[n].x, "high");
		bars[n].spread = fabs(
			finding_number(&high, "value_eur") - finding_number(&low, "value_eur"));
	}
	qsort(bars, list.count, sizeof *bars, by_spread);
	jout_key(f->j, "tornado");
	jout_open(f->j, '{');
	jout_key(f->j, "drivers");
	jout_open(f->j, '[');
	for (size_t n = 0; n < list.count; n++) {
		const struct driver *d = driver_of(&bars[n].x, "driver");
		open_driver(f, d);
		write_trial(f, d, &bars[n].x, "low", 0);
		write_trial(f, d, &bars[n].x, "high", 0);
		jout_kv_real(f->j, "spread_eur", bars[n].spread);
		write_source(f, d);
		jout_close(f->j);
	}
	jout_close(f->j);
	const struct driver *first = driver_of(&bars[0].x, "driver");
	jout_kv_text(f->j, "sentence",
		arena_printf(f->arena,
			"Ce qui pèse le plus, d’un bout à l’autre de sa fourchette : « %s » fait "
			"varier "
			"la valeur de %s.",
			first->label, phrase_millions(f->arena, bars[0].spread)));
	jout_close(f->j);
}

bool finding_make(struct arena *a, struct db *db, const struct instance *in,
	const struct jin *answer, struct finding *out, struct err *e)
{
	struct jout j, brief;
	struct findings f = {.arena = a, .j = &j, .in = in, .answer = answer};
	buf_init(&out->report, a, BUF_NO_LIMIT);
	buf_init(&out->brief, a, BUF_NO_LIMIT);
	jout_init(&j, &out->report);
	jout_init(&brief, &out->brief);
	if (!db_query(a, db, "region_list", NULL, 0, &f.regions, e))
		return false;
	f.ranges = range_list(a, in);
	struct jin here = jin_object(answer, "here");
	const char *word = jin_text(&here, "answer", 50);
	jout_open(&j, '{');
	finding_copy(&f, answer, "here");
	write_tipping(&f, word);
	write_tornado(&f);
	odds_write(&f);
	pact_write(&f);
	jout_close(&j);
	jout_open(&brief, '{');
	jout_kv_text(&brief, "answer", word);
	jout_kv_text(&brief, "sentence",
		arena_printf(a, "Étude du verdict « %s ».", phrase_answer(word)));
	jout_close(&brief);
	return !jin_failed(answer);
}
