/* Any bytes are a JSON body to refuse or a record within its bounds. */
#include "record.h"
#include "fuzz.h"

#include <math.h>

struct inner {
	struct texts regions;
	struct numbers values;
	double share;
};

struct outer {
	const char *name, *kind;
	int64_t years;
	bool is_draft;
	struct inner inner;
};

enum { NAME_MOST = 20, REGIONS_MOST = 3, YEARS_LEAST = -5, YEARS_MOST = 30 };

static const struct field inner_fields[] = {
	{"regions", FIELD_TEXTS, .min = 1, .max = REGIONS_MOST, .choices = "all",
		.label = "régions", .offset = offsetof(struct inner, regions)},
	{"values", FIELD_NUMBERS, .min = -1e6, .max = 1e6, .label = "valeurs",
		.offset = offsetof(struct inner, values)},
	{"share", FIELD_REAL, .min = 0, .max = 1, .label = "part",
		.offset = offsetof(struct inner, share)},
};
static const struct record inner_record = RECORD(inner_fields, struct inner, NULL);
static const struct field outer_fields[] = {
	{"name", FIELD_TEXT, .is_required = true, .min = 1, .max = NAME_MOST, .label = "nom",
		.offset = offsetof(struct outer, name)},
	{"kind", FIELD_TEXT, .choices = "a|b", .label = "sorte",
		.offset = offsetof(struct outer, kind)},
	{"years", FIELD_INT, .min = YEARS_LEAST, .max = YEARS_MOST, .label = "années",
		.offset = offsetof(struct outer, years)},
	{"is_draft", FIELD_BOOL, .label = "brouillon", .offset = offsetof(struct outer, is_draft)},
	{"inner", FIELD_RECORD, .label = "dedans", .offset = offsetof(struct outer, inner),
		.record = &inner_record},
};
static const struct record outer_record = RECORD(outer_fields, struct outer, NULL);

static size_t characters(const char *s)
{
	size_t n = 0;
	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

static void require_bounds(const struct outer *o)
{
	require(o->name && text_is_utf8(o->name, strlen(o->name)));
	require(characters(o->name) >= 1 && characters(o->name) <= NAME_MOST);
	require(!o->kind || text_eq(o->kind, "a") || text_eq(o->kind, "b"));
	require(o->years >= YEARS_LEAST && o->years <= YEARS_MOST);
	require(o->inner.share >= 0 && o->inner.share <= 1);
	require(o->inner.regions.count <= REGIONS_MOST);
	for (size_t i = 0; i < o->inner.values.count; i++)
		require(fabs(o->inner.values.list[i].value) <= 1e6);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct outer o;
	struct err e = {0};
	if (record_parse(a, &outer_record, (const char *)data, size, &o, &e))
		require_bounds(&o);
	else
		require_reason(&e);
	arena_free(a);
	return 0;
}
