/* Reads the instance files of the literature, so that others can test us on what they know.
 *
 *	const struct format *f = format_find("orlib");
 *	if (!f || !file_read(a, path, FORMAT_FILE_MAX, &data, &len, e)) ...
 *	if (!format_read(a, f, data, len, &model, e)) ...
 *
 * The model has one flow, one year and one level per site; costs have the file's own unit. What is
 * read is checked: sizes against memory before anything is allocated, every number, the end of the
 * file. Errors are ERR_INVALID and name the line. A new format is one line of the table in
 * formats.c and one function. */
#ifndef RECIRCUIT_SOLVER_FORMATS_H
#define RECIRCUIT_SOLVER_FORMATS_H

#include "model.h"

#define FORMAT_FILE_MAX   ((size_t)1 << 30) /* bytes */
#define FORMAT_MEMORY_MAX ((size_t)4 << 30) /* bytes, what the solver may need for one instance */

struct scan;

struct format {
	const char *name;
	const char *doc; /* French, one line: what the files are and how demand is served */
	bool (*read)(struct arena *a, struct scan *s, struct model *m);
};

/* The table, ended by a format without a name. */
const struct format *format_table(void);

/* Null when there is none of that name. */
const struct format *format_find(const char *name);

/* `data` ends in a zero byte that `len` does not count, as file_read gives it. */
must_use bool format_read(struct arena *a, const struct format *f, const char *data, size_t len,
	struct model *m, struct err *e);

#endif
