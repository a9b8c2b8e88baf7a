#include "lrpfile.h"

#include "text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { WORD_MAX = 63, STOPS_MAX = 5000, SITES_MAX = 1000 };

static const double MOST = 1e12;

/* The words of the file, one by one; the first that is wrong is the error. */
struct scan {
	const char *at, *end;
	size_t line;
	struct err *e;
	bool is_wrong;
};

static double fail(struct scan *s, const char *what, const char *word)
{
	if (!s->is_wrong && *word)
		err_set(s->e, ERR_INVALID, "ligne %zu : « %s » n’est pas un nombre permis (%s)",
			s->line, word, what);
	else if (!s->is_wrong)
		err_set(s->e, ERR_INVALID, "ligne %zu : le fichier s’arrête trop tôt, il manque %s",
			s->line, what);
	s->is_wrong = true;
	return 0;
}

static void skip_blanks(struct scan *s)
{
	for (; s->at < s->end && isspace((unsigned char)*s->at); s->at++)
		s->line += *s->at == '\n';
}

static double next(struct scan *s, double least, double most, const char *what)
{
	char word[WORD_MAX + 1];
	size_t n = 0;
	double value;
	skip_blanks(s);
	while (s->at < s->end && !isspace((unsigned char)*s->at) && n < WORD_MAX)
		word[n++] = *s->at++;
	word[n] = '\0';
	if (s->is_wrong || !text_to_double(word, &value) || !(value >= least && value <= most))
		return fail(s, what, word);
	return value;
}

static size_t next_count(struct scan *s, double most, const char *what)
{
	char word[WORD_MAX + 1];
	double value = next(s, 1, most, what);
	snprintf(word, sizeof word, "%g", value);
	if (!s->is_wrong && value != floor(value))
		fail(s, what, word);
	return (size_t)value;
}

static const char *const *make_names(struct arena *a, const struct vrp *v)
{
	const char **names = arena_array(a, const char *, v->places);
	for (size_t i = 0; i < v->places; i++)
		names[i] = i < v->depots ? arena_printf(a, "d%zu", i + 1)
					 : arena_printf(a, "%zu", i - v->depots + 1);
	return names;
}

static const double *make_km(struct arena *a, const struct vrp *v, bool is_whole)
{
	double *km = arena_array(a, double, v->places * v->places);
	for (size_t i = 0; i < v->places; i++)
		for (size_t j = 0; j < v->places; j++) {
			double d = hypot(v->x[i] - v->x[j], v->y[i] - v->y[j]);
			km[i * v->places + j] = is_whole ? ceil(100 * d) : d;
		}
	return km;
}

/* No windows: open at 0, never closed; every stop must be visited. */
static void make_plain(struct arena *a, struct vrp *v)
{
	double *close = arena_array(a, double, v->places),
	       *penalty = arena_array(a, double, v->places);
	for (size_t i = 0; i < v->places; i++)
		close[i] = penalty[i] = INFINITY;
	v->open = v->service = v->release = arena_array(a, double, v->places);
	v->needs = arena_array(a, uint32_t, v->places);
	v->close = close;
	v->penalty = penalty;
}

/* Whole costs make a whole sum. */
static double grain_of(const struct vrp *v, double round_cost, bool is_whole)
{
	bool is_grained = is_whole && round_cost == floor(round_cost);
	for (size_t d = 0; d < v->depots; d++)
		is_grained &= v->sites[d].fixed == floor(v->sites[d].fixed);
	return is_grained ? 1 : 0;
}

bool lrpfile_read(struct arena *a, const char *data, size_t len, struct vrp *v, struct err *e)
{
	struct scan s = {data, data + len, 1, e, false};
	size_t stops = next_count(&s, STOPS_MAX, "le nombre d’arrêts"),
	       depots = next_count(&s, SITES_MAX, "le nombre de sites");
	if (s.is_wrong)
		return false;
	*v = (struct vrp){.places = depots + stops,
		.depots = depots,
		.types = depots,
		.dims = 1,
		.least_per_km = 1};
	double *x = arena_array(a, double, v->places), *y = arena_array(a, double, v->places),
	       *load = arena_array(a, double, v->places);
	struct hub *sites = arena_array(a, struct hub, depots);
	struct vehicle *vehicles = arena_array(a, struct vehicle, depots);
	for (size_t i = 0; i < v->places; i++) {
		x[i] = next(&s, -MOST, MOST, "une coordonnée");
		y[i] = next(&s, -MOST, MOST, "une coordonnée");
	}
	double capacity = next(&s, 0, MOST, "la capacité d’un véhicule");
	for (size_t d = 0; d < depots; d++)
		sites[d].room = next(&s, 0, MOST, "la capacité d’un site");
	for (size_t i = depots; i < v->places; i++)
		load[i] = next(&s, 0, MOST, "une charge");
	for (size_t d = 0; d < depots; d++)
		sites[d].fixed = next(&s, 0, MOST, "le coût d’un site");
	double round_cost = next(&s, 0, MOST, "le coût d’une tournée");
	double kind = next(&s, 0, 1, "le genre des coûts, 0 ou 1");
	skip_blanks(&s);
	if (s.is_wrong)
		return false;
	if (kind != 0 && kind != 1)
		return err_set(e, ERR_INVALID, "ligne %zu : le genre des coûts est %g, non 0 ou 1",
			s.line, kind);
	if (s.at < s.end)
		return err_set(e, ERR_INVALID, "ligne %zu : il y a des mots après la fin", s.line);
	for (size_t d = 0; d < depots; d++)
		vehicles[d] = (struct vehicle){.count = VRP_UNLIMITED,
			.depot = (uint32_t)d,
			.capacity = {capacity},
			.fixed = round_cost,
			.per_km = 1,
			.close = INFINITY,
			.trips = 1};
	v->x = x;
	v->y = y;
	v->load = load;
	v->sites = sites;
	v->vehicles = vehicles;
	v->names = make_names(a, v);
	v->km = v->km_back = v->hours = make_km(a, v, kind == 0);
	v->grain = grain_of(v, round_cost, kind == 0);
	make_plain(a, v);
	return true;
}
