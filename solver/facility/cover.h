/* Which sites open when their capacities must cover the demand, given what each is worth.
 *
 *	cover_init(&c, a, f);
 *	value = cover_choose_divided(&c, status, rho, is_in);	quick; sets the price of the number
 *	value = cover_choose(&c, status, rho, is_in);		whole sites
 *	cover_sort(&c);	value = cover_flipped(&c, rho, is_in, j);
 *
 * Mathematics. Over the sites that are not closed, and with those that are open in:
 *	min sum_j rho_j y_j,  sum_j u_j y_j >= D,  p <= sum_j y_j <= q,  y in {0,1}
 * where p is how many of the largest cover D, or the number that is asked for. A cover says as much,
 * but only once it is whole: divided, it opens a part of a site. So the number has a price as well:
 *	>= max_nu nu p + min { sum_j (rho_j - nu) y_j : sum_j u_j y_j >= D, y in {0,1} }
 * with nu where the divided cover is dearest: a concave function of one variable, whose tangents
 * meet there. (Where more than q sites would open, nu <= 0 and q takes the place of p.) Whole covers
 * are then found fast, because the divided one is close, and more sites are decided by their reduced
 * costs. Any nu gives a valid bound. What stays out of a cover is a knapsack (knapsack.h). */
#ifndef RECIRCUIT_SOLVER_COVER_H
#define RECIRCUIT_SOLVER_COVER_H

#include "facility.h"
#include "knapsack.h"

enum site_status { SITE_FREE, SITE_OPEN, SITE_CLOSED };

struct cover {
	const struct facility *f;
	uint32_t *by_capacity; /* [site] the largest last */

	/* the last choice */
	double number_price;      /* nu */
	int number;               /* p, or q */
	double base;              /* cost of what is in at any rate, and of the number */
	double need;              /* capacity that is still to be found */
	size_t count;             /* sites that it may be found in: items */
	uint32_t *site, *item_of; /* [item], [site] */
	double *price, *volume;   /* [item] rho - nu > 0; u */
	uint32_t *order;          /* [item] by rising ratio, after cover_sort */
	double *ratio;            /* [item] price per volume */
	struct item *out;         /* [item] scratch */
};

void cover_init(struct cover *c, struct arena *a, const struct facility *f);

/* With parts of sites; those that open in part are in. Infinite: not enough capacity. */
double cover_choose_divided(struct cover *c, const uint8_t *status, const double *rho, bool *is_in);

/* With whole sites, at the same price of the number. A lower bound in any case; exact, for that
 * price, unless the search was given up. */
double cover_choose(struct cover *c, const uint8_t *status, const double *rho, bool *is_in);

/* A lower bound of the choice were free site j decided the other way round than in the last one;
 * for all of them cover_sort comes once before. */
void cover_sort(struct cover *c);
double cover_flipped(const struct cover *c, const double *rho, const bool *is_in, size_t j);

#endif
