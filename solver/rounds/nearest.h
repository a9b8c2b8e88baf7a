/* The nearest of many, by any measure.
 *
 *	nearest_sort(list, length, count);	the first `count` are the least, in order */
#ifndef RECIRCUIT_ROUNDS_NEAREST_H
#define RECIRCUIT_ROUNDS_NEAREST_H

#include <stddef.h>
#include <stdint.h>

struct nearest {
	double key;
	uint32_t place; /* breaks ties */
};

void nearest_sort(struct nearest *list, size_t length, size_t count);

#endif
