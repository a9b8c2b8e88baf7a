/* recircuit organisation: whom people work for, and the territories whose lines their planners see. */
#include "command.h"
#include "house.h"
#include "member.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>

/* ---- organisation add ---- */

struct add_options {
	const char *siret, *kind;
};

static const struct option_spec add_specs[] = {
	{"kind", 'k', OPTION_TEXT, offsetof(struct add_options, kind), "GENRE",
		"authority (collectivité), operator (opérateur, par défaut), eco_organisation, "
		"state, "
		"other"},
	{"siret", 's', OPTION_TEXT, offsetof(struct add_options, siret), "SIRET", "son SIRET"},
};

static bool add(struct arena *a, struct db *db, const void *options, char **plain, struct err *e)
{
	const struct add_options *o = options;
	int64_t id;
	if (!member_add_organisation(a, db, plain[0], o->siret, o->kind, &id, e))
		return false;
	printf("Organisation %" PRId64 " créée : %s.\n", id, plain[0]);
	return true;
}

static bool organisation_add(int argc, char **argv, struct err *e)
{
	static const struct errand errand = {
		{"recircuit", "organisation add", "NOM", "Enregistre une organisation.", add_specs,
			sizeof add_specs / sizeof *add_specs, 1},
		add};
	struct add_options o = {.kind = "operator"};
	return house_errand(&errand, &o, argc, argv, e);
}

/* ---- organisation list ---- */

static bool list(struct arena *a, struct db *db, const void *options, char **plain, struct err *e)
{
	enum { ID, NAME, SIRET, KIND, PEOPLE, MANDATES };
	struct rows rows;
	(void)options, (void)plain;
	if (!db_query(a, db, "organisation_list", NULL, 0, &rows, e))
		return false;
	printf("%s %s %s %s %s  %s\n", text_pad(a, "n°", 5), text_pad(a, "nom", -30),
		text_pad(a, "SIRET", -14), text_pad(a, "genre", -16), text_pad(a, "comptes", 7),
		"territoires");
	for (size_t r = 0; r < rows.count; r++)
		printf("%s %s %s %s %s  %s\n", text_pad(a, rows_text(&rows, r, ID), 5),
			text_pad(a, rows_text(&rows, r, NAME), -30),
			text_pad(a, rows_text(&rows, r, SIRET), -14),
			text_pad(a, rows_text(&rows, r, KIND), -16),
			text_pad(a, rows_text(&rows, r, PEOPLE), 7), rows_text(&rows, r, MANDATES));
	return true;
}

static bool organisation_list(int argc, char **argv, struct err *e)
{
	static const struct errand errand = {
		{"recircuit", "organisation list", "",
			"Liste les organisations, leurs comptes et leurs territoires.", NULL, 0, 0},
		list};
	return house_errand(&errand, NULL, argc, argv, e);
}

/* ---- organisation mandate ---- */

struct mandate_options {
	bool ends;
};

static const struct option_spec mandate_specs[] = {
	{"end", 0, OPTION_FLAG, offsetof(struct mandate_options, ends), NULL,
		"retire le territoire au lieu de le donner"},
};

static bool mandate(
	struct arena *a, struct db *db, const void *options, char **plain, struct err *e)
{
	const struct mandate_options *o = options;
	int64_t id;
	if (!text_to_int64(plain[0], &id))
		return err_set(
			e, ERR_USAGE, "« %s » n’est pas le numéro d’une organisation", plain[0]);
	if (!(o->ends ? member_end_mandate(a, db, id, plain[1], plain[2], e)
		      : member_add_mandate(a, db, id, plain[1], plain[2], e)))
		return false;
	printf("Territoire %s %s %s.\n", plain[1], plain[2], o->ends ? "retiré" : "donné");
	return true;
}

static bool organisation_mandate(int argc, char **argv, struct err *e)
{
	static const struct errand errand = {
		{"recircuit", "organisation mandate", "N° NIVEAU CODE",
			"Donne à une organisation un territoire (region, departement ou epci, et "
			"son code) : ses planificateurs y\nvoient les lignes enregistrées par "
			"toutes les organisations.",
			mandate_specs, sizeof mandate_specs / sizeof *mandate_specs, 3},
		mandate};
	struct mandate_options o = {0};
	return house_errand(&errand, &o, argc, argv, e);
}

bool cmd_organisation(int argc, char **argv, struct err *e)
{
	static const struct command commands[] = {
		{"add", organisation_add, "enregistre une organisation"},
		{"list", organisation_list, "les liste, avec leurs territoires"},
		{"mandate", organisation_mandate, "donne ou retire un territoire"},
	};
	static const struct command_group group = {
		"recircuit", "organisation", commands, sizeof commands / sizeof *commands};
	return program_group(&group, argc, argv, e);
}
