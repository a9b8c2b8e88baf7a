/* Subset-row inequalities: of three stops, rounds that visit two or more make at most one (Jepsen, Petersen, Spoorendonk, Pisinger
 * 2008).
 *
 *	sum_rounds floor(visits of C / 2) y_r <= 1		|C| = 3
 *
 * With a limited memory (Pecin, Pessoa, Poggi, Uchoa 2017) visits are counted by stretches of the round inside the memory, which holds C: weaker,
 * and lighter to price, because whether the count is odd is forgotten outside. */
#ifndef RECIRCUIT_ROUNDS_SUBSET_H
#define RECIRCUIT_ROUNDS_SUBSET_H

#include "labels.h"

/* The count of a round, by its stretches inside the memory. */
int subset_count(const struct subset *s, const struct vrp *v, const struct column *r);

/* A column and its share in the linear programme. */
struct used {
	const struct column *column;
	double share;
};

/* Triples whose inequality is broken by more than `by`, the worst first; their memory holds what it takes for these columns to be
 * counted in full, or every stop (`is_whole`). Not those that `is_known` says are there. */
size_t subset_find(struct arena *a, const struct vrp *v, const struct used *list, size_t count,
	double by, bool is_whole, struct subset *out, size_t most);

#endif
