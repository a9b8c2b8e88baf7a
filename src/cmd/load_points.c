/* recircuit load points: real collection points, from a directory. */
#include "file.h"
#include "house.h"
#include "jout.h"
#include "load.h"
#include "point_import.h"
#include "program.h"
#include "text.h"

#include <stdio.h>

struct points_options {
	bool is_json;
	struct point_import_options import;
};

static const struct option_spec points_specs[] = {
	{"dry-run", 'n', OPTION_FLAG, offsetof(struct points_options, import.is_dry_run), NULL,
		"dit ce qui serait fait, sans rien enregistrer"},
	{"close-missing", 0, OPTION_FLAG, offsetof(struct points_options, import.closes_missing),
		NULL, "ferme les points connus qui ne sont plus dans le fichier"},
	{"json", 0, OPTION_FLAG, offsetof(struct points_options, is_json), NULL,
		"une ligne JSON par ligne du fichier, puis le bilan"},
};

static const char *place(struct arena *a, const struct point_line *l)
{
	return *l->commune_name ? arena_printf(a, "%s (%s)", l->commune_name, l->commune)
				: l->commune;
}

static void print_line(struct arena *a, const struct point_line *l)
{
	const char *number = l->line ? arena_printf(a, "%zu", l->line) : "";
	printf("%s  %s %s %s %s%s%s%s\n", text_pad(a, number, 7),
		text_pad(a, point_verdict_name(l->verdict, 1), -14), text_pad(a, l->key, -8),
		text_pad(a, place(a, l), -30), l->name, *l->name && *l->remark ? " : " : "",
		l->is_warning ? "(à vérifier) " : "", l->remark);
}

/* What a year-by-year directory repeats is counted, not listed. */
static void print_table(struct arena *a, const struct point_report *r)
{
	printf("%s  %s %s %s %s\n", text_pad(a, "ligne", 7), text_pad(a, "verdict", -14),
		text_pad(a, "site", -8), text_pad(a, "commune", -30), "nom : remarque");
	for (size_t i = 0; i < r->count; i++)
		if (r->lines[i].verdict != POINT_OLDER)
			print_line(a, &r->lines[i]);
}

static void add_count(struct buf *b, size_t n, const char *one, const char *several)
{
	buf_printf(b, "%s%zu %s", b->len ? ", " : "", n, n > 1 ? several : one);
}

/* "12 créés, 0 modifié, 3 inchangés, 1 refusé, 2 à vérifier." The first four always. */
static const char *summary(struct arena *a, const struct point_report *r)
{
	struct buf b;
	buf_init(&b, a, BUF_NO_LIMIT);
	for (enum point_verdict v = 0; v < POINT_VERDICT_COUNT; v++)
		if (v <= POINT_REFUSED || r->verdicts[v])
			add_count(&b, r->verdicts[v], point_verdict_name(v, 1),
				point_verdict_name(v, 2));
	if (r->warnings)
		add_count(&b, r->warnings, "à vérifier", "à vérifier");
	if (r->estimated_closed)
		add_count(&b, r->estimated_closed, "point estimé retiré", "points estimés retirés");
	if (r->estimated_opened)
		add_count(&b, r->estimated_opened, "point estimé remis", "points estimés remis");
	if (r->merges_proposed)
		add_count(&b, r->merges_proposed, "rapprochement proposé (recircuit merge list)",
			"rapprochements proposés (recircuit merge list)");
	buf_putc(&b, '.');
	return b.data;
}

static void print_summary(
	struct arena *a, const struct point_report *r, const struct points_options *o)
{
	putchar('\n');
	if (r->is_closing_withheld)
		printf("Rien n’a été fermé : une ligne illisible peut être celle d’un point qui "
		       "semble absent.\n");
	else if (r->verdicts[POINT_MISSING])
		printf("Les points absents restent ouverts ; --close-missing les ferme.\n");
	if (o->import.is_dry_run)
		printf("Essai : rien n’a été enregistré.\n");
	if (r->survey_year)
		printf("Enquête %d : ", r->survey_year);
	printf("%s\n", summary(a, r));
}

