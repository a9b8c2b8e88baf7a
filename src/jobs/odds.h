/* The draws of a study as people read them: how probable it is that a platform is worth it, where, and
 * what plans do when things turn out otherwise. */
#ifndef RECIRCUIT_JOBS_ODDS_H
#define RECIRCUIT_JOBS_ODDS_H

#include "finding.h"

/* The member "draws" of docs/http-api.md; nothing when the study has none. */
void odds_write(const struct findings *f);

#endif
