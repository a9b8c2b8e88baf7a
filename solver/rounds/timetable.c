#include "timetable.h"

#include <math.h>

static const double MIDNIGHT = 24;

struct timetable timetable_always(struct arena *a, size_t days)
{
	uint32_t *first = arena_array(a, uint32_t, days + 1);
	struct opening *opening = arena_array(a, struct opening, days);
	for (size_t d = 0; d <= days; d++)
		first[d] = (uint32_t)d;
	for (size_t d = 0; d < days; d++)
		opening[d] = (struct opening){0, MIDNIGHT};
	return (struct timetable){first, opening, NULL};
}

struct timetable timetable_on(struct arena *a, size_t days, size_t day, double open, double close)
{
	uint32_t *first = arena_array(a, uint32_t, days + 1);
	struct opening *one = arena_array(a, struct opening, 1);
	*one = (struct opening){open, close};
	for (size_t d = day + 1; d <= days; d++)
		first[d] = 1;
	return (struct timetable){first, one, NULL};
}

static bool is_reversed(const struct window *w)
{
	return w->hours.close < w->hours.open;
}

/* The windows of a day by their hour of opening, from list[begin]; returns where they end. */
static uint32_t sort_day(
	const struct window *window, size_t count, size_t day, struct opening *list, uint32_t begin)
{
	uint32_t end = begin;
	for (size_t n = 0; n < count; n++) {
		if (!(window[n].days >> day & 1) || is_reversed(&window[n]))
			continue;
		uint32_t k = end++;
		for (; k > begin && list[k - 1].open > window[n].hours.open; k--)
			list[k] = list[k - 1];
		list[k] = window[n].hours;
	}
	return end;
}

/* Openings in order, those that touch or overlap made one; returns where they end. */
static uint32_t join(struct opening *list, uint32_t begin, uint32_t end)
{
	uint32_t kept = begin;
	for (uint32_t k = begin; k < end; k++) {
		if (kept > begin && list[kept - 1].close >= list[k].open)
			list[kept - 1].close = fmax(list[kept - 1].close, list[k].close);
		else
			list[kept++] = list[k];
	}
	return kept;
}

struct timetable timetable_make(
	struct arena *a, size_t days, const struct window *window, size_t count)
{
	uint32_t *first = arena_array(a, uint32_t, days + 1);
	struct opening *opening = arena_array(a, struct opening, days * count + 1);
	struct timetable t = {first, opening, NULL};
	for (size_t n = 0; n < count; n++)
		if (is_reversed(&window[n]))
			t.reversed = &window[n].hours;
	for (size_t d = 0; d < days; d++)
		first[d + 1] =
			join(opening, first[d], sort_day(window, count, d, opening, first[d]));
	return t;
}

bool timetable_span(const struct timetable *t, size_t day, struct opening *span)
{
	if (t->first[day] == t->first[day + 1])
		return false;
	*span = (struct opening){
		t->opening[t->first[day]].open, t->opening[t->first[day + 1] - 1].close};
	return true;
}
