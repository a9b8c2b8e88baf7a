#include "planfile.h"

#include <math.h>
#include <string.h>

/* Lines that keep the level they start with are not written. */
static void write_levels(struct jout *j, const struct model *m, const struct plan *p)
{
	jout_key(j, "levels");
	jout_open(j, '[');
	for (size_t s = 0; s < m->sites; s++)
		for (size_t k = 0; k < m->flows; k++) {
			const int *level = plan_level(m, p, s, k);
			size_t t = 0;
			while (t < m->years && level[t] == model_line(m, s, k)->start)
				t++;
			if (t == m->years)
				continue;
			jout_open(j, '{');
			jout_kv_int(j, "site", (int64_t)s);
			jout_kv_int(j, "flow", (int64_t)k);
			jout_key(j, "level");
			jout_open(j, '[');
			for (t = 0; t < m->years; t++)
				jout_int(j, level[t]);
			jout_close(j);
			jout_close(j);
		}
	jout_close(j);
}

/* The shipments of one flow and year, from `n` on; returns where the next ones begin. A point that
 * sends everything to one site is one number; the others are listed under "splits". */
static size_t write_route(
	struct jout *j, const struct model *m, const struct plan *p, size_t k, size_t t, size_t n)
{
	const struct shipment *s = p->shipments;
	size_t first = n, end = n;
	while (end < p->shipment_count && s[end].flow == k && s[end].year == t)
		end++;
	jout_open(j, '{');
	jout_kv_int(j, "flow", (int64_t)k);
	jout_kv_int(j, "year", (int64_t)t);
	jout_key(j, "site");
	jout_open(j, '[');
	for (size_t i = 0; i < m->points; i++) {
		size_t parts = 0;
		while (n + parts < end && s[n + parts].point == i)
			parts++;
		jout_int(j, parts == 1 ? (int64_t)s[n].site : -1);
		n += parts;
	}
	jout_close(j);
	jout_key(j, "splits");
	jout_open(j, '[');
	for (n = first; n < end; n++) {
		bool is_split = (n > first && s[n - 1].point == s[n].point) ||
				(n + 1 < end && s[n + 1].point == s[n].point);
		if (!is_split)
			continue;
		jout_open(j, '[');
		jout_int(j, s[n].point);
		jout_int(j, s[n].site);
		jout_real(j, s[n].tonnes);
		jout_close(j);
	}
	jout_close(j);
	jout_close(j);
	return end;
}

void planfile_write(struct jout *j, const struct model *m, const struct plan *p)
{
	jout_open(j, '{');
	write_levels(j, m, p);
	jout_key(j, "routes");
	jout_open(j, '[');
	size_t n = 0;
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++)
			n = write_route(j, m, p, k, t, n);
	jout_close(j);
	jout_close(j);
}

static void read_levels(const struct jin *at, const struct model *m, struct plan *p)
{
	struct jin list = jin_array(at, "levels", 0, m->sites * m->flows);
	for (size_t n = 0; n < list.count; n++) {
		struct jin item = jin_item(&list, n);
		size_t s = (size_t)jin_int(&item, "site", 0, (int64_t)m->sites - 1);
		size_t k = (size_t)jin_int(&item, "flow", 0, (int64_t)m->flows - 1);
		struct jin levels = jin_array(&item, "level", m->years, m->years);
		for (size_t t = 0; t < levels.count; t++) {
			struct jin level = jin_item(&levels, t);
			plan_level(m, p, s, k)[t] =
				(int)jin_value_int(&level, LEVEL_NONE, MODEL_LEVELS_MAX);
		}
	}
}

/* Counts shipments when `out` is null, fills it otherwise. */
static size_t read_route(const struct jin *route, const struct model *m, struct shipment *out)
{
	size_t count = 0;
	uint32_t k = (uint32_t)jin_int(route, "flow", 0, (int64_t)m->flows - 1);
	uint32_t t = (uint32_t)jin_int(route, "year", 0, (int64_t)m->years - 1);
	struct jin sites = jin_array(route, "site", m->points, m->points);
	for (size_t i = 0; i < sites.count; i++) {
		struct jin item = jin_item(&sites, i);
		int64_t s = jin_value_int(&item, -1, (int64_t)m->sites - 1);
		if (s < 0)
			continue;
		if (out)
			out[count] = (struct shipment){
				k, t, (uint32_t)i, (uint32_t)s, model_tonnes(m, k, t)[i]};
		count++;
	}
	struct jin splits = jin_array(route, "splits", 0, m->points * m->sites);
	for (size_t n = 0; n < splits.count; n++) {
		struct jin item = jin_item(&splits, n);
		struct jin i = jin_item(&item, 0), s = jin_item(&item, 1), w = jin_item(&item, 2);
		struct shipment part = {k, t,
			(uint32_t)jin_value_int(&i, 0, (int64_t)m->points - 1),
			(uint32_t)jin_value_int(&s, 0, (int64_t)m->sites - 1),
			jin_value_real(&w, 0, 1e15)};
		if (out)
			out[count] = part;
		count++;
	}
	return count;
}

struct plan planfile_read(struct arena *a, const struct jin *at, const struct model *m)
{
	struct plan p = plan_status_quo(a, m);
	read_levels(at, m, &p);
	struct jin routes = jin_array(at, "routes", 0, m->flows * m->years);
	for (size_t n = 0; n < routes.count; n++) {
		struct jin route = jin_item(&routes, n);
		p.shipment_count += read_route(&route, m, NULL);
	}
	p.shipments = arena_array(a, struct shipment, p.shipment_count);
	struct shipment *next = p.shipments;
	for (size_t n = 0; n < routes.count && !jin_failed(at); n++) {
		struct jin route = jin_item(&routes, n);
		next += read_route(&route, m, next);
	}
	return p;
}
