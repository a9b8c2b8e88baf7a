#include "network.h"

#include <math.h>

static void write_place(struct jout *j, const struct place *at)
{
	jout_kv_real(j, "lat", at->lat);
	jout_kv_real(j, "lon", at->lon);
}

static void write_haulage(struct jout *j, const struct haulage *h)
{
	jout_key(j, "haulage");
	jout_open(j, '{');
	jout_kv_real(j, "eur_km", h->eur_km);
	jout_kv_real(j, "eur_h", h->eur_h);
	jout_kv_real(j, "speed_km_h", h->speed_km_h);
	jout_kv_real(j, "handling_h", h->handling_h);
	jout_kv_real(j, "kgco2_km", h->kgco2_km);
	jout_key(j, "distance_bands");
	jout_open(j, '[');
	for (size_t b = 0; b < h->bands; b++) {
		jout_open(j, '{');
		jout_kv_real(j, "below_km", h->band[b].below_km); /* infinite: null */
		jout_kv_real(j, "factor", h->band[b].factor);
		jout_close(j);
	}
	jout_close(j);
	jout_close(j);
}

static void write_flow(struct jout *j, const struct flow *f, size_t years)
{
	jout_open(j, '{');
	jout_kv_text(j, "id", f->id);
	jout_kv_real(j, "payload_t", f->payload_t);
	jout_kv_real(j, "handling_eur_t", f->handling_eur_t);
	jout_kv_real(j, "extra_eur_t", f->extra_eur_t);
	jout_kv_real(j, "energy_eur_t", f->energy_eur_t);
	jout_kv_real(j, "consumables_eur_t", f->consumables_eur_t);
	jout_kv_real(j, "support_eur_t", f->support_eur_t);
	jout_kv_real(j, "revenue_eur_t", f->revenue_eur_t);
	jout_kv_real(j, "residue_share", f->residue_share);
	jout_kv_real(j, "residue_eur_t", f->residue_eur_t);
	jout_key(j, "growth");
	jout_open(j, '[');
	for (size_t t = 0; t < years; t++)
		jout_real(j, f->growth[t]);
	jout_close(j);
	if (f->haul_bands) {
		jout_key(j, "haul_bands");
		jout_open(j, '[');
		for (size_t b = 0; b < f->haul_bands; b++) {
			jout_open(j, '{');
			jout_kv_real(j, "below_km", f->haul_band[b].below_km); /* infinite: null */
			jout_kv_real(j, "extra_eur_t", f->haul_band[b].extra_eur_t);
			jout_close(j);
		}
		jout_close(j);
	}
	jout_close(j);
}

static void write_line_type(struct jout *j, const struct line_type *type)
{
	jout_open(j, '{');
	jout_kv_text(j, "id", type->id);
	jout_kv_int(j, "life_years", (int64_t)type->life_years);
	jout_kv_real(j, "job_eur", type->job_eur);
	jout_kv_real(j, "closing_share", type->closing_share);
	jout_kv_real(j, "resale_share", type->resale_share);
	jout_key(j, "levels");
	jout_open(j, '[');
	for (size_t l = 0; l < type->levels; l++) {
		const struct level *level = &type->level[l];
		jout_open(j, '{');
		jout_kv_real(j, "capacity_t", level->capacity_t);
		jout_kv_real(j, "capex_eur", level->capex_eur);
		jout_kv_real(j, "upkeep_eur", level->upkeep_eur);
		jout_kv_real(j, "jobs", level->jobs);
		jout_close(j);
	}
	jout_close(j);
	jout_close(j);
}

/* A flow that follows its growth needs only the tonnes of its first year. */
static bool follows_growth(const struct network *net, size_t k, size_t i)
{
	double first = network_tonnes(net, k, 0, i);
	for (size_t t = 0; t < net->years; t++)
		if (network_tonnes(net, k, t, i) != first * net->flow[k].growth[t])
			return false;
	return true;
}

