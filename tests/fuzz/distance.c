/* Any bytes are a distance matrix to refuse, with a reason, or lines each of which is refused with one too or has figures within
 * their bounds. */
#include "distance_import.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct distance_report r;
	struct err e = {0};
	if (distance_read(a, (const char *)data, size, &r, &e)) {
		require(r.count > 0);
		for (size_t i = 0; i < r.count; i++) {
			const struct distance_line *l = &r.lines[i];
			require(i == 0 || l->line > r.lines[i - 1].line);
			require(text_is_utf8(l->remark, strlen(l->remark)));
			require(l->is_judged ? *l->remark != '\0'
					     : *l->from && *l->to && l->km >= 0 && l->km <= 3000);
		}
	} else {
		require_reason(&e);
	}
	arena_free(a);
	return 0;
}
