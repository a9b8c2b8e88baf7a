#include "span.h"

static const int64_t PRIME = 2147483647;

static int64_t modulo(int64_t v)
{
	v %= PRIME;
	return v < 0 ? v + PRIME : v;
}

/* v^(PRIME - 2), Fermat's inverse. */
static int64_t inverse(int64_t v)
{
	int64_t power = 1;
	for (int64_t rest = PRIME - 2; rest; rest >>= 1) {
		if (rest & 1)
			power = power * v % PRIME;
		v = v * v % PRIME;
	}
	return power;
}

void span_init(struct span *s, size_t players)
{
	*s = (struct span){.players = players};
}

static void subtract(const struct span *s, int64_t *from, const int64_t *row, int64_t times)
{
	for (size_t i = 0; i < s->players; i++)
		from[i] = modulo(from[i] - times * row[i]);
}

bool span_add(struct span *s, coalition members)
{
	int64_t row[GAME_PLAYERS_MAX];
	size_t pivot = 0;
	for (size_t i = 0; i < s->players; i++)
		row[i] = members >> i & 1;
	for (size_t r = 0; r < s->rank; r++)
		subtract(s, row, s->row[r], row[s->pivot[r]]);
	while (pivot < s->players && !row[pivot])
		pivot++;
	if (pivot == s->players)
		return false;
	int64_t unit = inverse(row[pivot]);
	for (size_t i = 0; i < s->players; i++)
		row[i] = row[i] * unit % PRIME;
	for (size_t r = 0; r < s->rank; r++)
		subtract(s, s->row[r], row, s->row[r][pivot]);
	for (size_t i = 0; i < s->players; i++)
		s->row[s->rank][i] = row[i];
	s->pivot[s->rank++] = pivot;
	return true;
}

/* A vector is in the span when it is orthogonal to all that the rows are orthogonal to: for each column q
 * without pivot, to e_q - sum_r row[r][q] e_pivot(r). */
void span_mark(const struct span *s, bool *is_in)
{
	coalition end = (coalition)1 << s->players, pivots = 0;
	for (coalition c = 0; c < end; c++)
		is_in[c] = true;
	for (size_t r = 0; r < s->rank; r++)
		pivots |= (coalition)1 << s->pivot[r];
	for (size_t q = 0; q < s->players; q++) {
		int64_t normal[GAME_PLAYERS_MAX] = {0};
		if (pivots >> q & 1)
			continue;
		normal[q] = 1;
		for (size_t r = 0; r < s->rank; r++)
			normal[s->pivot[r]] = -s->row[r][q];
		for (coalition c = 1; c < end; c++) {
			int64_t product = 0;
			for (coalition left = c; left; left &= left - 1)
				product += normal[__builtin_ctz(left)];
			is_in[c] = is_in[c] && product % PRIME == 0;
		}
	}
}
