#include "answer.h"
#include "routes.h"

#include "buf.h"

#include <inttypes.h>

/* Below this zoom a screen shows more points than an eye can tell apart. */
enum { ZOOM_OF_POINTS = 9, NO_ZOOM = -1, PAGE_DEFAULT = 500, PAGE_MOST = 5000 };

struct point_params {
	struct box bbox;
	const char *region;
	int64_t after, limit, zoom;
};

static const struct point_params defaults = {.limit = PAGE_DEFAULT, .zoom = NO_ZOOM};
static const struct field fields[] = {
	{"bbox", FIELD_BOX, .label = "emprise", .offset = offsetof(struct point_params, bbox)},
	{"region", FIELD_TEXT, .min = 2, .max = 3, .label = "code de la région",
		.offset = offsetof(struct point_params, region)},
	{"after", FIELD_INT, .max = 9e15, .label = "dernier point de la page d’avant",
		.offset = offsetof(struct point_params, after)},
	{"limit", FIELD_INT, .min = 1, .max = PAGE_MOST, .label = "nombre de points par page",
		.offset = offsetof(struct point_params, limit)},
	{"zoom", FIELD_INT, .max = 22, .label = "niveau de zoom de la carte",
		.offset = offsetof(struct point_params, zoom)},
};
const struct record point_query = RECORD(fields, struct point_params, &defaults);

/* $1 to $4 of both statements: four nulls without a box. */
static void box_params(struct arena *a, const struct box *b, const char *params[4])
{
	const double edges[] = {b->west, b->south, b->east, b->north};
	for (size_t i = 0; i < 4; i++)
		params[i] = b->is_given ? text_of_real(a, edges[i]) : NULL;
}

static bool list_cells(
	struct request *rq, const struct point_params *q, struct reply *rp, struct err *e)
{
	struct rows rows;
	const char *params[6] = {[4] = text_of_int(rq->arena, q->zoom), [5] = q->region};
	box_params(rq->arena, &q->bbox, params);
	if (!ask(rq, "point_grid", params, 6, &rows, e))
		return false;
	struct jout *j = reply_geojson(rp);
	open_features(j);
	rows_as_features(&rows, j);
	jout_close(j), jout_close(j);
	return true;
}

/* The address of the next page: the same question, from the last id on. */
static char *next_page(struct request *rq, const struct point_params *q, const char *last_id)
{
	const struct box *b = &q->bbox;
	struct buf address;
	buf_init(&address, rq->arena, BUF_NO_LIMIT);
	buf_printf(&address, "/api/points?after=%s&limit=%" PRId64, last_id, q->limit);
	if (q->region) /* it has matched points, so it is a code: nothing to escape */
		buf_printf(&address, "&region=%s", q->region);
	if (b->is_given)
		buf_printf(&address, "&bbox=%.17g,%.17g,%.17g,%.17g", b->west, b->south, b->east,
			b->north);
	return address.data;
}

bool point_list(struct request *rq, struct reply *rp, struct err *e)
{
	const struct point_params *q = rq->query;
	if (q->zoom != NO_ZOOM && q->zoom < ZOOM_OF_POINTS)
		return list_cells(rq, q, rp, e);

	/* One more than the page tells whether there is a next one. */
	struct rows rows;
	const char *params[7] = {
		[4] = q->region,
		[5] = text_of_int(rq->arena, q->after),
		[6] = text_of_int(rq->arena, q->limit + 1),
	};
	box_params(rq->arena, &q->bbox, params);
	if (!ask(rq, "point_list", params, 7, &rows, e))
		return false;
	bool has_next = rows.count > (size_t)q->limit;
	if (has_next)
		rows.count = (size_t)q->limit;

	struct jout *j = reply_geojson(rp);
	open_features(j);
	rows_as_features(&rows, j);
	jout_close(j);
	jout_key(j, "links"), jout_open(j, '[');
	if (has_next) {
		jout_open(j, '{');
		jout_kv_text(j, "rel", "next");
		jout_kv_text(j, "type", "application/geo+json");
		jout_kv_text(j, "href", next_page(rq, q, column_text(&rows, rows.count - 1, "id")));
		jout_close(j);
	}
	jout_close(j), jout_close(j);
	return true;
}
