#include "planning.h"

#include "absence.h"
#include "text.h"

/* Relative: figures pass through decimal digits. */
static const double SAME = 1e-6;

static const char *status_of(const struct itinerary *it, double bound)
{
	if (!it->is_complete)
		return "incomplete";
	return bound >= it->cost * (1 - SAME) ? "optimal" : "feasible";
}

struct outing *planning_outings(struct arena *a, const struct collection *c, const struct posing *p,
	const struct rounds *s, size_t *count)
{
	struct outing *list = arena_array(a, struct outing, s->count + 1);
	*count = 0;
	for (size_t r = 0; r < s->count; r++) {
		const struct round *x = &s->round[r];
		if (!x->length)
			continue;
		struct visit *visit = arena_array(a, struct visit, x->length);
		for (uint32_t k = 0; k < x->length; k++)
			visit[k] = vrp_is_depot(&p->vrp, x->visit[k]) ? (struct visit){UNLOADING, 0}
								      : p->visit[x->visit[k]];
		list[(*count)++] = (struct outing){
			p->kind[x->type].carrier, p->kind[x->type].day, x->length, visit};
	}
	itinerary_sort(a, c, list, *count);
	return list;
}

static void write_cargo(struct jout *j, const double *cargo)
{
	for (size_t d = 0; d < CARGO_DIMS; d++)
		jout_kv_real(j, cargo_key[d], cargo[d]);
}

static void write_lots(struct jout *j, const struct collection *c, const struct pickup *p)
{
	jout_key(j, "units");
	jout_open(j, '[');
	for (size_t n = 0; n < p->lots; n++) {
		jout_open(j, '{');
		jout_kv_text(j, "flow", c->flow[p->lot[n].flow].id);
		jout_kv_real(j, "units", p->lot[n].units);
		jout_close(j);
	}
	jout_close(j);
}

static void write_parts(struct jout *j, const struct cost_parts *eur)
{
#define WRITE(part) jout_kv_real(j, #part "_eur", eur->part);
	COST_PARTS(WRITE)
#undef WRITE
}

static void write_halt(struct jout *j, const struct collection *c, const struct halt *h)
{
	static const struct pickup none = {0};
	const struct pickup *p = h->kind == HALT_PICKUP ? &c->pickup[h->visit.pickup] : &none;
	jout_open(j, '{');
	jout_kv_text(j, "kind", halt_words[h->kind]);
	jout_kv_text(j, "place", c->place[h->place].id);
	if (h->kind == HALT_PICKUP) {
		jout_kv_text(j, "pickup", p->id);
		jout_kv_int(j, "visit", (int64_t)h->visit.number + 1);
	}
	jout_kv_int(j, "trip", (int64_t)h->trip);
	jout_kv_real(j, "km", h->km);
	jout_kv_real(j, "driving_h", h->driving);
	jout_kv_real(j, "arrive_h", h->at.arrive);
	jout_kv_real(j, "begin_h", h->at.begin);
	jout_kv_real(j, "leave_h", h->at.leave);
	write_lots(j, c, p);
	write_cargo(j, h->aboard);
	jout_close(j);
}

static void write_round(
	struct jout *j, const struct collection *c, const struct outing_sums *s, size_t id)
{
	const struct carrier *b = &c->carrier[s->outing->carrier];
	jout_open(j, '{');
	jout_kv_int(j, "id", (int64_t)id);
	jout_kv_text(j, "day", c->day[s->outing->day]);
	jout_kv_text(j, "hub", c->place[b->hub].id);
	jout_kv_text(j, "vehicle", b->id);
	jout_kv_int(j, "number", (int64_t)s->number);
	jout_kv_real(j, "leave_h", s->leave);
	jout_kv_real(j, "back_h", s->back);
	jout_kv_real(j, "hours", s->hours);
	jout_kv_real(j, "driving_h", s->driving);
	jout_kv_real(j, "km", s->km);
	jout_kv_int(j, "trips", (int64_t)s->trips);
	write_parts(j, &s->eur);
	jout_kv_real(j, "cost_eur", s->cost);
	jout_key(j, "breaks");
	jout_open(j, '[');
	for (size_t n = 0; n < s->pauses; n++) {
		jout_open(j, '{');
		jout_kv_real(j, "begin_h", s->pause[n].begin);
		jout_kv_real(j, "end_h", s->pause[n].end);
		jout_kv_int(j, "leg", (int64_t)s->pause[n].leg);
		jout_close(j);
	}
	jout_close(j);
	jout_key(j, "stops");
	jout_open(j, '[');
	for (size_t k = 0; k < s->halts; k++)
		write_halt(j, c, &s->halt[k]);
	jout_close(j);
	jout_close(j);
}

