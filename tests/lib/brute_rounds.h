/* The least cost of any plan of a question about collection, found by trying them all: every visit by every vehicle on every
 * day or by none, every order, every way to rest. Written from solver/FORMAT.md and nothing else; slow on purpose. */
#ifndef RECIRCUIT_TESTS_BRUTE_ROUNDS_H
#define RECIRCUIT_TESTS_BRUTE_ROUNDS_H

#include "collection.h"

enum { BRUTE_VISITS_MOST = 4 };

/* EUR, infinite when a visit that must be made cannot be. At most BRUTE_VISITS_MOST visits, and 12 pairs of a vehicle and a day. */
double brute_rounds(const struct collection *c);

#endif
