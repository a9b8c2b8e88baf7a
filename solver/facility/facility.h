/* Capacitated facility location proper: what a model is when it has one flow, one year and at most
 * one level per site. The files of the literature are of this kind, and so is a region's first
 * question. Points without volume are left out and constants set aside; sites that are fixed stay
 * open. */
#ifndef RECIRCUIT_SOLVER_FACILITY_H
#define RECIRCUIT_SOLVER_FACILITY_H

#include "plan.h"

struct facility {
	size_t points, sites;
	const uint32_t *point_of; /* [point] its index in the model */
	const double *demand;     /* [point] positive */
	const double *unit;       /* [site][point] cost per unit of demand; infinite: no lane */
	const double *capacity;   /* [site] at most what all of the demand takes */
	const double *opening;    /* [site] cost of being open rather than closed */
	const bool *is_fixed;     /* [site] open whatever it costs */
	double total;             /* demand */
	double cover;             /* what the capacities of open sites add up to at least */
	double offset;            /* cost that no decision changes */
	int open_min, open_max;   /* sites open, the fixed ones included */
	bool is_capacitated, is_single;
	double grain; /* costs of plans are offset + multiples of it; 0 when that is not known */
	double discount;
};

/* False when the model is of a more general kind. */
bool facility_fits(const struct model *m);

void facility_init(struct arena *a, struct facility *f, const struct model *m);

/* The plan that opens `is_open` [site]; `to` [point] is where single sources go, null when demand
 * may be split. False when it cannot take everything. */
must_use bool facility_plan(struct arena *a, const struct facility *f, const struct model *m,
	const bool *is_open, const uint32_t *to, struct plan *plan);

#endif
