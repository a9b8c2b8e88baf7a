#include "answer.h"
#include "credential.h"
#include "password.h"
#include "routes.h"
#include "secret.h"
#include "throttle.h"
#include "trace.h"

#include "text.h"

/* One word for a wrong login, a wrong password and a disabled account: which it is, is nobody's
 * business. */
#define NOT_THIS_ONE "Identifiant ou mot de passe incorrect."

/* ---- The cookie ---- */

static void set_cookie(
	struct request *rq, struct reply *rp, const char *secret, const char *max_age)
{
	reply_header(rp, "Set-Cookie",
		arena_printf(rq->arena,
			CREDENTIAL_COOKIE "=%s; Path=/; Max-Age=%s; HttpOnly; SameSite=Strict%s",
			secret, max_age, rq->is_https ? "; Secure" : ""));
}

/* The session that the browser had is over: a secret that somebody else planted is never taken up. */
static bool close_session(struct request *rq, struct err *e)
{
	const char *old = credential_session(rq->arena, rq->cookie);
	if (!old)
		return true;
	const char *params[] = {secret_hash(rq->arena, old)};
	return ask(rq, "session_close", params, 1, NULL, e);
}

/* *max_age null: the account is disabled. */
static bool open_session(struct request *rq, const char *person, const char **secret,
	const char **max_age, struct err *e)
{
	struct rows opened;
	*secret = secret_new(rq->arena, "");
	const char *params[] = {person, secret_hash(rq->arena, *secret)};
	if (!ask(rq, "session_open", params, 2, &opened, e))
		return false;
	*max_age = rows_is_null(&opened, 0, 0) ? NULL : rows_text(&opened, 0, 0);
	return ask(rq, "session_become", &params[1], 1, NULL, e);
}

/* The answer is an error and yet the transaction is kept: the attempt stays counted. */
static bool refuse(struct request *rq, struct reply *rp, enum err_kind kind, const char *said)
{
	struct err why;
	err_set(&why, kind, "%s", said);
	reply_error(rp, rq->id, &why);
	return true;
}

/* ---- Who is connected ---- */

static bool write_session(struct request *rq, struct reply *rp, const char *person, struct err *e)
{
	struct rows rows;
	const char *params[] = {person};
	if (!ask(rq, "session_show", params, 1, &rows, e) || !found(&rows, "Ce compte", e))
		return false;
	rows_json(&rows, 0, reply_json(rp));
	return true;
}

bool session_get(struct request *rq, struct reply *rp, struct err *e)
{
	if (rq->who->person)
		return write_session(rq, rp, text_of_int(rq->arena, rq->who->person), e);
	struct jout *j = reply_json(rp);
	jout_open(j, '{');
	jout_key(j, "person"), jout_null(j);
	jout_key(j, "organisation"), jout_null(j);
	jout_kv_text(j, "role", role_name(rq->who->role));
	jout_close(j);
	return true;
}

/* ---- Connecting ---- */

struct login_params {
	const char *login, *password;
};

static const struct field login_fields[] = {
	{"login", FIELD_TEXT, .is_required = true, .min = 1, .max = 200, .label = "identifiant",
		.offset = offsetof(struct login_params, login)},
	{"password", FIELD_TEXT, .is_required = true, .min = 1, .max = PASSWORD_MOST,
		.label = "mot de passe", .offset = offsetof(struct login_params, password)},
};
const struct record session_body = RECORD(login_fields, struct login_params, NULL);

bool session_create(struct request *rq, struct reply *rp, struct err *e)
{
	const struct login_params *p = rq->body;
	const char *params[] = {p->login}, *secret, *max_age;
	struct throttle gate;
	struct rows account;
	if (!throttle_enter(rq->arena, rq->state, p->login, rq->address, &gate, e) ||
		!ask(rq, "session_account", params, 1, &account, e))
		return false;
	if (!password_is(
		    account.count ? column_text(&account, 0, "password_hash") : NULL, p->password))
		return refuse(rq, rp, ERR_ANONYMOUS, NOT_THIS_ONE);
	if (!close_session(rq, e) ||
		!open_session(rq, column_text(&account, 0, "person"), &secret, &max_age, e))
		return false;
	if (!max_age)
		return refuse(rq, rp, ERR_ANONYMOUS, NOT_THIS_ONE);
	if (!throttle_leave(rq->arena, rq->state, &gate, e))
		return false;
	reply_created(rp, "/api/session");
	set_cookie(rq, rp, secret, max_age);
	return write_session(rq, rp, column_text(&account, 0, "person"), e);
}

bool session_delete(struct request *rq, struct reply *rp, struct err *e)
{
	if (!close_session(rq, e))
		return false;
	reply_nothing(rp);
	set_cookie(rq, rp, "", "0");
	return true;
}

/* ---- A new password ---- */

struct change_params {
	const char *current, *password;
};

static const struct field change_fields[] = {
	{"current", FIELD_TEXT, .is_required = true, .min = 1, .max = PASSWORD_MOST,
		.label = "mot de passe actuel", .offset = offsetof(struct change_params, current)},
	{"password", FIELD_TEXT, .is_required = true, .min = 1, .max = PASSWORD_MOST,
		.label = "nouveau mot de passe",
		.offset = offsetof(struct change_params, password)},
};
const struct record session_password_body = RECORD(change_fields, struct change_params, NULL);

bool session_password(struct request *rq, struct reply *rp, struct err *e)
{
	const struct change_params *p = rq->body;
	const char *person = text_of_int(rq->arena, rq->who->person), *hash, *secret, *max_age;
	struct throttle gate;
	struct rows own, account;
	if (!ask(rq, "session_login", NULL, 0, &own, e) || !found(&own, "Ce compte", e))
		return false;
	const char *login[] = {rows_text(&own, 0, 0)};
	if (!password_check_strength(p->password, login[0], e) ||
		!throttle_enter(rq->arena, rq->state, login[0], rq->address, &gate, e) ||
		!ask(rq, "session_account", login, 1, &account, e))
		return false;
	if (!password_is(
		    account.count ? column_text(&account, 0, "password_hash") : NULL, p->current))
		return refuse(rq, rp, ERR_FORBIDDEN, "Le mot de passe actuel n’est pas celui-là.");
	if (!password_hash(rq->arena, p->password, &hash, e))
		return false;
	const char *traced[] = {"person", person, NULL};
	/* All sessions end, this one too: the browser is given a new one. */
	if (!ask(rq, "session_set_password", &hash, 1, NULL, e) ||
		!open_session(rq, person, &secret, &max_age, e) ||
		!trace_account(rq->arena, rq->state, NULL, "people.password", traced, e) ||
		!throttle_leave(rq->arena, rq->state, &gate, e))
		return false;
	if (!max_age)
		return err_set(e, ERR_ANONYMOUS, "Ce compte est fermé.");
	reply_nothing(rp);
	set_cookie(rq, rp, secret, max_age);
	return true;
}
