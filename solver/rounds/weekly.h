/* How the search keeps the rules (rules.h): where a stop may go, what a round costs then, and on which days the other visits
 * of its pick-up leave it free.
 *
 *	rounds_settle calls weekly_settle, insertion_find weekly_find, rounds_retype weekly_retype.
 *
 * An insertion is estimated from below first (kilometres, and hours less the waiting they may fill); only what could be the
 * best is driven exactly (day.h). */
#ifndef RECIRCUIT_ROUNDS_WEEKLY_H
#define RECIRCUIT_ROUNDS_WEEKLY_H

#include "ground.h"
#include "rounds.h"
#include "rules.h"

/* Cost and hours of a round whose visits, km and loads are there. */
void weekly_settle(const struct vrp *v, struct round *x);

/* As insertion_find. */
bool weekly_find(const struct rounds *s, const struct ground *g, uint32_t stop, uint64_t *random,
	struct spot *out);

/* What the cheapest place for an absent stop costs more; infinite: there is none. All are looked at. */
double weekly_cheapest(const struct rounds *s, uint32_t stop);

/* Bits: the days on which no other visit of its pick-up is too near. */
uint32_t weekly_free_days(const struct rounds *s, uint32_t stop);

/* Of a part of the rounds: who has another visit of its pick-up in another part stays on its day, or takes one that is free. `all` are the rounds that
 * the parts were made of. */
void weekly_hold(struct rounds *part, const struct rounds *all);

/* The cheapest type for the whole round, another day's too; its type when there is none cheaper. */
uint32_t weekly_type(const struct rounds *s, const struct round *x);

#endif