static void write_totals(struct jout *j, const struct itinerary *it)
{
	const struct collection *c = it->c;
	struct cost_parts eur = {itinerary_clean(it->eur.fixed), itinerary_clean(it->eur.km),
		itinerary_clean(it->eur.hours), itinerary_clean(it->eur.overtime)};
	jout_key(j, "totals");
	jout_open(j, '{');
	jout_kv_int(j, "rounds", (int64_t)it->rounds);
	jout_kv_int(j, "visits", (int64_t)it->visits);
	jout_kv_real(j, "km", itinerary_clean(it->km));
	jout_kv_real(j, "hours", itinerary_clean(it->hours));
	jout_kv_real(j, "driving_h", itinerary_clean(it->driving));
	jout_kv_real(j, "weight_kg", itinerary_clean(it->cargo[CARGO_WEIGHT]));
	jout_kv_real(j, "volume_m3", itinerary_clean(it->cargo[CARGO_VOLUME]));
	jout_key(j, "units");
	jout_open(j, '[');
	for (size_t k = 0; k < c->flows; k++) {
		jout_open(j, '{');
		jout_kv_text(j, "flow", c->flow[k].id);
		jout_kv_real(j, "units", itinerary_clean(it->units[k]));
		jout_close(j);
	}
	jout_close(j);
	write_parts(j, &eur);
	jout_kv_real(j, "penalties_eur", itinerary_clean(it->penalties));
	jout_close(j);
}

static void write_unserved(struct jout *j, const struct collection *c, const struct visit *v,
	const struct absence *why)
{
	const struct pickup *p = &c->pickup[v->pickup];
	jout_open(j, '{');
	jout_kv_text(j, "pickup", p->id);
	jout_kv_text(j, "point", c->place[p->place].id);
	jout_kv_int(j, "visit", (int64_t)v->number + 1);
	jout_kv_real(j, "penalty_eur", p->penalty);
	jout_kv_text(j, "reason", why->reason);
	jout_kv_text(j, "text", why->text);
	jout_key(j, "remedies");
	jout_open(j, '[');
	for (size_t n = 0; n < why->remedies; n++) {
		jout_open(j, '{');
		jout_kv_text(j, "kind", why->remedy[n].kind);
		jout_kv_real(j, "value", itinerary_clean(why->remedy[n].value));
		jout_kv_text(j, "text", why->remedy[n].text);
		jout_close(j);
	}
	jout_close(j);
	jout_close(j);
}

void planning_write(struct arena *a, struct jout *j, const struct planning_head *head,
	const struct itinerary *it)
{
	const struct collection *c = it->c;
	bool has_bound = it->is_complete && !isinf(head->bound);
	double gap = it->cost > 0 ? fmax(0, (it->cost - head->bound) / it->cost) : 0;
	struct absence *why = absence_explain(a, c, it);
	jout_open(j, '{');
	jout_kv_text(j, "format", "recircuit-rounds-plan-1");
	jout_kv_text(j, "sha256", head->sha256);
	jout_kv_text(j, "solver", "recircuit " RECIRCUIT_VERSION);
	jout_kv_int(j, "seed", (int64_t)head->seed);
	jout_kv_real(j, "seconds", head->seconds);
	jout_kv_int(j, "iterations", head->iterations);
	jout_kv_text(j, "status", status_of(it, head->bound));
	jout_kv_real(j, "cost", it->cost);
	jout_kv_real(j, "bound", has_bound ? head->bound : -INFINITY);
	jout_kv_real(j, "gap", has_bound ? gap : INFINITY);
	write_totals(j, it);
	jout_key(j, "rounds");
	jout_open(j, '[');
	for (size_t n = 0; n < it->rounds; n++)
		write_round(j, c, &it->round[n], n + 1);
	jout_close(j);
	jout_key(j, "unserved");
	jout_open(j, '[');
	for (size_t n = 0; n < it->unserved_count; n++)
		write_unserved(j, c, &it->unserved[n], &why[n]);
	jout_close(j);
	jout_close(j);
}

