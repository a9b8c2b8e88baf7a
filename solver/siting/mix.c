#include "mix.h"

#include <math.h>
#include <string.h>

/* Moves that save less than that part of what closes are left to descent. */
static const double LEAST_SAVED = -0.15;

enum { LEAST_TRIALS = 20 };

/* Having one level all along, from the first year on. */
static double level_cost(const struct model *m, size_t j, size_t k, int level)
{
	const struct line *line = model_line(m, j, k);
	double cost = m->discount[0] * model_change_cost(m, line, line->start, level, 0);
	for (size_t t = 0; t < m->years; t++)
		cost += m->discount[t] * m->running[(line->first + (size_t)level) * m->years + t];
	return cost;
}

static bool is_free(const struct descent *d, size_t j)
{
	const struct line *line = model_line(d->m, j, d->k);
	return line->levels && !line->is_fixed;
}

void mix_init(struct mix *x, struct arena *a, struct descent *d)
{
	const struct model *m = d->m;
	/* A trial routes every year anew. */
	size_t fewer = MIX_TRIALS / m->years;
	*x = (struct mix){.d = d,
		.trials = fewer > LEAST_TRIALS ? fewer : LEAST_TRIALS,
		.lines = arena_array(a, size_t, m->sites),
		.kept = arena_array(a, int, m->sites * m->years),
		.none = arena_array(a, int, m->years)};
	for (size_t t = 0; t < m->years; t++)
		x->none[t] = LEVEL_NONE;
	for (int l = 0; l < MODEL_LEVELS_MAX; l++)
		x->ranks[l].cost = INFINITY;
	for (size_t j = 0; j < m->sites; j++) {
		const struct line *line = model_line(m, j, d->k);
		for (int l = 0; l < line->levels && is_free(d, j); l++) {
			struct mix_rank *r = &x->ranks[l];
			r->capacity = fmax(r->capacity, m->capacity[line->first + (size_t)l]);
			r->cost = fmin(r->cost, level_cost(m, j, d->k, l));
			x->rank_count = l < x->rank_count ? x->rank_count : l + 1;
		}
	}
}

/* Tonnes that have no room in the worst year once the lines close. */
static double lacking(const struct descent *d, const struct mix_move *move)
{
	const struct model *m = d->m;
	double worst = -INFINITY;
	for (size_t t = 0; t < m->years; t++) {
		const struct transport *tp = &d->transports[t];
		double lack = 0;
		for (size_t i = 0; i < m->points; i++)
			lack += tp->tonnes[i];
		for (size_t j = 0; j < m->sites; j++)
			if (j != move->closed[0] && j != move->closed[1])
				lack -= tp->depots[j].capacity;
		worst = fmax(worst, lack);
	}
	return worst;
}

/* Among those to try, by falling merit. */
static void rank_move(struct mix *x, const struct mix_move *move)
{
	if (x->best_count == x->trials && x->best[x->trials - 1].merit >= move->merit)
		return;
	size_t n = x->best_count < x->trials ? x->best_count++ : x->trials - 1;
	for (; n && x->best[n - 1].merit < move->merit; n--)
		x->best[n] = x->best[n - 1];
	x->best[n] = *move;
}

/* xorshift64* (Vigna 2016), from 0.5 to 1.5: other moves come first each time. */
static double jitter(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return 0.5 + (double)(*state * 2685821657736338717u >> 11) * 0x1p-53;
}

/* All sets of levels that just cover what is lacking. */
static void list_sets(struct mix *x, struct mix_move *move, double lack, double saved, double least,
	uint64_t *state)
{
	int top = move->count ? move->opened[move->count - 1] : x->rank_count - 1;
	if (move->count == MIX_OPENED)
		return;
	move->count++;
	for (int l = top; l >= 0; l--) {
		double rest = saved - x->ranks[l].cost;
		move->opened[move->count - 1] = l;
		if (rest < least)
			continue;
		if (lack > x->ranks[l].capacity) {
			list_sets(x, move, lack - x->ranks[l].capacity, rest, least, state);
			continue;
		}
		move->merit = rest * jitter(state);
		rank_move(x, move);
	}
	move->count--;
}

static void list_moves(struct mix *x, uint64_t state)
{
	const struct descent *d = x->d;
	size_t count = 0;
	for (size_t j = 0; j < d->m->sites; j++)
		if (is_free(d, j) && descent_uses(d, j))
			x->lines[count++] = j;
	x->best_count = 0;
	for (size_t a = 0; a < count; a++)
		for (size_t b = a; b < count; b++) {
			struct mix_move move = {.closed = {x->lines[a], x->lines[b]}};
			double lack = lacking(d, &move);
			double cost = descent_line_cost(d, x->lines[a]) +
				      (a == b ? 0 : descent_line_cost(d, x->lines[b]));
			if (lack > 0)
				list_sets(x, &move, lack, cost, LEAST_SAVED * cost, &state);
		}
}

static bool try_move(struct mix *x, const struct mix_move *move)
{
	struct descent *d = x->d;
	size_t years = d->m->years;
	double before = d->cost;
	memcpy(x->kept, d->level, d->m->sites * years * sizeof *x->kept);
	for (int n = 0; n < MIX_CLOSED; n++)
		descent_put(d, move->closed[n], x->none);
	for (int n = 0; n < move->count; n++)
		if (descent_open(d, move->opened[n]) == d->m->sites)
			break;
	if (d->cost < before - d->tolerance)
		return true;
	for (size_t j = 0; j < d->m->sites; j++)
		if (memcmp(d->level + j * years, x->kept + j * years, years * sizeof(int)))
			descent_put(d, j, x->kept + j * years);
	return false;
}

bool mix_improve(struct mix *x, uint64_t seed, bool (*is_over)(void *context), void *context)
{
	list_moves(x, seed * 2 + 1);
	for (size_t n = 0; n < x->best_count && !is_over(context); n++)
		if (try_move(x, &x->best[n]))
			return true;
	return false;
}
