/* Round sheets: one printed page for each driver, all that the day needs, no telephone. */
#include "absence.h"
#include "roundsheet.h"
#include "text.h"

enum { HALTS_AT_EASE = 10 };

static const char head[] =
	"<!doctype html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n<title>Feuilles de "
	"tournée</title>\n<style>\n"
	"@page { size: A4 landscape; margin: 10mm }\n"
	"body { font: 10pt/1.3 sans-serif; margin: 0 auto; max-width: 277mm; color: #000; "
	"background: #fff }\n"
	"section { break-after: page; margin-bottom: 10mm }\n"
	"section:last-of-type { break-after: auto }\n"
	"h1 { font-size: 15pt; margin: 0 0 2mm }\n"
	"p { margin: 1mm 0 }\n"
	"table { border-collapse: collapse; width: 100%; margin: 2mm 0 }\n"
	"th, td { border: 1px solid #777; padding: 0.8mm 1.5mm; text-align: left; vertical-align: "
	"top }\n"
	"th { background: #eee }\n"
	"thead { display: table-header-group }\n"
	"tr { break-inside: avoid }\n"
	"section.long { font-size: 8pt; line-height: 1.15 }\n"
	"td.w { white-space: nowrap }\n"
	"td.n { text-align: right; white-space: nowrap }\n"
	"tr.hub td { background: #f4f4f4 }\n"
	"tr.rest td { font-style: italic }\n"
	".sign { display: flex; gap: 10mm; margin-top: 4mm }\n"
	".sign span { flex: 1; border-bottom: 1px solid #000; height: 12mm }\n"
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

/* A line each; a place that never closes needs none. */
static void put_windows(struct arena *a, struct buf *b, const struct timetable *t, size_t day)
{
	buf_puts(b, "<td class=\"w\">");
	for (uint32_t n = t->first[day]; n < t->first[day + 1]; n++) {
		const struct opening *o = &t->opening[n];
		if (o->open > 0 || o->close < 24)
			buf_printf(b, "%s%s – %s", n > t->first[day] ? "<br>" : "",
				absence_hour(a, o->open), absence_hour(a, o->close));
	}
	buf_puts(b, "</td>");
}

/* What to take, and to leave: skips are exchanged. */
static const char *task_text(struct arena *a, const struct collection *c, const struct pickup *p)
{
	const char *all = "";
	for (size_t n = 0; n < p->lots; n++) {
		const struct collected *f = &c->flow[p->lot[n].flow];
		bool is_skip = f->cargo[CARGO_SKIPS] > 0;
		all = arena_printf(a, "%s%s%s × %s — %s%s", all, n ? " ; " : "",
			number(a, p->lot[n].units), f->container, f->name,
			is_skip ? " (prendre pleine, laisser une vide)" : "");
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

static void put_rests(struct arena *a, struct buf *b, const struct outing_sums *s, size_t leg)
{
	for (size_t n = 0; n < s->pauses; n++)
		if (s->pause[n].leg == leg)
			buf_printf(b,
				"<tr class=\"rest\"><td></td><td colspan=\"8\">Pause de %s à "
				"%s</td></tr>\n",
				absence_hour(a, s->pause[n].begin),
				absence_hour(a, s->pause[n].end));
}

static void put_halt(struct arena *a, struct buf *b, const struct itinerary *it,
	const struct outing_sums *s, size_t k)
{
	const struct collection *c = it->c;
	const struct halt *h = &s->halt[k];
	const struct locale *at = &c->place[h->place];
	bool is_pickup = h->kind == HALT_PICKUP;
	const struct pickup *p = is_pickup ? &c->pickup[h->visit.pickup] : NULL;
	put_rests(a, b, s, k);
	buf_puts(b, is_pickup ? "<tr>" : "<tr class=\"hub\">");
	put_cell(b, arena_printf(a, "%zu", k), true);
	buf_puts(b, "<td><strong>");
	put(b, at->name);
	buf_puts(b, "</strong>");
	if (*at->address) {
		buf_puts(b, "<br>");
		put(b, at->address);
	}
	buf_puts(b, "</td>");
	put_windows(a, b, p ? &p->hours : &at->hours, s->outing->day);
	put_cell(b, k ? arena_printf(a, "%s km", number(a, round(10 * h->km) / 10)) : "", true);
	put_cell(b, k ? absence_hour(a, h->at.arrive) : "", true);
	put_cell(b, k ? absence_hour(a, h->at.begin) : "", true);
	put_cell(b, absence_hour(a, h->at.leave), true);
	put_cell(b, p ? task_text(a, c, p) : hub_task(a, it, s, h), false);
	put_cell(b, aboard_text(a, h->aboard), false);
	buf_puts(b, "</tr>\n");
}

static void put_round(struct arena *a, struct buf *b, const struct itinerary *it,
	const struct outing_sums *s, size_t id)
{
	const struct collection *c = it->c;
	const struct carrier *d = &c->carrier[s->outing->carrier];
	size_t stops = 0;
	for (size_t k = 0; k < s->halts; k++)
		stops += s->halt[k].kind == HALT_PICKUP;
	/* Smaller where there is much, so that it stays on its page. */
	buf_puts(
		b, s->halts > HALTS_AT_EASE ? "<section class=\"long\">\n<h1>" : "<section>\n<h1>");
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
	buf_puts(b,
		"</p>\n<table>\n<thead><tr><th>N°</th><th>Lieu</th><th>Ouvert</th><th>Trajet</th>"
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

void roundsheet_html(struct arena *a, struct buf *b, const struct itinerary *it)
{
	buf_puts(b, head);
	for (size_t n = 0; n < it->rounds; n++)
		put_round(a, b, it, &it->round[n], n + 1);
	buf_puts(b, "</body>\n</html>\n");
}
