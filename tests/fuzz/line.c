/* Any bytes are a line of the register, in JSON, or a file of them in either format, to refuse or to read: what is read keeps the rules. The
 * first byte says which: { is one line. */
#include "fuzz.h"

#include "line.h"

enum { MOST_KG = 1000000 };

static void require_rules(const struct line *l)
{
	require(l->public_id && *l->public_id && strlen(l->public_id) <= LINE_PUBLIC_ID_MOST);
	if (l->reason == LINE_CANCELS)
		return;
	require(l->weight_kg >= 1 && l->weight_kg <= MOST_KG);
	require(l->day && strlen(l->day) == 10 && l->low_code && strlen(l->low_code) == 8);
	require(l->point || l->municipality_count);
	require(l->municipality_count <= LINE_COMMUNES_MOST);
	require(!l->carrier_siret || line_is_siret(l->carrier_siret));
	require(!l->description || text_is_utf8(l->description, strlen(l->description)));
}

static void read_file(struct arena *a, const char *bytes, size_t size, enum line_format format)
{
	struct line_source *source;
	struct err e = {0};
	size_t before = 0;
	if (!line_source_open(a, bytes, size, format, &source, &e)) {
		require_reason(&e);
		return;
	}
	struct line l;
	for (enum line_event event; (event = line_source_next(source, a, &l, &e)) != LINE_END;) {
		require(line_source_number(source) > before);
		before = line_source_number(source);
		if (event == LINE_READ)
			require_rules(&l);
		else
			require_reason(&e);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	const char *bytes = (const char *)data;
	struct line l;
	struct err e = {0};
	if (size && *bytes == '{') {
		if (line_from_json(a, bytes, size, &l, &e))
			require_rules(&l);
		else
			require_reason(&e);
	}
	read_file(a, bytes, size, LINE_JSON);
	read_file(a, bytes, size, LINE_CSV);
	arena_free(a);
	return 0;
}
