/* The siting problem as plain numbers: problem P of docs/model.md.
 *
 * Sets and indices (always in this order in an array, the last one contiguous):
 *	k flow, t year, i supply point, j site, l capacity level of a line
 * A *line* is what one site has for one flow: at most one level of it is open in a year.
 *
 * Data
 *	w[k][t][i]	tonnes of flow k that point i gives in year t
 *	c(i,j,k,t)	EUR per tonne from the point's door to the end of treatment:
 *			rate[k][t] * haul[k][j][i] + gate[j][k][t]
 *			haul is infinite where the lane does not exist
 *	u(line,l)	capacity, t per year; infinite for an outside option without limit
 *	G(line,l,t)	EUR per year that level l of a line is open
 *	F[j][t]		EUR per year that site j has any open line
 *	A		EUR of changing level between t-1 and t, separable in the two levels:
 *			up    a -> b: build(b,t) - build(a,t)
 *			down  a -> b: close(a,t) - close(b,t)
 *			(level -1 = nothing: build = close = 0)
 *	d[t]		present value of one EUR of year t
 *
 * Variables	x[i][j][k][t] in [0,1] (or {0,1} when is_single_sourced),
 *		y[j][k][l][t] and z[j][t] in {0,1}
 *
 *	min sum_t d_t ( sum_j F_jt z_jt + sum_jkl G_jklt y_jklt + A + sum_ijk c_ijkt w_ikt x_ijkt )
 *	    sum_j x_ijkt = 1				every tonne goes somewhere
 *	    sum_i w_ikt x_ijkt <= sum_l u_jkl y_jklt	capacity
 *	    x_ijkt <= sum_l y_jklt <= z_jt		strong linking
 *
 * Limits, all optional. Each is one row g <= 0 over a plan (struct limit):
 *	budget		sum of what is paid for equipment in year s (or in all) - value
 *			going up from a to b in year t pays outlay_b - outlay_a then, and again at the
 *			end of each life: in the years t, t + life, t + 2 life, ...
 *	emission	sum_ijk rate_kt E_ij w_ikt x_ijkt - value	in year t (or in all)
 *	most		sum_ik w_ikt x_ijkt - value			site j, year t
 *	least		value z_jt - sum_ik w_ikt x_ijkt		site j, year t
 *	open		1 - sum_kl y_jklt				site j, year t
 * A site that is never to open simply has no lines. The status quo is not held to limits.
 *
 * Who makes one: network.c from a network file (economics -> numbers), formats.c from the files of
 * the literature, zones.c from a larger model. Who reads one: every engine. Nobody changes one.
 *
 * Units are EUR, t and years for networks; the benchmark formats have units of their own. */
#ifndef RECIRCUIT_SOLVER_MODEL_H
#define RECIRCUIT_SOLVER_MODEL_H

#include "arena.h"
#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LEVEL_NONE = -1, MODEL_LEVELS_MAX = 16 };

struct line {
	int levels;    /* 0: the site cannot treat this flow */
	int start;     /* level in place before the first year, LEVEL_NONE if nothing is */
	bool is_fixed; /* stays in its start level for ever: existing plants, outside options */
	size_t first;  /* its level l is the model's level first + l */
};

enum limit_kind { LIMIT_BUDGET, LIMIT_EMISSION, LIMIT_MOST, LIMIT_LEAST, LIMIT_OPEN };

struct limit {
	enum limit_kind kind;
	size_t site;  /* of most, least and open */
	size_t year;  /* LIMIT_HORIZON: all years together (budget and emission) */
	double value; /* EUR, t of CO2, t; 1 for open */
};
#define LIMIT_HORIZON SIZE_MAX

/* What people call the indices: messages name these. */
struct model_names {
	const char *const *point, *const *site, *const *flow;
	int first_year;
};

struct model {
	size_t points, sites, flows, years;
	const struct model_names *names; /* null: ranks, from 1. Of no use once points are zones */
	bool is_single_sourced;          /* a point sends a flow of a year to one site only */
	int max_platforms; /* at most so many sites ever have an open line that is not fixed; -1:
			      any */
	int min_platforms; /* at least so many; 0: no such rule. Equal to the other: exactly p */

	const double *discount;    /* [year] */
	const double *tonnes;      /* [flow][year][point] */
	const double *const *haul; /* [flow] -> [site][point]; flows may share one matrix */
	const double *rate;        /* [flow][year] */
	const double *gate;        /* [site][flow][year] */
	const double *site_cost;   /* [site][year] F */
	const struct line *lines;  /* [site][flow] */

	/* levels of all lines, one after another; within a line by rising capacity */
	size_t levels;
	const double *capacity; /* [level] */
	const double *running;  /* [level][year] G */
	const double *build;    /* [level][year] */
	const double *close;    /* [level][year] */

	const struct limit *limits;
	size_t limit_count;
	const double *outlay; /* [level] EUR of equipment; null without a budget */
	const int *life;      /* [site][flow] years until it is bought again; the same */
	const double
		*emission; /* [site][point] E, t of CO2 times rate; null without a limit on it */
};

/* How many times within a limit on budgets is what line (j, k) buys in year t paid? */
int model_payments(const struct model *m, const struct limit *limit, size_t j, size_t k, size_t t);

static inline const struct line *model_line(const struct model *m, size_t j, size_t k)
{
	return &m->lines[j * m->flows + k];
}

static inline const double *model_tonnes(const struct model *m, size_t k, size_t t)
{
	return m->tonnes + (k * m->years + t) * m->points;
}

/* EUR per tonne; infinite where there is no lane. */
static inline double model_cost(const struct model *m, size_t i, size_t j, size_t k, size_t t)
{
	return m->rate[k * m->years + t] * m->haul[k][j * m->points + i] +
	       m->gate[(j * m->flows + k) * m->years + t];
}

/* Cost of changing a line from level `from` to level `to` at the start of year t; EUR of year t. */
double model_change_cost(
	const struct model *m, const struct line *line, int from, int to, size_t t);

/* How messages name an index: its id between quotes, else its rank from 1.
 *	model_point(m, i, LABEL) */
struct label {
	char text[120];
};
#define LABEL (&(struct label){{0}})

const char *model_point(const struct model *m, size_t i, struct label *out);
const char *model_site(const struct model *m, size_t j, struct label *out);
const char *model_flow(const struct model *m, size_t k, struct label *out);
int model_year(const struct model *m, size_t t); /* of the calendar, else its rank from 1 */

/* What line (j, k) can take at its largest, t per year; 0 where there can be none. */
double model_largest_capacity(const struct model *m, size_t j, size_t k);

/* What all lines of a flow can take together, t per year: fixed ones, and the largest of the others, as
 * many as there may be platforms. */
double model_most_capacity(const struct model *m, size_t k);

/* A flow and a year whose tonnes exceed all the capacity there can be: every line at its largest,
 * as many platforms as are allowed. False when there is none, which does not prove that a plan
 * exists. */
struct shortage {
	size_t flow, year;
	double tonnes, capacity;
};

bool model_find_shortage(const struct model *m, struct shortage *out);

/* Refuses what no engine could take: NaN, negative volumes or capacities, levels out of order, a
 * point of which some flow can go nowhere. Says which. */
must_use bool model_check(const struct model *m, struct err *e);

#endif
