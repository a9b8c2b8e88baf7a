#include "roundsheet.h"

#include "jout.h"
#include "text.h"

#include <string.h>

static const struct {
	const char *name;
	roundsheet_writer *write;
} shapes[] = {
	{"geojson", roundsheet_geojson},
	{"csv", roundsheet_csv},
	{"sheet", roundsheet_html},
};

roundsheet_writer *roundsheet_find(const char *shape)
{
	for (size_t n = 0; n < sizeof shapes / sizeof *shapes; n++)
		if (text_eq(shapes[n].name, shape))
			return shapes[n].write;
	return NULL;
}

static void write_at(struct jout *j, const struct locale *l)
{
	jout_open(j, '[');
	jout_fixed(j, l->at.lon, 6);
	jout_fixed(j, l->at.lat, 6);
	jout_close(j);
}

/* What a feature of a round and of its stops have in common. */
static void open_feature(struct jout *j, const char *geometry)
{
	jout_open(j, '{');
	jout_kv_text(j, "type", "Feature");
	jout_key(j, "geometry");
	jout_open(j, '{');
	jout_kv_text(j, "type", geometry);
	jout_key(j, "coordinates");
}

static void open_properties(
	struct jout *j, const struct collection *c, const struct outing_sums *s, size_t round)
{
	const struct carrier *b = &c->carrier[s->outing->carrier];
	jout_close(j);
	jout_key(j, "properties");
	jout_open(j, '{');
	jout_kv_int(j, "round", (int64_t)round);
	jout_kv_text(j, "day", c->day[s->outing->day]);
	jout_kv_text(j, "vehicle", b->id);
	jout_kv_int(j, "number", (int64_t)s->number);
	jout_kv_text(j, "hub", c->place[b->hub].id);
}

void roundsheet_geojson(struct arena *a, struct buf *b, const struct itinerary *it)
{
	const struct collection *c = it->c;
	struct jout j;
	(void)a;
	jout_init(&j, b);
	jout_open(&j, '{');
	jout_kv_text(&j, "type", "FeatureCollection");
	jout_key(&j, "features");
	jout_open(&j, '[');
	for (size_t n = 0; n < it->rounds && c->has_coordinates; n++) {
		const struct outing_sums *s = &it->round[n];
		open_feature(&j, "LineString");
		jout_open(&j, '[');
		for (size_t k = 0; k < s->halts; k++)
			write_at(&j, &c->place[s->halt[k].place]);
		jout_close(&j);
		open_properties(&j, c, s, n + 1);
		jout_kv_real(&j, "km", s->km);
		jout_kv_real(&j, "hours", s->hours);
		jout_kv_real(&j, "cost_eur", s->cost);
		jout_close(&j);
		jout_close(&j);
		for (size_t k = 0; k < s->halts; k++) {
			const struct halt *h = &s->halt[k];
			if (h->kind != HALT_PICKUP)
				continue;
			open_feature(&j, "Point");
			write_at(&j, &c->place[h->place]);
			open_properties(&j, c, s, n + 1);
			jout_kv_int(&j, "rank", (int64_t)k);
			jout_kv_text(&j, "pickup", c->pickup[h->visit.pickup].id);
			jout_kv_text(&j, "point", c->place[h->place].id);
			jout_kv_text(&j, "name", c->place[h->place].name);
			jout_kv_real(&j, "arrive_h", h->at.arrive);
			jout_kv_real(&j, "leave_h", h->at.leave);
			jout_close(&j);
			jout_close(&j);
		}
	}
	jout_close(&j);
	jout_close(&j);
	buf_putc(b, '\n');
}

/* Quoted where it must be (RFC 4180); a formula of a spreadsheet stays a text. */
static void put_cell(struct buf *b, const char *text)
{
	buf_puts(b, "\"");
	if (*text && strchr("=+-@\t\r", *text))
		buf_putc(b, '\'');
	for (; *text; text++) {
		if (*text == '"')
			buf_putc(b, '"');
		buf_putc(b, *text);
	}
	buf_puts(b, "\"");
}

static const char *lots_text(struct arena *a, const struct collection *c, const struct pickup *p)
{
	const char *all = "";
	for (size_t n = 0; n < p->lots; n++)
		all = arena_printf(a, "%s%s%s × %s (%s)", all, n ? ", " : "",
			text_french_number(a, p->lot[n].units,
				p->lot[n].units == floor(p->lot[n].units) ? 0 : 1),
			c->flow[p->lot[n].flow].container, c->flow[p->lot[n].flow].name);
	return all;
}

void roundsheet_csv(struct arena *a, struct buf *b, const struct itinerary *it)
{
	const struct collection *c = it->c;
	buf_puts(b,
		"round,day,hub,vehicle,number,rank,kind,place,name,address,pickup,visit,trip,"
		"arrive_h,begin_h,leave_h,km,driving_h,taken,weight_kg,volume_m3,places,skips\r\n");
	for (size_t n = 0; n < it->rounds; n++) {
		const struct outing_sums *s = &it->round[n];
		const struct carrier *d = &c->carrier[s->outing->carrier];
		for (size_t k = 0; k < s->halts; k++) {
			const struct halt *h = &s->halt[k];
			const struct pickup *p =
				h->kind == HALT_PICKUP ? &c->pickup[h->visit.pickup] : NULL;
			const char *texts[] = {c->day[s->outing->day], c->place[d->hub].id, d->id};
			buf_printf(b, "%zu,", n + 1);
			for (size_t m = 0; m < 3; m++) {
				put_cell(b, texts[m]);
				buf_putc(b, ',');
			}
			buf_printf(b, "%zu,%zu,%s,", s->number, k, halt_words[h->kind]);
			put_cell(b, c->place[h->place].id);
			buf_putc(b, ',');
			put_cell(b, c->place[h->place].name);
			buf_putc(b, ',');
			put_cell(b, c->place[h->place].address);
			buf_putc(b, ',');
			put_cell(b, p ? p->id : "");
			if (p)
				buf_printf(b, ",%zu", h->visit.number + 1);
			else
				buf_putc(b, ',');
			buf_printf(b, ",%zu,%.6g,%.6g,%.6g,%.6g,%.6g,", h->trip, h->at.arrive,
				h->at.begin, h->at.leave, h->km, h->driving);
			put_cell(b, p ? lots_text(a, c, p) : "");
			for (size_t m = 0; m < CARGO_DIMS; m++)
				buf_printf(b, ",%.9g", h->aboard[m]);
			buf_puts(b, "\r\n");
		}
	}
}
