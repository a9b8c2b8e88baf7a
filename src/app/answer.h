/* Shared by the handlers: parameters for db_query, rows as JSON, features for the map. */
#ifndef RECIRCUIT_APP_ANSWER_H
#define RECIRCUIT_APP_ANSWER_H

#include "db.h"
#include "err.h"
#include "reply.h"
#include "request.h"

/* A named statement on the connection of the executor. */
must_use bool ask(struct request *rq, const char *query, const char *const *params, size_t count,
	struct rows *rows, struct err *e);

/* Always false. What the database refused is told in words that show nothing of it, and logged. */
bool hide_words(const struct request *rq, const char *query, struct err *e);

/* From here on the transaction works for `who`: row-level security and the audit go by it. */
must_use bool act_as(struct request *rq, const struct identity *who, struct err *e);

/* ERR_NOT_FOUND with `what` ("ce scénario") when there is no row. */
must_use bool found(const struct rows *rows, const char *what, struct err *e);

char *text_of_int(struct arena *a, int64_t v);
char *text_of_real(struct arena *a, double v);

/* The value of a column by its name; the column must be there. */
const char *column_text(const struct rows *rows, size_t r, const char *name);

/* "name": [ {row}, ... ] inside an open object. */
void rows_as_list(const struct rows *rows, const char *name, struct jout *j);

/* Features, inside an open "features" array. Columns `lon` and `lat` make a point; with `to_lon`
 * and `to_lat` too, a line; a column `geometry` is GeoJSON already. `id` becomes the feature's id
 * as well; all others are properties. */
void rows_as_features(const struct rows *rows, struct jout *j);

/* {"type": "FeatureCollection", "features": [ ... opened; close twice. */
void open_features(struct jout *j);

#endif
