/* How regions may share what their platforms cost, as people read it: each alone and together, the share
 * under each rule, who would object, whom to invite. */
#ifndef RECIRCUIT_JOBS_PACT_H
#define RECIRCUIT_JOBS_PACT_H

#include "finding.h"

/* The member "sharing" of docs/http-api.md; nothing when the study has none. */
void pact_write(const struct findings *f);

#endif
