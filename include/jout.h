/* A streaming JSON writer over a buffer: no tree is built.
 *
 *	struct jout j;
 *	jout_init(&j, &b);
 *	jout_open(&j, '{');
 *	jout_key(&j, "cost"), jout_real(&j, 12.5);
 *	jout_key(&j, "rows"), jout_open(&j, '['); ... jout_close(&j);
 *	jout_close(&j);
 *
 * Commas and closing brackets are the writer's business. Reals are written with the fewest digits
 * that read back to the same double, and always as reals (12.0), because GDAL guesses the type of a
 * column from its first value. A NaN or an infinity is written as null. */
#ifndef RECIRCUIT_JOUT_H
#define RECIRCUIT_JOUT_H

#include "buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JOUT_DEPTH = 32 };

struct jout {
	struct buf *buf;
	size_t depth;
	char closer[JOUT_DEPTH];
	bool has_item[JOUT_DEPTH];
	bool after_key;
};

void jout_init(struct jout *j, struct buf *b);
void jout_open(struct jout *j, char bracket); /* '{' or '[' */
void jout_close(struct jout *j);
void jout_key(struct jout *j, const char *key);

void jout_text(struct jout *j, const char *s); /* null pointer -> null */
void jout_int(struct jout *j, int64_t v);
void jout_real(struct jout *j, double v);
void jout_fixed(struct jout *j, double v, int decimals);
void jout_bool(struct jout *j, bool v);
void jout_null(struct jout *j);
void jout_raw(struct jout *j, const char *json); /* a complete JSON value, written as it is */

/* Key and value in one call. */
void jout_kv_text(struct jout *j, const char *key, const char *s);
void jout_kv_int(struct jout *j, const char *key, int64_t v);
void jout_kv_real(struct jout *j, const char *key, double v);
void jout_kv_bool(struct jout *j, const char *key, bool v);

#endif
