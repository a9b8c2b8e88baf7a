/* What a plan is worth, and to whom: the system's cash flows, the platforms' as an enterprise that is
 * paid a fee, and the fees at which both sides gain.
 *
 *	struct finance f;
 *	finance_make(a, net, &with, &before, &f);	`before` null: no status quo to compare with
 *
 * From the accounts alone (account.h), never from the optimiser. d_t discounts year t, PV(v) is
 * sum_t d_t v_t, q_t the tonnes that platforms treat in year t.
 *
 *	system		status quo less plan: invested_t = -capex_t, running_t = all other costs before less after
 *			NPV = C0 - C, the value of docs/model.md
 *	platforms	own cost E_t = capex, closing, site, jobs, upkeep, energy, consumables, treatment,
 *			residues, less material sold and support; paid p q_t
 *			p_min = PV(E) / PV(q)	the levelised fee at which their NPV is 0
 *	shippers	pay haulage, its carbon, handling, the fees of existing plants, and p q_t
 *			p_max = (C0 - PV(what they pay without p q)) / PV(q): then they pay what they do today
 *
 * (p_max - p_min) PV(q) = C0 - C: viable exactly where p_min < p_max. finance_make asserts it. */
#ifndef RECIRCUIT_SOLVER_FINANCE_H
#define RECIRCUIT_SOLVER_FINANCE_H

#include "account.h"
#include "cashflow.h"

/* Value of the platforms and what the figures prove about it (docs/model.md, viability). */
enum viability { VIABLE, NOT_VIABLE, UNDECIDED };

/* Values below this share of the status quo's cost count as none. */
#define VIABILITY_TOLERANCE 1e-6

enum viability viability_of(double status_quo, double cost, double bound);
const char *viability_name(enum viability v);

/* What someone gains: the three figures of a series. */
struct gain {
	double npv_eur;
	struct irr irr;
	double payback_years; /* NAN: never within the horizon */
};

enum { FEE_LOW, FEE_MIDDLE, FEE_HIGH, FEE_COUNT };

struct finance {
	bool has_system;    /* there is a status quo */
	bool has_platforms; /* they treat something */
	int fees;           /* 0 without platforms, 1 without a status quo: p_min alone */
	struct cashflow system;
	struct gain system_gain;
	struct cashflow platforms;       /* before any fee */
	double present_tonnes;           /* PV(q) */
	double levelised_eur_t;          /* their cost before what they sell and get, per tonne */
	double fee_eur_t[FEE_COUNT];     /* p_min, the middle, p_max */
	struct gain fee_gain[FEE_COUNT]; /* of the platforms paid that fee */
};

void finance_make(struct arena *a, const struct network *net, const struct account *with,
	const struct account *before, struct finance *out);

/* The platforms paid `fee_eur_t` for each tonne. */
struct cashflow finance_paid(
	struct arena *a, const struct finance *f, const struct account *with, double fee_eur_t);

/* How far a plan is from being worth it: by how much its cost would have to fall, in all, by year, by
 * tonne that platforms treat (the gap between the two fees) or as a share of what they invest. */
struct shortfall {
	double eur; /* present value; negative for a plan that is worth it */
	double eur_year;
	double eur_t;       /* NAN when the platforms treat nothing */
	double capex_share; /* NAN without investment */
	double fee_low_eur_t, fee_high_eur_t;
};

struct shortfall finance_shortfall(struct arena *a, const struct network *net,
	const struct account *with, const struct account *before);

#endif
