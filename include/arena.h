/* A lifetime: memory and foreign objects that end together.
 *
 * A request, a run and a command each own one arena. Everything made on their behalf is taken from
 * it or, when another library made it (json_t, PGresult, glp_prob, a file descriptor), joined to it
 * at birth with arena_defer. Nothing is freed one by one.
 *
 *	struct arena *a = arena_new();
 *	char *name = arena_printf(a, "run-%" PRId64, id);
 *	arena_defer(a, release_json, json_loads(...));
 *	arena_free(a);			(deferred calls run last-in first-out, then the memory goes)
 *
 * Allocation cannot fail: when memory is out the process says so and stops, because nothing better
 * can be done half-way through a plan. Memory is zeroed. An arena belongs to one thread at a time.
 */
#ifndef RECIRCUIT_ARENA_H
#define RECIRCUIT_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a);

/* Releases everything but keeps the arena, so that a loop can use one again and again. */
void arena_reset(struct arena *a);

/* `size` zeroed bytes, aligned for any type. */
void *arena_alloc(struct arena *a, size_t size) __attribute__((malloc, returns_nonnull));

/* `count` zeroed elements; stops the process when count * size overflows. */
void *arena_calloc(struct arena *a, size_t count, size_t size)
	__attribute__((malloc, returns_nonnull));

#define arena_array(a, type, count) ((type *)arena_calloc((a), (count), sizeof(type)))
#define arena_one(a, type)          ((type *)arena_calloc((a), 1, sizeof(type)))

char *arena_strdup(struct arena *a, const char *s) __attribute__((returns_nonnull));
char *arena_strndup(struct arena *a, const char *s, size_t n) __attribute__((returns_nonnull));
char *arena_printf(struct arena *a, const char *format, ...)
	__attribute__((format(printf, 2, 3), returns_nonnull));
char *arena_vprintf(struct arena *a, const char *format, va_list args)
	__attribute__((format(printf, 2, 0), returns_nonnull));

/* Calls release(object) when the arena ends; a null object is passed over. */
void arena_defer(struct arena *a, void (*release)(void *object), void *object);

#endif
