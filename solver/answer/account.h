/* The accounts of a plan on a network: money by component and year, vehicle-km, CO2, jobs.
 *
 * Computed from the network's economics directly, never through the model: that its present value
 * equals the optimiser's cost is a test of both. */
#ifndef RECIRCUIT_SOLVER_ACCOUNT_H
#define RECIRCUIT_SOLVER_ACCOUNT_H

#include "network.h"
#include "plan.h"

/*	component	name in files	what it is */
#define COMPONENTS(X) \
	X(HAULAGE, "haulage")     /* km and hours of vehicles */ \
	X(CARBON, "carbon")       /* price of the CO2 they emit */ \
	X(HANDLING, "handling")   /* at the collection side */ \
	X(GATE, "gate")           /* fees of existing plants */ \
	X(TREATMENT, "treatment") /* extra treatment in new lines: gas, batteries */ \
	X(ENERGY, "energy") \
	X(CONSUMABLES, "consumables") \
	X(RESIDUE, "residue") \
	X(REVENUE, "revenue") /* material sold: negative */ \
	X(SUPPORT, "support") /* of eco-organisms: negative */ \
	X(JOBS, "jobs") \
	X(UPKEEP, "upkeep") \
	X(CAPEX, "capex") /* bought and renewed, less residual value at the end */ \
	X(CLOSING, "closing") \
	X(SITE, "site")

#define COMPONENT_ENUM(name, text) COMPONENT_##name,
enum component { COMPONENTS(COMPONENT_ENUM) COMPONENT_COUNT };
#undef COMPONENT_ENUM

const char *component_name(enum component c);

struct account {
	size_t years;
	double *eur;    /* [component][year 0..years]: EUR of that year; the last column, one
			   past the horizon, holds residual values */
	double *tonnes; /* [year] */
	double *platform_tonnes; /* [year] treated in new lines */
	double *vehicle_km;      /* [year] out and back */
	double *co2_t;           /* [year] emitted by haulage */
	double *jobs;            /* [year] in new lines */
	double *site_jobs;       /* [site][year] */
	double *capacity;        /* [site][flow][year] t of new lines, 0 where nothing stands */
	double *load;            /* [site][flow][year] t */
	double *origin;          /* [site][region] t over the horizon */
	bool *is_source;         /* [region] has a point with tonnes */
	double *region_tonnes;   /* [region][year] that it gives */
	double *own_tonnes;      /* [region][year] of these, treated in the region itself */
	double *study_tonnes;    /* [region][year] of these, treated in a region that is a source */
	double *site_capex;      /* [site] EUR spent over the horizon, not discounted */
	double present_eur[COMPONENT_COUNT];
	double total_eur;      /* present value */
	double present_tonnes; /* discounted, so that total_eur / present_tonnes is a levelised cost
				*/
};

/* What the plan makes of a limit: EUR paid, t of CO2, t taken, lines open. */
double account_use(const struct account *acc, const struct network *net, const struct limit *limit);

/* What the network's file calls a limit. */
const char *account_limit_name(const struct limit *limit);

void account_make(
	struct arena *a, const struct network *net, const struct plan *p, struct account *out);

#endif
