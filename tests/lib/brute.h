/* The least cost of any plan, found by trying them all. Written from the definition in model.h and
 * nothing else; slow on purpose. */
#ifndef RECIRCUIT_TESTS_BRUTE_H
#define RECIRCUIT_TESTS_BRUTE_H

#include "model.h"

/* Infinite when no plan exists. */
double brute_force(const struct model *m);

#endif
