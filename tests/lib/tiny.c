#include "tiny.h"

#include "economy.h"
#include "jout.h"
#include "test.h"

#include <math.h>
#include <stdio.h>

static double between(uint64_t *seed, double low, double high)
{
	return low + (high - low) * test_draw(seed);
}

static void draw_sites(struct tiny *t, uint64_t *seed)
{
	for (size_t j = 0; j < t->sites; j++) {
		bool is_existing = j == 0 || (j > 2 && test_draw(seed) < 0.5);
		t->site[j].is_existing = is_existing;
		t->site[j].name = (int)j;
		t->site[j].lat = between(seed, 47, 48.5);
		t->site[j].lon = between(seed, 1, 3);
		t->site[j].site_eur = test_draw(seed) < 0.3 ? 0 : between(seed, 0, 3000);
		for (size_t k = 0; k < t->flows; k++) {
			t->site[j].offers[k] = test_draw(seed) < 0.9;
			t->site[j].gate_eur_t[k] = between(seed, 40, 260);
			t->site[j].capacity_t[k] =
				is_existing && test_draw(seed) < 0.5 ? between(seed, 20, 400) : 0;
		}
	}
}

static double combinations(const struct tiny *t)
{
	double count = 1;
	for (size_t j = 0; j < t->sites; j++)
		for (size_t k = 0; k < t->flows; k++)
			if (!t->site[j].is_existing && t->site[j].offers[k])
				count *= pow((double)t->levels + 1, (double)t->years);
	return count;
}

struct tiny tiny_draw(uint64_t *seed, double states)
{
	struct tiny t;
	do {
		t = (struct tiny){
			.points = 1 + test_pick(seed, 4),
			.sites = 2 + test_pick(seed, 3),
			.flows = 1 + test_pick(seed, 2),
			.years = 1 + test_pick(seed, 3),
			.levels = 1 + test_pick(seed, 2),
			.discount_rate = test_draw(seed) < 0.3 ? 0 : between(seed, 0, 0.1),
			.eur_km = between(seed, 0.5, 3),
			.eur_h = between(seed, 0, 60),
			.carbon_eur_t = test_draw(seed) < 0.5 ? 0 : 100,
			.max_platforms = test_draw(seed) < 0.3 ? (int)test_pick(seed, 2) : -1,
			.is_single_sourced = test_draw(seed) < 0.25,
			.life_years = (double)(1 + test_pick(seed, 4)),
			.job_eur = 1000,
			.closing_share = test_draw(seed) < 0.3 ? 0 : between(seed, 0, 0.5),
		};
		for (size_t l = 0; l < t.levels; l++) {
			t.level[l].capacity_t = (double)(l + 1) * between(seed, 60, 110);
			t.level[l].capex_eur = (double)(l + 1) * between(seed, 5000, 10000);
			t.level[l].upkeep_eur = between(seed, 100, 1000);
			t.level[l].jobs = (double)l + test_draw(seed);
		}
		for (size_t k = 0; k < t.flows; k++) {
			t.flow[k].name = (int)k;
			t.flow[k].payload_t = between(seed, 2, 15);
			t.flow[k].revenue_eur_t = between(seed, 0, 200);
			t.flow[k].extra_eur_t = between(seed, 0, 60);
			for (size_t y = 0; y < t.years; y++)
				t.flow[k].growth[y] = between(seed, 0.5, 1.6);
			if (k && t.points % 2) {
				t.flow[k].near_eur_t = t.flow[k].extra_eur_t;
				t.flow[k].far_eur_t = -t.flow[k].extra_eur_t / 2;
			}
		}
		for (size_t i = 0; i < t.points; i++) {
			t.point[i].name = (int)i;
			t.point[i].lat = between(seed, 47, 48.5);
			t.point[i].lon = between(seed, 1, 3);
			for (size_t k = 0; k < t.flows; k++)
				t.point[i].tonnes[k] =
					test_draw(seed) < 0.1 ? 0 : between(seed, 5, 80);
		}
		draw_sites(&t, seed);
	} while (combinations(&t) > states || combinations(&t) < 2);
	return t;
}

/* About what a vehicle-km of every trip comes to, t of CO2. */
static double usual_co2(const struct tiny *t, size_t year)
{
	enum { KM = 120 };
	double co2_t = 0;
	for (size_t i = 0; i < t->points; i++)
		for (size_t k = 0; k < t->flows; k++)
			co2_t += t->point[i].tonnes[k] * t->flow[k].growth[year] /
				 t->flow[k].payload_t * KM / 1000;
	return co2_t;
}

