/* Round sheets: all that a driver's day needs, no telephone. One printed page each; on a narrow screen each halt is a
 * card of its own, so that nothing has to be pushed sideways. */
#include "absence.h"
#include "roundsheet.h"
#include "text.h"

#include <string.h>

static const char head[] =
	"<!doctype html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<title>Feuilles de tournée</title>\n<style>\n"
	"@page { size: A4 landscape; margin: 10mm }\n"
	"* { box-sizing: border-box }\n"
	"body { font: 10pt/1.3 sans-serif; margin: 0 auto; max-width: 277mm; color: #000; "
	"background: #fff }\n"
	"section { break-after: page; margin-bottom: 10mm }\n"
	"section:last-of-type { break-after: auto; margin-bottom: 0 }\n"
	"h1 { font-size: 15pt; margin: 0 0 2mm }\n"
	"p { margin: 1mm 0 }\n"
	"table { border-collapse: collapse; width: 100%; margin: 2mm 0 }\n"
	"th, td { border: 1px solid #777; padding: 0.8mm 1.5mm; text-align: left; vertical-align: "
	"top }\n"
	"th { background: #eee }\n"
	"thead { display: table-header-group }\n"
	"tr { break-inside: avoid }\n"
	"td.n { text-align: right; white-space: nowrap }\n"
	"td:nth-child(2) { width: 86mm }\n"
	"td:nth-child(8) { width: 33mm }\n"
	"tr.hub td { background: #f4f4f4 }\n"
	"tr.rest td { font-style: italic }\n"
	".dense { font-size: 8pt; line-height: 1.2 }\n"
	".densest { font-size: 6.5pt; line-height: 1.15 }\n"
	".dense h1, .densest h1 { font-size: 12pt; margin: 0 0 1mm }\n"
	".densest th, .densest td { padding: 0.3mm 1mm }\n"
	".sign { display: flex; gap: 10mm; margin-top: 4mm }\n"
	".sign span { flex: 1; border-bottom: 1px solid #000; height: 12mm }\n"
	"@media print { details { display: none } }\n"
	"@media screen {\n"
	"summary { padding: 12px 0; cursor: pointer }\n"
	"details a { display: inline-block; padding: 4px 0 }\n"
	"}\n"
	"@media screen and (max-width: 60rem) {\n"
	"body, section[id] { font: 1rem/1.35 sans-serif }\n"
	"body { padding: 0 12px 24px }\n"
	"section { margin-bottom: 48px }\n"
	"h1, .dense h1, .densest h1 { font-size: 1.3rem }\n"
	"table, tbody { display: block }\n"
	"thead, td:empty { display: none }\n"
	"tr { display: grid; grid-template-columns: auto repeat(3, minmax(0, 1fr)); gap: 4px 12px; "
	"margin: 0 0 10px; padding: 8px 10px; border: 1px solid #777; border-radius: 4px }\n"
	"tr.hub { background: #eee }\n"
	"section td:nth-child(n) { border: 0; padding: 0; grid-column: 1 / -1; width: auto; "
	"white-space: normal; text-align: left; overflow-wrap: anywhere; background: none }\n"
	"tr:not(.rest) td:nth-child(1) { grid-column: 1; font-weight: bold }\n"
	"tr:not(.rest) td:nth-child(2) { grid-column: 2 / -1 }\n"
	"td:nth-child(4), td:nth-child(5), td:nth-child(6), td:nth-child(7) { font-weight: bold }\n"
	"section td:nth-child(4) { grid-column: 1 / 3 }\n"
	"section td:nth-child(5) { grid-column: 3 }\n"
	"section td:nth-child(6) { grid-column: 4 }\n"
	"td:nth-child(3)::before { content: \"Trajet : \" }\n"
	"td:nth-child(4)::before { content: \"Arrivée\" }\n"
	"td:nth-child(5)::before { content: \"Début\" }\n"
	"td:nth-child(6)::before { content: \"Départ\" }\n"
	"td:nth-child(8)::before { content: \"À bord en partant : \" }\n"
	"td::before { font-weight: normal; color: #444 }\n"
	"td:nth-child(4)::before, td:nth-child(5)::before, td:nth-child(6)::before { display: "
	"block; font-size: 0.85rem }\n"
	".sign { flex-direction: column; gap: 4px }\n"
	".sign span { flex: none; height: 48px }\n"
	"}\n"
	"</style>\n</head>\n<body>\n";

