#include "study.h"

#include "jin.h"
#include "text.h"

#include <math.h>

/* Figures beyond this are not of this world. */
static const double LARGEST = 1e9;

static size_t find_subject(struct study *s, const struct jin *at, const char *id)
{
	for (size_t n = 0; n < s->subjects; n++)
		if (text_eq(s->subject[n].range.driver->id, id))
			return n;
	jin_fail(at, "levier inconnu « %s »", id);
	return 0;
}

/* Every driver, where the network stands; the study may narrow or widen its ranges. */
static void begin_subjects(struct study *s)
{
	s->subjects = driver_count;
	for (size_t n = 0; n < driver_count; n++) {
		const struct driver *d = &driver_table[n];
		double by = d->kind == DRIVER_VALUE ? driver_central(d, s->net) : 0;
		s->subject[n] = (struct subject){.range = {d, by + d->low, by + d->high},
			.least = by + d->least,
			.most = by + d->most};
	}
}

static void read_drivers(const struct jin *root, struct study *s)
{
	if (!jin_has(root, "drivers"))
		return;
	struct jin list = jin_array(root, "drivers", 0, DRIVERS_MAX);
	for (size_t n = 0; n < list.count; n++) {
		struct jin item = jin_item(&list, n);
		struct subject *x = &s->subject[find_subject(s, &item, jin_text(&item, "id", 100))];
		double central = driver_central(x->range.driver, s->net);
		x->range.low = jin_real_or(&item, "low", -LARGEST, central, x->range.low);
		x->range.high = jin_real_or(&item, "high", central, LARGEST, x->range.high);
		x->least = jin_real_or(
			&item, "least", -LARGEST, x->range.low, fmin(x->least, x->range.low));
		x->most = jin_real_or(
			&item, "most", x->range.high, LARGEST, fmax(x->most, x->range.high));
		if (x->range.driver->kind == DRIVER_FACTOR && x->least < 0)
			jin_fail(&item, "un facteur n’est pas négatif");
	}
}

/* true: all drivers; a list: those. */
static void read_choice(const struct jin *root, const char *key, struct study *s, bool is_tipping)
{
	if (!jin_has(root, key))
		return;
	struct jin list = jin_member(root, key);
	bool all = !jin_is_array(&list) && jin_bool(root, key);
	for (size_t n = 0; n < s->subjects && all; n++)
		*(is_tipping ? &s->subject[n].wants_tipping : &s->subject[n].wants_tornado) = true;
	for (size_t n = 0; jin_is_array(&list) && n < list.count; n++) {
		struct jin item = jin_item(&list, n);
		size_t x = find_subject(s, &item, jin_value_text(&item, 100));
		*(is_tipping ? &s->subject[x].wants_tipping : &s->subject[x].wants_tornado) = true;
	}
}

static void read_frontiers(const struct jin *root, struct study *s)
{
	if (!jin_has(root, "frontier"))
		return;
	struct jin list = jin_array(root, "frontier", 0, STUDY_FRONTIERS_MAX);
	for (size_t n = 0; n < list.count; n++) {
		struct jin pair = jin_item(&list, n);
		if (pair.count != 2) {
			jin_fail(&pair, "une frontière croise deux leviers");
			return;
		}
		struct jin first = jin_item(&pair, 0), second = jin_item(&pair, 1);
		s->frontier[s->frontiers++] = (struct frontier){
			.across = find_subject(s, &first, jin_value_text(&first, 100)),
			.along = find_subject(s, &second, jin_value_text(&second, 100))};
	}
}

