#include "week.h"

#include "chance.h"

#include <inttypes.h>
#include <math.h>

static const struct {
	const char *id, *name;
	double lat, lon;
} hubs[] = {
	{"orleans", "Centre de tri d’Orléans", 47.90, 1.90},
	{"tours", "Centre de tri de Tours", 47.39, 0.69},
	{"bourges", "Centre de tri de Bourges", 47.08, 2.40},
};

static const char *const days[] = {"lundi", "mardi", "mercredi", "jeudi", "vendredi"};

static const struct {
	const char *id, *name, *container;
	double weight_kg, volume_m3, places, skips;
} flows[] = {
	{"ghf", "gros électroménager hors froid", "benne de 30 m³", 3500, 30, 0, 1},
	{"froid", "froid", "appareil", 45, 0.7, 0.5, 0},
	{"pam", "petits appareils", "cage de 1 m³", 180, 1, 1, 0},
	{"ecrans", "écrans", "cage de 1 m³", 220, 1, 1, 0},
	{"lampes", "lampes", "caisse", 40, 0.3, 0.5, 0},
	{"pv", "panneaux photovoltaïques", "palette", 500, 1.5, 1, 0},
};

static const struct {
	const char *id, *name, *skill;
	int count, trips;
	double weight_kg, volume_m3, places, skips, eur_day, eur_km, eur_h;
} fleet[] = {
	{"porteur", "Porteur 19 t à hayon", "hayon", 4, 3, 9000, 45, 22, 0, 95, 0.62, 29},
	{"ampliroll", "Ampliroll et remorque", "bras", 2, 4, 14000, 70, 0, 2, 150, 0.85, 30},
	{"fourgon", "Fourgon à hayon", "hayon", 1, 4, 1100, 14, 8, 0, 45, 0.34, 27},
};

enum { HUBS = sizeof hubs / sizeof *hubs, DAYS = sizeof days / sizeof *days };

struct world {
	struct arena *a;
	struct jout *j;
	uint64_t random;
};

static double draw(struct world *w, double low, double high)
{
	return low + (high - low) * chance_real(&w->random);
}

static double whole(struct world *w, double low, double high)
{
	return floor(draw(w, low, high + 1));
}

static bool happens(struct world *w, double chance)
{
	return chance_real(&w->random) < chance;
}

/* Open all day or with a noon break; some are closed one day. */
static void write_windows(struct world *w)
{
	struct jout *j = w->j;
	bool has_noon = happens(w, 0.6);
	size_t closed = happens(w, 0.35) ? chance_below(&w->random, DAYS) : DAYS;
	jout_key(j, "windows");
	jout_open(j, '[');
	for (int half = 0; half < (has_noon ? 2 : 1); half++) {
		jout_open(j, '{');
		jout_key(j, "days");
		jout_open(j, '[');
		for (size_t d = 0; d < DAYS; d++)
			if (d != closed)
				jout_text(j, days[d]);
		jout_close(j);
		jout_kv_real(j, "open_h", half ? 13.5 : 8.5);
		jout_kv_real(j, "close_h", has_noon && !half ? 12.25 : 17.5);
		jout_close(j);
	}
	jout_close(j);
}

static void write_place(struct world *w, const char *id, const char *name, double lat, double lon)
{
	jout_kv_text(w->j, "id", id);
	jout_kv_text(w->j, "name", name);
	jout_key(w->j, "lat"), jout_fixed(w->j, lat, 5);
	jout_key(w->j, "lon"), jout_fixed(w->j, lon, 5);
}

static void write_points(struct world *w, size_t points)
{
	struct jout *j = w->j;
	jout_key(j, "points");
	jout_open(j, '[');
	for (size_t n = 0; n < points; n++) {
		/* Half around the hubs' towns, half anywhere. */
		bool is_near = happens(w, 0.5);
		size_t h = chance_below(&w->random, HUBS);
		double lat = draw(w, 46.6, 48.6), lon = draw(w, 0.3, 2.9);
		if (is_near) {
			lat = hubs[h].lat + draw(w, -0.35, 0.35) * draw(w, 0.2, 1);
			lon = hubs[h].lon + draw(w, -0.5, 0.5) * draw(w, 0.2, 1);
		}
		jout_open(j, '{');
		write_place(w, arena_printf(w->a, "d%zu", n + 1),
			arena_printf(w->a, "Déchèterie %zu", n + 1), lat, lon);
		write_windows(w);
		jout_close(j);
	}
	jout_close(j);
}

static void write_load(struct world *w, const char *flow, double units)
{
	jout_open(w->j, '{');
	jout_kv_text(w->j, "flow", flow);
	jout_kv_real(w->j, "units", units);
	jout_close(w->j);
}

static void open_pickup(
	struct world *w, size_t point, const char *what, const char *skill, double minutes)
{
	struct jout *j = w->j;
	jout_open(j, '{');
	jout_kv_text(j, "id", arena_printf(w->a, "d%zu-%s", point + 1, what));
	jout_kv_text(j, "point", arena_printf(w->a, "d%zu", point + 1));
	jout_kv_real(j, "service_min", minutes);
	jout_key(j, "skills");
	jout_open(j, '[');
	jout_text(j, skill);
	jout_close(j);
	jout_key(j, "loads");
	jout_open(j, '[');
}

