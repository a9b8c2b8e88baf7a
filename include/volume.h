/* What the tonnes of an answer rest on: région by région, with what a reader must know of them. */
#ifndef RECIRCUIT_JOBS_VOLUME_H
#define RECIRCUIT_JOBS_VOLUME_H

#include "instance.h"
#include "jout.h"

/* Writes the member "volumes" of docs/http-api.md. Its notes follow from the figures: a région far
 * below the others, a survey figure that was replaced, the whole against the national mean. */
void volume_write(struct arena *a, struct jout *j, const struct instance *in);

#endif
