/* Net flows a_0..a_T, x = 1 / (1 + rate): the value is P(x) = sum_t a_t x^t, a rate of return is a root
 * of P in x > 0, that is in rate > -1.
 *
 * One change of sign among the a_t: exactly one root (Descartes), and P has opposite signs on its two
 * sides. Several: if the running sums S_t = a_0 + ... + a_t change sign once and S_T is not nil, there
 * is exactly one root in 0 < x < 1, a rate above zero (Norstrøm: the same rule applied to
 * P(x) / (1 - x) = sum_t S_t x^t, where S_t = S_T beyond T). Else no rate is said.
 *
 * The root is found by bisection, on the logarithm of x, until the doubles meet: no derivative, nothing
 * to go wrong, and a few hundred evaluations of forty terms. */
#include "cashflow.h"

#include <math.h>
#include <stdbool.h>

static const double LEAST_X = 0x1p-20, MOST_X = 0x1p20; /* rates of -99.9999 % to 10^8 % */

struct cashflow cashflow_new(struct arena *a, size_t years)
{
	return (struct cashflow){
		years, arena_array(a, double, years + 1), arena_array(a, double, years + 1)};
}

static double value_at(const double *net, size_t years, double x)
{
	double sum = 0;
	for (size_t t = years + 1; t-- > 0;)
		sum = sum * x + net[t];
	return sum;
}

double cashflow_npv(const struct cashflow *f, double discount_rate)
{
	double sum = 0;
	for (size_t t = 0; t <= f->years; t++)
		sum += (f->invested[t] + f->running[t]) * pow(1 + discount_rate, -(double)t);
	return sum;
}

static int sign(double v)
{
	return (v > 0) - (v < 0);
}

/* How often a series changes sign, and the sign it begins and ends with; zeros are passed over. */
struct signs {
	int changes, first, last;
};

static void see(struct signs *s, double v)
{
	if (!sign(v))
		return;
	if (!s->first)
		s->first = sign(v);
	else
		s->changes += sign(v) != s->last;
	s->last = sign(v);
}

/* The only root between two ends: P has the sign `first` before it, the opposite one after. */
static double find_root(const double *net, size_t years, int first, double low, double high)
{
	for (int n = 0; n < 200; n++) {
		double x = sqrt(low * high);
		if (x <= low || x >= high)
			break;
		if (sign(value_at(net, years, x)) == first)
			low = x;
		else
			high = x;
	}
	return sqrt(low * high);
}

struct irr cashflow_irr(const struct cashflow *f, double noise_eur)
{
	struct arena *scratch = arena_new();
	double *net = arena_array(scratch, double, f->years + 1), sum = 0;
	struct signs flows = {0}, sums = {0};
	for (size_t t = 0; t <= f->years; t++) {
		double a = f->invested[t] + f->running[t];
		net[t] = fabs(a) > noise_eur ? a : 0;
		sum += net[t];
		see(&flows, net[t]);
		see(&sums, fabs(sum) > noise_eur ? sum : 0);
	}
	bool is_one = flows.changes == 1;
	bool is_one_above_zero = flows.changes > 1 && sums.changes == 1 && fabs(sum) > noise_eur;
	struct irr irr = {flows.changes ? IRR_SEVERAL : IRR_NONE, NAN};
	if (is_one || is_one_above_zero) {
		irr.kind = flows.first < 0 ? IRR_ONE : IRR_LOAN;
		irr.rate =
			1 / find_root(net, f->years, flows.first, LEAST_X, is_one ? MOST_X : 1) - 1;
	}
	arena_free(scratch);
	return irr;
}

const char *irr_kind_name(enum irr_kind kind)
{
	static const char *const names[] = {"none", "one", "loan", "several"};
	return names[kind];
}

double cashflow_payback(const struct cashflow *f, double discount_rate, double noise_eur)
{
	double sum = 0, since = 0;
	bool is_below = false;
	for (size_t t = 0; t <= f->years; t++) {
		double discount = pow(1 + discount_rate, -(double)t);
		double begin = sum + discount * f->invested[t];
		double end = begin + discount * f->running[t];
		if (is_below && begin >= -noise_eur)
			since = (double)t;
		is_below = begin < -noise_eur;
		if (is_below && end >= -noise_eur)
			since = (double)t + fmin(1, -begin / (end - begin));
		is_below = end < -noise_eur;
		sum = end;
	}
	return is_below ? NAN : since;
}