static void read_players(const struct jin *root, struct study *s)
{
	if (!jin_has(root, "sharing"))
		return;
	struct jin sharing = jin_object(root, "sharing");
	struct jin list = jin_array(&sharing, "players", 2, COALITION_PLAYERS_MAX);
	for (size_t n = 0; n < list.count; n++) {
		struct jin item = jin_item(&list, n);
		const char *id = jin_value_text(&item, 100);
		size_t r = 0;
		while (r < s->net->regions && !text_eq(s->net->region[r], id))
			r++;
		if (r == s->net->regions) {
			jin_fail(&item, "région inconnue « %s »", id);
			return;
		}
		for (size_t p = 0; p < s->players; p++)
			if (s->player[p] == r)
				jin_fail(&item, "la région « %s » figure deux fois", id);
		s->player[s->players++] = r;
	}
}

bool study_read(struct arena *a, const char *bytes, size_t n, const struct network *net,
	struct study *s, struct err *e)
{
	static const char *const known[] = {"gap", "time_limit_s", "drivers", "tipping", "tornado",
		"frontier", "draws", "sharing", NULL};
	struct jin root;
	*s = (struct study){.net = net};
	if (!jin_parse(a, bytes, n, &root, e))
		return false;
	struct jin at = jin_object(&root, "study");
	jin_only(&at, known);
	s->gap = jin_real_or(&at, "gap", 0, 1, 0.005);
	s->time_limit_s = jin_real_or(&at, "time_limit_s", 0, 86400, 60);
	begin_subjects(s);
	read_drivers(&at, s);
	read_choice(&at, "tipping", s, true);
	read_choice(&at, "tornado", s, false);
	read_frontiers(&at, s);
	read_players(&at, s);
	if (jin_has(&at, "draws")) {
		struct jin draws = jin_object(&at, "draws");
		s->draw_count = (size_t)jin_int_or(&draws, "count", 1, DRAWS_MAX, 500);
		s->draw_seed = (uint64_t)jin_int_or(&draws, "seed", 0, INT64_MAX, 1);
	}
	return !jin_failed(&root);
}

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
	jout_key(j, "sites");
	jout_open(j, '[');
	for (size_t i = 0; i < net->sites; i++) {
		if (!d->open_in[i])
			continue;
		jout_open(j, '{');
		jout_kv_text(j, "site", net->site[i].id);
		jout_kv_real(j, "share", (double)d->open_in[i] / (double)d->count);
		jout_key(j, "capacity_t"), jout_fixed(j, d->capacity[i], 0);
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
	jout_kv_real(j, "best_share", (double)c->best_in / (double)d->count);
	write_eur(j, "worst_regret_eur", c->worst_regret);
	write_eur(j, "mean_regret_eur", c->regrets);
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
		jout_kv_real(j, viability_name((enum viability)v),
			(double)answers[v] / (double)d->count);
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
	jout_kv_int(j, "least_regret_plan", d->contender_count ? (int64_t)least : -1);
	jout_kv_int(j, "compared_draws", (int64_t)d->compared);
	jout_key(j, "values_eur");
	jout_open(j, '[');
	for (size_t n = 0; n < d->count; n++)
		jout_fixed(j, d->draw[n].before - d->draw[n].cost, 0);
	jout_close(j);
	jout_close(j);
}

static void write_members(struct jout *j, const struct study *s, size_t mask)
{
	jout_key(j, "regions");
	jout_open(j, '[');
	for (size_t p = 0; p < s->players; p++)
		if (mask & (size_t)1 << p)
			jout_text(j, s->net->region[s->player[p]]);
	jout_close(j);
}

static void write_coalitions(struct jout *j, const struct study *s)
{
	jout_key(j, "coalitions");
	jout_open(j, '[');
	for (size_t mask = 1; mask < (size_t)1 << s->players; mask++) {
		const struct outcome *o = &s->coalitions.outcome[mask];
		jout_open(j, '{');
		write_members(j, s, mask);
		write_proof(j, o->answer, o->before, o->cost, o->bound);
		jout_kv_real(j, "gap", o->gap);
		jout_key(j, "seconds"), jout_fixed(j, o->seconds, 3);
		jout_close(j);
	}
	jout_close(j);
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
		write_coalitions(j, s);
	jout_close(j);
}
