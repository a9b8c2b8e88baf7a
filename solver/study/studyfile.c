#include "study.h"

#include "jin.h"
#include "text.h"

#include <math.h>

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
			.least = fmax(by + d->least, d->floor),
			.most = fmin(by + d->most, d->ceiling)};
	}
}

/* One end of a range, not above (`side` -1) or not below (1) an edge that has a name. */
static double read_end(const struct jin *item, const struct driver *d, const char *key, int side,
	double edge, const char *name, double otherwise)
{
	if (!jin_has(item, key))
		return otherwise;
	struct jin at = jin_member(item, key);
	double v = jin_value_real(&at, d->floor, d->ceiling);
	if (side * (v - edge) < 0)
		jin_fail(&at, "%.15g est %s %s, %.15g", v,
			side < 0 ? "au-dessus de" : "en dessous de", name, edge);
	return v;
}

static void read_drivers(const struct jin *root, struct study *s)
{
	static const char *const known[] = {"id", "low", "high", "least", "most", NULL};
	static const char today[] = "la valeur d’aujourd’hui";
	if (!jin_has(root, "drivers"))
		return;
	struct jin list = jin_array(root, "drivers", 0, DRIVERS_MAX);
	for (size_t n = 0; n < list.count; n++) {
		struct jin item = jin_item(&list, n);
		jin_only(&item, known);
		struct subject *x = &s->subject[find_subject(s, &item, jin_text(&item, "id", 100))];
		const struct driver *d = x->range.driver;
		double central = driver_central(d, s->net);
		x->range.low = read_end(&item, d, "low", -1, central, today, x->range.low);
		x->range.high = read_end(&item, d, "high", 1, central, today, x->range.high);
		x->least = read_end(&item, d, "least", -1, x->range.low, "« low »",
			fmin(x->least, x->range.low));
		x->most = read_end(&item, d, "most", 1, x->range.high, "« high »",
			fmax(x->most, x->range.high));
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
		struct frontier f = {.across = find_subject(s, &first, jin_value_text(&first, 100)),
			.along = find_subject(s, &second, jin_value_text(&second, 100))};
		if (f.across == f.along)
			jin_fail(&pair, "une frontière croise deux leviers");
		s->frontier[s->frontiers++] = f;
	}
}

static bool has_points(const struct network *net, size_t region)
{
	for (size_t i = 0; i < net->points; i++)
		if (net->point[i].region == region)
			return true;
	return false;
}

static void read_players(const struct jin *root, struct study *s)
{
	if (!jin_has(root, "sharing"))
		return;
	struct jin sharing = jin_object(root, "sharing");
	jin_only(&sharing, (const char *const[]){"players", "second_look", NULL});
	s->second_look = jin_real_or(&sharing, "second_look", 0, 1e9, 0);
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
		if (!has_points(s->net, r))
			jin_fail(&item, "la région « %s » n’a pas de point de collecte", id);
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
		jin_only(&draws, (const char *const[]){"count", "seed", NULL});
		s->draw_count = (size_t)jin_int_or(&draws, "count", 1, DRAWS_MAX, 500);
		s->draw_seed = (uint64_t)jin_int_or(&draws, "seed", 0, INT64_MAX, 1);
	}
	return !jin_failed(&root);
}
