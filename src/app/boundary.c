#include "answer.h"
#include "routes.h"

/* Outlines change with a load of the reference data, which is rare. */
enum { KEEP_S = 3600 };

struct boundary_params {
	const char *level;
};

static const struct field fields[] = {
	{"level", FIELD_TEXT, .is_required = true, .choices = "region|departement",
		.label = "niveau des contours", .offset = offsetof(struct boundary_params, level)},
};
const struct record boundary_query = RECORD(fields, struct boundary_params, NULL);

bool boundary_list(struct request *rq, struct reply *rp, struct err *e)
{
	const struct boundary_params *q = rq->query;
	struct rows rows;
	const char *params[] = {q->level};
	if (!ask(rq, "boundary_list", params, 1, &rows, e))
		return false;
	struct jout *j = reply_geojson(rp);
	reply_cached(rp, KEEP_S);
	open_features(j);
	rows_as_features(&rows, j);
	jout_close(j), jout_close(j);
	return true;
}
