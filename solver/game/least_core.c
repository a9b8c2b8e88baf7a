#include "least_core.h"

#include "excess.h"

#include <math.h>

bool least_core(struct arena *a, const struct game *g, double *epsilon, struct err *e)
{
	*epsilon = NAN;
	if (g->players == 1)
		return true;
	struct excess p;
	excess_init(&p, a, g, NULL);
	if (!excess_solve(&p, e))
		return false;
	*epsilon = excess_level(&p);
	return true;
}
