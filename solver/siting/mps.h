/* The model as a file for any other solver. */
#ifndef RECIRCUIT_SOLVER_MPS_H
#define RECIRCUIT_SOLVER_MPS_H

#include "err.h"
#include "model.h"

/* Writes it as a free MPS file; "-" is standard output. Columns are named as in program.h with ranks from 1
 * (x_point_site_flow_year). ERR_TOO_LARGE above MPS_CELLS_MAX assignment variables. */
must_use bool mps_export(struct arena *a, const struct model *m, const char *path, struct err *e);
#define MPS_CELLS_MAX 4000000

#endif
