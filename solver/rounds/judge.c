#include "judge.h"

/* Sums of doubles made in another order. */
static const double TOLERANCE = 1e-7;

static const char *name_of(struct arena *a, const struct vrp *v, uint32_t place)
{
	return v->names ? v->names[place] : arena_printf(a, "%u", place);
}

static bool is_over(double value, double most)
{
	return value > most + TOLERANCE * (1 + fabs(most));
}

struct trial {
	struct arena *a;
	const struct vrp *v;
	const struct tour *tour;
	size_t rank; /* from 1 */
	struct err *e;
};

static bool refuse(const struct trial *t, uint32_t place, const char *rule)
{
	return err_set(t->e, ERR_INFEASIBLE, "tournée %zu, lieu %s : %s", t->rank,
		name_of(t->a, t->v, place), rule);
}

/* The trip that begins at visit `from`: loads, skills, and when it may leave. */
static bool judge_trip(const struct trial *t, uint32_t from, struct sums *out, double *released)
{
	const struct vrp *v = t->v;
	const struct vehicle *b = &v->vehicles[t->tour->type];
	double load[VRP_DIMS_MAX] = {0};
	*released = 0;
	out->trips++;
	for (uint32_t p = from; p < t->tour->length; p++) {
		uint32_t stop = t->tour->visit[p];
		if (stop < v->depots)
			break;
		if (v->needs[stop] & ~b->skills)
			return refuse(t, stop, "le véhicule n’a pas l’équipement qu’il faut");
		for (size_t d = 0; d < v->dims; d++) {
			load[d] += v->load[stop * v->dims + d];
			out->load[d] += v->load[stop * v->dims + d];
			if (is_over(load[d], b->capacity[d]))
				return refuse(t, stop, "la charge dépasse la capacité du véhicule");
		}
		*released = fmax(*released, v->release[stop]);
	}
	return true;
}

static bool judge_tour(const struct trial *t, struct sums *out)
{
	const struct vrp *v = t->v;
	const struct tour *x = t->tour;
	const struct vehicle *b = &v->vehicles[x->type];
	double released, clock = fmax(b->open, v->open[b->depot]);
	uint32_t at = b->depot;
	*out = (struct sums){.fixed_cost = b->fixed};
	for (uint32_t p = 0; p <= x->length; p++) {
		uint32_t to = p < x->length ? x->visit[p] : b->depot;
		if (to < v->depots && (to != b->depot || at == to))
			return refuse(
				t, to, "déchargement sans collecte, ou ailleurs qu’à son dépôt");
		if (at < v->depots) {
			if (!judge_trip(t, p, out, &released))
				return false;
			clock = fmax(clock, released);
			if (!p)
				out->leave = clock;
		}
		out->km += v->km[at * v->places + to];
		clock = fmax(clock + v->hours[at * v->places + to], v->open[to]);
		if (v->has_time && is_over(clock, v->close[to]))
			return refuse(t, to, "le véhicule arrive après la fermeture");
		if (p < x->length)
			clock += v->service[to];
		at = to;
	}
	if (v->has_time && is_over(clock, b->close))
		return refuse(t, at, "le véhicule rentre trop tard");
	if (out->trips > (uint32_t)b->trips)
		return refuse(t, at, "plus de voyages que ce véhicule n’en fait");
	out->back = clock;
	out->km_cost = b->per_km * out->km;
	return true;
}

static bool judge_fleet(const struct vrp *v, const struct tour *tours, size_t count, struct err *e)
{
	for (size_t type = 0; type < v->types; type++) {
		size_t used = 0;
		for (size_t n = 0; n < count; n++)
			used += tours[n].type == type;
		int there = v->vehicles[type].count;
		if (there != VRP_UNLIMITED && used > (size_t)there)
			return err_set(e, ERR_INFEASIBLE,
				"%zu tournées du type de véhicule %zu, il n’y en a que %d", used,
				type + 1, there);
	}
	return true;
}

static bool judge_sites(struct arena *a, const struct vrp *v, const struct tour *tours,
	size_t count, struct ruling *out, struct err *e)
{
	out->is_open = arena_array(a, bool, v->depots);
	out->site_load = arena_array(a, double, v->depots);
	for (size_t n = 0; n < count; n++) {
		uint32_t d = v->vehicles[tours[n].type].depot;
		out->is_open[d] = true;
		out->site_load[d] += out->of[n].load[0];
	}
	for (uint32_t d = 0; d < v->depots; d++) {
		if (is_over(out->site_load[d], v->sites[d].room))
			return err_set(e, ERR_INFEASIBLE,
				"site %s : la charge %g dépasse sa capacité %g", name_of(a, v, d),
				out->site_load[d], v->sites[d].room);
		if (out->is_open[d])
			out->site_cost += v->sites[d].fixed;
	}
	out->cost += out->site_cost;
	return true;
}

