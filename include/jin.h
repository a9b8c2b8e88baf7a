/* Reading JSON from outside: every value is checked, every error names its path.
 *
 *	struct jin root;
 *	if (!jin_parse(a, bytes, n, &root, e)) ...
 *	double rate = jin_real(&root, "discount_rate", 0, 1);
 *	struct jin flows = jin_array(&root, "flows", 1, 64);
 *	for (size_t k = 0; k < flows.count; k++) {
 *		struct jin flow = jin_item(&flows, k);
 *		...
 *	}
 *	if (jin_failed(&root)) return false;		the first error is in e
 *
 * Errors stick: after the first one every reader answers nothing (0, "", empty), so a reader is
 * straight-line and looks once, at the end (and before it uses a count to index something). */
#ifndef RECIRCUIT_JIN_H
#define RECIRCUIT_JIN_H

#include "arena.h"
#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct jin_reader;
struct json_t; /* jansson */

struct jin {
	struct jin_reader *reader;
	const struct jin *parent; /* for the path in messages */
	const char *key;
	size_t index;
	struct json_t *value; /* borrowed */
	size_t count;         /* items of an array, members of an object */
};

/* Refuses duplicate keys, bad UTF-8, zero characters and trailing bytes (ERR_MALFORMED). */
must_use bool jin_parse(
	struct arena *a, const char *bytes, size_t n, struct jin *root, struct err *e);

bool jin_failed(const struct jin *at);
/* The first error, at this value; later ones are passed over. */
void jin_fail(const struct jin *at, const char *format, ...) __attribute__((format(printf, 2, 3)));

bool jin_has(const struct jin *object, const char *key); /* present and not null */

/* Members; required, and within [low, high]. */
double jin_real(const struct jin *object, const char *key, double low, double high);
int64_t jin_int(const struct jin *object, const char *key, int64_t low, int64_t high);
bool jin_bool(const struct jin *object, const char *key);
const char *jin_text(const struct jin *object, const char *key, size_t max_bytes);

/* The same, with a value for when the member is absent or null. */
double jin_real_or(
	const struct jin *object, const char *key, double low, double high, double other);
int64_t jin_int_or(
	const struct jin *object, const char *key, int64_t low, int64_t high, int64_t other);
bool jin_bool_or(const struct jin *object, const char *key, bool other);
const char *jin_text_or(
	const struct jin *object, const char *key, size_t max_bytes, const char *other);

/* `object` must outlive the result, which points to it. jin_member takes a value of any kind. */
struct jin jin_member(const struct jin *object, const char *key);
struct jin jin_object(const struct jin *object, const char *key);
struct jin jin_array(const struct jin *object, const char *key, size_t at_least, size_t at_most);
struct jin jin_item(const struct jin *array, size_t index);

/* Whether the value itself is of a kind; to tell shapes apart. */
bool jin_is_number(const struct jin *at);
bool jin_is_array(const struct jin *at);
bool jin_is_bool(const struct jin *at);
bool jin_is_null(const struct jin *at);

/* Items of an array of plain values; `at` is the item. */
double jin_value_real(const struct jin *at, double low, double high);
int64_t jin_value_int(const struct jin *at, int64_t low, int64_t high);
const char *jin_value_text(const struct jin *at, size_t max_bytes);

/* Fails at the first place where `said` is not what was `found`; numbers may differ by a part `within`. Members named in
 * `but` (ends in a null) are passed over at the root. */
void jin_same(const struct jin *said, const struct jin *found, double within, const char *const *but);

/* The value as JSON again, "null" when there is none. */
const char *jin_dump(struct arena *a, const struct jin *at);

/* Refuses members that are not named; `allowed` ends in a null. */
void jin_only(const struct jin *object, const char *const *allowed);

#endif
