/* What the tonnes of an answer rest on: région by région, with what a reader must know of them. */
#ifndef RECIRCUIT_JOBS_VOLUME_H
#define RECIRCUIT_JOBS_VOLUME_H

#include "instance.h"
#include "jout.h"

/* Tonnes of the base year, and of them those that lines say, and those that were weighed. */
struct volume_recorded {
	double tonnes, recorded_t, weighed_t;
};

/* Of points of a région (null: all); zeros when volumes are estimated. */
struct volume_recorded volume_recorded(const struct instance *in, const char *region);

/* Writes the member "volumes" of docs/http-api.md. Its notes follow from the figures: a région far
 * below the others, a survey figure that was replaced, the whole against the national mean. */
void volume_write(struct arena *a, struct jout *j, const struct instance *in);

#endif
