/* From a relaxation on zones to one on what the zones were made of, and back.
 *
 *	carry_down(&fine, a, &coarse, &z);	z was made from fine's model, coarse works on z.model
 *	carry_up(&z, m, price, zone_price);	prices of zones from those of points
 *	carry_change(...);			from an answer to much the same question (heir.h)
 *
 * A point pays what its zone pays and what it is farther, in haulage, from where its zone goes on
 * average (the averages of the relaxation; an outlet for what is left). Years take the prices of
 * their stage; inequalities, whose volumes differ, keep the rent of a line. Inequalities, averages and the step go along, so that the ascent does not begin
 * anew. */
#ifndef RECIRCUIT_SOLVER_CARRY_H
#define RECIRCUIT_SOLVER_CARRY_H

#include "relax.h"
#include "zones.h"

void carry_down(struct relax *fine, struct arena *a, struct relax *coarse, const struct zones *z);

/* The same where it is known from before what tonnes are worth at the points and were in the zones: that changes as it
 * did in their zones. */
void carry_change(struct relax *fine, struct arena *a, struct relax *coarse, const struct zones *z,
	const double *worth, const double *zone_worth);

/* price[flow][year][point] of m -> zone_price[flow][stage][zone], means by tonnes. */
void carry_up(
	const struct zones *z, const struct model *m, const double *price, double *zone_price);

#endif
