#include "certfile.h"

static void write_table(struct jout *j, const char *key, const double *v, const size_t size[3])
{
	jout_key(j, key);
	jout_open(j, '[');
	for (size_t x = 0; x < size[0]; x++) {
		jout_open(j, '[');
		for (size_t y = 0; y < size[1]; y++) {
			jout_open(j, '[');
			for (size_t z = 0; z < size[2]; z++)
				jout_real(j, *v++);
			jout_close(j);
		}
		jout_close(j);
	}
	jout_close(j);
}

static void write_rounding(struct jout *j, const struct model *m, const struct rounding *r)
{
	jout_open(j, '{');
	jout_kv_int(j, "flow", (int64_t)r->flow);
	jout_kv_real(j, "unit", r->unit);
	if (r->second > 0)
		jout_kv_real(j, "second", r->second);
	if (r->centre != ROUNDING_EVERYWHERE) {
		jout_kv_int(j, "centre", r->centre);
		jout_kv_real(j, "radius", r->radius);
	}
	jout_key(j, "near");
	jout_open(j, '[');
	for (size_t s = 0; s < m->sites; s++)
		if (r->is_near[s])
			jout_int(j, (int64_t)s);
	jout_close(j);
	jout_key(j, "price");
	jout_open(j, '[');
	for (size_t t = 0; t < m->years; t++)
		jout_real(j, r->price[t]);
	jout_close(j);
	jout_close(j);
}

void certfile_write(struct jout *j, const struct model *m, const struct certificate *c)
{
	jout_open(j, '{');
	write_table(j, "price", c->price, (size_t[]){m->flows, m->years, m->points});
	if (c->share)
		write_table(j, "share", c->share, (size_t[]){m->sites, m->flows, m->years});
	jout_key(j, "roundings");
	jout_open(j, '[');
	for (size_t n = 0; n < c->rounding_count; n++)
		write_rounding(j, m, &c->roundings[n]);
	jout_close(j);
	if (m->limit_count) {
		jout_key(j, "limits");
		jout_open(j, '[');
		for (size_t n = 0; n < m->limit_count; n++)
			jout_real(j, c->limits ? c->limits[n] : 0);
		jout_close(j);
	}
	jout_close(j);
}

static const double LARGEST = 1e18;

static const double *read_table(
	struct arena *a, const struct jin *at, const char *key, const size_t size[3])
{
	double *table = arena_array(a, double, size[0] * size[1] * size[2]), *v = table;
	struct jin outer = jin_array(at, key, size[0], size[0]);
	for (size_t x = 0; x < outer.count && !jin_failed(at); x++) {
		struct jin middle = jin_item(&outer, x);
		if (middle.count != size[1])
			jin_fail(&middle, "%zu valeurs au lieu de %zu", middle.count, size[1]);
		for (size_t y = 0; y < size[1] && !jin_failed(at); y++) {
			struct jin inner = jin_item(&middle, y);
			if (inner.count != size[2])
				jin_fail(
					&inner, "%zu valeurs au lieu de %zu", inner.count, size[2]);
			for (size_t z = 0; z < size[2] && !jin_failed(at); z++) {
				struct jin value = jin_item(&inner, z);
				*v++ = jin_value_real(&value, -LARGEST, LARGEST);
			}
		}
	}
	return table;
}

static struct rounding read_rounding(struct arena *a, const struct jin *at, const struct model *m)
{
	double *price = arena_array(a, double, m->years);
	bool *is_near = arena_array(a, bool, m->sites);
	struct jin near = jin_array(at, "near", 0, m->sites);
	struct jin prices = jin_array(at, "price", m->years, m->years);
	for (size_t n = 0; n < near.count; n++) {
		struct jin item = jin_item(&near, n);
		is_near[(size_t)jin_value_int(&item, 0, (int64_t)m->sites - 1)] = true;
	}
	for (size_t t = 0; t < prices.count; t++) {
		struct jin item = jin_item(&prices, t);
		price[t] = jin_value_real(&item, 0, LARGEST);
	}
	return (struct rounding){.flow = (size_t)jin_int(at, "flow", 0, (int64_t)m->flows - 1),
		.unit = jin_real(at, "unit", 1e-9, LARGEST),
		.second = jin_real_or(at, "second", 0, LARGEST, 0),
		.centre = (int)jin_int_or(
			at, "centre", 0, (int64_t)m->sites - 1, ROUNDING_EVERYWHERE),
		.radius = jin_real_or(at, "radius", 0, LARGEST, 0),
		.is_near = is_near,
		.price = price};
}

static const struct rounding *read_roundings(
	struct arena *a, const struct jin *at, const struct model *m, size_t *count)
{
	enum { ROUNDINGS_MAX = 100000 };
	struct jin list = jin_array(at, "roundings", 0, ROUNDINGS_MAX);
	struct rounding *all = arena_array(a, struct rounding, list.count);
	for (size_t n = 0; n < list.count && !jin_failed(at); n++) {
		struct jin item = jin_item(&list, n);
		all[n] = read_rounding(a, &item, m);
	}
	*count = list.count;
	return all;
}

static const double *read_limits(struct arena *a, const struct jin *at, const struct model *m)
{
	double *mu = arena_array(a, double, m->limit_count);
	struct jin list = jin_array(at, "limits", m->limit_count, m->limit_count);
	for (size_t n = 0; n < list.count && !jin_failed(at); n++) {
		struct jin item = jin_item(&list, n);
		mu[n] = jin_value_real(&item, 0, LARGEST);
	}
	return mu;
}

struct certificate certfile_read(struct arena *a, const struct jin *at, const struct model *m)
{
	struct certificate c = {
		.price = read_table(a, at, "price", (size_t[]){m->flows, m->years, m->points}),
		.share = jin_has(at, "share") ? read_table(a, at, "share",
							(size_t[]){m->sites, m->flows, m->years})
					      : NULL};
	if (m->limit_count || jin_has(at, "limits"))
		c.limits = read_limits(a, at, m);
	c.roundings = read_roundings(a, at, m, &c.rounding_count);
	return c;
}
