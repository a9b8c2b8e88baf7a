#include "game.h"

#include <math.h>
#include <stdlib.h>

coalition game_everyone(const struct game *g)
{
	return ((coalition)1 << g->players) - 1;
}

double game_grain(const struct game *g)
{
	coalition all = game_everyone(g);
	double size = fabs(g->cost[all]);
	for (size_t i = 0; i < g->players; i++)
		size = fmax(size, fabs(g->cost[(coalition)1 << i]));
	for (coalition s = 1; s < all && !(size > 0); s++)
		size = fabs(g->cost[s]);
	return 1e-9 * size;
}

/* Each sum from that without its lowest member: one addition. */
void game_sums(size_t players, const double *share, double *sum)
{
	sum[0] = 0;
	for (coalition s = 1; s < (coalition)1 << players; s++)
		sum[s] = sum[s & (s - 1)] + share[__builtin_ctz(s)];
}

/* phi_i = sum over S without i of |S|! (n - |S| - 1)! / n! (c(S + i) - c(S)) */
void game_shapley(const struct game *g, double *share)
{
	size_t n = g->players;
	double chance
		[GAME_PLAYERS_MAX]; /* that a given coalition of this size is there when i comes */
	chance[0] = 1 / (double)n;
	for (size_t size = 1; size < n; size++)
		chance[size] = chance[size - 1] * (double)size / (double)(n - size);
	for (size_t i = 0; i < n; i++) {
		coalition newcomer = (coalition)1 << i;
		share[i] = 0;
		for (coalition s = 0; s < (coalition)1 << n; s++)
			if (!(s & newcomer))
				share[i] += chance[__builtin_popcount(s)] *
					    (g->cost[s | newcomer] - g->cost[s]);
	}
}

bool game_weights(const struct game *g, double *weight)
{
	double sum = 0;
	for (size_t i = 0; i < g->players; i++) {
		weight[i] = g->weight ? g->weight[i] : g->cost[(coalition)1 << i];
		if (weight[i] < 0)
			return false;
		sum += weight[i];
	}
	return sum > 0;
}

bool game_proportional(const struct game *g, double *share)
{
	double weight[GAME_PLAYERS_MAX], sum = 0;
	if (!game_weights(g, weight))
		return false;
	for (size_t i = 0; i < g->players; i++)
		sum += weight[i];
	for (size_t i = 0; i < g->players; i++)
		share[i] = g->cost[game_everyone(g)] * (weight[i] / sum);
	return true;
}

static int by_gain(const void *left, const void *right)
{
	const struct objection *a = left, *b = right;
	double gain_a = a->pays - a->alone, gain_b = b->pays - b->alone;
	if (gain_a != gain_b)
		return gain_a > gain_b ? -1 : 1;
	return a->members < b->members ? -1 : a->members > b->members;
}

size_t game_objections(struct arena *a, const struct game *g, const double *share,
	const struct objection **objections)
{
	coalition all = game_everyone(g);
	double grain = game_grain(g), *sum = arena_array(a, double, (size_t)all + 1);
	struct objection *list = arena_array(a, struct objection, (size_t)all + 1);
	size_t count = 0;
	game_sums(g->players, share, sum);
	for (coalition s = 1; s < all; s++)
		if (sum[s] > g->cost[s] + grain)
			list[count++] = (struct objection){s, sum[s], g->cost[s]};
	qsort(list, count, sizeof *list, by_gain);
	*objections = list;
	return count;
}

enum stability game_stability(struct arena *a, const struct game *g, const double *share)
{
	const double *least = g->bound ? g->bound : g->cost;
	coalition all = game_everyone(g);
	double grain = game_grain(g), *sum = arena_array(a, double, (size_t)all + 1);
	enum stability answer = STABLE;
	game_sums(g->players, share, sum);
	for (coalition s = 1; s < all; s++) {
		if (sum[s] > g->cost[s] + grain)
			return STABLE_NOT;
		if (sum[s] > least[s] + grain)
			answer = STABLE_PERHAPS;
	}
	return answer;
}

struct misfit game_misfit(const struct game *g)
{
	struct misfit worst = {.excess = -INFINITY};
	for (size_t i = 0; i < g->players; i++) {
		coalition alone = (coalition)1 << i;
		for (coalition s = 1; s <= game_everyone(g); s++) {
			if (s & alone)
				continue;
			double excess = g->cost[s | alone] - g->cost[s] - g->cost[alone];
			if (excess > worst.excess)
				worst = (struct misfit){s, i, excess};
		}
	}
	return worst;
}