static void print_json_line(struct arena *a, const struct point_line *l)
{
	struct buf b;
	struct jout j;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	jout_open(&j, '{');
	if (l->line)
		jout_kv_int(&j, "line", (int64_t)l->line);
	jout_kv_text(&j, "verdict", point_verdict_name(l->verdict, 1));
	jout_kv_bool(&j, "warning", l->is_warning);
	jout_kv_text(&j, "site", l->key);
	jout_kv_text(&j, "name", l->name);
	jout_kv_text(&j, "commune", l->commune);
	jout_kv_text(&j, "commune_name", l->commune_name);
	jout_kv_text(&j, "remark", l->remark);
	jout_close(&j);
	puts(b.data);
}

static void print_json_summary(
	struct arena *a, const struct point_report *r, const struct points_options *o)
{
	struct buf b;
	struct jout j;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	jout_open(&j, '{'), jout_key(&j, "summary"), jout_open(&j, '{');
	for (enum point_verdict v = 0; v < POINT_VERDICT_COUNT; v++)
		jout_kv_int(&j, point_verdict_name(v, 1), (int64_t)r->verdicts[v]);
	jout_kv_int(&j, "warnings", (int64_t)r->warnings);
	jout_kv_int(&j, "estimated_closed", (int64_t)r->estimated_closed);
	jout_kv_int(&j, "estimated_opened", (int64_t)r->estimated_opened);
	jout_kv_int(&j, "merges_proposed", (int64_t)r->merges_proposed);
	jout_kv_int(&j, "survey_year", r->survey_year);
	jout_kv_bool(&j, "closing_withheld", r->is_closing_withheld);
	jout_kv_bool(&j, "dry_run", o->import.is_dry_run);
	jout_close(&j), jout_close(&j);
	puts(b.data);
}

static void print_report(
	struct arena *a, const struct point_report *r, const struct points_options *o)
{
	if (!o->is_json) {
		print_table(a, r);
		print_summary(a, r, o);
		return;
	}
	for (size_t i = 0; i < r->count; i++)
		print_json_line(a, &r->lines[i]);
	print_json_summary(a, r, o);
}

bool load_points(int argc, char **argv, struct err *e)
{
	static const struct usage usage = {
		.program = "recircuit",
		.name = "load points",
		.arguments = "FICHIER.csv",
		.doc = "Met de vrais points de collecte à la place des points estimés, d’après "
		       "l’annuaire des déchèteries de\nSINOE ou les acteurs de « Que faire de mes "
		       "objets » (CSV ; « - » lit l’entrée standard). "
		       "Chaque ligne a son verdict ; les bonnes sont enregistrées\nmême quand "
		       "d’autres "
		       "sont refusées, et le code de sortie est alors 2.\n\n"
		       "Colonnes : C_SERVICE, N_SERVICE, C_COMM ; et si elles y sont ANNEE, "
		       "AD1_SITE, "
		       "CP_SITE, L_VILLE_SITE,\nGPS_LAT, GPS_LONG. D’un site qui a plusieurs "
		       "années, la "
		       "dernière compte.\n\n"
		       "Acteurs : identifiant, nom, type_dacteur, code_commune, latitude, "
		       "longitude, propositions_de_services\nsont nécessaires ; seuls comptent "
		       "ceux "
		       "qui reprennent des équipements électriques (trier, rapporter).",
		.specs = points_specs,
		.spec_count = sizeof points_specs / sizeof *points_specs,
		.plain = 1,
	};
	struct points_options o = {0};
	bool done;
	int first;
	if (!program_options(&usage, argc, argv, &o, &done, &first, e) || done)
		return done;
	struct arena *a = arena_new();
	struct house house;
	struct db *db;
	struct point_report report;
	char *bytes;
	size_t len;
	/* A file that cannot be read is said at once, before a server is started for it. */
	bool ok = file_read(a, argv[first], LOAD_FILE_LIMIT, &bytes, &len, e) &&
		  house_open(a, &house, e) && house_connect(a, &house, &db, e) &&
		  (point_import(a, db, bytes, len, &o.import, &report, e) ||
			  err_prefix(e, "%s : ", argv[first]));
	if (ok) {
		print_report(a, &report, &o);
		ok = load_conclude(report.verdicts[POINT_REFUSED], e);
	}
	arena_free(a);
	return ok;
}
