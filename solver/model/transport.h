/* Who goes where once it is decided what is open: the exact transport of one flow in one year.
 *
 *	transport_init(&tp, a, points, tonnes, sites);
 *	transport_row(&tp, j, haul_row, rate, gate);		for each site that may open
 *	transport_resize(&tp, j, capacity);			opens it; more or less later, 0
 * closes if (!transport_settle(&tp)) ...				no room, or no lane, for
 * everything
 *
 * Resizing and settling again costs what the change costs: search moves are priced exactly that
 * way. transport_solve does all of it once, for whoever only wants the answer.
 *
 * Mathematics. Points i with tonnes w_i, open sites with capacity u_a:
 *	min sum c_ia x_ia,  sum_a x_ia = w_i,  sum_i x_ia <= u_a,  x >= 0.
 * Every point starts at the site that is cheapest at the prices mu one begins with, nothing or those
 * of a year much alike; what exceeds a capacity then leaves by successive shortest paths on the graph of sites, where arc a -> b costs min { c_ib - c_ia : x_ia > 0 }, the
 * cheapest change of mind of a point served at a. Prices mu_a >= 0 of the capacities keep all
 * lengths c_ib - c_ia + mu_b - mu_a >= 0, so each search is Dijkstra's. Room that appears is filled
 * by the mirror image: shortest paths that end in the site with room and begin wherever tonnes can
 * be taken from. At the end (mu, lambda_i = min_a c_ia + mu_a) proves that the flow is optimal.
 * Source: Ahuja, Magnanti, Orlin (1993), ch. 9, on a contracted graph. */
#ifndef RECIRCUIT_SOLVER_TRANSPORT_H
#define RECIRCUIT_SOLVER_TRANSPORT_H

#include "plan.h"

struct part {
	double tonnes;
	uint32_t point, site;
	uint32_t next; /* another part of the same point, PART_NONE at the end */
	uint32_t slot; /* place in the list of its site */
};

enum { PART_NONE = UINT32_MAX };

struct depot {
	const double *haul; /* [point] */
	double rate, gate;  /* cost per tonne = rate * haul[i] + gate */
	double capacity, load;
	double price;    /* mu: what one more tonne of capacity would save */
	uint32_t *parts; /* of the points served here */
	size_t count, room;
	bool has_row;   /* its row of the arc tables is up to date */
	bool is_listed; /* among the open sites, or still to be emptied */
};

struct transport {
	struct arena *arena;
	size_t points, sites;
	const double *tonnes; /* [point] */
	struct depot *depots; /* [site] */
	struct part *parts;   /* a pool */
	size_t part_count, part_room;
	uint32_t part_free; /* first unused part below part_count */
	uint32_t *first;    /* [point] its first part */
	double *arc;        /* [site][site] cheapest change of mind */
	uint32_t *arc_part; /* [site][site] whose it is */
	double *dist;       /* [site] scratch of a search */
	uint32_t *via;      /* [site] */
	bool *is_done;      /* [site] */
	uint32_t *open;     /* open sites, rising */
	size_t open_count;
	double slack;   /* tonnes too small to matter */
	bool is_placed; /* every point is somewhere */
	int64_t searches;
};

void transport_init(
	struct transport *tp, struct arena *a, size_t points, const double *tonnes, size_t sites);
void transport_row(struct transport *tp, size_t j, const double *haul, double rate, double gate);
void transport_resize(struct transport *tp, size_t j, double capacity);

/* Brings everything back to the optimum. False when the open sites cannot take all, or no lane
 * leads to them: start again with transport_clear then, or with more room. */
must_use bool transport_settle(struct transport *tp);

/* Forgets where everything goes; sites keep their rows and capacities. */
void transport_clear(struct transport *tp);

double transport_cost(const struct transport *tp);

/* The price of point i per tonne: min over open sites of cost and congestion. */
double transport_point_price(const struct transport *tp, size_t i);

struct routing {
	double cost; /* EUR of the year, not discounted */
	struct shipment *shipments;
	size_t count;        /* ordered by point, site */
	const double *price; /* [site] per tonne of capacity */
};

/* capacity[site]: 0 closed, infinite without limit. guess[site]: the prices of a year much like this
 * one, where the search begins; null for none. False: not everything can go somewhere. */
must_use bool transport_solve(struct arena *a, const struct model *m, size_t k, size_t t,
	const double *capacity, const double *guess, struct routing *out);

#endif
