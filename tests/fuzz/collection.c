/* Any bytes are a question about rounds to refuse, with a reason, or one to be posed. */
#include "fuzz.h"

#include "collection.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct collection c;
	struct err e = {0};
	if (!collection_read(a, (const char *)data, size, &c, &e))
		require_reason(&e);
	arena_free(a);
	return 0;
}
