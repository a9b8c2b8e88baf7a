/* recircuit audit: who did what, and whether what is written of it is what was written. */
#include "audit_check.h"
#include "command.h"
#include "house.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>

struct audit_options {
	const char *organisation;
	int64_t before, limit;
};

/* ---- audit verify ---- */

static void print_fault(const struct audit_fault *f)
{
	if (f->line)
		printf("Organisation %s, entrée %" PRId64 ", ligne %s : %s\n", f->organisation,
			f->entry, f->line, f->said);
	else
		printf("Organisation %s : l’entrée %" PRId64 " %s\n", f->organisation, f->entry,
			f->said);
}

static bool verify(struct arena *a, struct db *db, const void *options, char **plain, struct err *e)
{
	const struct audit_options *o = options;
	struct audit_report report;
	int64_t number;
	(void)plain;
	if (o->organisation && !text_to_int64(o->organisation, &number))
		return err_set(e, ERR_USAGE, "« %s » n’est pas le numéro d’une organisation",
			o->organisation);
	if (!audit_check(a, db, o->organisation, &report, e))
		return false;
	if (o->organisation && !report.chain_count)
		return err_set(e, ERR_NOT_FOUND, "l’organisation %s n’existe pas", o->organisation);
	for (size_t i = 0; i < report.count; i++)
		print_fault(&report.faults[i]);
	for (size_t i = 0; i < report.chain_count; i++) {
		const struct audit_chain *c = &report.chains[i];
		printf("%s (%s) : %" PRId64 " entrées, %" PRId64 " lignes ; tête %s\n", c->name,
			c->organisation, c->entries, c->lines, c->hash);
	}
	return !report.count ||
	       err_set(e, ERR_INVALID, "le journal n’est plus ce qui a été écrit : %zu faute%s",
		       report.count, report.count > 1 ? "s" : "");
}

#define ORGANISATION \
	{ \
		"organisation", 'o', OPTION_TEXT, offsetof(struct audit_options, organisation), \
			"N°", "d’une organisation" \
	}

static bool audit_verify(int argc, char **argv, struct err *e)
{
	static const struct option_spec specs[] = {ORGANISATION};
	static const struct errand errand = {
		{"recircuit", "audit verify", "",
			"Refait, hors de la base, chaque empreinte du journal et de chaque ligne "
			"enregistrée, et dit\nl’endroit exact de ce qui a été modifié, supprimé ou "
			"inséré (code de sortie 2). Notez ailleurs la tête\nde chaque chaîne : "
			"c’est "
			"ce qui montrerait un journal refait en entier.",
			specs, 1, 0},
		verify};
	struct audit_options o = {0};
	return house_errand(&errand, &o, argc, argv, e);
}

/* ---- audit list ---- */

static bool list(struct arena *a, struct db *db, const void *options, char **plain, struct err *e)
{
	enum { SEQ, AT, LOGIN, ACTION, DETAIL, ABOUT };
	const struct audit_options *o = options;
	struct rows rows;
	const char *params[] = {plain[0], o->before ? arena_printf(a, "%" PRId64, o->before) : NULL,
		arena_printf(a, "%" PRId64, o->limit)};
	int64_t number;
	if (!text_to_int64(plain[0], &number))
		return err_set(
			e, ERR_USAGE, "« %s » n’est pas le numéro d’une organisation", plain[0]);
	if (!db_query(a, db, "audit_list", params, 3, &rows, e))
		return false;
	printf("%s %s %s %s %s\n", text_pad(a, "entrée", 7), text_pad(a, "quand (UTC)", -19),
		text_pad(a, "qui", -20), text_pad(a, "quoi", -13), "détail");
	for (size_t r = 0; r < rows.count; r++)
		printf("%s %s %s %s %s%s%s\n", text_pad(a, rows_text(&rows, r, SEQ), 7),
			text_pad(a, arena_strndup(a, rows_text(&rows, r, AT), 19), -19),
			text_pad(a,
				rows_is_null(&rows, r, LOGIN) ? "—" : rows_text(&rows, r, LOGIN),
				-20),
			text_pad(a, rows_text(&rows, r, ACTION), -13), rows_text(&rows, r, DETAIL),
			text_eq(rows_text(&rows, r, ABOUT), "{}") ? "" : " organisations ",
			text_eq(rows_text(&rows, r, ABOUT), "{}") ? ""
								  : rows_text(&rows, r, ABOUT));
	return true;
}

static bool audit_list(int argc, char **argv, struct err *e)
{
	static const struct option_spec specs[] = {
		{"before", 'b', OPTION_INT, offsetof(struct audit_options, before), "ENTRÉE",
			"celles d’avant"},
		{"limit", 'n', OPTION_INT, offsetof(struct audit_options, limit), "N",
			"combien (50)"},
	};
	static const struct errand errand = {{"recircuit", "audit list", "ORGANISATION",
						     "Liste les entrées du journal d’une "
						     "organisation, la dernière d’abord : qui a "
						     "écrit, lu ou emporté quoi.",
						     specs, sizeof specs / sizeof *specs, 1},
		list};
	struct audit_options o = {.limit = 50};
	return house_errand(&errand, &o, argc, argv, e);
}

bool cmd_audit(int argc, char **argv, struct err *e)
{
	static const struct command commands[] = {
		{"verify", audit_verify, "vérifie qu’il est ce qui a été écrit"},
		{"list", audit_list, "le liste"},
	};
	static const struct command_group group = {
		"recircuit", "audit", commands, sizeof commands / sizeof *commands};
	return program_group(&group, argc, argv, e);
}
