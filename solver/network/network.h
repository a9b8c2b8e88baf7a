/* A network: the economics of a siting question, as the file of FORMAT.md says it.
 *
 *	struct network net;
 *	if (!network_read(a, bytes, n, &net, e)) ...
 *	struct model m;
 *	economy_model(a, &net, &m);		economics -> numbers (economy.h)
 *
 * Nothing here knows an optimiser: account.c prices a plan straight from these fields, which is how
 * the optimiser's own figures are checked. All texts and arrays live in the arena. */
#ifndef RECIRCUIT_SOLVER_NETWORK_H
#define RECIRCUIT_SOLVER_NETWORK_H

#include "arena.h"
#include "distance.h"
#include "err.h"
#include "jout.h"

#include <stdbool.h>
#include <stddef.h>

/* What collecting costs beyond trips out and back with full vehicles. */
struct haul_band {
	double below_km;    /* one way by road; infinite for the last */
	double extra_eur_t; /* may be negative: haulage never costs less than nothing */
};

struct flow {
	const char *id;
	double payload_t;     /* tonnes in a full vehicle */
	const double *growth; /* [year] factor on the first year's tonnes */
	/* EUR per tonne treated in a platform line */
	double extra_eur_t, energy_eur_t, consumables_eur_t, support_eur_t, revenue_eur_t;
	double residue_share, residue_eur_t; /* share of input, EUR per tonne of residue */
	size_t haul_bands;                   /* 0: trips out and back are all there is */
	const struct haul_band *haul_band;
	double handling_eur_t; /* at the collection side, whatever the destination */
};

struct level {
	double capacity_t; /* per year */
	double capex_eur;
	double upkeep_eur; /* per year open */
	double jobs;       /* full-time equivalents while open */
};

/* What one kind of line costs at each size; levels by rising capacity. */
struct line_type {
	const char *id;
	double life_years;
	double job_eur;       /* per full-time equivalent and year */
	double closing_share; /* of the capex given up when a line closes or shrinks */
	double resale_share;  /* of the straight-line value left at the horizon's end */
	size_t levels;
	const struct level *level;
};

struct point {
	const char *id;
	size_t region;
	struct place at;
};

enum site_kind { SITE_CANDIDATE, SITE_EXISTING };

/* What is decided beforehand of a candidate. */
enum forced {
	FORCED_NOT,
	FORCED_OPEN, /* some line of it is open in every year */
	FORCED_CLOSED
};

/* What a site does for one flow. */
struct site_line {
	bool is_offered;
	size_t type;       /* candidate: its line type */
	double capacity_t; /* existing plant: per year, infinite without limit */
	double gate_eur_t; /* existing plant: its fee */
};

struct site {
	const char *id, *name;
	enum site_kind kind;
	size_t region;
	struct place at;
	double site_eur;               /* candidate: per year that any line is open */
	double max_t;                  /* candidate: all flows, per year; infinite without limit */
	double min_t;                  /* the same: no less in a year that any line is open */
	enum forced forced;            /* candidate */
	const struct site_line *lines; /* [flow] */
};

struct haulage {
	double eur_km, eur_h, speed_km_h;
	double handling_h; /* loading and unloading, per trip */
	double kgco2_km;
	size_t bands;
	const struct distance_band *band;
};

struct network {
	const char *name;
	int first_year;
	size_t years, flows, regions, points, sites, line_types;
	double discount_rate; /* real, per year */
	double carbon_eur_t;  /* EUR per tonne of CO2 emitted by haulage */
	int max_platforms;    /* -1: any */
	int min_platforms;    /* 0: no such rule */
	/* Paid for equipment, renewals too, and emitted by haulage: at most so much in all, infinite
	 * without limit, and in each year, null without limit. */
	double budget_eur, max_co2_t;
	const double *budget_eur_year, *max_co2_t_year; /* [year] */
	bool is_single_sourced;
	struct haulage haulage;
	const char *const *region; /* [region] ids */
	const struct flow *flow;
	const struct line_type *line_type;
	const struct point *point;
	const struct site *site;
	const double *tonnes; /* [flow][year][point] */
	const double
		*lane_km; /* [site][point] given road km, NaN where none was; null: none at all */
	const double *lane_h; /* [site][point] given hours, the same */
};

must_use bool network_read(
	struct arena *a, const char *bytes, size_t n, struct network *net, struct err *e);

/* One way by road, km; from the given lanes, else from coordinates and the distance rule. */
double network_km(const struct network *net, size_t point, size_t site);

/* One way, hours; `km` is what network_km says. */
double network_hours(const struct network *net, size_t point, size_t site, double km);

/* The file of FORMAT.md that network_read reads back as the same network; without lanes. */
void network_write(struct jout *j, const struct network *net);

static inline double network_tonnes(
	const struct network *net, size_t flow, size_t year, size_t point)
{
	return net->tonnes[(flow * net->years + year) * net->points + point];
}

#endif
