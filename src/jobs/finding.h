/* What a study found, in the words and figures people read: the parts of docs/http-api.md, "Studies".
 * Tipping points, sensitivity and frontiers are here, draws in odds.h, groups and shares in pact.h. */
#ifndef RECIRCUIT_JOBS_FINDING_H
#define RECIRCUIT_JOBS_FINDING_H

#include "instance.h"
#include "jin.h"
#include "jout.h"

struct finding {
	struct buf report; /* JSON: a member for each part that was asked for */
	struct buf brief;  /* JSON {answer, sentence}: what lists show */
};

/* `answer` is the solver's output. */
must_use bool finding_make(struct arena *a, struct db *db, const struct instance *in,
	const struct jin *answer, struct finding *out, struct err *e);

/* What its parts are written with. */
struct findings {
	struct arena *arena;
	struct jout *j;
	const struct instance *in;
	const struct jin *answer;
	struct rows regions;               /* code, name */
	const struct driver_range *ranges; /* in the order of driver_table */
};

const char *finding_region(const struct findings *f, const char *code);

double finding_number(const struct jin *object, const char *key); /* NAN when it is absent */

/* "key": the member of the solver's object, as it is. */
void finding_copy(const struct findings *f, const struct jin *object, const char *key);

#endif
