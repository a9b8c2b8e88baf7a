/* What every fuzz target begins with. A target is one function, which any bytes may be given to: libFuzzer calls it
 * (make fuzz-NAME), and so does replay.c on what is in tests/fuzz/corpus/NAME (make check). */
#ifndef RECIRCUIT_TESTS_FUZZ_H
#define RECIRCUIT_TESTS_FUZZ_H

#include "arena.h"
#include "err.h"
#include "text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold whatever the bytes were. */
static inline void require(bool holds)
{
	if (!holds)
		abort();
}

/* A refusal has a kind, and words that people can read. */
static inline void require_reason(const struct err *e)
{
	require(e->kind != ERR_NONE && *e->message && text_is_utf8(e->message, strlen(e->message)));
}

#endif
