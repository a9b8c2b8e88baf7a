/* The figures of a verdict one by one: finance, indicators of the waste plan at years 6 and 12, by region,
 * and what misses. Each has its unit, source, year and sureness, so that the page, the CSV file and the
 * API show the same list.
 *
 * What is known of nobody is said to be unknown: a figure without value has a note that says why. */
#ifndef RECIRCUIT_JOBS_FIGURE_H
#define RECIRCUIT_JOBS_FIGURE_H

#include "instance.h"
#include "jin.h"
#include "jout.h"

/* The waste plan looks at years 6 and 12; t counts from 0. */
bool figure_is_mark(size_t t);

/* A member of an account that is a list by year; NAN where the account is not there. */
double figure_at_year(const struct jin *account, const char *key, size_t t);

/* Writes the member "figures" of docs/http-api.md. `answer` is the solver's, checked. */
void figure_write(
	struct arena *a, struct jout *j, const struct instance *in, const struct jin *answer);

/* One plain sentence each, or null: the range of fees, and what the nearest platform misses. */
const char *figure_fee_sentence(struct arena *a, const struct jin *answer);
const char *figure_why_sentence(
	struct arena *a, const struct instance *in, const struct jin *answer);

#endif
