/* What the files that write figures share: figure.c (one figure, the list), figure_plan.c (the waste plan, by year and
 * région), figure_money.c (finance, limits, what misses). */
#ifndef RECIRCUIT_JOBS_FIGURE_PARTS_H
#define RECIRCUIT_JOBS_FIGURE_PARTS_H

#include "figure.h"

/* Columns of the queries in sql/queries/network.sql. */
enum { VOLUME_REGION, VOLUME_NAME, VOLUME_POPULATION, VOLUME_SURVEY = 7, VOLUME_YEAR };

#define FIGURE_MOST 1e18 /* of any amount */

/* Where a figure comes from. */
struct origin {
	const char *source, *year; /* year: null when it has none */
	const char *confidence;
};

/* What follows from the plan as a whole is as sure as the least sure of its parameters. */
extern const struct origin figure_computed;

/* NAN: not known, or of no meaning here. */
struct figure {
	const char *group, *id, *label, *unit;
	const char *region; /* its code, or null: all of them */
	double value, low, high, before, target;
	struct origin origin;
	const char *note;
	size_t mark; /* 6, 12 or 0 */
};

struct sheet {
	struct arena *arena;
	struct jout *j;
	const struct instance *in;
	struct jin with, before; /* accounts; before.value is null without a status quo */
	double population;
	size_t year; /* of the mark at hand */
};

/* Not known yet, and computed. */
struct figure figure_make(const char *group, const char *id, const char *label, const char *unit);
void figure_put(struct sheet *s, const struct figure *f);

/* A parameter of the scenario and where it comes from; NAN when there is none. */
double figure_parameter(const struct sheet *s, const char *id, struct origin *origin);
double figure_value(const struct sheet *s, const char *id);

double figure_real_or_nan(const struct jin *object, const char *key);

/* Everything about the year of the sheet. */
void figure_put_plan(struct sheet *s);

/* Everything that is of no year. */
void figure_put_money(struct sheet *s, const struct jin *answer);

#endif