static void write_point(struct jout *j, const struct network *net, size_t i)
{
	const struct point *p = &net->point[i];
	jout_open(j, '{');
	jout_kv_text(j, "id", p->id);
	jout_kv_text(j, "region", net->region[p->region]);
	write_place(j, &p->at);
	jout_key(j, "tonnes");
	jout_open(j, '[');
	for (size_t k = 0; k < net->flows; k++) {
		if (follows_growth(net, k, i)) {
			jout_real(j, network_tonnes(net, k, 0, i));
			continue;
		}
		jout_open(j, '[');
		for (size_t t = 0; t < net->years; t++)
			jout_real(j, network_tonnes(net, k, t, i));
		jout_close(j);
	}
	jout_close(j);
	jout_close(j);
}

static void write_site(struct jout *j, const struct network *net, const struct site *s)
{
	jout_open(j, '{');
	jout_kv_text(j, "id", s->id);
	jout_kv_text(j, "name", s->name);
	jout_kv_text(j, "region", net->region[s->region]);
	write_place(j, &s->at);
	jout_kv_text(j, "kind", s->kind == SITE_EXISTING ? "existing" : "candidate");
	jout_kv_real(j, "site_eur", s->site_eur);
	if (s->min_t > 0)
		jout_kv_real(j, "min_t", s->min_t);
	if (s->kind == SITE_CANDIDATE && isfinite(s->max_t))
		jout_kv_real(j, "max_t", s->max_t);
	if (s->forced != FORCED_NOT)
		jout_kv_text(j, "forced", s->forced == FORCED_OPEN ? "open" : "closed");
	jout_key(j, "lines");
	jout_open(j, '[');
	for (size_t k = 0; k < net->flows; k++) {
		const struct site_line *line = &s->lines[k];
		if (!line->is_offered)
			continue;
		jout_open(j, '{');
		jout_kv_text(j, "flow", net->flow[k].id);
		if (s->kind == SITE_EXISTING) {
			jout_kv_real(j, "gate_eur_t", line->gate_eur_t);
			jout_kv_real(j, "capacity_t", line->capacity_t); /* infinite: null */
		} else {
			jout_kv_text(j, "type", net->line_type[line->type].id);
		}
		jout_close(j);
	}
	jout_close(j);
	jout_close(j);
}

static void open_list(struct jout *j, const char *key)
{
	jout_key(j, key);
	jout_open(j, '[');
}

static void write_limit(struct jout *j, const char *key, double all, const char *yearly_key,
	const double *yearly, size_t years)
{
	if (isfinite(all))
		jout_kv_real(j, key, all);
	if (!yearly)
		return;
	open_list(j, yearly_key);
	for (size_t t = 0; t < years; t++)
		jout_real(j, yearly[t]);
	jout_close(j);
}

void network_write(struct jout *j, const struct network *net)
{
	jout_open(j, '{');
	jout_kv_text(j, "format", "recircuit-network-1");
	jout_kv_text(j, "name", net->name);
	jout_kv_int(j, "first_year", net->first_year);
	jout_kv_int(j, "years", (int64_t)net->years);
	jout_kv_real(j, "discount_rate", net->discount_rate);
	jout_kv_real(j, "carbon_eur_t", net->carbon_eur_t);
	if (net->max_platforms >= 0)
		jout_kv_int(j, "max_platforms", net->max_platforms);
	if (net->min_platforms > 0)
		jout_kv_int(j, "min_platforms", net->min_platforms);
	write_limit(j, "budget_eur", net->budget_eur, "budget_eur_year", net->budget_eur_year,
		net->years);
	write_limit(
		j, "max_co2_t", net->max_co2_t, "max_co2_t_year", net->max_co2_t_year, net->years);
	jout_kv_bool(j, "single_sourcing", net->is_single_sourced);
	write_haulage(j, &net->haulage);
	open_list(j, "regions");
	for (size_t r = 0; r < net->regions; r++)
		jout_text(j, net->region[r]);
	jout_close(j);
	open_list(j, "flows");
	for (size_t k = 0; k < net->flows; k++)
		write_flow(j, &net->flow[k], net->years);
	jout_close(j);
	open_list(j, "line_types");
	for (size_t l = 0; l < net->line_types; l++)
		write_line_type(j, &net->line_type[l]);
	jout_close(j);
	open_list(j, "points");
	for (size_t i = 0; i < net->points; i++)
		write_point(j, net, i);
	jout_close(j);
	open_list(j, "sites");
	for (size_t s = 0; s < net->sites; s++)
		write_site(j, net, &net->site[s]);
	jout_close(j);
	jout_close(j);
}
