#include "sites.h"

#include "figure.h"
#include "phrase.h"
#include "store.h"
#include "text.h"

/* Columns of the queries in sql/queries/. */
enum { SITE_ID, SITE_CODE, SITE_KIND, SITE_NAME, SITE_LON, SITE_LAT, SITE_REGION };
enum { REGION_CODE, REGION_NAME };
enum { FLOW_ID, FLOW_LABEL };

struct writer {
	struct arena *arena;
	struct jout *j;
	const struct instance *in;
	const struct rows *regions;
	const struct jin *with, *before; /* accounts; before->value is null without a status quo */
	size_t years;
};

static const char *region_name(const struct writer *w, const char *code)
{
	return phrase_name(w->regions, REGION_CODE, REGION_NAME, code);
}

static const char *flow_label(const struct writer *w, const char *id)
{
	return phrase_name(&w->in->flows, FLOW_ID, FLOW_LABEL, id);
}

static void write_site_head(const struct writer *w, size_t s)
{
	const struct rows *sites = &w->in->sites;
	jout_kv_text(w->j, "site", rows_text(sites, s, SITE_CODE));
	jout_kv_text(w->j, "name", rows_text(sites, s, SITE_NAME));
	jout_kv_text(w->j, "kind", rows_text(sites, s, SITE_KIND));
	jout_kv_text(w->j, "region", rows_text(sites, s, SITE_REGION));
	jout_kv_text(w->j, "region_name", region_name(w, rows_text(sites, s, SITE_REGION)));
	jout_kv_real(w->j, "lon", rows_real(sites, s, SITE_LON));
	jout_kv_real(w->j, "lat", rows_real(sites, s, SITE_LAT));
}

static void write_year_list(struct jout *j, const char *key, const double *v, size_t years)
{
	jout_key(j, key);
	jout_open(j, '[');
	for (size_t t = 0; t < years; t++)
		jout_fixed(j, v[t], 3);
	jout_close(j);
}

/* The object of a site in an account; its value is null when the site does nothing there. */
static struct jin find_account_site(const struct jin *sites, const char *code)
{
	for (size_t n = 0; n < sites->count; n++) {
		struct jin site = jin_item(sites, n);
		if (text_eq(jin_text(&site, "site", 200), code))
			return site;
	}
	return (struct jin){.reader = sites->reader};
}

/* Tonnes of all lines of a site, by year. */
static void write_site_tonnes(const struct writer *w, const char *key, const struct jin *site)
{
	double *sum = arena_array(w->arena, double, w->years);
	if (site->value) {
		struct jin lines = jin_array(site, "lines", 0, 1000);
		for (size_t n = 0; n < lines.count; n++) {
			struct jin line = jin_item(&lines, n);
			for (size_t t = 0; t < w->years; t++)
				sum[t] += figure_at_year(&line, "tonnes", t);
		}
	}
	write_year_list(w->j, key, sum, w->years);
}

/* One line of a platform: what opens when at what size, and what it treats. */
static void write_line(const struct writer *w, const struct jin *line)
{
	const char *flow = jin_text(line, "flow", 200);
	double before = 0, *tonnes = arena_array(w->arena, double, w->years);
	jout_open(w->j, '{');
	jout_kv_text(w->j, "flow", flow);
	jout_kv_text(w->j, "label", flow_label(w, flow));
	jout_key(w->j, "steps");
	jout_open(w->j, '[');
	for (size_t t = 0; t < w->years; t++) {
		double now = figure_at_year(line, "capacity_t", t);
		tonnes[t] = figure_at_year(line, "tonnes", t);
		if (now != before) {
			jout_open(w->j, '{');
			jout_kv_int(w->j, "year", rows_int(&w->in->years, t, 0));
			jout_kv_text(w->j, "action", store_action(before, now));
			jout_kv_real(w->j, "capacity_t", now);
			jout_close(w->j);
		}
		before = now;
	}
	jout_close(w->j);
	write_year_list(w->j, "tonnes", tonnes, w->years);
	jout_close(w->j);
}

static void write_origins(const struct writer *w, const struct jin *site)
{
	struct jin origins = jin_object(site, "origin_tonnes");
	jout_key(w->j, "origins");
	jout_open(w->j, '[');
	for (size_t r = 0; r < w->regions->count; r++) {
		const char *code = rows_text(w->regions, r, REGION_CODE);
		if (!jin_has(&origins, code))
			continue;
		jout_open(w->j, '{');
		jout_kv_text(w->j, "region", code);
		jout_kv_text(w->j, "name", rows_text(w->regions, r, REGION_NAME));
		jout_kv_real(w->j, "tonnes", jin_real(&origins, code, 0, 1e12));
		jout_close(w->j);
	}
	jout_close(w->j);
}

static bool is_candidate(const struct writer *w, size_t s)
{
	return text_eq(rows_text(&w->in->sites, s, SITE_KIND), "candidate");
}

static size_t write_platforms(const struct writer *w)
{
	struct jin sites = jin_array(w->with, "sites", 0, 100000);
	size_t count = 0;
	jout_key(w->j, "platforms");
	jout_open(w->j, '[');
	for (size_t s = 0; s < w->in->sites.count; s++) {
		struct jin site = find_account_site(&sites, rows_text(&w->in->sites, s, SITE_CODE));
		if (!is_candidate(w, s) || !site.value)
			continue;
		struct jin lines = jin_array(&site, "lines", 0, 1000);
		jout_open(w->j, '{');
		write_site_head(w, s);
		jout_kv_real(w->j, "capex_eur", jin_real(&site, "capex_eur", 0, 1e15));
		jout_kv_real(w->j, "jobs", figure_at_year(&site, "jobs", w->years - 1));
		jout_key(w->j, "lines");
		jout_open(w->j, '[');
		for (size_t n = 0; n < lines.count; n++) {
			struct jin line = jin_item(&lines, n);
			write_line(w, &line);
		}
		jout_close(w->j);
		write_origins(w, &site);
		jout_close(w->j);
		count++;
	}
	jout_close(w->j);
	return count;
}

static void write_existing(const struct writer *w)
{
	struct jin with = jin_array(w->with, "sites", 0, 100000), before = {.reader = with.reader};
	if (w->before->value)
		before = jin_array(w->before, "sites", 0, 100000);
	jout_key(w->j, "existing");
	jout_open(w->j, '[');
	for (size_t s = 0; s < w->in->sites.count; s++) {
		const char *code = rows_text(&w->in->sites, s, SITE_CODE);
		struct jin now = find_account_site(&with, code);
		struct jin then = find_account_site(&before, code);
		if (is_candidate(w, s))
			continue;
		jout_open(w->j, '{');
		write_site_head(w, s);
		write_site_tonnes(w, "tonnes", &now);
		write_site_tonnes(w, "tonnes_before", &then);
		jout_close(w->j);
	}
	jout_close(w->j);
}

size_t sites_write(struct arena *a, struct jout *j, const struct instance *in,
	const struct rows *regions, const struct jin *with, const struct jin *before)
{
	const struct writer w = {a, j, in, regions, with, before, in->years.count};
	size_t platforms = write_platforms(&w);
	write_existing(&w);
	return platforms;
}
