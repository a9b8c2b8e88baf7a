#include "study.h"

static void write_eur(struct jout *j, const char *key, double eur)
{
	jout_key(j, key);
	jout_fixed(j, eur, 2);
}

static void write_proof(
	struct jout *j, enum viability answer, double before, double cost, double bound)
{
	jout_kv_text(j, "answer", viability_name(answer));
	write_eur(j, "value_eur", before - cost);
	write_eur(j, "value_bound_eur", before - bound);
	write_eur(j, "before_eur", before);
	write_eur(j, "cost_eur", cost);
	write_eur(j, "bound_eur", bound);
}

static double part_of(size_t some, size_t all)
{
	return (double)some / (double)all;
}

static void write_trial(struct jout *j, const char *key, const struct trial *t)
{
	if (key)
		jout_key(j, key);
	jout_open(j, '{');
	jout_kv_real(j, "value", t->value);
	write_proof(j, t->answer, t->before, t->cost, t->bound);
	jout_close(j);
}

static void open_driver(struct jout *j, const struct driver *d)
{
	static const char *const kinds[] = {"factor", "added", "value"};
	jout_open(j, '{');
	jout_kv_text(j, "driver", d->id);
	jout_kv_text(j, "label", d->label);
	jout_kv_text(j, "unit", d->unit);
	jout_kv_text(j, "kind", kinds[d->kind]);
}

static void write_side(struct jout *j, const char *key, const struct side *side)
{
	jout_key(j, key);
	jout_open(j, '{');
	jout_kv_bool(j, "flips", side->flips);
	if (side->flips) {
		write_trial(j, "near", &side->near);
		write_trial(j, "far", &side->far);
	} else {
		jout_kv_bool(j, "undecided", side->is_open);
	}
	jout_close(j);
}

static void write_tipping(struct jout *j, const struct subject *x)
{
	open_driver(j, x->range.driver);
	jout_kv_bool(j, "is_monotone", x->range.driver->sense != 0);
	jout_kv_real(j, "least", x->least);
	jout_kv_real(j, "most", x->most);
	write_trial(j, "here", &x->tipping.here);
	write_side(j, "below", &x->tipping.below);
	write_side(j, "above", &x->tipping.above);
	jout_key(j, "trials");
	jout_open(j, '[');
	for (size_t n = 0; n < x->tipping.trial_count; n++)
		write_trial(j, NULL, &x->tipping.trials[n]);
	jout_close(j);
	jout_close(j);
}

static void write_frontier(struct jout *j, const struct study *s, const struct frontier *f)
{
	jout_open(j, '{');
	jout_kv_text(j, "across", s->subject[f->across].range.driver->id);
	jout_kv_text(j, "along", s->subject[f->along].range.driver->id);
	jout_key(j, "steps");
	jout_open(j, '[');
	for (size_t n = 0; n < STUDY_FRONTIER_STEPS; n++) {
		jout_open(j, '{');
		jout_kv_real(j, "at", f->at[n]);
		jout_kv_text(j, "answer", viability_name(f->tipping[n].here.answer));
		write_side(j, "below", &f->tipping[n].below);
		write_side(j, "above", &f->tipping[n].above);
		jout_close(j);
	}
	jout_close(j);
	jout_close(j);
}

static void write_sites(struct jout *j, const struct network *net, const struct draws *d)
{
	size_t next = 0;
	jout_key(j, "sites");
	jout_open(j, '[');
	for (size_t i = 0; i < net->sites; i++) {
		if (!d->open_in[i])
			continue;
		jout_open(j, '{');
		jout_kv_text(j, "site", net->site[i].id);
		jout_kv_real(j, "share", part_of(d->open_in[i], d->count));
		jout_key(j, "capacity_t"), jout_fixed(j, d->capacity[i], 0);
		jout_key(j, "lines");
		jout_open(j, '[');
		for (; next < d->lines && d->line[next].site == i; next++) {
			jout_open(j, '{');
			jout_kv_text(j, "flow", net->flow[d->line[next].flow].id);
			jout_kv_real(j, "capacity_t", d->line[next].capacity);
			jout_kv_real(j, "share", part_of(d->line[next].count, d->count));
			jout_close(j);
		}
		jout_close(j);
		jout_close(j);
	}
	jout_close(j);
}

