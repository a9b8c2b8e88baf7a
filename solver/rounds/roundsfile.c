#include "roundsfile.h"

#include "text.h"

static const double SAME = 1e-6; /* relative: figures pass through decimal digits */

static bool is_same(double a, double b)
{
	return fabs(a - b) <= SAME * (1 + fabs(b));
}

static double gap_of(double cost, double bound)
{
	return cost > 0 ? fmax(0, (cost - bound) / cost) : 0;
}

static const char *status_of(const struct ruling *r, double bound)
{
	if (!r->is_complete)
		return "incomplete";
	return bound >= r->cost || is_same(bound, r->cost) ? "optimal" : "feasible";
}

/* The figures of a round, once: written, and compared when read. */
#define ROUND_FIGURES(X) \
	X("km", km) \
	X("leave", leave) \
	X("back", back) \
	X("fixed_cost", fixed_cost) \
	X("km_cost", km_cost)

#define ANSWER_FIGURES(X) \
	X("cost", cost) \
	X("fixed_cost", fixed_cost) \
	X("km_cost", km_cost) \
	X("penalties", penalties)

static void write_round(
	struct jout *j, const struct vrp *v, const struct tour *t, const struct sums *s)
{
	jout_open(j, '{');
	jout_kv_int(j, "vehicle", t->type + 1);
	jout_kv_text(j, "depot", v->names[v->vehicles[t->type].depot]);
	jout_key(j, "visits");
	jout_open(j, '[');
	for (uint32_t p = 0; p < t->length; p++)
		jout_text(j, v->names[t->visit[p]]);
	jout_close(j);
	jout_kv_int(j, "trips", s->trips);
	jout_key(j, "load");
	jout_open(j, '[');
	for (size_t d = 0; d < v->dims; d++)
		jout_real(j, s->load[d]);
	jout_close(j);
#define WRITE(key, field) jout_kv_real(j, key, s->field);
	ROUND_FIGURES(WRITE)
	jout_kv_real(j, "hours", s->back - s->leave);
	jout_kv_real(j, "cost", s->fixed_cost + s->km_cost);
	jout_close(j);
}

static void write_sites(struct jout *j, const struct vrp *v, const struct ruling *r)
{
	jout_kv_real(j, "site_cost", r->site_cost);
	jout_key(j, "sites");
	jout_open(j, '[');
	for (size_t d = 0; d < v->depots; d++) {
		if (!r->is_open[d])
			continue;
		jout_open(j, '{');
		jout_kv_text(j, "site", v->names[d]);
		jout_kv_real(j, "fixed_cost", v->sites[d].fixed);
		jout_kv_real(j, "load", r->site_load[d]);
		jout_kv_real(j, "room", v->sites[d].room);
		jout_close(j);
	}
	jout_close(j);
}

void roundsfile_write(struct arena *a, struct jout *j, const struct vrp *v,
	const struct rounds_answer *answer, const struct ruling *ruling)
{
	bool has_bound = ruling->is_complete && !isinf(answer->bound);
	jout_open(j, '{');
	jout_kv_text(j, "format", "recircuit-routes-1");
	jout_kv_text(j, "sha256", answer->sha256);
	jout_kv_text(j, "solver", "recircuit " RECIRCUIT_VERSION);
	jout_kv_int(j, "seed", (int64_t)answer->seed);
	jout_kv_real(j, "seconds", answer->seconds);
	jout_kv_int(j, "iterations", answer->iterations);
	jout_kv_text(j, "status", status_of(ruling, answer->bound));
	jout_kv_real(j, "bound", has_bound ? answer->bound : -INFINITY);
	jout_kv_real(j, "gap", has_bound ? gap_of(ruling->cost, answer->bound) : INFINITY);
#define WRITE_ALL(key, field) jout_kv_real(j, key, ruling->field);
	ANSWER_FIGURES(WRITE_ALL)
	if (v->sites)
		write_sites(j, v, ruling);
	jout_key(j, "rounds");
	jout_open(j, '[');
	for (size_t n = 0; n < answer->count; n++)
		write_round(j, v, &answer->tours[n], &ruling->of[n]);
	jout_close(j);
	jout_key(j, "unserved");
	jout_open(j, '[');
	for (size_t n = 0; n < ruling->unserved_count; n++) {
		uint32_t stop = ruling->unserved[n];
		struct reason why = judge_absence(a, v, stop);
		jout_open(j, '{');
		jout_kv_text(j, "stop", v->names[stop]);
		jout_kv_real(j, "penalty", v->penalty[stop]);
		jout_kv_text(j, "reason", why.word);
		jout_kv_text(j, "text", why.text);
		jout_close(j);
	}
	jout_close(j);
	jout_close(j);
}

/* The place of that name; the vehicle's own depot first, which every round that unloads names. */
static uint32_t find_place(const struct vrp *v, uint32_t type, const struct jin *at)
{
	const char *name = jin_value_text(at, 64);
	uint32_t depot = v->vehicles[type].depot;
	if (text_eq(name, v->names[depot]))
		return depot;
	for (uint32_t i = 0; i < v->places; i++)
		if (text_eq(name, v->names[i]))
			return i;
	jin_fail(at, "le lieu « %s » n’existe pas", name);
	return 0;
}