static void put(struct buf *b, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '<': buf_puts(b, "&lt;"); break;
		case '>': buf_puts(b, "&gt;"); break;
		case '&': buf_puts(b, "&amp;"); break;
		case '"': buf_puts(b, "&quot;"); break;
		default: buf_putc(b, *text);
		}
	}
}

static const char *number(struct arena *a, double x)
{
	return text_french_number(a, x, x == floor(x) ? 0 : 1);
}

static void put_cell(struct buf *b, const char *text, bool is_number)
{
	buf_puts(b, is_number ? "<td class=\"n\">" : "<td>");
	put(b, text);
	buf_puts(b, "</td>");
}

/* « 8 h 00 » stays on its line. */
static const char *unbroken(struct arena *a, const char *text)
{
	struct buf b;
	buf_init(&b, a, BUF_NO_LIMIT);
	for (; *text; text++)
		if (*text == ' ')
			buf_puts(&b, "\u00a0");
		else
			buf_putc(&b, *text);
	return b.data;
}

/* When it is open that day; a place that never closes says nothing. */
static const char *windows_text(struct arena *a, const struct timetable *t, size_t day)
{
	const char *all = "";
	for (uint32_t n = t->first[day]; n < t->first[day + 1]; n++) {
		const struct opening *o = &t->opening[n];
		if (o->open > 0 || o->close < 24)
			all = arena_printf(a, "%s%s%s", all, *all ? ", " : "ouvert ",
				unbroken(a, arena_printf(a, "%s – %s", absence_hour(a, o->open),
						    absence_hour(a, o->close))));
	}
	return all;
}

/* Lots of one kind of container come together; skips are exchanged. */
static bool is_new_container(const struct collection *c, const struct pickup *p, size_t n)
{
	for (size_t o = 0; o < n; o++)
		if (text_eq(c->flow[p->lot[o].flow].container, c->flow[p->lot[n].flow].container))
			return false;
	return true;
}

/* What to take, and to leave: "24 × crate: 10 lamps, 14 screens". */
static const char *task_text(struct arena *a, const struct collection *c, const struct pickup *p)
{
	const char *all = "";
	for (size_t n = 0; n < p->lots; n++) {
		if (!is_new_container(c, p, n))
			continue;
		const struct collected *f = &c->flow[p->lot[n].flow];
		const char *named = "";
		double units = 0;
		size_t lots = 0;
		for (size_t o = n; o < p->lots; o++) {
			const struct collected *g = &c->flow[p->lot[o].flow];
			if (!text_eq(f->container, g->container))
				continue;
			named = arena_printf(a, "%s%s%s %s", named, lots ? ", " : "",
				number(a, p->lot[o].units), g->name);
			units += p->lot[o].units;
			lots++;
		}
		all = arena_printf(a, "%s%s%s × %s%s%s%s", all, n ? " ; " : "", number(a, units),
			f->container, lots > 1 ? " : " : " — ", lots > 1 ? named : f->name,
			f->cargo[CARGO_SKIPS] > 0 ? " (prendre pleine, laisser une vide)" : "");
	}
	return all;
}

static const char *aboard_text(struct arena *a, const double *cargo)
{
	const char *all = "";
	for (size_t d = 0; d < CARGO_DIMS; d++)
		if (cargo[d] > 0)
			all = arena_printf(a, "%s%s%s", all, *all ? ", " : "",
				cargo_text(a, (enum cargo)d, cargo[d]));
	return *all ? all : "vide";
}

