/* What each site does in a plan: the platforms, with what opens when at what size and where their tonnes come from; the
 * existing plants, before and after. Tonnes a year, capacities in tonnes a year. */
#ifndef RECIRCUIT_JOBS_SITES_H
#define RECIRCUIT_JOBS_SITES_H

#include "instance.h"
#include "jin.h"
#include "jout.h"

/* Writes the members "platforms" and "existing" of docs/http-api.md and returns how many platforms there are. `regions` are
 * the rows of region_list; `with` and `before` are accounts of the solver's answer, before->value is null without a status
 * quo. */
size_t sites_write(struct arena *a, struct jout *j, const struct instance *in,
	const struct rows *regions, const struct jin *with, const struct jin *before);

#endif
