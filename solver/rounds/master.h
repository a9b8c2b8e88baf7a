/* The linear programme of rounds, by GLPK: rows for stops, vehicles and inequalities; columns for stops left out, then rounds.
 *
 *	master_begin(&m, a, &vrp, &best, deadline, stop, is_whole)
 *	master_add_column(&m, &round); master_add_cut(&m, &cut);
 *	while (master_solve(&m)) ... m.value, m.dual, master_price_arcs(&m, type) ...
 *
 *	min  sum_r c_r y_r + sum_i penalty_i o_i
 *	     sum_r (visits of i by r) y_r + o_i >= 1		(= 1 with is_whole)
 *	     sum_{r of type t} y_r <= vehicles of t
 *	     capacity inequalities (crossing.h) >= least; subset-row inequalities (subset.h) <= 1
 *
 * `value` is that of the duals within the signs that make it a bound: value + sum_t m_t min(0, least reduced cost of t) is below the cost of
 * every plan, whatever the simplex rounds. */
#ifndef RECIRCUIT_ROUNDS_MASTER_H
#define RECIRCUIT_ROUNDS_MASTER_H

#include "crossing.h"
#include "rounds.h"
#include "subset.h"

#include <glpk.h>
#include <signal.h>

enum { MASTER_CUTS = 1000 };

struct cut {
	bool is_subset;
	struct crossing crossing;
	struct subset subset;
	double center;
};

struct master {
	struct arena *a, *scratch;
	const struct vrp *v;
	glp_prob *lp;
	size_t stops;
	struct column *column;
	size_t count, room;
	struct cut *cut;
	size_t cuts;
	double *arc;  /* [place][place] reduced cost of ways, for the type last asked */
	double *dual; /* [row] of the sign that its row asks for; those that are priced */
	double value;
	double *lp_dual, lp_value; /* of the programme itself */
	double *center,
		center_bound; /* [stop, then type]; what was proved with it (cuts have their own) */
	double deadline;      /* clock_seconds() */
	const volatile sig_atomic_t *stop;
	bool has_new_rows; /* since the last solution */
};

void master_begin(struct master *m, struct arena *a, const struct vrp *v, const struct rounds *best,
	double deadline, const volatile sig_atomic_t *stop, bool is_whole);
void master_add_column(struct master *m, const struct column *c);
void master_add_cut(struct master *m, const struct cut *c);
/* Without those that bind nothing now. */
void master_drop_idle_subsets(struct master *m);

bool master_is_over(const struct master *m);
bool master_solve(struct master *m);
/* After a change of bounds: about what the programme comes to, by so many pivots of the dual simplex; for guesses. */
double master_probe(struct master *m, int pivots);
/* Solved: rounds whose reduced cost is above `most` leave the programme. */
void master_strike(struct master *m, double most);
void master_price_arcs(struct master *m, size_t type);

/* What is priced: the programme's duals, drawn towards the centre by this share. */
void master_blend(struct master *m, double pull);
void master_keep_center(struct master *m, double bound);
/* Before anything is known: each stop pays what leaving it out of these rounds would spare, in proportion. */
void master_guess_center(struct master *m, const struct rounds *best);
/* The reduced cost of a round by the programme's duals. */
double master_reduced(const struct master *m, const struct column *c);

double master_share(const struct master *m, size_t column);

/* Subsets that cost something, with their penalties; up to LABELS_SUBSETS. */
size_t master_subsets(const struct master *m, struct subset *out, size_t most);

#endif
