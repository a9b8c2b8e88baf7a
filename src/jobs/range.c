#include "range.h"

#include "text.h"

#include <math.h>
#include <string.h>

/* Columns of the queries in sql/queries/network.sql. */
enum {
	PARAMETER_ID,
	PARAMETER_VALUE,
	PARAMETER_CONFIDENCE = 3,
	PARAMETER_SOURCE = 6,
	PARAMETER_YEAR,
	PARAMETER_LOW,
	PARAMETER_HIGH
};
enum { FLOW_ID, FLOW_SHARE = 3 };

/* What the fees of existing plants and the support may do, no parameter says. */
static const struct link {
	const char *driver, *parameter; /* a star stands for every flow, each weighing its tonnes */
} links[] = {
	{"volume_growth", "volume.growth_after"},
	{"haulage_price", "haulage.eur_km"},
	{"capex", "line.capex_eur"},
	{"scale_exponent", "line.scale_exponent"},
	{"opex", "line.job_eur"}, /* staff is most of it */
	{"material_prices", "flow.*.revenue_eur_t"},
	{"residue_cost", "line.residue_eur_t"},
	{"discount_rate", "economy.discount_rate"},
	{"carbon_price", "carbon.eur_t"},
};

/* The row of a parameter, or -1. */
static int find_row(const struct instance *in, const char *id)
{
	for (size_t r = 0; r < in->parameters.count; r++)
		if (text_eq(rows_text(&in->parameters, r, PARAMETER_ID), id))
			return (int)r;
	return -1;
}

struct extent {
	double low, value, high;
	int row; /* the last one; where the figures come from */
};

static void add(const struct instance *in, const char *id, double weight, struct extent *sum)
{
	int row = find_row(in, id);
	if (row < 0)
		return;
	sum->row = row;
	sum->low += weight * rows_real(&in->parameters, (size_t)row, PARAMETER_LOW);
	sum->value += weight * rows_real(&in->parameters, (size_t)row, PARAMETER_VALUE);
	sum->high += weight * rows_real(&in->parameters, (size_t)row, PARAMETER_HIGH);
}

static struct extent find_extent(struct arena *a, const struct instance *in, const char *id)
{
	struct extent x = {.row = -1};
	const char *star = strchr(id, '*');
	if (!star) {
		add(in, id, 1, &x);
		return x;
	}
	for (size_t k = 0; k < in->flows.count; k++)
		add(in,
			arena_printf(a, "%.*s%s%s", (int)(star - id), id,
				rows_text(&in->flows, k, FLOW_ID), star + 1),
			rows_real(&in->flows, k, FLOW_SHARE), &x);
	return x;
}

/* Around where the scenario stands, which may be outside the range: then it goes one way only. */
static void set_range(struct driver_range *r, const struct extent *x)
{
	switch (r->driver->kind) {
	case DRIVER_FACTOR:
		r->is_given = x->value > 0 && x->low < x->high;
		r->low = fmin(x->low / x->value, 1);
		r->high = fmax(x->high / x->value, 1);
		break;
	case DRIVER_ADDED:
		r->is_given = x->low < x->high;
		r->low = fmin(x->low - x->value, 0);
		r->high = fmax(x->high - x->value, 0);
		break;
	case DRIVER_VALUE:
		r->is_given = x->low < x->high;
		r->low = fmin(x->low, x->value);
		r->high = fmax(x->high, x->value);
	}
}

static struct driver_range range_of(
	struct arena *a, const struct instance *in, const struct driver *d)
{
	struct driver_range r = {.driver = d};
	for (size_t n = 0; n < sizeof links / sizeof *links; n++) {
		if (!text_eq(links[n].driver, d->id))
			continue;
		struct extent x = find_extent(a, in, links[n].parameter);
		if (x.row < 0)
			continue;
		size_t row = (size_t)x.row;
		set_range(&r, &x);
		r.parameter = links[n].parameter;
		r.source = rows_text(&in->parameters, row, PARAMETER_SOURCE);
		r.confidence = rows_text(&in->parameters, row, PARAMETER_CONFIDENCE);
		if (!rows_is_null(&in->parameters, row, PARAMETER_YEAR))
			r.year = rows_text(&in->parameters, row, PARAMETER_YEAR);
	}
	if (!r.is_given)
		r = (struct driver_range){.driver = d,
			.low = d->low,
			.high = d->high,
			.source = "Fourchette par défaut de Recircuit",
			.confidence = "assumption"};
	return r;
}

const struct driver_range *range_list(struct arena *a, const struct instance *in)
{
	struct driver_range *list = arena_array(a, struct driver_range, driver_count);
	for (size_t n = 0; n < driver_count; n++)
		list[n] = range_of(a, in, &driver_table[n]);
	return list;
}
