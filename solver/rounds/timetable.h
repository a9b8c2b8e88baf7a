/* When a place is open, day by day; hours of the day, from 0 to 24.
 *
 *	struct timetable t = timetable_always(a, days);				all day, every day
 *	struct timetable t = timetable_make(a, days, windows, count);		as people say it: windows of some days
 *	struct opening span;
 *	if (timetable_span(&t, day, &span)) ...					it is open that day */
#ifndef RECIRCUIT_ROUNDS_TIMETABLE_H
#define RECIRCUIT_ROUNDS_TIMETABLE_H

#include "arena.h"

#include <stdbool.h>
#include <stdint.h>

struct opening {
	double open, close; /* hours of the day */
};

/* The same hours on several days. */
struct window {
	uint32_t days; /* bits */
	struct opening hours;
};

/* The openings of day d are those from first[d] to first[d + 1], in order, apart from each other. */
struct timetable {
	const uint32_t *first; /* [day + 1] */
	const struct opening *opening;
	const struct opening
		*reversed; /* one that closes before it opens, and so never is; or null */
};

struct timetable timetable_always(struct arena *a, size_t days);

/* Open on that day only. */
struct timetable timetable_on(struct arena *a, size_t days, size_t day, double open, double close);

/* Windows in any order, of which those of a day that touch or overlap are one opening; they must outlive the timetable. */
struct timetable timetable_make(
	struct arena *a, size_t days, const struct window *window, size_t count);

/* From the first opening to the last closing of a day; false: closed. */
bool timetable_span(const struct timetable *t, size_t day, struct opening *span);

#endif
