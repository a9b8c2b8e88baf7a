/* What a rounding inequality (rounding.h) counts for a capacity: a staircase with sloping edges.
 *
 *	struct stair s = stair_of(volume, unit, second);
 *	s.need			what is asked for
 *	stair_at(&s, u)		a(min(u, D)) */
#ifndef RECIRCUIT_SOLVER_STAIR_H
#define RECIRCUIT_SOLVER_STAIR_H

struct stair {
	double unit, second; /* second: 0, or where it does not fit: one unit only */
	double volume;       /* D */
	double rest;         /* what one unit counts for: r, or q n' */
	double step;         /* what the second one counts for: q; 0: there is none */
	double need;         /* rest times n; 0 when there is no volume */
};

struct stair stair_of(double volume, double unit, double second);
double stair_at(const struct stair *s, double capacity);

#endif
