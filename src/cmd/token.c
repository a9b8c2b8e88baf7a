/* recircuit token: the keys with which programs act for an account. */
#include "token.h"

#include "command.h"
#include "house.h"
#include "identity.h"
#include "text.h"

#include <stdio.h>
#include <string.h>

static bool find(struct arena *a, struct db *db, const char *login, const char **person,
	const char **organisation, struct err *e)
{
	enum { ID, LOGIN, NAME, ROLE, IS_ACTIVE, ORGANISATION };
	struct rows rows;
	const char *params[] = {NULL, login};
	if (!db_query(a, db, "person_find", params, 2, &rows, e))
		return false;
	if (!rows.count)
		return err_set(e, ERR_NOT_FOUND, "le compte « %s » n’existe pas", login);
	*person = rows_text(&rows, 0, ID);
	*organisation = rows_text(&rows, 0, ORGANISATION);
	return true;
}

/* ---- token create ---- */

struct create_options {
	const char *name, *scopes;
	int64_t days;
};

static const struct option_spec create_specs[] = {
	{"name", 'n', OPTION_TEXT, offsetof(struct create_options, name), "NOM",
		"à quoi il sert (obligatoire)"},
	{"scope", 's', OPTION_TEXT, offsetof(struct create_options, scopes), "PORTÉES",
		"ce qu’il permet, séparé par des virgules : volumes:read, volumes:write, "
		"scenarios:write"},
	{"days", 'd', OPTION_INT, offsetof(struct create_options, days), "N",
		"durée en jours (90 par défaut)"},
};

static bool read_scopes(struct arena *a, const char *list, unsigned *scopes, struct err *e)
{
	char *rest = arena_strdup(a, list);
	for (char *name; (name = strsep(&rest, ","));) {
		enum scope scope = scope_of(text_trim(name));
		if (!scope)
			return err_set(e, ERR_USAGE, "la portée « %s » n’existe pas", name);
		*scopes |= scope;
	}
	return true;
}

static bool create(struct arena *a, struct db *db, const void *options, char **plain, struct err *e)
{
	const struct create_options *o = options;
	struct token_wish wish = {.name = o->name, .days = o->days};
	struct rows rows;
	const char *person, *secret;
	if (!o->name || !o->scopes)
		return err_set(e, ERR_USAGE, "--name et --scope manquent");
	if (!read_scopes(a, o->scopes, &wish.scopes, e) ||
		!find(a, db, plain[0], &person, &wish.organisation, e) ||
		!text_to_int64(person, &wish.person) ||
		!token_create(a, db, &wish, &rows, &secret, e))
		return false;
	fprintf(stderr, "Gardez ce jeton : il ne sera plus montré.\n");
	printf("%s\n", secret);
	return true;
}

static bool token_create_command(int argc, char **argv, struct err *e)
{
	static const struct errand errand = {
		{"recircuit", "token create", "IDENTIFIANT",
			"Crée un jeton au nom d’un compte et l’écrit, seul, sur la sortie "
			"standard.",
			create_specs, sizeof create_specs / sizeof *create_specs, 1},
		create};
	struct create_options o = {.days = TOKEN_DAYS};
	return house_errand(&errand, &o, argc, argv, e);
}

/* ---- token list ---- */

static bool list(struct arena *a, struct db *db, const void *options, char **plain, struct err *e)
{
	enum { ID, NAME, HINT, SCOPES_COLUMN, CREATED, EXPIRES, USED, REVOKED, STATE };
	const char *person, *organisation;
	struct rows rows;
	(void)options;
	if (!find(a, db, plain[0], &person, &organisation, e) ||
		!db_query(a, db, "token_list", &person, 1, &rows, e))
		return false;
	printf("%s %s %s %s %s %s\n", text_pad(a, "n°", 5), text_pad(a, "début", -9),
		text_pad(a, "état", -8), text_pad(a, "jusqu’au", -11), text_pad(a, "nom", -24),
		"portées");
	for (size_t r = 0; r < rows.count; r++)
		printf("%s %s %s %s %s %s\n", text_pad(a, rows_text(&rows, r, ID), 5),
			text_pad(a, rows_text(&rows, r, HINT), -9),
			text_pad(a, rows_text(&rows, r, STATE), -8),
			text_pad(a, arena_strndup(a, rows_text(&rows, r, EXPIRES), 10), -11),
			text_pad(a, rows_text(&rows, r, NAME), -24),
			rows_text(&rows, r, SCOPES_COLUMN));
	return true;
}

static bool token_list_command(int argc, char **argv, struct err *e)
{
	static const struct errand errand = {{"recircuit", "token list", "IDENTIFIANT",
						     "Liste les jetons d’un compte.", NULL, 0, 1},
		list};
	return house_errand(&errand, NULL, argc, argv, e);
}

/* ---- token revoke ---- */

static bool revoke(struct arena *a, struct db *db, const void *options, char **plain, struct err *e)
{
	const char *person, *organisation;
	int64_t number;
	(void)options;
	if (!text_to_int64(plain[1], &number))
		return err_set(e, ERR_USAGE, "« %s » n’est pas le numéro d’un jeton", plain[1]);
	if (!find(a, db, plain[0], &person, &organisation, e) ||
		!token_revoke(a, db, plain[1], person, organisation, e))
		return false;
	printf("Jeton n° %s révoqué.\n", plain[1]);
	return true;
}

static bool token_revoke_command(int argc, char **argv, struct err *e)
{
	static const struct errand errand = {
		{"recircuit", "token revoke", "IDENTIFIANT N°",
			"Révoque un jeton : il ne sert plus à personne.", NULL, 0, 2},
		revoke};
	return house_errand(&errand, NULL, argc, argv, e);
}

bool cmd_token(int argc, char **argv, struct err *e)
{
	static const struct command commands[] = {
		{"create", token_create_command, "crée un jeton"},
		{"list", token_list_command, "liste ceux d’un compte"},
		{"revoke", token_revoke_command, "en révoque un"},
	};
	static const struct command_group group = {
		"recircuit", "token", commands, sizeof commands / sizeof *commands};
	return program_group(&group, argc, argv, e);
}
