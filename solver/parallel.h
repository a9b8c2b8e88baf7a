/* A loop whose turns do not touch each other, over a few threads. */
#ifndef RECIRCUIT_SOLVER_PARALLEL_H
#define RECIRCUIT_SOLVER_PARALLEL_H

#include <stddef.h>

/* Calls body(context, n) once for each n < count and returns when all are done. Which thread takes
 * which turn is left to chance, so turns must not depend on one another. */
void parallel_for(int threads, size_t count, void (*body)(void *context, size_t n), void *context);

#endif
