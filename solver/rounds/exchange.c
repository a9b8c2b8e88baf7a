#include "exchange.h"

static bool overlap(const struct polish *d, size_t r, size_t q)
{
	return polish_turned(d->from[r], d->from[q]) <= polish_turned(d->from[r], d->to[r]) ||
	       polish_turned(d->from[q], d->from[r]) <= polish_turned(d->from[q], d->to[q]);
}

/* Of a stop in a round, the three places where it costs least. */
static struct places3 *places_of(struct polish *d, uint32_t u, uint32_t r)
{
	struct places3 *b = &d->best3[r * (d->stops + 1) + u];
	if (b->when >= d->changed[r])
		return b;
	*b = (struct places3){.when = d->moves, .more = {INFINITY, INFINITY, INFINITY}};
	for (uint32_t at = polish_leave(d, r);; at = d->next[at]) {
		if (at > d->stops + d->rounds_max)
			break;
		uint32_t to = d->next[at];
		double more = polish_km(d, at, u) + polish_km(d, u, to) - polish_km(d, at, to);
		size_t k = 3;
		for (; k && b->more[k - 1] > more; k--)
			if (k < 3) {
				b->more[k] = b->more[k - 1];
				b->after[k] = b->after[k - 1];
			}
		if (k < 3) {
			b->more[k] = more;
			b->after[k] = at;
		}
	}
	return b;
}

/* Where U goes best in V's round once V has left it. */
static double best_without(struct polish *d, uint32_t u, uint32_t v, uint32_t *after)
{
	const struct places3 *b = places_of(d, u, d->of[v]);
	uint32_t w = d->prev[v], y = d->next[v];
	double best = polish_km(d, w, u) + polish_km(d, u, y) - polish_km(d, w, y);
	*after = w;
	for (size_t k = 0; k < 3; k++)
		if (!isinf(b->more[k]) && b->after[k] != v && b->after[k] != w) {
			if (b->more[k] < best) {
				best = b->more[k];
				*after = b->after[k];
			}
			break;
		}
	return best;
}

struct exchange {
	double gain;                     /* EUR, minus */
	uint32_t u, v, u_after, v_after; /* v = 0: u only */
};

static void note_saved(struct polish *d, uint32_t r)
{
	for (uint32_t u = d->next[polish_leave(d, r)]; !polish_is_end(d, u); u = d->next[u])
		d->saved[u] = polish_km(d, d->prev[u], d->next[u]) - polish_km(d, d->prev[u], u) -
			      polish_km(d, u, d->next[u]);
}

/* A stop of round r alone to its best place in q. */
static void find_move(struct polish *d, uint32_t r, uint32_t q, struct exchange *best)
{
	for (uint32_t u = d->next[polish_leave(d, r)]; !polish_is_end(d, u); u = d->next[u]) {
		double load = d->weight[u];
		const struct places3 *b = places_of(d, u, q);
		double gain =
			polish_more(d, r, d->saved[u], -load) + polish_more(d, q, b->more[0], load);
		if (gain < best->gain)
			*best = (struct exchange){gain, u, 0, b->after[0], 0};
	}
}

/* The best of two rounds. */
static bool exchange_best(struct polish *d, uint32_t r, uint32_t q)
{
	struct exchange best = {.gain = -POLISH_LEAST_GAIN};
	note_saved(d, r);
	note_saved(d, q);
	for (uint32_t u = d->next[polish_leave(d, r)]; !polish_is_end(d, u); u = d->next[u])
		for (uint32_t v = d->next[polish_leave(d, q)]; !polish_is_end(d, v);
			v = d->next[v]) {
			double more = d->weight[v] - d->weight[u];
			if (polish_more(d, r, d->saved[u], more) +
					polish_more(d, q, d->saved[v], -more) >
				0)
				continue;
			struct exchange e = {.u = u, .v = v};
			double u_km = best_without(d, u, v, &e.u_after),
			       v_km = best_without(d, v, u, &e.v_after);
			e.gain = polish_more(d, r, d->saved[u] + v_km, more) +
				 polish_more(d, q, d->saved[v] + u_km, -more);
			if (e.gain < best.gain)
				best = e;
		}
	find_move(d, r, q, &best);
	find_move(d, q, r, &best);
	if (!best.u)
		return false;
	uint32_t u_after = best.u_after, v_after = best.v_after;
	polish_take_out(d, best.u);
	if (best.v)
		polish_take_out(d, best.v);
	polish_put_after(d, best.u, u_after);
	if (best.v)
		polish_put_after(d, best.v, v_after);
	d->moves++;
	d->gained -= best.gain;
	polish_settle(d, r);
	polish_settle(d, q);
	return true;
}

bool exchange_all(struct polish *d)
{
	bool is_better = false;
	for (size_t n = 0; n < d->rounds; n++) {
		uint32_t r = d->round_order[n];
		int64_t looked = d->swapped[r];
		d->swapped[r] = d->moves;
		for (size_t m = 0; m < d->rounds; m++) {
			uint32_t q = d->round_order[m];
			int64_t changed =
				d->changed[r] > d->changed[q] ? d->changed[r] : d->changed[q];
			if (d->length[r] && d->length[q] && r < q && changed > looked &&
				overlap(d, r, q))
				is_better |= exchange_best(d, r, q);
		}
	}
	return is_better;
}