static const char *hub_task(struct arena *a, const struct itinerary *it,
	const struct outing_sums *s, const struct halt *h)
{
	size_t next = h->kind == HALT_START ? 1 : h->trip + 1;
	double empties = h->kind == HALT_END ? 0 : itinerary_empties(it, s, next);
	const char *what = h->kind == HALT_START ? "Départ"
			   : h->kind == HALT_END ? "Retour, décharger"
						 : "Décharger";
	return empties > 0
		       ? arena_printf(a, "%s ; emporter %s benne%s vide%s", what,
				 number(a, empties), empties > 1 ? "s" : "", empties > 1 ? "s" : "")
		       : what;
}

static const char *halt_task(struct arena *a, const struct itinerary *it,
	const struct outing_sums *s, const struct halt *h)
{
	return h->kind == HALT_PICKUP ? task_text(a, it->c, &it->c->pickup[h->visit.pickup])
				      : hub_task(a, it, s, h);
}

/* Address and hours. */
static const char *halt_where(struct arena *a, const struct itinerary *it,
	const struct outing_sums *s, const struct halt *h)
{
	const struct locale *at = &it->c->place[h->place];
	const struct timetable *hours =
		h->kind == HALT_PICKUP ? &it->c->pickup[h->visit.pickup].hours : &at->hours;
	const char *open = windows_text(a, hours, s->outing->day);
	return arena_printf(a, "%s%s%s", at->address, *at->address && *open ? " · " : "", open);
}

static void put_rests(struct arena *a, struct buf *b, const struct outing_sums *s, size_t leg)
{
	for (size_t n = 0; n < s->pauses; n++)
		if (s->pause[n].leg == leg)
			buf_printf(b,
				"<tr class=\"rest\"><td></td><td colspan=\"7\">Pause de %s à "
				"%s</td></tr>\n",
				absence_hour(a, s->pause[n].begin),
				absence_hour(a, s->pause[n].end));
}

static void put_halt(struct arena *a, struct buf *b, const struct itinerary *it,
	const struct outing_sums *s, size_t k)
{
	const struct halt *h = &s->halt[k];
	const struct locale *at = &it->c->place[h->place];
	put_rests(a, b, s, k);
	buf_puts(b, h->kind == HALT_PICKUP ? "<tr>" : "<tr class=\"hub\">");
	put_cell(b, arena_printf(a, "%zu", k), true);
	buf_puts(b, "<td><strong>");
	put(b, at->name);
	buf_puts(b, "</strong>");
	const char *where = halt_where(a, it, s, h);
	if (*where)
		buf_puts(b, "<br>");
	put(b, where);
	buf_puts(b, "</td>");
	put_cell(b, k ? arena_printf(a, "%s km", number(a, round(10 * h->km) / 10)) : "", true);
	put_cell(b, k ? absence_hour(a, h->at.arrive) : "", true);
	put_cell(b, k ? absence_hour(a, h->at.begin) : "", true);
	put_cell(b, absence_hour(a, h->at.leave), true);
	put_cell(b, halt_task(a, it, s, h), false);
	buf_puts(b, "<td>");
	put(b, aboard_text(a, h->aboard));
	buf_puts(b, "</td></tr>\n");
}

/* Set smaller where there is much, so that a round stays on its page. Widths of the cells for the place and for what to
 * do are in characters, heights in lines; the last size takes what there is. */
static const struct size {
	const char *attribute;
	size_t place, task;
	double lines, border; /* border: what a row takes besides, in lines */
} sizes[] = {
	{"", 38, 38, 27, 0.45},
	{" class=\"dense\"", 50, 50, 42, 0.55},
	{" class=\"densest\"", 64, 66, 0, 0.35},
};
enum { SIZES = sizeof sizes / sizeof *sizes };

