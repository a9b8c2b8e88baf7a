/* A record: the fields of a request body or of a query string, as a table.
 *
 * The table is the only description: it decodes and checks what a client sends, words the errors in
 * French, and documents the API.
 *
 *	struct point_query { const char *region; int64_t limit; };
 *	static const struct point_query defaults = {.limit = 100};
 *	static const struct field fields[] = {
 *		{"region", FIELD_TEXT, .max = 3, .label = "code de la région",
 *			.offset = offsetof(struct point_query, region)},
 *		{"limit", FIELD_INT, .min = 1, .max = 1000, .label = "nombre de points par page",
 *			.offset = offsetof(struct point_query, limit)},
 *	};
 *	static const struct record query = RECORD(fields, struct point_query, &defaults);
 *
 * What is absent keeps its default. Unknown, repeated, missing and out-of-range fields are refused;
 * so are NaN, infinities, overflow and text that is not UTF-8. A new kind of field is one value of
 * enum field_type and one line in each of the two reader tables of src/codec/record.c. */
#ifndef RECIRCUIT_RECORD_H
#define RECIRCUIT_RECORD_H

#include "arena.h"
#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_t;

/*			target in the struct	min and max			query string */
enum field_type {
	FIELD_BOOL,    /* bool			-				true, false */
	FIELD_INT,     /* int64_t		bounds				digits */
	FIELD_REAL,    /* double		bounds				digits */
	FIELD_TEXT,    /* const char *		length in characters		text */
	FIELD_BOX,     /* struct box		-				w,s,e,n */
	FIELD_TEXTS,   /* struct texts		count of items			no */
	FIELD_NUMBERS, /* struct numbers	bounds of each value		no */
	FIELD_RECORD,  /* the nested struct	-				no */
};

/* Degrees; west <= east, south <= north. */
struct box {
	bool is_given;
	double west, south, east, north;
};

/* A JSON array of texts, each 1 to 100 characters, no two alike; or one of the field's `choices`
 * instead, then `word`. */
struct texts {
	const char *word;
	const char *const *list;
	size_t count;
};

/* A JSON object from names to finite numbers, at most 1,000. */
struct numbers {
	const struct number {
		const char *name;
		double value;
	} * list;
	size_t count;
};

struct field {
	const char *name;
	enum field_type type;
	bool is_required;
	double min, max;
	const char *choices;         /* FIELD_TEXT: "region|departement"; null: any text */
	const char *label;           /* French, for people */
	size_t offset;               /* offsetof the field in the target struct */
	const struct record *record; /* FIELD_RECORD */
};

struct record {
	const struct field *fields;
	size_t count;
	size_t size;          /* bytes of the target struct */
	const void *defaults; /* a target struct; null: zeros */
};

#define RECORD(fields, type, defaults) \
	{ \
		(fields), sizeof(fields) / sizeof(fields)[0], sizeof(type), (defaults) \
	}

/* A name and a value of a query string, decoded. */
struct pair {
	const char *name, *value;
};

/* Fill `target` (r->size bytes). Bad values are ERR_MALFORMED in a query string, where the address
 * itself is wrong, and ERR_INVALID in a body. Texts point into the pairs or the arena. */
must_use bool record_from_query(struct arena *a, const struct record *r, const struct pair *pairs,
	size_t count, void *target, struct err *e);
must_use bool record_from_json(struct arena *a, const struct record *r, const struct json_t *object,
	void *target, struct err *e);

/* The same from bytes; no bytes at all read as {}. ERR_MALFORMED when they are not a JSON object.
 */
must_use bool record_parse(struct arena *a, const struct record *r, const char *bytes, size_t len,
	void *target, struct err *e);

#endif
