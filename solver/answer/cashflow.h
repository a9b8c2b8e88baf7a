/* A series of cash flows and what is said of it: present value, internal rate of return, payback.
 *
 * When money counts (docs/model.md, "Cash flows"): year t counts (1 + rate)^-t, t = 0 being the first
 * year, as in the optimiser's objective. What is invested falls on the first day of its year; what a
 * year earns comes evenly through it, which only the payback can tell. The entry `years` is the
 * horizon's last day, when what equipment is still worth comes back.
 *
 * Source of the definitions: Brealey, Myers, Allen, Principles of Corporate Finance, chapters 2 and 5;
 * of the test for several rates, C. Norstrøm, "A sufficient condition for a unique nonnegative internal
 * rate of return", J. of Financial and Quantitative Analysis 7 (1972). */
#ifndef RECIRCUIT_SOLVER_CASHFLOW_H
#define RECIRCUIT_SOLVER_CASHFLOW_H

#include "arena.h"

#include <stddef.h>

/* EUR of the year; income is positive. */
struct cashflow {
	size_t years;
	double *invested; /* [0..years] on the first day; the last one is the residual value */
	double *running;  /* [0..years] through the year; the last one is 0 */
};

struct cashflow cashflow_new(struct arena *a, size_t years);

double cashflow_npv(const struct cashflow *f, double discount_rate);

enum irr_kind {
	IRR_NONE,    /* money goes one way only: no rate makes the value nil */
	IRR_ONE,     /* first out, then in: worth it below this rate */
	IRR_LOAN,    /* first in, then out: worth it above this rate */
	IRR_SEVERAL, /* in and out by turns: there may be several rates, none is said */
};

struct irr {
	enum irr_kind kind;
	double rate; /* per year, above -1; NAN but for IRR_ONE and IRR_LOAN */
};

/* Amounts up to `noise_eur` are rounding, and count as nothing. */
struct irr cashflow_irr(const struct cashflow *f, double noise_eur);
const char *irr_kind_name(enum irr_kind kind);

/* Years from the start until the discounted sum is no longer below zero, and stays so to the end:
 * 0 when it never is, NAN when it ends below. */
double cashflow_payback(const struct cashflow *f, double discount_rate, double noise_eur);

#endif
