#include "nearest.h"

#include <stdlib.h>

static int by_key(const void *a, const void *b)
{
	const struct nearest *x = a, *y = b;
	return x->key != y->key ? (x->key > y->key) - (x->key < y->key)
				: (x->place > y->place) - (x->place < y->place);
}

/* Those up to the one returned are no greater than those after it (Hoare 1961). */
static size_t part(struct nearest *list, size_t low, size_t high)
{
	struct nearest pivot = list[low + (high - low - 1) / 2];
	size_t i = low, j = high - 1;
	for (;; i++, j--) {
		while (by_key(&list[i], &pivot) < 0)
			i++;
		while (by_key(&list[j], &pivot) > 0)
			j--;
		if (i >= j)
			return j;
		struct nearest kept = list[i];
		list[i] = list[j];
		list[j] = kept;
	}
}

void nearest_sort(struct nearest *list, size_t length, size_t count)
{
	size_t low = 0, high = length;
	while (count < length && high - low > 1) {
		size_t last = part(list, low, high);
		if (count <= last + 1)
			high = last + 1;
		else
			low = last + 1;
	}
	qsort(list, count < length ? count : length, sizeof *list, by_key);
}
