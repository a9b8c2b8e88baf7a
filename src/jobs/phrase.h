/* Pieces of the French sentences in reports, so that all of them say things one way. */
#ifndef RECIRCUIT_JOBS_PHRASE_H
#define RECIRCUIT_JOBS_PHRASE_H

#include "arena.h"
#include "db.h"

const char *phrase_millions(struct arena *a, double eur);  /* "12,3 M€" */
const char *phrase_percent(struct arena *a, double share); /* 0.83 -> "83 %" */

/* viable, not_viable, undecided -> "viable", "non viable", "indécidé" */
const char *phrase_answer(const char *code);

/* "A", "A et B", "A, B et C" */
const char *phrase_list(struct arena *a, const char *const *names, size_t count);

/* The name that rows have for a code (columns `of` and `name`), else the code. */
const char *phrase_name(const struct rows *rows, size_t of, size_t name, const char *code);

#endif
