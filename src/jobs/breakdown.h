/* What the cost of a plan is made of, component by component beside today's, and how sure that is: what was measured,
 * what is published, what is assumed. Euros, over the whole horizon. */
#ifndef RECIRCUIT_JOBS_BREAKDOWN_H
#define RECIRCUIT_JOBS_BREAKDOWN_H

#include "instance.h"
#include "jin.h"
#include "jout.h"

/* Writes the members "breakdown", "confidence", "haulage_rounds" and "haulage_bands" of docs/http-api.md. `with` and
 * `before` are accounts of the solver's answer; before->value is null without a status quo. Returns the share, from 0 to 1,
 * of the plan's cost that rests on assumptions. */
double breakdown_write(struct arena *a, struct jout *j, const struct instance *in,
	const struct jin *with, const struct jin *before);

#endif