static void write_pickups(struct world *w, size_t points)
{
	struct jout *j = w->j;
	jout_key(j, "pickups");
	jout_open(j, '[');
	for (size_t n = 0; n < points; n++) {
		bool is_large = happens(w, 0.3);
		double pam = whole(w, 2, is_large ? 7 : 5), screens = whole(w, 0, 3),
		       cold = happens(w, 0.5) ? whole(w, 2, 8) : 0;
		open_pickup(w, n, "cages", "hayon", 10 + 2 * (pam + screens) + cold);
		write_load(w, "pam", pam);
		if (screens > 0)
			write_load(w, "ecrans", screens);
		if (cold > 0)
			write_load(w, "froid", cold);
		jout_close(j);
		if (is_large)
			jout_kv_int(j, "visits", 2);
		jout_close(j);
		if (happens(w, is_large ? 0.6 : 0.15)) {
			open_pickup(w, n, "benne", "bras", 20);
			write_load(w, "ghf", 1);
			jout_close(j);
			jout_close(j);
		}
		if (happens(w, 0.2)) {
			open_pickup(w, n, "divers", "hayon", 15);
			write_load(w, "lampes", whole(w, 1, 6));
			if (happens(w, 0.3))
				write_load(w, "pv", 1);
			jout_close(j);
			jout_kv_real(j, "penalty_eur", whole(w, 15, 60));
			jout_close(j);
		}
	}
	jout_close(j);
}

static void write_fleet(struct world *w)
{
	struct jout *j = w->j;
	jout_key(j, "vehicles");
	jout_open(j, '[');
	for (size_t h = 0; h < HUBS; h++)
		for (size_t n = 0; n < sizeof fleet / sizeof *fleet; n++) {
			jout_open(j, '{');
			jout_kv_text(j, "id", arena_printf(w->a, "%s-%s", hubs[h].id, fleet[n].id));
			jout_kv_text(j, "name", fleet[n].name);
			jout_kv_text(j, "hub", hubs[h].id);
			jout_kv_int(j, "count", fleet[n].count);
			jout_kv_int(j, "trips", fleet[n].trips);
			jout_kv_real(j, "start_h", 6.5);
			jout_kv_real(j, "end_h", 18);
			jout_key(j, "capacity");
			jout_open(j, '{');
			jout_kv_real(j, "weight_kg", fleet[n].weight_kg);
			jout_kv_real(j, "volume_m3", fleet[n].volume_m3);
			jout_kv_real(j, "places", fleet[n].places);
			jout_kv_real(j, "skips", fleet[n].skips);
			jout_close(j);
			jout_key(j, "skills");
			jout_open(j, '[');
			jout_text(j, fleet[n].skill);
			jout_close(j);
			jout_kv_real(j, "eur_day", fleet[n].eur_day);
			jout_kv_real(j, "eur_km", fleet[n].eur_km);
			jout_kv_real(j, "eur_h", fleet[n].eur_h);
			jout_kv_real(j, "overtime_after_h", 7);
			jout_kv_real(j, "eur_overtime_h", 7.25);
			jout_close(j);
		}
	jout_close(j);
}

static void write_rules(struct world *w)
{
	struct jout *j = w->j;
	jout_key(j, "haulage");
	jout_open(j, '{');
	jout_kv_real(j, "speed_km_h", 52);
	jout_key(j, "distance_bands");
	jout_open(j, '[');
	jout_open(j, '{');
	jout_kv_real(j, "factor", 1.3);
	jout_close(j);
	jout_close(j);
	jout_close(j);
	jout_key(j, "driving");
	jout_open(j, '{');
	jout_kv_real(j, "max_h", 9);
	jout_kv_real(j, "before_break_h", 4.5);
	jout_kv_real(j, "break_min", 45);
	jout_close(j);
	jout_key(j, "flows");
	jout_open(j, '[');
	for (size_t n = 0; n < sizeof flows / sizeof *flows; n++) {
		jout_open(j, '{');
		jout_kv_text(j, "id", flows[n].id);
		jout_kv_text(j, "name", flows[n].name);
		jout_kv_text(j, "container", flows[n].container);
		jout_kv_real(j, "weight_kg", flows[n].weight_kg);
		jout_kv_real(j, "volume_m3", flows[n].volume_m3);
		jout_kv_real(j, "places", flows[n].places);
		jout_kv_real(j, "skips", flows[n].skips);
		jout_close(j);
	}
	jout_close(j);
}

void week_generate(struct arena *a, struct jout *j, size_t points, uint64_t seed)
{
	struct world w = {a, j, seed * 2 + 1};
	for (int n = 0; n < 8; n++) /* small seeds begin alike */
		chance_next(&w.random);
	jout_open(j, '{');
	jout_kv_text(j, "format", "recircuit-rounds-1");
	jout_kv_text(j, "name",
		arena_printf(a, "semaine de synthèse, %zu points, graine %" PRIu64, points, seed));
	jout_key(j, "days");
	jout_open(j, '[');
	for (size_t d = 0; d < DAYS; d++)
		jout_text(j, days[d]);
	jout_close(j);
	write_rules(&w);
	jout_key(j, "hubs");
	jout_open(j, '[');
	for (size_t h = 0; h < HUBS; h++) {
		jout_open(j, '{');
		write_place(&w, hubs[h].id, hubs[h].name, hubs[h].lat, hubs[h].lon);
		jout_kv_real(j, "unload_min", 25);
		jout_close(j);
	}
	jout_close(j);
	write_points(&w, points);
	write_pickups(&w, points);
	write_fleet(&w);
	jout_close(j);
}
