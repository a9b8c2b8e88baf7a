#include "tolls.h"

#include <math.h>

bool tolls_read(struct tolls *out, struct arena *a, const struct model *m, const double *mu)
{
	size_t cells = m->sites * m->years;
	*out = (struct tolls){.tonne = arena_array(a, double, cells),
		.site = arena_array(a, double, cells),
		.level = arena_array(a, double, cells),
		.is_open = arena_array(a, bool, cells),
		.emission = arena_array(a, double, m->years)};
	for (size_t n = 0; n < m->limit_count; n++) {
		const struct limit *limit = &m->limits[n];
		size_t at = limit->site * m->years + limit->year;
		double price = mu ? mu[n] : 0;
		if (!(price >= 0) || !isfinite(price))
			return false;
		double worth = price * limit->value;
		out->size += worth;
		switch (limit->kind) {
		case LIMIT_BUDGET: out->constant -= worth; break;
		case LIMIT_EMISSION:
			for (size_t t = 0; t < m->years; t++)
				if (limit->year == LIMIT_HORIZON || limit->year == t)
					out->emission[t] += price / m->discount[t];
			out->constant -= worth;
			break;
		case LIMIT_MOST:
			out->tonne[at] += price / m->discount[limit->year];
			out->constant -= worth;
			break;
		case LIMIT_LEAST:
			out->tonne[at] -= price / m->discount[limit->year];
			out->site[at] += worth / m->discount[limit->year];
			break;
		case LIMIT_OPEN:
			out->level[at] += price / m->discount[limit->year];
			out->is_open[at] = true;
			out->constant += price;
			out->size += price;
			break;
		}
	}
	for (size_t c = 0; c < cells; c++)
		if (out->is_open[c]) {
			double eur = m->discount[c % m->years] * (m->site_cost[c] + out->site[c]);
			out->constant += eur;
			out->size += eur;
		}
	return true;
}

bool tolls_want_open(const struct tolls *tolls, const struct model *m, size_t j)
{
	for (size_t t = 0; t < m->years; t++)
		if (tolls->is_open[j * m->years + t])
			return true;
	return false;
}
