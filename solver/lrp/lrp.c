#include "lrp.h"

#include "clock.h"
#include "race.h"

void lrp_solve(
	struct arena *a, const struct vrp *v, const struct lrp_options *o, struct lrp_answer *out)
{
	struct race r;
	double began = clock_seconds();
	race_init(&r, a, v, o, began);
	race_run(&r, a);
	*out = (struct lrp_answer){.sets = r.sets};
	out->tours = layout_tours(a, r.runner[0].best, &out->count);
	for (size_t n = 0; n < r.threads; n++)
		out->iterations += r.chain[n].iterations;
	out->seconds = clock_seconds() - began;
}
