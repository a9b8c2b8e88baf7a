#include "answer.h"
#include "routes.h"

struct site_params {
	const char *kind, *region;
};

static const struct field fields[] = {
	{"kind", FIELD_TEXT, .choices = "existing|unlisted|candidate", .label = "sorte de site",
		.offset = offsetof(struct site_params, kind)},
	{"region", FIELD_TEXT, .min = 2, .max = 3, .label = "code de la région",
		.offset = offsetof(struct site_params, region)},
};
const struct record site_query = RECORD(fields, struct site_params, NULL);

bool site_list(struct request *rq, struct reply *rp, struct err *e)
{
	const struct site_params *q = rq->query;
	struct rows rows;
	const char *params[] = {q->kind, q->region};
	if (!ask(rq, "site_list", params, 2, &rows, e))
		return false;
	struct jout *j = reply_geojson(rp);
	open_features(j);
	rows_as_features(&rows, j);
	jout_close(j), jout_close(j);
	return true;
}
