/* The main of a fuzz target that is no fuzzer: gives it the inputs of its corpus, one by one, each also cut short and
 * with single bytes spoiled, as TAP. Linked where the target has no main of its own.
 *
 *	build/release/tests/fuzz/csv [FOLDER]		tests/fuzz/corpus/csv unless said otherwise */
#include "arena.h"
#include "file.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT_MAX = 1 << 20, CUTS = 40, SPOILS = 200 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In memory of just that size, so that a sanitizer sees a read past the end. */
static void give(const char *bytes, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);
	if (!copy)
		abort();
	memcpy(copy, bytes, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void replay(char *bytes, size_t size)
{
	give(bytes, size);
	for (size_t n = 0; n < CUTS && size; n++)
		give(bytes, size * n / CUTS);
	for (size_t n = 0; n < SPOILS && size; n++) {
		size_t at = (n * 7919) % size;
		char kept = bytes[at];
		bytes[at] = (char)(kept ^ (1 << n % 8));
		give(bytes, size);
		bytes[at] = kept;
	}
}

int main(int argc, char **argv)
{
	struct arena *a = arena_new();
	struct err e = {0};
	char **names;
	size_t count;
	const char *slash = strrchr(argv[0], '/');
	const char *folder =
		argc > 1 ? argv[1]
			 : arena_printf(a, "tests/fuzz/corpus/%s", slash ? slash + 1 : argv[0]);
	if (!file_list(a, folder, "", &names, &count, &e)) {
		printf("not ok - %s\n", e.message);
		arena_free(a);
		return 1;
	}
	for (size_t i = 0; i < count; i++) {
		char *bytes;
		size_t size;
		char *path = arena_printf(a, "%s/%s", folder, names[i]);
		bool is_read = file_read(a, path, INPUT_MAX, &bytes, &size, &e);
		printf("# %s\n", names[i]);
		fflush(stdout); /* said before it is tried: a crash names its input */
		if (is_read)
			replay(bytes, size);
		printf("%s %zu - %s\n", is_read ? "ok" : "not ok", i + 1, names[i]);
	}
	arena_free(a);
	return 0;
}
