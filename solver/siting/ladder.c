#include "ladder.h"

#include <math.h>

/* Work, chosen on the reference scenario and on generated networks. */
enum {
	LANES_AIMED = 3000000, /* of one evaluation on zones */
	ZONES_MIN = 200,
	ZONES_MAX = 1000,
	POINTS_A_ZONE = 3, /* fewer are hardly worth a rung of their own */
	COARSER = 5,       /* half as many zones as a fifth .. */
	STAGES = 3,        /* .. and as many stages, at most, on the coarsest rung */
	FINER = 4,         /* zones to a site, in between */
	ZONE_ITERATIONS = 40,
	YEAR_ITERATIONS = 20,
	FINER_ITERATIONS = 15,
	POINT_ITERATIONS = 5,
	COARSE_ROUNDS = 12, /* of the coarsest rung */
	LIGHT_ROUNDS = 24,
	LIGHT_LINES =
		10000, /* times years: few enough for flows to be searched together again and again */
};

/* Whether every flow needs several lines. Where they take what they like, plans hang on who is near
 * them, which few zones blur. */
static bool needs_several(const struct model *m)
{
	for (size_t k = 0; k < m->flows; k++) {
		double tonnes = 0;
		for (size_t i = 0; i < m->points; i++)
			tonnes += model_tonnes(m, k, 0)[i];
		if (2 * relax_unit(m, k, INFINITY) > tonnes)
			return false;
	}
	return true;
}

void ladder_init(struct ladder *l, struct arena *a, const struct model *m)
{
	double others = (double)m->sites * (double)m->flows * (double)m->years;
	double most = fmin(ZONES_MAX, (double)m->points / POINTS_A_ZONE);
	size_t count = (size_t)fmax(ZONES_MIN, fmin(most, LANES_AIMED / others));
	struct rung *rung = l->rungs;
	l->is_tight = needs_several(m);
	l->is_light = !l->is_tight && others <= LIGHT_LINES;
	rung->m = m;
	*rung = (struct rung){.m = m,
		.rounds = 400,
		.iterations = POINT_ITERATIONS,
		.first_cuts = 1000,
		.until = LADDER_TIME};
	if (2 * count < 3 * m->sites && m->points > 2 * FINER * m->sites) {
		/* Zones hardly more than sites blur who is near: a step in between. */
		zones_init(&rung[1].zones, a, m, FINER * m->sites, m->years);
		rung++;
		*rung = (struct rung){.m = &rung->zones.model,
			.zones = rung->zones,
			.rounds = 20,
			.iterations = FINER_ITERATIONS,
			.first_cuts = 1,
			.until = 0.8};
	}
	if (rung->m->points > count + count / 2) {
		zones_init(&rung[1].zones, a, rung->m, count, m->years);
		l->warm_zones = rung == l->rungs
					? rung[1].zones
					: zones_join(a, &rung->zones, &rung[1].zones, m->points);
		rung++;
		rung->m = &rung->zones.model;
	}
	l->plan_rung = l->warm_rung = (size_t)(rung - l->rungs);
	rung->rounds = 12;
	rung->iterations = ZONE_ITERATIONS;
	rung->first_cuts = 1;
	rung->until = rung == l->rungs ? LADDER_TIME : 0.68;
	if (rung->m->points > ZONES_MIN / 2) {
		size_t few = 2 * rung->m->points / COARSER;
		if (m->years > STAGES) {
			/* What stages of years hide is found on few zones. */
			zones_init(&rung[1].zones, a, rung->m, few, m->years);
			rung++;
			*rung = (struct rung){.m = &rung->zones.model,
				.zones = rung->zones,
				.rounds = 12,
				.iterations = YEAR_ITERATIONS,
				.first_cuts = 1,
				.until = 0.55};
		}
		zones_init(&rung[1].zones, a, rung->m, few, STAGES);
		l->top_zones = rung == l->rungs + l->warm_rung
				       ? rung[1].zones
				       : zones_join(a, &rung->zones, &rung[1].zones,
						 l->rungs[l->warm_rung].m->points);
		rung++;
		*rung = (struct rung){.m = &rung->zones.model,
			.zones = rung->zones,
			.rounds = l->is_light ? LIGHT_ROUNDS : COARSE_ROUNDS,
			.iterations = ZONE_ITERATIONS,
			.first_cuts = 3,
			.until = 0.35};
		if (rung->m->years == m->years && l->is_tight)
			l->plan_rung++;
	}
	l->count = (size_t)(rung - l->rungs) + 1;
}