bool judge_rounds(struct arena *a, const struct vrp *v, const struct tour *tours, size_t count,
	struct ruling *out, struct err *e)
{
	size_t *visits = arena_array(a, size_t, v->places);
	*out = (struct ruling){.of = arena_array(a, struct sums, count), .is_complete = true};
	out->unserved = arena_array(a, uint32_t, v->places);
	for (size_t n = 0; n < count; n++) {
		struct trial t = {a, v, &tours[n], n + 1, e};
		if (tours[n].type >= v->types || !tours[n].length)
			return err_set(e, ERR_INFEASIBLE,
				"tournée %zu : sans arrêt, ou d’un véhicule inconnu", n + 1);
		for (uint32_t p = 0; p < tours[n].length; p++) {
			uint32_t place = tours[n].visit[p];
			if (place >= v->depots && visits[place]++)
				return refuse(&t, place, "visité deux fois");
		}
		if (!judge_tour(&t, &out->of[n]))
			return false;
		out->fixed_cost += out->of[n].fixed_cost;
		out->km_cost += out->of[n].km_cost;
	}
	for (uint32_t i = (uint32_t)v->depots; i < v->places; i++) {
		if (visits[i])
			continue;
		out->unserved[out->unserved_count++] = i;
		if (isinf(v->penalty[i]))
			out->is_complete = false;
		else
			out->penalties += v->penalty[i];
	}
	out->cost = out->fixed_cost + out->km_cost + out->penalties;
	return judge_fleet(v, tours, count, e) &&
	       (!v->sites || judge_sites(a, v, tours, count, out, e));
}

/* What each type of vehicle lacks to serve this stop by itself. */
enum lack { LACKS_NOTHING, LACKS_TIME, LACKS_SKILL, LACKS_ROOM };

static enum lack lack_of(const struct vrp *v, const struct vehicle *b, uint32_t stop)
{
	for (size_t d = 0; d < v->dims; d++)
		if (is_over(v->load[stop * v->dims + d], b->capacity[d]))
			return LACKS_ROOM;
	if (v->needs[stop] & ~b->skills)
		return LACKS_SKILL;
	if (!v->has_time)
		return LACKS_NOTHING;
	double leave = fmax(fmax(b->open, v->open[b->depot]), v->release[stop]);
	double start = fmax(leave + v->hours[b->depot * v->places + stop], v->open[stop]);
	double back = start + v->service[stop] + v->hours[stop * v->places + b->depot];
	bool is_late =
		is_over(start, v->close[stop]) || is_over(back, fmin(b->close, v->close[b->depot]));
	return is_late ? LACKS_TIME : LACKS_NOTHING;
}

struct reason judge_absence(struct arena *a, const struct vrp *v, uint32_t stop)
{
	enum lack least = LACKS_ROOM;
	double alone = INFINITY;
	bool is_empty = true;
	for (size_t t = 0; t < v->types; t++) {
		const struct vehicle *b = &v->vehicles[t];
		is_empty &= !b->count;
		enum lack lack = b->count > 0 ? lack_of(v, b, stop) : LACKS_ROOM;
		least = lack < least ? lack : least;
		double km = v->km[b->depot * v->places + stop] + v->km[stop * v->places + b->depot];
		if (lack == LACKS_NOTHING)
			alone = fmin(alone, b->fixed + b->per_km * km);
	}
	if (is_empty)
		return (struct reason){"fleet",
			arena_printf(a, "la flotte est vide : il faut un véhicule, de %g au moins",
				v->load[stop * v->dims])};
	switch (least) {
	case LACKS_ROOM:
		return (struct reason){"capacity",
			arena_printf(a,
				"aucun véhicule n’a la capacité : il en faut un de %g au moins",
				v->load[stop * v->dims])};
	case LACKS_SKILL:
		return (struct reason){"skill",
			"aucun véhicule assez grand n’a l’équipement : il en faut un qui l’ait"};
	case LACKS_TIME:
		return (struct reason){"window",
			"aucun véhicule n’y est avant la fermeture et rentre à temps : il faut une "
			"fenêtre plus large, ou une journée plus longue"};
	case LACKS_NOTHING: break;
	}
	if (!isinf(v->penalty[stop]))
		return (struct reason){"price", arena_printf(a,
							"le laisser coûte %g ; une tournée pour "
							"lui seul %g, et aucun détour "
							"trouvé ne coûtait moins que de le laisser",
							v->penalty[stop], alone)};
	if (v->sites)
		return (struct reason){"site", "aucun site n’a plus la place qu’il faut : un site "
					       "de plus, ou plus grand, le servirait"};
	return (struct reason){"fleet", "aucune place trouvée dans les tournées de la flotte : un "
					"véhicule de plus le servirait"};
}
