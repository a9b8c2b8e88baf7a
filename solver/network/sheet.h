/* What a file of the literature says of a problem with one flow and one year, before it is a model. */
#ifndef RECIRCUIT_SOLVER_SHEET_H
#define RECIRCUIT_SOLVER_SHEET_H

#include "model.h"
#include "scan.h"

struct sheet {
	size_t sites, points;
	double *demand;   /* [point] */
	double *capacity; /* [site] */
	double *fixed;    /* [site] */
	double *cost;     /* [site][point] */
	bool is_per_unit; /* cost of one unit of demand; otherwise of the whole demand */
};

/* Room for so much, unless the file was wrong so far, is too short for it, or memory is; all is 0. */
must_use bool sheet_init(
	struct arena *a, struct sheet *sheet, size_t sites, size_t points, struct scan *s);
/* May a lane take so many bytes? */
must_use bool sheet_fits(size_t sites, size_t points, double bytes, struct scan *s);

/* False when the file was wrong. The sheet is the model's from then on. */
must_use bool sheet_to_model(
	struct arena *a, struct sheet *sheet, const struct scan *s, struct model *m);

#endif