static void write_contender(
	struct jout *j, const struct network *net, const struct draws *d, const struct contender *c)
{
	jout_open(j, '{');
	jout_key(j, "platforms");
	jout_open(j, '[');
	for (size_t s = 0; s < net->sites; s++) {
		bool is_open = false;
		for (size_t n = 0; n < net->flows * net->years; n++)
			is_open |= net->site[s].kind == SITE_CANDIDATE &&
				   c->level[s * net->flows * net->years + n] != LEVEL_NONE;
		if (is_open)
			jout_text(j, net->site[s].id);
	}
	jout_close(j);
	jout_kv_bool(j, "is_today", c->is_today);
	jout_kv_real(j, "best_share", part_of(c->best_in, d->count));
	write_eur(j, "worst_regret_eur", c->worst_regret);
	write_eur(j, "mean_regret_eur", c->regrets);
	write_eur(j, "value_at_risk_eur", c->value_at_risk);
	jout_kv_real(j, "loss_share", part_of(c->loses_in, d->compared));
	jout_close(j);
}

static void write_draws(struct arena *a, struct jout *j, const struct study *s)
{
	const struct draws *d = &s->draws;
	size_t answers[3] = {0}, least = 0;
	for (size_t n = 0; n < d->count; n++)
		answers[d->draw[n].answer]++;
	for (size_t n = 1; n < d->contender_count; n++)
		if (d->contender[n].worst_regret < d->contender[least].worst_regret)
			least = n;
	jout_key(j, "draws");
	jout_open(j, '{');
	jout_kv_int(j, "count", (int64_t)d->count);
	jout_kv_int(j, "seed", (int64_t)s->draw_seed);
	jout_key(j, "drivers");
	jout_open(j, '[');
	for (size_t n = 0; n < s->subjects; n++) {
		open_driver(j, s->subject[n].range.driver);
		jout_kv_real(j, "low", s->subject[n].range.low);
		jout_kv_real(j, "high", s->subject[n].range.high);
		jout_close(j);
	}
	jout_close(j);
	for (int v = 0; v < 3; v++)
		jout_kv_real(j, viability_name((enum viability)v), part_of(answers[v], d->count));
	struct chance chance = draws_chance(answers[VIABLE], answers[UNDECIDED], d->count);
	jout_kv_real(j, "viable_low", chance.low);
	jout_kv_real(j, "viable_high", chance.high);
	jout_key(j, "value_quantiles_eur");
	jout_open(j, '{');
	write_eur(j, "5", draws_quantile(a, d, 0.05));
	write_eur(j, "25", draws_quantile(a, d, 0.25));
	write_eur(j, "50", draws_quantile(a, d, 0.5));
	write_eur(j, "75", draws_quantile(a, d, 0.75));
	write_eur(j, "95", draws_quantile(a, d, 0.95));
	jout_close(j);
	write_sites(j, s->net, d);
	jout_key(j, "plans");
	jout_open(j, '[');
	for (size_t n = 0; n < d->contender_count; n++)
		write_contender(j, s->net, d, &d->contender[n]);
	jout_close(j);
	jout_kv_int(j, "least_regret_plan", (int64_t)least);
	jout_kv_int(j, "compared_draws", (int64_t)d->compared);
	jout_key(j, "values_eur");
	jout_open(j, '[');
	for (size_t n = 0; n < d->count; n++)
		jout_fixed(j, d->draw[n].before - d->draw[n].cost, 0);
	jout_close(j);
	jout_key(j, "gap_quantiles");
	jout_open(j, '{');
	jout_kv_real(j, "50", draws_gap_quantile(a, d, 0.5));
	jout_kv_real(j, "95", draws_gap_quantile(a, d, 0.95));
	jout_kv_real(j, "100", draws_gap_quantile(a, d, 1));
	jout_close(j);
	jout_close(j);
}

