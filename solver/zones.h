/* A smaller model that stands for a large one: points grouped into zones. Searches begin there,
 * where a step costs a tenth; what they find is finished and proved on all points. */
#ifndef RECIRCUIT_SOLVER_ZONES_H
#define RECIRCUIT_SOLVER_ZONES_H

#include "model.h"

struct zones {
	struct model model;
	const size_t *zone_of; /* [point] */
};

/* At most `count` zones. Sites, flows, years, levels are the model's own. */
void zones_make(struct arena *a, const struct model *m, size_t count, struct zones *out);

#endif
