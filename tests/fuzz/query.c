/* Any pairs of a query string are refused or a record within its bounds. The bytes are the pairs as they come decoded:
 * name=value, one a line. */
#include "fuzz.h"
#include "record.h"

enum { PAIRS_MAX = 32, PAGE_MOST = 5000 };

struct query {
	struct box bbox;
	const char *region, *level;
	int64_t limit;
	double share;
	bool is_open;
};

static const struct query defaults = {.limit = 500};
static const struct field fields[] = {
	{"bbox", FIELD_BOX, .label = "emprise", .offset = offsetof(struct query, bbox)},
	{"region", FIELD_TEXT, .min = 2, .max = 3, .label = "région",
		.offset = offsetof(struct query, region)},
	{"level", FIELD_TEXT, .choices = "region|departement", .label = "niveau",
		.offset = offsetof(struct query, level)},
	{"limit", FIELD_INT, .min = 1, .max = PAGE_MOST, .label = "par page",
		.offset = offsetof(struct query, limit)},
	{"share", FIELD_REAL, .min = 0, .max = 1, .label = "part",
		.offset = offsetof(struct query, share)},
	{"is_open", FIELD_BOOL, .label = "ouvert", .offset = offsetof(struct query, is_open)},
};
static const struct record record = RECORD(fields, struct query, &defaults);

static size_t read_pairs(struct arena *a, const uint8_t *data, size_t size, struct pair *pairs)
{
	size_t count = 0;
	char *text = arena_strndup(a, (const char *)data, size), *rest = text, *line;
	while (count < PAIRS_MAX && (line = strsep(&rest, "\n"))) {
		char *value = strchr(line, '=');
		if (value)
			*value++ = '\0';
		pairs[count++] = (struct pair){line, value ? value : ""};
	}
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct pair pairs[PAIRS_MAX];
	struct query q;
	struct err e = {0};
	size_t count = read_pairs(a, data, size, pairs);
	if (record_from_query(a, &record, pairs, count, &q, &e)) {
		const struct box *b = &q.bbox;
		require(q.limit >= 1 && q.limit <= PAGE_MOST && q.share >= 0 && q.share <= 1);
		require(!b->is_given ||
			(b->west <= b->east && b->south <= b->north && b->west >= -180 &&
				b->east <= 180 && b->south >= -90 && b->north <= 90));
	} else {
		require_reason(&e);
	}
	arena_free(a);
	return 0;
}
