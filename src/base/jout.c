#include "jout.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void jout_init(struct jout *j, struct buf *b)
{
	*j = (struct jout){.buf = b};
}

/* What stands before a value: nothing after a key, a comma after another item. */
static void begin_value(struct jout *j)
{
	if (j->after_key) {
		j->after_key = false;
		return;
	}
	if (!j->depth)
		return;
	if (j->has_item[j->depth - 1])
		buf_putc(j->buf, ',');
	j->has_item[j->depth - 1] = true;
}

void jout_open(struct jout *j, char bracket)
{
	assert(j->depth < JOUT_DEPTH);
	begin_value(j);
	buf_putc(j->buf, bracket);
	j->has_item[j->depth] = false;
	j->closer[j->depth++] = bracket == '{' ? '}' : ']';
}

void jout_close(struct jout *j)
{
	assert(j->depth > 0 && !j->after_key);
	buf_putc(j->buf, j->closer[--j->depth]);
}

static void add_quoted(struct buf *b, const char *s)
{
	buf_putc(b, '"');
	for (const char *run = s;; s++) {
		unsigned char c = (unsigned char)*s;
		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_add(b, run, (size_t)(s - run));
		run = s + 1;
		if (!c)
			break;
		if (c == '"' || c == '\\')
			buf_printf(b, "\\%c", c);
		else
			buf_printf(b, "\\u%04x", c);
	}
	buf_putc(b, '"');
}

void jout_key(struct jout *j, const char *key)
{
	assert(j->depth && j->closer[j->depth - 1] == '}' && !j->after_key);
	begin_value(j);
	add_quoted(j->buf, key);
	buf_putc(j->buf, ':');
	j->after_key = true;
}

void jout_raw(struct jout *j, const char *json)
{
	begin_value(j);
	buf_puts(j->buf, json);
}

void jout_null(struct jout *j)
{
	jout_raw(j, "null");
}

void jout_bool(struct jout *j, bool v)
{
	jout_raw(j, v ? "true" : "false");
}

void jout_text(struct jout *j, const char *s)
{
	if (!s) {
		jout_null(j);
		return;
	}
	begin_value(j);
	add_quoted(j->buf, s);
}

void jout_int(struct jout *j, int64_t v)
{
	char s[24];
	snprintf(s, sizeof s, "%lld", (long long)v);
	jout_raw(j, s);
}

void jout_real(struct jout *j, double v)
{
	if (!isfinite(v)) {
		jout_null(j);
		return;
	}
	char s[40];
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(s, sizeof s, "%.*g", digits, v);
		if (strtod(s, NULL) == v)
			break;
	}
	if (!strpbrk(s, ".e"))
		strcat(s, ".0");
	jout_raw(j, s);
}

void jout_fixed(struct jout *j, double v, int decimals)
{
	if (!isfinite(v)) {
		jout_null(j);
		return;
	}
	char s[400];
	snprintf(s, sizeof s, "%.*f", decimals, v);
	jout_raw(j, s);
}

void jout_kv_text(struct jout *j, const char *key, const char *s)
{
	jout_key(j, key);
	jout_text(j, s);
}

void jout_kv_int(struct jout *j, const char *key, int64_t v)
{
	jout_key(j, key);
	jout_int(j, v);
}

void jout_kv_real(struct jout *j, const char *key, double v)
{
	jout_key(j, key);
	jout_real(j, v);
}

void jout_kv_bool(struct jout *j, const char *key, bool v)
{
	jout_key(j, key);
	jout_bool(j, v);
}
