#include "answer.h"

#include "log.h"
#include "text.h"

#include <assert.h>
#include <inttypes.h>

enum { NO_COLUMN = -1, COORDINATE_DECIMALS = 5 /* 1 m */ };

/* What was asked has been checked, so what the database still refuses is a rule that only it can
 * see. Its words name tables and constraints: they are for the log. */
bool hide_words(const struct request *rq, const char *query, struct err *e)
{
	const char *words = e->kind == ERR_INVALID
				    ? "Cette donnée ne respecte pas une règle de la base."
			    : e->kind == ERR_CONFLICT
				    ? "Quelqu’un d’autre vient d’écrire la même chose : réessayez."
				    : NULL;
	if (!words)
		return false;
	log_event(LOG_WARN, "database_refused", "id=%s query=%s why=\"%s\"", rq->id, query,
		e->message);
	return err_set(e, e->kind, "%s", words);
}

bool ask(struct request *rq, const char *query, const char *const *params, size_t count,
	struct rows *rows, struct err *e)
{
	return db_query(rq->arena, rq->state, query, params, count, rows, e) ||
	       hide_words(rq, query, e);
}

bool act_as(struct request *rq, const struct identity *who, struct err *e)
{
	const char *params[] = {text_of_int(rq->arena, who->person),
		text_of_int(rq->arena, who->organisation), role_name(who->role)};
	return ask(rq, "service_act_as", params, 3, NULL, e);
}

bool found(const struct rows *rows, const char *what, struct err *e)
{
	return rows->count || err_set(e, ERR_NOT_FOUND, "%s n’existe pas.", what);
}

char *text_of_int(struct arena *a, int64_t v)
{
	return arena_printf(a, "%" PRId64, v);
}

char *text_of_real(struct arena *a, double v)
{
	return arena_printf(a, "%.17g", v);
}

static int column(const struct rows *rows, const char *name)
{
	for (size_t c = 0; c < rows->columns; c++)
		if (text_eq(rows_column_name(rows, c), name))
			return (int)c;
	return NO_COLUMN;
}

const char *column_text(const struct rows *rows, size_t r, const char *name)
{
	int c = column(rows, name);
	assert(c != NO_COLUMN);
	return rows_text(rows, r, (size_t)c);
}

void rows_as_list(const struct rows *rows, const char *name, struct jout *j)
{
	jout_key(j, name), jout_open(j, '[');
	for (size_t r = 0; r < rows->count; r++)
		rows_json(rows, r, j);
	jout_close(j);
}

/* ---- GeoJSON (RFC 7946) ---- */

struct place {
	int lon, lat, to_lon, to_lat, geometry, id;
};

static struct place find_place(const struct rows *rows)
{
	struct place p = {
		.lon = column(rows, "lon"),
		.lat = column(rows, "lat"),
		.to_lon = column(rows, "to_lon"),
		.to_lat = column(rows, "to_lat"),
		.geometry = column(rows, "geometry"),
		.id = column(rows, "id"),
	};
	return p;
}

static void write_position(const struct rows *rows, size_t r, int lon, int lat, struct jout *j)
{
	jout_open(j, '[');
	jout_fixed(j, rows_real(rows, r, (size_t)lon), COORDINATE_DECIMALS);
	jout_fixed(j, rows_real(rows, r, (size_t)lat), COORDINATE_DECIMALS);
	jout_close(j);
}

static void write_geometry(const struct rows *rows, size_t r, const struct place *p, struct jout *j)
{
	jout_key(j, "geometry");
	if (p->geometry != NO_COLUMN) {
		jout_raw(j, rows_text(rows, r, (size_t)p->geometry));
		return;
	}
	bool is_line = p->to_lon != NO_COLUMN && p->to_lat != NO_COLUMN;
	assert(p->lon != NO_COLUMN && p->lat != NO_COLUMN);
	jout_open(j, '{');
	jout_kv_text(j, "type", is_line ? "LineString" : "Point");
	jout_key(j, "coordinates");
	if (is_line)
		jout_open(j, '[');
	write_position(rows, r, p->lon, p->lat, j);
	if (is_line) {
		write_position(rows, r, p->to_lon, p->to_lat, j);
		jout_close(j);
	}
	jout_close(j);
}

static bool is_place(const struct place *p, int c)
{
	return c == p->lon || c == p->lat || c == p->to_lon || c == p->to_lat || c == p->geometry;
}

void rows_as_features(const struct rows *rows, struct jout *j)
{
	const struct place p = find_place(rows);
	for (size_t r = 0; r < rows->count; r++) {
		jout_open(j, '{');
		jout_kv_text(j, "type", "Feature");
		if (p.id != NO_COLUMN && !rows_is_null(rows, r, (size_t)p.id))
			jout_key(j, "id"), rows_json_value(rows, r, (size_t)p.id, j);
		write_geometry(rows, r, &p, j);
		jout_key(j, "properties"), jout_open(j, '{');
		for (size_t c = 0; c < rows->columns; c++) {
			if (is_place(&p, (int)c))
				continue;
			jout_key(j, rows_column_name(rows, c));
			rows_json_value(rows, r, c, j);
		}
		jout_close(j), jout_close(j);
	}
}

void open_features(struct jout *j)
{
	jout_open(j, '{');
	jout_kv_text(j, "type", "FeatureCollection");
	jout_key(j, "features"), jout_open(j, '[');
}
