/* A quick valid bound: no plan costs less, on every point, site and year. */
#ifndef RECIRCUIT_SOLVER_TANGENT_H
#define RECIRCUIT_SOLVER_TANGENT_H

#include "model.h"

double tangent_bound(const struct model *m);

#endif
