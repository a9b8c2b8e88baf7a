/* A file of collection points being read: its lines, the verdict on each, and the formats we know.
 *
 * A new format is one file that defines a struct point_format, and a line in the table of
 * point_file.c. */
#ifndef RECIRCUIT_APP_POINT_FILE_H
#define RECIRCUIT_APP_POINT_FILE_H

#include "csv.h"
#include "point_import.h"

/* What every format has, under its own names; its other columns come after. */
enum point_column {
	POINT_KEY,
	POINT_NAME,
	POINT_COMMUNE,
	POINT_ADDRESS,
	POINT_POSTCODE,
	POINT_TOWN,
	POINT_LATITUDE,
	POINT_LONGITUDE,
	POINT_COLUMNS
};

/* One line of the file. */
struct site {
	struct point_line out;
	bool is_judged; /* `out.verdict` holds */
	int year;       /* 0 when unknown */
	const char *insee, *departement, *address, *kind;
	double lon, lat; /* NaN: none */
};

struct point_file {
	struct arena *arena;
	const struct point_format *format;
	struct csv *csv;
	struct site *sites;
	size_t count, room;
	int survey_year; /* the latest of the file; 0: it has no years */
};

struct point_format {
	const char *origin, *source; /* of collection_point; a row of table source */
	const char *title;           /* French */
	const struct csv_column *columns;
	size_t column_count;
	bool may_lack_commune; /* the nearest one of the postcode's département is taken then */
	void (*read)(
		struct point_file *f, struct site *s); /* its own columns, once the key is known */
	void (*settle)(struct point_file *f);          /* once all lines are read */
};

extern const struct point_format point_sinoe, point_acteurs;

/* Finds the format by its columns, and judges what can be judged without the database. */
must_use bool point_file_read(
	struct arena *a, const char *bytes, size_t len, struct point_file *f, struct err *e);

void point_judge(struct site *s, enum point_verdict verdict, const char *remark);
/* Remarks of one line add up. */
void point_warn(struct arena *a, struct site *s, const char *remark);

/* One line of plain text: runs of blanks and control characters become one space. */
char *point_cell(struct point_file *f, size_t column);

/* Sites together, the line that counts first (`year`, then the last of the file); the others are
 * judged POINT_OLDER. Even a line that is refused counts: one verdict a site is enough. */
void point_keep_latest(struct point_file *f);

#endif