static size_t characters(const char *text)
{
	size_t count = 0;
	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

/* Lines of print that the table takes, roughly and rather too many. */
static double lines_of(struct arena *a, const struct itinerary *it, const struct outing_sums *s,
	const struct size *size)
{
	double lines = (double)s->pauses * (1 + size->border);
	for (size_t k = 0; k < s->halts; k++) {
		const struct halt *h = &s->halt[k];
		const struct locale *at = &it->c->place[h->place];
		size_t place = 2 + characters(at->name) / size->place +
			       characters(halt_where(a, it, s, h)) / size->place;
		size_t task = 1 + characters(halt_task(a, it, s, h)) / size->task;
		lines += size->border + (double)(place > task ? place : task);
	}
	return lines;
}

static const char *size_attribute(
	struct arena *a, const struct itinerary *it, const struct outing_sums *s)
{
	const struct size *size = sizes;
	while (size < &sizes[SIZES - 1] && lines_of(a, it, s, size) > size->lines)
		size++;
	return size->attribute;
}

static void put_round(struct arena *a, struct buf *b, const struct itinerary *it,
	const struct outing_sums *s, size_t id)
{
	const struct collection *c = it->c;
	const struct carrier *d = &c->carrier[s->outing->carrier];
	size_t stops = 0;
	for (size_t k = 0; k < s->halts; k++)
		stops += s->halt[k].kind == HALT_PICKUP;
	buf_printf(b, "<section id=\"t%zu\"%s>\n<h1>", id, size_attribute(a, it, s));
	put(b, arena_printf(a, "Tournée %zu — %s", id, c->day[s->outing->day]));
	buf_puts(b, "</h1>\n<p><strong>");
	put(b, arena_printf(a, "%s n° %zu", d->name, s->number));
	buf_puts(b, "</strong> · dépôt ");
	put(b, c->place[d->hub].name);
	put(b, arena_printf(a, " · départ %s, retour %s", absence_hour(a, s->leave),
		       absence_hour(a, s->back)));
	if (*c->name) {
		buf_puts(b, " · ");
		put(b, c->name);
	}
	buf_puts(b, "</p>\n<table>\n<thead><tr><th>N°</th><th>Lieu</th><th>Trajet</th>"
		    "<th>Arrivée</th><th>Début</th><th>Départ</th><th>À faire</th><th>À bord en "
		    "partant</th></tr></thead>\n<tbody>\n");
	for (size_t k = 0; k < s->halts; k++)
		put_halt(a, b, it, s, k);
	buf_puts(b, "</tbody>\n</table>\n<p>");
	put(b, arena_printf(a, "%zu arrêt%s, %zu voyage%s, %s km, %s au volant, %s en tout.", stops,
		       stops == 1 ? "" : "s", s->trips, s->trips == 1 ? "" : "s",
		       text_french_number(a, s->km, 1), absence_hour(a, s->driving),
		       absence_hour(a, s->hours)));
	buf_puts(b, "</p>\n<p>Observations :</p>\n<div class=\"sign\"><span>Chauffeur, signature "
		    ":</span><span>Compteur au départ :</span><span>Compteur au retour :</span>"
		    "<span>Dépôt, signature :</span></div>\n</section>\n");
}

/* On a screen, the way to one's own round among many. */
static void put_index(struct arena *a, struct buf *b, const struct itinerary *it)
{
	buf_printf(b, "<details><summary>Aller à l’une des %zu tournées</summary>\n", it->rounds);
	for (size_t n = 0; n < it->rounds; n++) {
		const struct outing_sums *s = &it->round[n];
		const struct carrier *d = &it->c->carrier[s->outing->carrier];
		buf_printf(b, "<a href=\"#t%zu\">", n + 1);
		put(b, arena_printf(a, "%zu : %s, %s, %s n° %zu", n + 1, it->c->day[s->outing->day],
			       it->c->place[d->hub].name, d->name, s->number));
		buf_puts(b, "</a><br>\n");
	}
	buf_puts(b, "</details>\n");
}

void roundsheet_html(struct arena *a, struct buf *b, const struct itinerary *it)
{
	buf_puts(b, head);
	if (it->rounds > 1)
		put_index(a, b, it);
	for (size_t n = 0; n < it->rounds; n++)
		put_round(a, b, it, &it->round[n], n + 1);
	buf_puts(b, "</body>\n</html>\n");
}
