/* recircuit user: accounts. Passwords are never arguments. */
#include "command.h"
#include "house.h"
#include "member.h"
#include "prompt.h"
#include "text.h"

#include <stdio.h>

static bool find(
	struct arena *a, struct db *db, const char *login, struct rows *rows, struct err *e)
{
	const char *params[] = {NULL, login};
	return db_query(a, db, "person_find", params, 2, rows, e) &&
	       (rows->count || err_set(e, ERR_NOT_FOUND, "le compte « %s » n’existe pas", login));
}

/* ---- user add ---- */

struct add_options {
	const char *organisation, *name, *role;
	bool from_stdin;
};

static const struct option_spec add_specs[] = {
	{"organisation", 'o', OPTION_TEXT, offsetof(struct add_options, organisation), "N°|NOM",
		"son organisation (obligatoire)"},
	{"role", 'r', OPTION_TEXT, offsetof(struct add_options, role), "RÔLE",
		"reader (par défaut), operator, planner ou admin"},
	{"name", 'n', OPTION_TEXT, offsetof(struct add_options, name), "NOM",
		"nom affiché (l’identifiant par défaut)"},
	{"password-stdin", 0, OPTION_FLAG, offsetof(struct add_options, from_stdin), NULL,
		"lit le mot de passe sur l’entrée standard"},
};

static bool find_organisation(
	struct arena *a, struct db *db, const char *word, int64_t *id, struct err *e)
{
	int64_t number;
	const char *params[] = {text_to_int64(word, &number) ? word : NULL, word};
	struct rows rows;
	if (!db_query(a, db, "organisation_find", params, 2, &rows, e))
		return false;
	if (!rows.count)
		return err_set(e, ERR_NOT_FOUND, "l’organisation « %s » n’existe pas", word);
	*id = rows_int(&rows, 0, 0);
	return true;
}

static bool add(struct arena *a, struct db *db, const void *options, char **plain, struct err *e)
{
	const struct add_options *o = options;
	struct member account = {
		.login = plain[0], .name = o->name ? o->name : plain[0], .role = o->role};
	int64_t id;
	if (!o->organisation)
		return err_set(e, ERR_USAGE, "--organisation manque");
	if (!find_organisation(a, db, o->organisation, &account.organisation, e) ||
		!prompt_password(a, o->from_stdin, &account.password, e) ||
		!member_create(a, db, &account, &id, e))
		return false;
	printf("Compte « %s » créé (%s).\n", plain[0], o->role);
	return true;
}

static bool user_add(int argc, char **argv, struct err *e)
{
	static const struct errand errand = {
		{"recircuit", "user add", "IDENTIFIANT",
			"Crée un compte. Le mot de passe est demandé au terminal, sans s’afficher.",
			add_specs, sizeof add_specs / sizeof *add_specs, 1},
		add};
	struct add_options o = {.role = "reader"};
	return house_errand(&errand, &o, argc, argv, e);
}

/* ---- user list ---- */

static bool list(struct arena *a, struct db *db, const void *options, char **plain, struct err *e)
{
	enum { ID, LOGIN, NAME, ROLE, IS_ACTIVE, ORGANISATION, ORGANISATION_NAME };
	const char *everybody = NULL;
	struct rows rows;
	(void)options, (void)plain;
	if (!db_query(a, db, "person_list", &everybody, 1, &rows, e))
		return false;
	printf("%s %s %s %s %s\n", text_pad(a, "identifiant", -30), text_pad(a, "rôle", -9),
		text_pad(a, "état", -7), text_pad(a, "nom", -24), "organisation");
	for (size_t r = 0; r < rows.count; r++)
		printf("%s %s %s %s %s\n", text_pad(a, rows_text(&rows, r, LOGIN), -30),
			text_pad(a, rows_text(&rows, r, ROLE), -9),
			text_pad(a, rows_bool(&rows, r, IS_ACTIVE) ? "ouvert" : "fermé", -7),
			text_pad(a, rows_text(&rows, r, NAME), -24),
			rows_text(&rows, r, ORGANISATION_NAME));
	return true;
}

static bool user_list(int argc, char **argv, struct err *e)
{
	static const struct errand errand = {
		{"recircuit", "user list", "", "Liste les comptes.", NULL, 0, 0}, list};
	return house_errand(&errand, NULL, argc, argv, e);
}

/* ---- user password ---- */

struct password_options {
	bool from_stdin;
};

static const struct option_spec password_specs[] = {
	{"password-stdin", 0, OPTION_FLAG, offsetof(struct password_options, from_stdin), NULL,
		"lit le mot de passe sur l’entrée standard"},
};

static bool set_password(
	struct arena *a, struct db *db, const void *options, char **plain, struct err *e)
{
	const struct password_options *o = options;
	struct rows rows;
	struct member_change change = {0};
	if (!find(a, db, plain[0], &rows, e) ||
		!prompt_password(a, o->from_stdin, &change.password, e) ||
		!member_change(a, db, rows_int(&rows, 0, 0), &change, &rows, e))
		return false;
	printf("Mot de passe changé ; les sessions de « %s » sont closes.\n",
		rows_text(&rows, 0, 1));
	return true;
}

static bool user_password(int argc, char **argv, struct err *e)
{
	static const struct errand errand = {
		{"recircuit", "user password", "IDENTIFIANT",
			"Donne un nouveau mot de passe à un compte, et clôt ses sessions.",
			password_specs, sizeof password_specs / sizeof *password_specs, 1},
		set_password};
	struct password_options o = {0};
	return house_errand(&errand, &o, argc, argv, e);
}

/* ---- user disable, user enable ---- */

static bool set_state(
	struct arena *a, struct db *db, const char *login, bool is_active, struct err *e)
{
	struct rows rows;
	const struct member_change change = {.state = is_active ? "active" : "disabled"};
	if (!find(a, db, login, &rows, e) ||
		!member_change(a, db, rows_int(&rows, 0, 0), &change, &rows, e))
		return false;
	printf("Compte « %s » %s.\n", rows_text(&rows, 0, 1), is_active ? "rouvert" : "fermé");
	return true;
}

static bool disable(
	struct arena *a, struct db *db, const void *options, char **plain, struct err *e)
{
	(void)options;
	return set_state(a, db, plain[0], false, e);
}

static bool enable(struct arena *a, struct db *db, const void *options, char **plain, struct err *e)
{
	(void)options;
	return set_state(a, db, plain[0], true, e);
}

static bool user_disable(int argc, char **argv, struct err *e)
{
	static const struct errand errand = {
		{"recircuit", "user disable", "IDENTIFIANT",
			"Ferme un compte : ses sessions et ses jetons ne servent plus. Ce qu’il a "
			"enregistré reste.",
			NULL, 0, 1},
		disable};
	return house_errand(&errand, NULL, argc, argv, e);
}

static bool user_enable(int argc, char **argv, struct err *e)
{
	static const struct errand errand = {
		{"recircuit", "user enable", "IDENTIFIANT", "Rouvre un compte fermé.", NULL, 0, 1},
		enable};
	return house_errand(&errand, NULL, argc, argv, e);
}

bool cmd_user(int argc, char **argv, struct err *e)
{
	static const struct command commands[] = {
		{"add", user_add, "crée un compte"},
		{"list", user_list, "liste les comptes"},
		{"password", user_password, "donne un nouveau mot de passe"},
		{"disable", user_disable, "ferme un compte"},
		{"enable", user_enable, "le rouvre"},
	};
	static const struct command_group group = {
		"recircuit", "user", commands, sizeof commands / sizeof *commands};
	return program_group(&group, argc, argv, e);
}
