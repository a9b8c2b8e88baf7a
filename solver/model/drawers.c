#include "drawers.h"

static const uint32_t NOBODY = UINT32_MAX;

void drawers_init(struct drawers *s, struct arena *a, size_t most)
{
	s->next = arena_array(a, uint32_t, most);
	s->inside = arena_array(a, struct gain, most);
}

/* The most that `room` tonnes can earn. What is left to decide is [low, high): a third of it is
 * looked at again each time, on average. */
static double most_earned(struct gain *g, size_t count, double room)
{
	size_t low = 0, high = count;
	double earned = 0;
	while (low < high && room > 0) {
		double pivot = g[low + (high - low) / 2].per_tonne, tonnes = 0, worth = 0;
		size_t better = low;
		for (size_t n = low; n < high; n++)
			if (g[n].per_tonne > pivot) {
				struct gain swap = g[n];
				g[n] = g[better];
				g[better++] = swap;
				tonnes += swap.tonnes;
				worth += swap.per_tonne * swap.tonnes;
			}
		if (tonnes > room) {
			high = better;
			continue;
		}
		earned += worth;
		room -= tonnes;
		low = better;
		/* Those equal to the pivot, then those below it. */
		for (size_t n = low; n < high && room > 0; n++)
			if (g[n].per_tonne >= pivot) {
				struct gain swap = g[n];
				g[n] = g[low];
				g[low++] = swap;
				double part = swap.tonnes < room ? swap.tonnes : room;
				earned += part * pivot;
				room -= part;
			}
	}
	return earned;
}

void drawers_fill(struct drawers *s, const struct gain *g, size_t count)
{
	s->gains = g;
	double highest = 0;
	for (size_t n = 0; n < count; n++)
		highest = g[n].per_tonne > highest ? g[n].per_tonne : highest;
	double scale = highest > 0 ? DRAWERS / highest : 0;
	for (size_t b = 0; b < DRAWERS; b++) {
		s->tonnes[b] = s->worth[b] = 0;
		s->first[b] = NOBODY;
	}
	for (size_t n = 0; n < count; n++) {
		double at = g[n].per_tonne * scale;
		size_t b = at < DRAWERS - 1 ? (size_t)at : DRAWERS - 1;
		s->tonnes[b] += g[n].tonnes;
		s->worth[b] += g[n].tonnes * g[n].per_tonne;
		s->next[n] = s->first[b];
		s->first[b] = (uint32_t)n;
	}
}

double drawers_earn(struct drawers *s, double room)
{
	double earned = 0;
	for (size_t b = DRAWERS; b-- > 0; room -= s->tonnes[b]) {
		if (s->tonnes[b] > room) {
			size_t count = 0;
			for (uint32_t n = s->first[b]; n != NOBODY; n = s->next[n])
				s->inside[count++] = s->gains[n];
			return earned + most_earned(s->inside, count, room);
		}
		earned += s->worth[b];
	}
	return earned;
}
