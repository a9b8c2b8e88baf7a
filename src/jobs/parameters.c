#include "parameters.h"

#include "jout.h"
#include "text.h"

#include <math.h>

double value_of(struct parameters *p, const char *id)
{
	for (size_t r = 0; r < p->rows->count; r++)
		if (text_eq(rows_text(p->rows, r, PARAMETER_ID), id))
			return rows_real(p->rows, r, PARAMETER_VALUE);
	p->missing = id;
	return 0;
}

double flow_value(struct arena *a, struct parameters *p, const char *flow, const char *what)
{
	return value_of(p, arena_printf(a, "flow.%s.%s", flow, what));
}

void write_distance_bands(struct jout *j, struct parameters *p)
{
	static const struct {
		const char *id;
		double below_km;
	} bands[] = {
		{"distance.factor_below_30", 30},
		{"distance.factor_30_60", 60},
		{"distance.factor_60_250", 250},
		{"distance.factor_above_250", INFINITY},
	};
	jout_key(j, "distance_bands");
	jout_open(j, '[');
	for (size_t b = 0; b < sizeof bands / sizeof *bands; b++) {
		jout_open(j, '{');
		jout_kv_real(j, "below_km", bands[b].below_km); /* the last one is null: no limit */
		jout_kv_real(j, "factor", value_of(p, bands[b].id));
		jout_close(j);
	}
	jout_close(j);
}
