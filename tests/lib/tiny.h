/* Networks so small that every plan can be tried: a few points, sites, flows and years, drawn at
 * random or changed by hand, written as FORMAT.md says and read back by the solver's own reader. */
#ifndef RECIRCUIT_TESTS_TINY_H
#define RECIRCUIT_TESTS_TINY_H

#include "model.h"
#include "network.h"

#include <stdio.h>

enum { TINY_POINTS = 5, TINY_SITES = 5, TINY_FLOWS = 3, TINY_YEARS = 3, TINY_LEVELS = 2 };

struct tiny {
	size_t points, sites, flows, years, levels;
	double discount_rate, eur_km, eur_h, carbon_eur_t;
	int max_platforms; /* -1: any */
	int min_platforms;
	bool is_single_sourced;
	/* limits; 0: none */
	double budget_eur, budget_eur_year, max_co2_t, max_co2_t_year;
	double life_years, job_eur, closing_share; /* of the one line type */
	struct {
		double capacity_t, capex_eur, upkeep_eur, jobs;
	} level[TINY_LEVELS];
	struct {
		double payload_t, revenue_eur_t, extra_eur_t, growth[TINY_YEARS];
		double near_eur_t, far_eur_t; /* haul bands, 100 km; 0 both: none */
		int name;                     /* ids stay when the order changes */
	} flow[TINY_FLOWS];
	struct {
		double lat, lon, tonnes[TINY_FLOWS];
		int name;
	} point[TINY_POINTS];
	struct {
		bool is_existing, offers[TINY_FLOWS];
		double lat, lon, site_eur, gate_eur_t[TINY_FLOWS];
		double capacity_t[TINY_FLOWS]; /* 0: without limit */
		double max_t, min_t;           /* 0: none */
		enum forced forced;
		int name;
	} site[TINY_SITES];
};

/* One that may or may not have a plan, and whose free lines have at most `states` combinations. */
struct tiny tiny_draw(uint64_t *seed, double states);

/* Limits of one kind, some of them so tight that there is no plan. */
void tiny_limit(struct tiny *t, enum limit_kind kind, uint64_t *seed);

/* The file. */
const char *tiny_write(struct arena *a, const struct tiny *t);

/* Fails the test in these words and shows the file, which cmocka would cut short. */
#define tiny_fail(a, t, ...) \
	do { \
		fprintf(stderr, "%s\n", tiny_write((a), (t))); \
		fail_msg(__VA_ARGS__); \
	} while (0)

/* The file, read: `net` may be null. */
void tiny_model(struct arena *a, const struct tiny *t, struct network *net, struct model *m);

/* The same question with its lists in another order. */
struct tiny tiny_shuffle(const struct tiny *t, uint64_t *seed);

#endif
