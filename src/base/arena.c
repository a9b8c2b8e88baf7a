#include "arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Blocks grow with the arena, so a small request costs one malloc and a large plan only dozens. */
enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20 };

struct block {
	struct block *next;
	size_t used, size;
	_Alignas(max_align_t) char bytes[];
};

struct deferred {
	struct deferred *next;
	void (*release)(void *);
	void *object;
};

struct arena {
	struct block *blocks;
	struct deferred *deferred;
	size_t next_size;
};

static void *out_of_memory(size_t size)
{
	fprintf(stderr, "recircuit: out of memory (%zu bytes asked)\n", size);
	abort();
}

struct arena *arena_new(void)
{
	struct arena *a = calloc(1, sizeof *a);
	if (!a)
		out_of_memory(sizeof *a);
	a->next_size = FIRST_BLOCK;
	return a;
}

void arena_reset(struct arena *a)
{
	/* A release may look at arena memory, so foreign objects go first, youngest first. */
	while (a->deferred) {
		struct deferred *d = a->deferred;
		a->deferred = d->next;
		d->release(d->object);
	}
	while (a->blocks) {
		struct block *b = a->blocks;
		a->blocks = b->next;
		free(b);
	}
	a->next_size = FIRST_BLOCK;
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	arena_reset(a);
	free(a);
}

static struct block *add_block(struct arena *a, size_t at_least)
{
	size_t size = a->next_size > at_least ? a->next_size : at_least;
	if (size > SIZE_MAX - sizeof(struct block))
		out_of_memory(size);
	struct block *b = calloc(1, sizeof *b + size);
	if (!b)
		out_of_memory(size);
	b->size = size;
	/* A block of its own for something huge goes behind the current one, which stays in use. */
	if (a->blocks && at_least > a->next_size) {
		b->next = a->blocks->next;
		a->blocks->next = b;
	} else {
		b->next = a->blocks;
		a->blocks = b;
	}
	if (a->next_size < LARGEST_BLOCK)
		a->next_size *= 2;
	return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
	const size_t align = _Alignof(max_align_t);
	if (size > SIZE_MAX - align)
		out_of_memory(size);
	size = size ? (size + align - 1) / align * align : align;
	struct block *b = a->blocks;
	if (!b || b->size - b->used < size)
		b = add_block(a, size);
	void *p = b->bytes + b->used;
	b->used += size;
	return p;
}

void *arena_calloc(struct arena *a, size_t count, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes))
		out_of_memory(SIZE_MAX);
	return arena_alloc(a, bytes);
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	n = strnlen(s, n);
	char *copy = arena_alloc(a, n + 1);
	memcpy(copy, s, n);
	return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *arena_vprintf(struct arena *a, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (n < 0)
		return arena_strdup(a, "");
	char *s = arena_alloc(a, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, format, args);
	return s;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *s = arena_vprintf(a, format, args);
	va_end(args);
	return s;
}

void arena_defer(struct arena *a, void (*release)(void *), void *object)
{
	if (!object)
		return;
	struct deferred *d = arena_one(a, struct deferred);
	d->release = release;
	d->object = object;
	d->next = a->deferred;
	a->deferred = d;
}
