#include "finance.h"

#include <assert.h>
#include <math.h>

static const char *const viability_names[] = {"viable", "not_viable", "undecided"};

enum viability viability_of(double status_quo, double cost, double bound)
{
	double least = VIABILITY_TOLERANCE * fabs(status_quo);
	if (status_quo - cost > least)
		return VIABLE;
	return status_quo - bound <= least ? NOT_VIABLE : UNDECIDED;
}

const char *viability_name(enum viability v)
{
	return viability_names[v];
}

/* Whose money a component is. */
enum purse { SHIPPERS, PLATFORMS, PLATFORMS_INCOME, PLATFORMS_INVESTED };

static const enum purse purses[COMPONENT_COUNT] = {
	[COMPONENT_HAULAGE] = SHIPPERS,
	[COMPONENT_CARBON] = SHIPPERS,
	[COMPONENT_HANDLING] = SHIPPERS,
	[COMPONENT_GATE] = SHIPPERS,
	[COMPONENT_TREATMENT] = PLATFORMS,
	[COMPONENT_ENERGY] = PLATFORMS,
	[COMPONENT_CONSUMABLES] = PLATFORMS,
	[COMPONENT_RESIDUE] = PLATFORMS,
	[COMPONENT_REVENUE] = PLATFORMS_INCOME,
	[COMPONENT_SUPPORT] = PLATFORMS_INCOME,
	[COMPONENT_JOBS] = PLATFORMS,
	[COMPONENT_UPKEEP] = PLATFORMS,
	[COMPONENT_CAPEX] = PLATFORMS_INVESTED,
	[COMPONENT_CLOSING] = PLATFORMS,
	[COMPONENT_SITE] = PLATFORMS,
};

static double paid(const struct account *acc, int component, size_t t)
{
	return acc->eur[(size_t)component * (acc->years + 1) + t];
}

static double present(const struct account *acc, enum purse purse)
{
	double sum = 0;
	for (int c = 0; c < COMPONENT_COUNT; c++)
		sum += purses[c] == purse ? acc->present_eur[c] : 0;
	return sum;
}

/* Costs before less costs after. */
static struct cashflow system_flow(
	struct arena *a, const struct account *with, const struct account *before)
{
	struct cashflow f = cashflow_new(a, with->years);
	for (int c = 0; c < COMPONENT_COUNT; c++)
		for (size_t t = 0; t <= with->years; t++) {
			double saved = paid(before, c, t) - paid(with, c, t);
			*(purses[c] == PLATFORMS_INVESTED ? &f.invested[t] : &f.running[t]) +=
				saved;
		}
	return f;
}

static struct cashflow platform_flow(struct arena *a, const struct account *with)
{
	struct cashflow f = cashflow_new(a, with->years);
	for (int c = 0; c < COMPONENT_COUNT; c++)
		for (size_t t = 0; t <= with->years && purses[c] != SHIPPERS; t++)
			*(purses[c] == PLATFORMS_INVESTED ? &f.invested[t] : &f.running[t]) -=
				paid(with, c, t);
	return f;
}

struct cashflow finance_paid(
	struct arena *a, const struct finance *f, const struct account *with, double fee_eur_t)
{
	struct cashflow paid_flow = cashflow_new(a, with->years);
	for (size_t t = 0; t <= with->years; t++) {
		double tonnes = t < with->years ? with->platform_tonnes[t] : 0;
		paid_flow.invested[t] = f->platforms.invested[t];
		paid_flow.running[t] = f->platforms.running[t] + fee_eur_t * tonnes;
	}
	return paid_flow;
}

static struct gain gain_of(const struct cashflow *f, double rate, double noise_eur)
{
	return (struct gain){cashflow_npv(f, rate), cashflow_irr(f, noise_eur),
		cashflow_payback(f, rate, noise_eur)};
}

void finance_make(struct arena *a, const struct network *net, const struct account *with,
	const struct account *before, struct finance *out)
{
	struct finance f = {.has_system = before != NULL, .platforms = platform_flow(a, with)};
	double rate = net->discount_rate;
	/* What a year costs, to the tolerance under which a value counts as none. */
	double noise = VIABILITY_TOLERANCE * fabs(with->total_eur) / (double)net->years;
	for (size_t t = 0; t < net->years; t++)
		f.present_tonnes += with->platform_tonnes[t] * pow(1 + rate, -(double)t);
	if (before) {
		f.system = system_flow(a, with, before);
		f.system_gain = gain_of(&f.system, rate, noise);
	}
	f.has_platforms = f.present_tonnes > 0;
	f.fees = !f.has_platforms ? 0 : before ? FEE_COUNT : FEE_LOW + 1;
	if (f.has_platforms) {
		double expenses = present(with, PLATFORMS) + present(with, PLATFORMS_INVESTED);
		double low = (expenses + present(with, PLATFORMS_INCOME)) / f.present_tonnes;
		f.levelised_eur_t = expenses / f.present_tonnes;
		f.fee_eur_t[FEE_LOW] = low;
		if (before) {
			double others = before->total_eur - present(with, SHIPPERS);
			double high = others / f.present_tonnes;
			f.fee_eur_t[FEE_HIGH] = high;
			f.fee_eur_t[FEE_MIDDLE] = (low + high) / 2;
			double value = before->total_eur - with->total_eur;
			assert(fabs((high - low) * f.present_tonnes - value) <=
				1e-9 * (1 + fabs(before->total_eur) + fabs(with->total_eur)));
			(void)value;
		}
		for (int n = 0; n < f.fees; n++) {
			struct cashflow flow = finance_paid(a, &f, with, f.fee_eur_t[n]);
			f.fee_gain[n] = gain_of(&flow, rate, noise);
		}
	}
	*out = f;
}

struct shortfall finance_shortfall(struct arena *a, const struct network *net,
	const struct account *with, const struct account *before)
{
	struct finance f;
	double years = 0, capex = with->present_eur[COMPONENT_CAPEX];
	finance_make(a, net, with, before, &f);
	for (size_t t = 0; t < net->years; t++)
		years += pow(1 + net->discount_rate, -(double)t);
	double eur = with->total_eur - before->total_eur;
	return (struct shortfall){
		.eur = eur,
		.eur_year = eur / years,
		.eur_t = f.has_platforms ? eur / f.present_tonnes : NAN,
		.capex_share = capex > 0 ? eur / capex : NAN,
		.fee_low_eur_t = f.has_platforms ? f.fee_eur_t[FEE_LOW] : NAN,
		.fee_high_eur_t = f.has_platforms ? f.fee_eur_t[FEE_HIGH] : NAN,
	};
}
