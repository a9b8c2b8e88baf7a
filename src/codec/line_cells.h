/* Between the rules of a line (line.c) and the formats it comes in (line_source.c): JSON and CSV alike
 * come to a text in each field, null where there is none. */
#ifndef RECIRCUIT_CODEC_LINE_CELLS_H
#define RECIRCUIT_CODEC_LINE_CELLS_H

#include "line.h"

enum { LINE_FIELDS = 21, LINE_PUBLIC_ID = 0, LINE_COMMUNES = 11 };

must_use bool line_from_cells(
	struct arena *a, const char *const cells[LINE_FIELDS], struct line *line, struct err *e);

/* A value from outside, cut to what a message can show. */
const char *line_shown(struct arena *a, const char *s);

#endif
