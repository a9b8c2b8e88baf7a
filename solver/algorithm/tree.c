#include "tree.h"

#include <string.h>

struct node *node_new(struct nodes *pool)
{
	struct node *n = pool->free;
	if (n) {
		pool->free = n->next;
		return n;
	}
	n = arena_one(pool->arena, struct node);
	n->status = arena_array(pool->arena, uint8_t, pool->sites);
	n->price = arena_array(pool->arena, double, pool->points);
	return n;
}

void node_free(struct nodes *pool, struct node *n)
{
	n->next = pool->free;
	pool->free = n;
}

static bool comes_before(const struct node *a, const struct node *b)
{
	return a->bound < b->bound || (a->bound <= b->bound && a->order < b->order);
}

void heap_add(struct heap *h, struct node *n)
{
	if (h->count == h->room) {
		h->room = h->room ? 2 * h->room : 1024;
		struct node **more = arena_array(h->arena, struct node *, h->room);
		if (h->count)
			memcpy(more, h->nodes, h->count * sizeof *more);
		h->nodes = more;
	}
	size_t i = h->count++;
	for (; i && comes_before(n, h->nodes[(i - 1) / 2]); i = (i - 1) / 2)
		h->nodes[i] = h->nodes[(i - 1) / 2];
	h->nodes[i] = n;
}

struct node *heap_take(struct heap *h)
{
	struct node *top = h->nodes[0], *last = h->nodes[--h->count];
	size_t i = 0;
	for (size_t c; (c = 2 * i + 1) < h->count; i = c) {
		if (c + 1 < h->count && comes_before(h->nodes[c + 1], h->nodes[c]))
			c++;
		if (!comes_before(h->nodes[c], last))
			break;
		h->nodes[i] = h->nodes[c];
	}
	h->nodes[i] = last;
	return top;
}
