/* Local search on the lines of one flow, years together, with exact transport.
 *
 *	descent_init(&s, a, model, k);
 *	descent_load(&s, level, others);		a plan of this flow; s.cost
 *	descent_run(&s, passes, is_over, context);
 *
 * Moves: close a line; close it and open the best path elsewhere, or another path in its place;
 * open a line. Each move is priced exactly by changing the transport and changing it back. What to
 * try comes from duality: at the prices of the current transport, the cheapest path of line j
 * (pricing.h) costs P_j, and no plan that adds j to the current one costs less than cost + P_j. So
 * candidates are tried in that order and the rest is proved to be of no use. */
#ifndef RECIRCUIT_SOLVER_DESCENT_H
#define RECIRCUIT_SOLVER_DESCENT_H

#include "plan.h"
#include "pricing.h"
#include "transport.h"

struct descent {
	const struct model *m;
	size_t k;
	struct arena *arena;
	struct transport *transports; /* [year] */
	double *transport_cost;       /* [year] EUR of the year */
	int *level;                   /* [site][year] */
	double *others;   /* [site][year] site cost this flow would pay: 0 when another pays */
	double cost;      /* present: transport, lines and the site costs above */
	double tolerance; /* smaller gains are noise */

	struct lanes lanes;
	struct pricing pricing;
	double *price;   /* [year][point] */
	double *most;    /* [year][block] */
	bool *is_likely; /* [site] whoever searches says where lines may well be */
	double *grant;   /* [year][MODEL_LEVELS_MAX] scratch */
	int *kept;       /* [year] scratch */
	int *moved;      /* [year] scratch */
	int *paths;      /* [site][year] scratch */
	double *totals;  /* [site] scratch */
	size_t *order;   /* [site] scratch */
	int64_t moves;
};

void descent_init(struct descent *s, struct arena *a, const struct model *m, size_t k);

/* level[site][year] of this flow; is_open_elsewhere[site][year]: another flow pays the site.
 * Volumes that find no place go to an outlet too dear to be chosen; descent_is_feasible tells. */
void descent_load(struct descent *s, const int *level, const bool *is_open_elsewhere);
/* The same where this flow bears its shares [site][flow][year] of what sites cost. */
void descent_load_shared(struct descent *s, const int *level, const double *share);
bool descent_is_feasible(const struct descent *s);

/* Site j costs this flow so much in every year, until the next load. */
void descent_charge(struct descent *s, size_t j, double eur);

/* Tonnes that line j takes in all years. */
double descent_load_of(const struct descent *s, size_t j);

/* Gives line j another path, whatever it costs. */
void descent_put(struct descent *s, size_t j, const int *path);

/* Transport of year t, EUR of the year, were line j at that level; whoever asks puts it back to its own. */
double descent_year(struct descent *s, size_t j, size_t t, int level);

/* The likely line that is best opened in one level only, whatever it costs; m->sites when none helps. */
enum { ANY_LEVEL = -2 };
size_t descent_open(struct descent *s, int level);

/* How many lines that are not in use would pay at today's prices: order[0..), best first; with the path paths[site][year]
 * the cost does not fall by more than -totals[site]. */
size_t descent_price(struct descent *s);

/* Present cost of what line j has, transport apart. */
double descent_line_cost(const struct descent *s, size_t j);

/* Whether line j is open in any year. */
bool descent_uses(const struct descent *s, size_t j);

/* Site b takes over the path of site a; what the same tonnes would cost more there (the cost of the
 * move is at most that). */
void descent_move(struct descent *s, size_t a, size_t b);
double descent_reach(const struct descent *s, size_t a, size_t b);

/* Without what sites cost. */
double descent_own_cost(const struct descent *s);

/* Passes over all lines until one finds nothing. Returns whether anything was gained. */
bool descent_run(struct descent *s, int passes, bool (*is_over)(void *context), void *context);

/* Prices at which every line in use earns just what it costs, each point paying its part of the
 * line that serves it: where a bound's ascent begins well. price[year][point]. */
void descent_prices(const struct descent *s, double *price);

#endif
