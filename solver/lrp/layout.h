/* Rounds from sites: each is a chain of stops that begins and ends at a site.
 *
 *	layout_init(&x, a, &vrp);			every stop is absent, every site empty
 *	layout_insert(&x, loop, after, stop);		`after` a stop of the loop, or its site: first
 *	layout_begin_loop(&x, site, stop);
 *	layout_remove(&x, stop);
 *	layout_move(&x, loop, site, after);		the same circle, entered from another site
 *	layout_copy(&to, &from);			cheap: so one goes back
 *
 * The link of the first stop backwards and of the last forwards is the site, so that what lies on both sides of a stop is
 * always a place. `cost` is of ways, rounds and what `opening` says of sites; of absent stops `missing` each. */
#ifndef RECIRCUIT_LRP_LAYOUT_H
#define RECIRCUIT_LRP_LAYOUT_H

#include "pool.h"

#define LAYOUT_ABSENT UINT16_MAX

struct loop {
	uint16_t site, first, last, size; /* size 0: a slot that is free */
	double load;
};

struct layout {
	const struct vrp *v;
	const double *opening; /* [site] EUR of its first round; infinite: it stays closed */
	uint16_t *next, *prev; /* [place] */
	uint16_t *of;          /* [place] loop; LAYOUT_ABSENT */
	struct loop *loop;
	size_t loops, rounds; /* slots in use and free; those in use */
	double *load;         /* [site] */
	uint16_t *begins;     /* [site] rounds */
	uint16_t *absent;
	size_t absents;
	double cost, missing;
};

void layout_init(struct layout *x, struct arena *a, const struct vrp *v);
void layout_clear(struct layout *x, const double *opening);
void layout_copy(struct layout *to, const struct layout *from);

void layout_insert(struct layout *x, uint32_t loop, uint32_t after, uint32_t stop);
uint32_t layout_begin_loop(struct layout *x, uint32_t site, uint32_t stop);
void layout_remove(struct layout *x, uint32_t stop);
void layout_move(struct layout *x, uint32_t loop, uint32_t site, uint32_t after);

/* What ways, rounds and open sites cost; infinite while a stop is absent. */
double layout_cost(const struct layout *x);

/* As rounds of the problem; the arena's. */
struct tour;
struct tour *layout_tours(struct arena *a, const struct layout *x, size_t *count);
/* All of them join the pool, unless a stop is absent. */
void layout_pool(const struct layout *x, struct pool *p);

#endif