static struct tour read_tour(struct arena *a, const struct vrp *v, const struct jin *at)
{
	struct tour t = {.type = (uint32_t)jin_int(at, "vehicle", 1, (int64_t)v->types) - 1};
	struct jin visits = jin_array(at, "visits", 1, 2 * v->places);
	if (jin_failed(at))
		return t;
	uint32_t *visit = arena_array(a, uint32_t, visits.count);
	for (size_t n = 0; n < visits.count; n++) {
		struct jin place = jin_item(&visits, n);
		visit[n] = find_place(v, t.type, &place);
	}
	t.visit = visit;
	t.length = (uint32_t)visits.count;
	return t;
}

static void compare(const struct jin *at, const char *key, double found)
{
	double said = jin_real(at, key, -1e18, 1e18);
	if (!jin_failed(at) && !is_same(said, found))
		jin_fail(at, "%s vaut %.9g, le calcul donne %.9g", key, said, found);
}

static void compare_round(const struct vrp *v, const struct jin *at, const struct sums *s)
{
#define COMPARE(key, field) compare(at, key, s->field);
	ROUND_FIGURES(COMPARE)
	compare(at, "hours", s->back - s->leave);
	compare(at, "cost", s->fixed_cost + s->km_cost);
	compare(at, "trips", s->trips);
	struct jin loads = jin_array(at, "load", v->dims, v->dims);
	for (size_t d = 0; d < loads.count; d++) {
		struct jin load = jin_item(&loads, d);
		double said = jin_value_real(&load, 0, 1e18);
		if (!jin_failed(at) && !is_same(said, s->load[d]))
			jin_fail(&load, "la charge vaut %.9g, le calcul donne %.9g", said,
				s->load[d]);
	}
}

static void compare_sites(const struct vrp *v, const struct jin *root, const struct ruling *r)
{
	size_t open = 0, n = 0;
	for (size_t d = 0; d < v->depots; d++)
		open += r->is_open[d];
	compare(root, "site_cost", r->site_cost);
	struct jin list = jin_array(root, "sites", open, open);
	for (size_t d = 0; d < v->depots && n < list.count; d++) {
		if (!r->is_open[d])
			continue;
		struct jin one = jin_item(&list, n++);
		const char *site = jin_text(&one, "site", 64);
		if (!jin_failed(root) && !text_eq(site, v->names[d]))
			jin_fail(&one, "le site ouvert est %s, non %s", v->names[d], site);
		compare(&one, "fixed_cost", v->sites[d].fixed);
		compare(&one, "load", r->site_load[d]);
		compare(&one, "room", v->sites[d].room);
	}
}

static void compare_unserved(const struct vrp *v, const struct jin *root, const struct ruling *r)
{
	struct jin list = jin_array(root, "unserved", r->unserved_count, r->unserved_count);
	for (size_t n = 0; n < list.count; n++) {
		struct jin one = jin_item(&list, n);
		const char *stop = jin_text(&one, "stop", 64);
		if (!jin_failed(root) && !text_eq(stop, v->names[r->unserved[n]]))
			jin_fail(&one, "l’arrêt sans tournée est %s, non %s",
				v->names[r->unserved[n]], stop);
	}
}

static void compare_claims(const struct jin *root, const struct ruling *r)
{
	double bound = -INFINITY;
	if (jin_has(root, "bound")) {
		bound = jin_real(root, "bound", -1e18, 1e18);
		compare(root, "gap", gap_of(r->cost, bound));
	}
	const char *status = jin_text(root, "status", 32);
	if (jin_failed(root))
		return;
	if (bound > r->cost && !is_same(bound, r->cost))
		jin_fail(root, "la borne %.9g dépasse le coût %.9g", bound, r->cost);
	if (!text_eq(status, status_of(r, bound)))
		jin_fail(root, "l’état est %s, non %s", status_of(r, bound), status);
}

bool roundsfile_check(struct arena *a, const struct vrp *v, const char *sha256, struct jin *root,
	struct ruling *ruling, struct err *e)
{
	const char *said = jin_text(root, "sha256", 64);
	struct jin list = jin_array(root, "rounds", 0, v->places);
	if (jin_failed(root))
		return false;
	struct tour *tours = arena_array(a, struct tour, list.count);
	for (size_t n = 0; n < list.count; n++) {
		struct jin one = jin_item(&list, n);
		tours[n] = read_tour(a, v, &one);
		if (jin_failed(root))
			return false;
	}
	if (!text_eq(said, sha256))
		return err_set(e, ERR_INFEASIBLE,
			"ces tournées répondent à une autre instance (SHA-256 %s)", said);
	if (!judge_rounds(a, v, tours, list.count, ruling, e))
		return false;
	for (size_t n = 0; n < list.count; n++) {
		struct jin one = jin_item(&list, n);
		compare_round(v, &one, &ruling->of[n]);
	}
#define COMPARE_ALL(key, field) compare(root, key, ruling->field);
	ANSWER_FIGURES(COMPARE_ALL)
	if (v->sites)
		compare_sites(v, root, ruling);
	compare_unserved(v, root, ruling);
	compare_claims(root, ruling);
	if (!jin_failed(root))
		return true;
	e->kind = ERR_INFEASIBLE; /* the file is well formed: it is what it says that is wrong */
	return false;
}