static void write_members(struct jout *j, const struct study *s, coalition members)
{
	jout_open(j, '[');
	for (size_t p = 0; p < s->players; p++)
		if (members >> p & 1)
			jout_text(j, s->net->region[s->player[p]]);
	jout_close(j);
}

static void write_coalitions(struct jout *j, const struct study *s)
{
	jout_key(j, "coalitions");
	jout_open(j, '[');
	for (coalition members = 1; members < (coalition)1 << s->players; members++) {
		const struct outcome *o = &s->coalitions.outcome[members];
		jout_open(j, '{');
		jout_key(j, "regions"), write_members(j, s, members);
		write_proof(j, o->answer, o->before, o->cost, o->bound);
		jout_kv_real(j, "gap", o->gap);
		jout_key(j, "seconds"), jout_fixed(j, o->seconds, 3);
		jout_close(j);
	}
	jout_close(j);
}

static void write_pick(struct jout *j, const char *key, const struct study *s, const struct pick *p)
{
	jout_key(j, key);
	jout_open(j, '{');
	jout_key(j, "regions");
	if (p->members)
		write_members(j, s, p->members);
	else
		jout_null(j);
	jout_kv_bool(j, "is_sure", p->is_sure);
	jout_close(j);
}

static void write_partners(struct jout *j, const struct study *s)
{
	jout_key(j, "partners");
	jout_open(j, '{');
	write_pick(j, "smallest_viable", s, &s->partners.smallest);
	write_pick(j, "best", s, &s->partners.best);
	write_pick(j, "best_per_tonne", s, &s->partners.best_by_ton);
	jout_key(j, "regions");
	jout_open(j, '[');
	for (size_t p = 0; p < s->players; p++) {
		const struct partner *x = &s->partners.by[p];
		jout_open(j, '{');
		jout_kv_text(j, "region", s->net->region[s->player[p]]);
		jout_key(j, "tonnes"), jout_fixed(j, s->coalitions.tonnes[p], 3);
		write_eur(j, "brings_least_eur", x->brings_least);
		write_eur(j, "brings_most_eur", x->brings_most);
		write_pick(j, "smallest_viable", s, &x->smallest);
		jout_close(j);
	}
	jout_close(j);
	jout_close(j);
}

static void write_sharing(struct arena *a, struct jout *j, const struct study *s)
{
	write_coalitions(j, s);
	jout_key(j, "sharing");
	gamefile_write(a, j, &s->game, &s->sharing);
	write_partners(j, s);
}

void study_write(struct arena *a, struct jout *j, const struct study *s, const char *sha256)
{
	jout_open(j, '{');
	jout_kv_text(j, "format", "recircuit-study-1");
	jout_kv_text(j, "sha256", sha256);
	jout_kv_text(j, "solver", RECIRCUIT_VERSION);
	jout_key(j, "seconds"), jout_fixed(j, s->seconds, 3);
	jout_key(j, "here");
	jout_open(j, '{');
	write_proof(j, s->here.answer, s->here.before, s->here.cost, s->here.bound);
	jout_kv_real(j, "gap", s->here.gap);
	jout_key(j, "seconds"), jout_fixed(j, s->here.seconds, 3);
	jout_close(j);
	jout_key(j, "tipping");
	jout_open(j, '[');
	for (size_t n = 0; n < s->subjects; n++)
		if (s->subject[n].wants_tipping)
			write_tipping(j, &s->subject[n]);
	jout_close(j);
	jout_key(j, "tornado");
	jout_open(j, '[');
	for (size_t n = 0; n < s->subjects; n++) {
		const struct subject *x = &s->subject[n];
		if (!x->wants_tornado)
			continue;
		open_driver(j, x->range.driver);
		write_trial(j, "low", &x->low);
		write_trial(j, "high", &x->high);
		jout_close(j);
	}
	jout_close(j);
	jout_key(j, "frontiers");
	jout_open(j, '[');
	for (size_t n = 0; n < s->frontiers; n++)
		write_frontier(j, s, &s->frontier[n]);
	jout_close(j);
	if (s->draw_count)
		write_draws(a, j, s);
	if (s->players)
		write_sharing(a, j, s);
	jout_close(j);
}