void tiny_limit(struct tiny *t, enum limit_kind kind, uint64_t *seed)
{
	double capex = t->level[t->levels - 1].capex_eur;
	switch (kind) {
	case LIMIT_BUDGET:
		t->budget_eur = test_draw(seed) < 0.6 ? capex * between(seed, 0.3, 3) : 0;
		t->budget_eur_year = t->budget_eur == 0 || test_draw(seed) < 0.5
					     ? capex * between(seed, 0.3, 2)
					     : 0;
		break;
	case LIMIT_EMISSION:
		t->max_co2_t_year =
			test_draw(seed) < 0.5 ? usual_co2(t, 0) * between(seed, 0.8, 4) : 0;
		for (size_t y = 0; y < t->years && t->max_co2_t_year == 0; y++)
			t->max_co2_t += usual_co2(t, y) * between(seed, 0.8, 2.5);
		break;
	case LIMIT_MOST:
	case LIMIT_LEAST:
	case LIMIT_OPEN:
		for (size_t j = 0; j < t->sites; j++) {
			if (t->site[j].is_existing || test_draw(seed) < 0.2)
				continue;
			if (kind == LIMIT_MOST)
				t->site[j].max_t = between(seed, 20, 160) + t->site[j].min_t;
			if (kind == LIMIT_LEAST)
				t->site[j].min_t = t->site[j].max_t > 0
							   ? t->site[j].max_t * test_draw(seed)
							   : between(seed, 10, 120);
			if (kind == LIMIT_OPEN)
				t->site[j].forced =
					test_draw(seed) < 0.6 ? FORCED_OPEN : FORCED_CLOSED;
		}
		break;
	}
}

static void name(struct jout *j, const char *key, const char *kind, int number)
{
	char text[32];
	snprintf(text, sizeof text, "%s-%d", kind, number);
	if (key)
		jout_kv_text(j, key, text);
	else
		jout_text(j, text);
}

static void open_list(struct jout *j, const char *key)
{
	jout_key(j, key);
	jout_open(j, '[');
}

static void write_flows(struct jout *j, const struct tiny *t)
{
	open_list(j, "flows");
	for (size_t k = 0; k < t->flows; k++) {
		jout_open(j, '{');
		name(j, "id", "flow", t->flow[k].name);
		jout_kv_real(j, "payload_t", t->flow[k].payload_t);
		jout_kv_real(j, "revenue_eur_t", t->flow[k].revenue_eur_t);
		jout_kv_real(j, "extra_eur_t", t->flow[k].extra_eur_t);
		open_list(j, "growth");
		for (size_t y = 0; y < t->years; y++)
			jout_real(j, t->flow[k].growth[y]);
		jout_close(j);
		if (t->flow[k].near_eur_t != 0 || t->flow[k].far_eur_t != 0) {
			open_list(j, "haul_bands");
			jout_open(j, '{');
			jout_kv_real(j, "below_km", 100);
			jout_kv_real(j, "extra_eur_t", t->flow[k].near_eur_t);
			jout_close(j);
			jout_open(j, '{');
			jout_kv_real(j, "extra_eur_t", t->flow[k].far_eur_t);
			jout_close(j);
			jout_close(j);
		}
		jout_close(j);
	}
	jout_close(j);
}

static void write_line_type(struct jout *j, const struct tiny *t)
{
	open_list(j, "line_types");
	jout_open(j, '{');
	jout_kv_text(j, "id", "line");
	jout_kv_int(j, "life_years", (int64_t)t->life_years);
	jout_kv_real(j, "job_eur", t->job_eur);
	jout_kv_real(j, "closing_share", t->closing_share);
	open_list(j, "levels");
	for (size_t l = 0; l < t->levels; l++) {
		jout_open(j, '{');
		jout_kv_real(j, "capacity_t", t->level[l].capacity_t);
		jout_kv_real(j, "capex_eur", t->level[l].capex_eur);
		jout_kv_real(j, "upkeep_eur", t->level[l].upkeep_eur);
		jout_kv_real(j, "jobs", t->level[l].jobs);
		jout_close(j);
	}
	jout_close(j);
	jout_close(j);
	jout_close(j);
}

static void write_points(struct jout *j, const struct tiny *t)
{
	open_list(j, "points");
	for (size_t i = 0; i < t->points; i++) {
		jout_open(j, '{');
		name(j, "id", "point", t->point[i].name);
		jout_kv_text(j, "region", t->point[i].name % 2 ? "11" : "24");
		jout_kv_real(j, "lat", t->point[i].lat);
		jout_kv_real(j, "lon", t->point[i].lon);
		open_list(j, "tonnes");
		for (size_t k = 0; k < t->flows; k++)
			jout_real(j, t->point[i].tonnes[k]);
		jout_close(j);
		jout_close(j);
	}
	jout_close(j);
}

static void write_site_line(struct jout *j, const struct tiny *t, size_t s, size_t k)
{
	jout_open(j, '{');
	name(j, "flow", "flow", t->flow[k].name);
	if (!t->site[s].is_existing)
		jout_kv_text(j, "type", "line");
	else
		jout_kv_real(j, "gate_eur_t", t->site[s].gate_eur_t[k]);
	if (t->site[s].is_existing && t->site[s].capacity_t[k] > 0)
		jout_kv_real(j, "capacity_t", t->site[s].capacity_t[k]);
	jout_close(j);
}

