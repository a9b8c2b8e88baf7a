/* recircuit load distances: road distances from a router. */
#include "distance_import.h"
#include "file.h"
#include "house.h"
#include "jout.h"
#include "load.h"
#include "program.h"
#include "text.h"

#include <stdio.h>

struct distances_options {
	bool is_json;
	struct distance_import_options import;
};

static const struct option_spec specs[] = {
	{"name", 0, OPTION_TEXT, offsetof(struct distances_options, import.name), "NOM",
		"d’où elles viennent (« importées » par défaut) ; le même nom les remplace"},
	{"scenario", 's', OPTION_TEXT, offsetof(struct distances_options, import.scenario), "ID",
		"numéro ou code du seul scénario concerné ; tous sans cela"},
	{"dry-run", 'n', OPTION_FLAG, offsetof(struct distances_options, import.is_dry_run), NULL,
		"dit ce qui serait fait, sans rien enregistrer"},
	{"json", 0, OPTION_FLAG, offsetof(struct distances_options, is_json), NULL,
		"une ligne JSON par ligne du fichier, puis le bilan"},
};

/* Good lines are counted, not listed: there may be a million. */
static void print_table(struct arena *a, const struct distance_report *r)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct distance_line *l = &r->lines[i];
		if (!l->is_warning && l->verdict != DISTANCE_REFUSED)
			continue;
		printf("%s  %s %s -> %s : %s%s\n", text_pad(a, arena_printf(a, "%zu", l->line), 7),
			text_pad(a, distance_verdict_name(l->verdict, 1), -9), l->from, l->to,
			l->is_warning ? "(à vérifier) " : "", l->remark);
	}
	for (enum distance_verdict v = 0; v < DISTANCE_VERDICT_COUNT; v++)
		if (v <= DISTANCE_REFUSED || r->verdicts[v])
			printf("%s%zu %s", v ? ", " : "", r->verdicts[v],
				distance_verdict_name(v, r->verdicts[v]));
	printf(r->warnings ? ", %zu à vérifier.\n" : ".\n", r->warnings);
}

static void print_json(struct arena *a, const struct distance_report *r, bool is_dry_run)
{
	struct buf b;
	struct jout j;
	for (size_t i = 0; i < r->count; i++) {
		const struct distance_line *l = &r->lines[i];
		buf_init(&b, a, BUF_NO_LIMIT);
		jout_init(&j, &b);
		jout_open(&j, '{');
		jout_kv_int(&j, "line", (int64_t)l->line);
		jout_kv_text(&j, "verdict", distance_verdict_name(l->verdict, 1));
		jout_kv_bool(&j, "warning", l->is_warning);
		jout_kv_text(&j, "from", l->from);
		jout_kv_text(&j, "to", l->to);
		jout_kv_text(&j, "remark", l->remark);
		jout_close(&j);
		puts(b.data);
	}
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	jout_open(&j, '{'), jout_key(&j, "summary"), jout_open(&j, '{');
	for (enum distance_verdict v = 0; v < DISTANCE_VERDICT_COUNT; v++)
		jout_kv_int(&j, distance_verdict_name(v, 1), (int64_t)r->verdicts[v]);
	jout_kv_int(&j, "warnings", (int64_t)r->warnings);
	jout_kv_bool(&j, "dry_run", is_dry_run);
	jout_close(&j), jout_close(&j);
	puts(b.data);
}

bool load_distances(int argc, char **argv, struct err *e)
{
	static const struct usage usage = {
		.program = "recircuit",
		.name = "load distances",
		.arguments = "FICHIER.csv",
		.doc = "Met de vraies distances par la route à la place de la règle à vol "
		       "d’oiseau. "
		       "Colonnes : from, to, km et,\nsi elle y est, min (CSV ; « - » lit l’entrée "
		       "standard). Un lieu est une commune (code INSEE) ; au départ\naussi un "
		       "point "
		       "de collecte (sinoe:1021), à l’arrivée aussi un site (candidate:45234). Ce "
		       "que "
		       "le fichier\nne dit pas suit la règle.",
		.specs = specs,
		.spec_count = sizeof specs / sizeof *specs,
		.plain = 1,
	};
	struct distances_options o = {.import = {.name = "importées"}};
	bool done;
	int first;
	if (!program_options(&usage, argc, argv, &o, &done, &first, e) || done)
		return done;
	struct arena *a = arena_new();
	struct house house;
	struct db *db;
	struct distance_report report;
	char *bytes;
	size_t len;
	bool ok = file_read(a, argv[first], LOAD_FILE_LIMIT, &bytes, &len, e) &&
		  house_open(a, &house, e) && house_connect(a, &house, &db, e) &&
		  (distance_import(a, db, bytes, len, &o.import, &report, e) ||
			  err_prefix(e, "%s : ", argv[first]));
	if (ok && o.is_json)
		print_json(a, &report, o.import.is_dry_run);
	else if (ok)
		print_table(a, &report);
	if (ok && o.import.is_dry_run && !o.is_json)
		printf("Essai : rien n’a été enregistré.\n");
	ok = ok && load_conclude(report.verdicts[DISTANCE_REFUSED], e);
	arena_free(a);
	return ok;
}
