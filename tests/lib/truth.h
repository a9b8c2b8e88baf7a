/* What is true of tiny networks, found by trying all their plans one by one.
 *
 *	truth_draw(a, &seed, &net);			a network small enough for that
 *	truth_is_about(found, truth_cost(a, &net));
 *	truth_agrees(a, &net, answer);
 */
#ifndef RECIRCUIT_TESTS_TRUTH_H
#define RECIRCUIT_TESTS_TRUTH_H

#include "outcome.h"

/* A search that proves everything. */
extern const struct task truth_task;

void truth_draw(struct arena *a, uint64_t *seed, struct network *net);

/* EUR, present value; that of today's plants is infinite when they cannot take everything. */
double truth_cost(struct arena *a, const struct network *net);
double truth_today(struct arena *a, const struct network *net);

/* Fails the test when both are sure and differ: the truth is not, within a hair of the threshold. */
void truth_agrees(struct arena *a, const struct network *net, enum viability answer);

/* Fails the test when they differ by more than searches leave. */
void truth_is_about(double found, double expected);

#endif
