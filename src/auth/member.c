#include "member.h"

#include "identity.h"
#include "password.h"
#include "text.h"
#include "trace.h"

#include <inttypes.h>
#include <string.h>

enum { LOGIN_LEAST = 2, LOGIN_MOST = 100, SIRET_DIGITS = 14 };

static const char *text_of(struct arena *a, int64_t v)
{
	return arena_printf(a, "%" PRId64, v);
}

static bool check_login(const char *login, struct err *e)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	size_t n = strlen(login);
	bool is_good = n >= LOGIN_LEAST && n <= LOGIN_MOST && strchr(letters, login[0]) &&
		       !login[strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789._@+-")];
	return is_good ||
	       err_set(e, ERR_INVALID,
		       "L’identifiant compte de 2 à 100 minuscules sans accent, chiffres "
		       "et signes . _ @ + -, et commence par une lettre ou un chiffre.");
}

/* Luhn's sum over the digits, which a slip of the finger breaks. La Poste's own establishments are
 * numbered by another rule: their digits add up to a multiple of 5. */
static bool is_siret(const char *s)
{
	int luhn = 0, plain = 0;
	if (strlen(s) != SIRET_DIGITS || s[strspn(s, "0123456789")])
		return false;
	for (int i = 0; i < SIRET_DIGITS; i++) {
		int digit = s[i] - '0', twice = i % 2 ? digit : 2 * digit;
		luhn += twice > 9 ? twice - 9 : twice;
		plain += digit;
	}
	return luhn % 10 == 0 || (strncmp(s, "356000000", 9) == 0 && plain % 5 == 0);
}

/* "one|another" holds the word. */
static bool is_one_of(const char *words, const char *word)
{
	size_t len = strlen(word);
	for (const char *w = words;; w++) {
		size_t n = strcspn(w, "|");
		if (n == len && memcmp(w, word, n) == 0)
			return true;
		w += n;
		if (!*w)
			return false;
	}
}

static bool check_role(const char *name, struct err *e)
{
	enum role role;
	return (role_of(name, &role) && role != ROLE_PUBLIC) ||
	       err_set(e, ERR_INVALID,
		       "Le rôle est reader, operator, planner ou admin, pas « %s ».", name);
}

bool member_create(
	struct arena *a, struct db *db, const struct member *member, int64_t *id, struct err *e)
{
	struct rows there, made;
	const char *hash, *by_id[] = {text_of(a, member->organisation), NULL};
	if (!check_login(member->login, e) || !check_role(member->role, e) ||
		!password_check_strength(member->password, member->login, e) ||
		!db_query(a, db, "organisation_find", by_id, 2, &there, e))
		return false;
	if (!there.count)
		return err_set(e, ERR_NOT_FOUND, "Cette organisation n’existe pas.");
	if (!password_hash(a, member->password, &hash, e))
		return false;
	const char *params[] = {by_id[0], member->login, member->name, member->role, hash};
	if (!db_query(a, db, "person_create", params, 5, &made, e))
		return false;
	if (!made.count)
		return err_set(
			e, ERR_CONFLICT, "L’identifiant « %s » est déjà pris.", member->login);
	*id = rows_int(&made, 0, 0);
	const char *details[] = {"person", rows_text(&made, 0, 0), "login", member->login, "role",
		member->role, NULL};
	return trace_account(a, db, by_id[0], "people.create", details, e);
}

static bool set_password(struct arena *a, struct db *db, const char *id, const char *login,
	const char *password, struct err *e)
{
	const char *hash;
	if (!password_check_strength(password, login, e) || !password_hash(a, password, &hash, e))
		return false;
	const char *params[] = {id, hash};
	return db_query(a, db, "person_set_password", params, 2, NULL, e);
}

bool member_change(struct arena *a, struct db *db, int64_t id, const struct member_change *change,
	struct rows *rows, struct err *e)
{
	enum { ID, LOGIN, NAME, ROLE, IS_ACTIVE, ORGANISATION };
	const char *params[] = {text_of(a, id), change->name, change->role, NULL};
	if (change->state)
		params[3] = text_eq(change->state, "active") ? "t" : "f";
	if (!db_query(a, db, "person_change", params, 4, rows, e))
		return false;
	if (!rows->count)
		return err_set(e, ERR_NOT_FOUND, "Ce compte n’existe pas.");
	if (change->password &&
		!set_password(a, db, params[0], rows_text(rows, 0, LOGIN), change->password, e))
		return false;
	const char *details[] = {"person", params[0], "login", rows_text(rows, 0, LOGIN), "name",
		change->name, "role", change->role, "state", change->state, "password",
		change->password ? "changed" : NULL, NULL};
	return trace_account(a, db, rows_text(rows, 0, ORGANISATION), "people.change", details, e);
}

bool member_add_organisation(struct arena *a, struct db *db, const char *name, const char *siret,
	const char *kind, int64_t *id, struct err *e)
{
	struct rows made;
	if (siret && !is_siret(siret))
		return err_set(e, ERR_INVALID,
			"« %s » n’est pas un SIRET : 14 chiffres, dont le dernier vérifie les "
			"autres.",
			siret);
	if (!is_one_of(MEMBER_KINDS, kind))
		return err_set(e, ERR_INVALID, "Le genre est l’un de " MEMBER_KINDS ".");
	if (!name[strspn(name, " ")])
		return err_set(e, ERR_INVALID, "Une organisation a un nom.");
	const char *params[] = {name, siret, kind};
	if (!db_query(a, db, "organisation_create", params, 3, &made, e))
		return false;
	if (!made.count)
		return err_set(e, ERR_CONFLICT, "Une organisation a déjà ce nom ou ce SIRET.");
	*id = rows_int(&made, 0, 0);
	const char *details[] = {"organisation", rows_text(&made, 0, 0), "name", name, NULL};
	return trace_account(a, db, rows_text(&made, 0, 0), "organisations.create", details, e);
}

/* params: organisation, level, code. */
static bool trace_mandate(struct arena *a, struct db *db, const char *const *params,
	const char *action, struct err *e)
{
	const char *details[] = {
		"organisation", params[0], "level", params[1], "code", params[2], NULL};
	return trace_account(a, db, params[0], action, details, e);
}

bool member_add_mandate(struct arena *a, struct db *db, int64_t organisation, const char *level,
	const char *code, struct err *e)
{
	struct rows there, faults;
	const char *id = text_of(a, organisation);
	const char *by_id[] = {id, NULL}, *territory[] = {level, code};
	const char *params[] = {id, level, code};
	if (!db_query(a, db, "organisation_find", by_id, 2, &there, e) ||
		!db_query(a, db, "mandate_fault", territory, 2, &faults, e))
		return false;
	if (!there.count)
		return err_set(e, ERR_NOT_FOUND, "Cette organisation n’existe pas.");
	if (faults.count)
		return err_set(e, ERR_INVALID, "%s", rows_text(&faults, 0, 0));
	return db_query(a, db, "mandate_add", params, 3, NULL, e) &&
	       trace_mandate(a, db, params, "mandates.add", e);
}

bool member_end_mandate(struct arena *a, struct db *db, int64_t organisation, const char *level,
	const char *code, struct err *e)
{
	const char *params[] = {text_of(a, organisation), level, code};
	struct rows ended;
	if (!db_query(a, db, "mandate_end", params, 3, &ended, e))
		return false;
	if (!ended.count)
		return err_set(e, ERR_NOT_FOUND, "Cette organisation n’a pas ce territoire.");
	return trace_mandate(a, db, params, "mandates.end", e);
}
