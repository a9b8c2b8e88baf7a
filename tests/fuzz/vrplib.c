/* Any bytes are a VRPLIB file to refuse, with a reason, or a problem whose figures are finite. */
#include "fuzz.h"

#include "vrplib.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct vrp v;
	struct err e = {0};
	if (vrplib_read(a, (const char *)data, size, &v, &e))
		require(v.depots >= 1 && v.depots < v.places);
	else
		require_reason(&e);
	arena_free(a);
	return 0;
}