/* Who visits what: all that is taken over from the file; the rest is worked out. */
static struct outing read_round(struct arena *a, const struct collection *c, const struct jin *at)
{
	struct outing x = {0};
	const char *vehicle = jin_text(at, "vehicle", 400), *day = jin_text(at, "day", 400);
	struct jin stops = jin_array(at, "stops", 2, 2 * STOPS_MAX);
	if (jin_failed(at))
		return x;
	x.carrier = collection_find_carrier(c, vehicle);
	x.day = collection_find_day(c, day);
	if (x.carrier == c->carriers)
		jin_fail(at, "le véhicule « %s » n’existe pas", vehicle);
	if (x.day == c->days)
		jin_fail(at, "le jour « %s » n’existe pas", day);
	struct visit *visit = arena_array(a, struct visit, stops.count);
	for (size_t n = 1; n + 1 < stops.count && !jin_failed(at); n++) {
		struct jin stop = jin_item(&stops, n);
		if (text_eq(jin_text(&stop, "kind", 20), halt_words[HALT_UNLOAD])) {
			visit[x.length++] = (struct visit){UNLOADING, 0};
			continue;
		}
		const char *id = jin_text(&stop, "pickup", 400);
		size_t number = (size_t)jin_int(&stop, "visit", 1, DAYS_MAX) - 1;
		if (jin_failed(at))
			break;
		size_t i = collection_find_pickup(c, id);
		if (i == c->pickups)
			jin_fail(&stop, "la collecte « %s » n’existe pas", id);
		visit[x.length++] = (struct visit){i, number};
	}
	x.visit = visit;
	return x;
}

bool planning_check(struct arena *a, const struct collection *c, const char *sha256,
	struct jin *root, struct itinerary *out, struct err *e)
{
	static const char *const free[] = {"seconds", "iterations", NULL};
	const char *said = jin_text(root, "sha256", 64);
	struct jin list = jin_array(root, "rounds", 0, 2 * STOPS_MAX);
	struct planning_head head = {.sha256 = sha256,
		.seed = (uint64_t)jin_int(root, "seed", 0, INT64_MAX / 4),
		.bound = jin_has(root, "bound") ? jin_real(root, "bound", -1e18, 1e18) : -INFINITY};
	struct outing *outings = arena_array(a, struct outing, list.count + 1);
	for (size_t n = 0; n < list.count && !jin_failed(root); n++) {
		struct jin one = jin_item(&list, n);
		outings[n] = read_round(a, c, &one);
	}
	if (jin_failed(root))
		return false;
	if (!text_eq(said, sha256))
		return err_set(e, ERR_INFEASIBLE,
			"ces tournées répondent à une autre question (SHA-256 %s)", said);
	if (!itinerary_make(a, c, outings, list.count, out, e))
		return false;
	if (head.bound > out->cost * (1 + SAME))
		return err_set(e, ERR_INFEASIBLE, "la borne %.9g dépasse le coût %.9g", head.bound,
			out->cost);
	struct buf b;
	struct jout j;
	struct jin found;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	planning_write(a, &j, &head, out);
	if (!jin_parse(a, b.data, b.len, &found, e))
		return false;
	jin_same(root, &found, SAME, free);
	if (!jin_failed(root))
		return true;
	e->kind = ERR_INFEASIBLE; /* the file is well formed: it is what it says that is wrong */
	return false;
}
