#include "figure_parts.h"

#include "text.h"

#include <math.h>

/* Columns of the queries in sql/queries/network.sql. */
enum {
	PARAMETER_ID,
	PARAMETER_VALUE,
	PARAMETER_CONFIDENCE = 3,
	PARAMETER_IS_OVERRIDDEN,
	PARAMETER_SOURCE = 6,
	PARAMETER_YEAR
};

const struct origin figure_computed = {
	"Calcul de Recircuit sur les paramètres du scénario", NULL, "assumption"};

struct figure figure_make(const char *group, const char *id, const char *label, const char *unit)
{
	return (struct figure){.group = group,
		.id = id,
		.label = label,
		.unit = unit,
		.value = NAN,
		.low = NAN,
		.high = NAN,
		.before = NAN,
		.target = NAN,
		.origin = figure_computed};
}

/* Rounding must not miss a target that is met exactly. */
static const double ROUNDING = 1e-9;

static void put_met(struct jout *j, const struct figure *f)
{
	double least = isnan(f->value) ? f->low : f->value;
	double most = isnan(f->value) ? f->high : f->value;
	jout_key(j, "is_met");
	if (least >= f->target - ROUNDING)
		jout_bool(j, true);
	else if (most < f->target - ROUNDING)
		jout_bool(j, false);
	else
		jout_null(j); /* no target, or the range spans it */
}

void figure_put(struct sheet *s, const struct figure *f)
{
	struct jout *j = s->j;
	jout_open(j, '{');
	jout_kv_text(j, "group", f->group);
	jout_kv_text(j, "id", f->id);
	jout_kv_text(j, "label", f->label);
	jout_kv_text(j, "region", f->region);
	jout_key(j, "mark");
	if (f->mark)
		jout_int(j, (int64_t)f->mark);
	else
		jout_null(j);
	jout_key(j, "mark_year");
	if (f->mark)
		jout_int(j, rows_int(&s->in->years, f->mark - 1, 0));
	else
		jout_null(j);
	jout_kv_real(j, "value", f->value);
	jout_kv_real(j, "low", f->low);
	jout_kv_real(j, "high", f->high);
	jout_kv_real(j, "before", f->before);
	jout_kv_real(j, "target", f->target);
	put_met(j, f);
	jout_kv_text(j, "unit", f->unit);
	jout_kv_text(j, "source", f->origin.source);
	jout_key(j, "year");
	if (f->origin.year)
		jout_raw(j, f->origin.year);
	else
		jout_null(j);
	jout_kv_text(j, "confidence", f->origin.confidence);
	jout_kv_text(j, "note", f->note);
	jout_close(j);
}

bool figure_is_mark(size_t t)
{
	return t + 1 == 6 || t + 1 == 12;
}

/* ---- what figures are made of ---- */

double figure_parameter(const struct sheet *s, const char *id, struct origin *origin)
{
	const struct rows *p = &s->in->parameters;
	for (size_t r = 0; r < p->count; r++) {
		if (!text_eq(rows_text(p, r, PARAMETER_ID), id))
			continue;
		if (rows_bool(p, r, PARAMETER_IS_OVERRIDDEN))
			*origin = (struct origin){"Réglage du scénario", NULL, "assumption"};
		else
			*origin = (struct origin){rows_text(p, r, PARAMETER_SOURCE),
				rows_is_null(p, r, PARAMETER_YEAR)
					? NULL
					: rows_text(p, r, PARAMETER_YEAR),
				rows_text(p, r, PARAMETER_CONFIDENCE)};
		return rows_real(p, r, PARAMETER_VALUE);
	}
	return NAN;
}

double figure_value(const struct sheet *s, const char *id)
{
	struct origin unused;
	return figure_parameter(s, id, &unused);
}

double figure_at_year(const struct jin *account, const char *key, size_t t)
{
	if (!account->value)
		return NAN;
	struct jin list = jin_array(account, key, 0, 1000), item = jin_item(&list, t);
	return jin_value_real(&item, -FIGURE_MOST, FIGURE_MOST);
}

double figure_real_or_nan(const struct jin *object, const char *key)
{
	return jin_has(object, key) ? jin_real(object, key, -FIGURE_MOST, FIGURE_MOST) : NAN;
}

void figure_write(
	struct arena *a, struct jout *j, const struct instance *in, const struct jin *answer)
{
	struct sheet s = {.arena = a, .j = j, .in = in};
	s.with = jin_object(answer, "with");
	s.before.reader = answer->reader;
	if (jin_has(answer, "status_quo"))
		s.before = jin_object(answer, "status_quo");
	for (size_t r = 0; r < in->volumes.count; r++)
		s.population += rows_real(&in->volumes, r, VOLUME_POPULATION);
	jout_key(j, "figures");
	jout_open(j, '[');
	figure_put_money(&s, answer);
	for (s.year = 0; s.year < in->years.count; s.year++)
		if (figure_is_mark(s.year))
			figure_put_plan(&s);
	jout_close(j);
}