static void write_sites(struct jout *j, const struct tiny *t)
{
	open_list(j, "sites");
	for (size_t s = 0; s < t->sites; s++) {
		jout_open(j, '{');
		name(j, "id", "site", t->site[s].name);
		jout_kv_text(j, "region", t->site[s].name % 2 ? "11" : "24");
		jout_kv_text(j, "kind", t->site[s].is_existing ? "existing" : "candidate");
		jout_kv_real(j, "lat", t->site[s].lat);
		jout_kv_real(j, "lon", t->site[s].lon);
		if (!t->site[s].is_existing)
			jout_kv_real(j, "site_eur", t->site[s].site_eur);
		if (t->site[s].max_t > 0)
			jout_kv_real(j, "max_t", t->site[s].max_t);
		if (t->site[s].min_t > 0)
			jout_kv_real(j, "min_t", t->site[s].min_t);
		if (t->site[s].forced != FORCED_NOT)
			jout_kv_text(
				j, "forced", t->site[s].forced == FORCED_OPEN ? "open" : "closed");
		open_list(j, "lines");
		for (size_t k = 0; k < t->flows; k++)
			if (t->site[s].offers[k])
				write_site_line(j, t, s, k);
		jout_close(j);
		jout_close(j);
	}
	jout_close(j);
}

const char *tiny_write(struct arena *a, const struct tiny *t)
{
	struct buf b;
	struct jout j;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	jout_open(&j, '{');
	jout_kv_text(&j, "format", "recircuit-network-1");
	jout_kv_int(&j, "years", (int64_t)t->years);
	jout_kv_real(&j, "discount_rate", t->discount_rate);
	jout_kv_real(&j, "carbon_eur_t", t->carbon_eur_t);
	if (t->max_platforms >= 0)
		jout_kv_int(&j, "max_platforms", t->max_platforms);
	if (t->min_platforms > 0)
		jout_kv_int(&j, "min_platforms", t->min_platforms);
	if (t->budget_eur > 0)
		jout_kv_real(&j, "budget_eur", t->budget_eur);
	if (t->budget_eur_year > 0)
		jout_kv_real(&j, "budget_eur_year", t->budget_eur_year);
	if (t->max_co2_t > 0)
		jout_kv_real(&j, "max_co2_t", t->max_co2_t);
	if (t->max_co2_t_year > 0)
		jout_kv_real(&j, "max_co2_t_year", t->max_co2_t_year);
	jout_kv_bool(&j, "single_sourcing", t->is_single_sourced);
	jout_key(&j, "haulage");
	jout_open(&j, '{');
	jout_kv_real(&j, "eur_km", t->eur_km);
	jout_kv_real(&j, "eur_h", t->eur_h);
	jout_kv_real(&j, "speed_km_h", 50);
	jout_kv_real(&j, "handling_h", 0.5);
	jout_kv_real(&j, "kgco2_km", 1);
	open_list(&j, "distance_bands");
	jout_open(&j, '{'), jout_kv_real(&j, "factor", 1.3), jout_close(&j);
	jout_close(&j);
	jout_close(&j);
	open_list(&j, "regions");
	jout_text(&j, "24"), jout_text(&j, "11");
	jout_close(&j);
	write_flows(&j, t);
	write_line_type(&j, t);
	write_points(&j, t);
	write_sites(&j, t);
	jout_close(&j);
	return b.data;
}

void tiny_model(struct arena *a, const struct tiny *t, struct network *net, struct model *m)
{
	struct network own;
	struct err e;
	const char *text = tiny_write(a, t);
	net = net ? net : &own;
	assert_ok(network_read(a, text, strlen(text), net, &e), e);
	economy_model(a, net, m);
}

/* A random order of 0 to count - 1 (Fisher and Yates). */
static void shuffle(size_t *order, size_t count, uint64_t *seed)
{
	for (size_t n = 0; n < count; n++) {
		size_t other = test_pick(seed, n + 1);
		order[n] = order[other];
		order[other] = n;
	}
}

struct tiny tiny_shuffle(const struct tiny *t, uint64_t *seed)
{
	size_t points[TINY_POINTS], sites[TINY_SITES], flows[TINY_FLOWS];
	struct tiny s = *t;
	shuffle(points, t->points, seed);
	shuffle(sites, t->sites, seed);
	shuffle(flows, t->flows, seed);
	for (size_t k = 0; k < t->flows; k++)
		s.flow[k] = t->flow[flows[k]];
	for (size_t i = 0; i < t->points; i++) {
		s.point[i] = t->point[points[i]];
		for (size_t k = 0; k < t->flows; k++)
			s.point[i].tonnes[k] = t->point[points[i]].tonnes[flows[k]];
	}
	for (size_t j = 0; j < t->sites; j++) {
		s.site[j] = t->site[sites[j]];
		for (size_t k = 0; k < t->flows; k++) {
			s.site[j].offers[k] = t->site[sites[j]].offers[flows[k]];
			s.site[j].gate_eur_t[k] = t->site[sites[j]].gate_eur_t[flows[k]];
			s.site[j].capacity_t[k] = t->site[sites[j]].capacity_t[flows[k]];
		}
	}
	return s;
}
