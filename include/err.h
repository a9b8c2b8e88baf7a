/* What went wrong, said once, at the cause, in words the user may read.
 *
 * What can fail returns bool and takes `struct err *e` last; callers only pass it on:
 *
 *	if (load_kg > v->capacity_kg)
 *		return err_set(e, ERR_INVALID, "the load %d kg exceeds %d kg", ...);
 *
 * A new kind is one line in ERR_KINDS: its exit status (shell) and its HTTP status follow from it.
 */
#ifndef RECIRCUIT_ERR_H
#define RECIRCUIT_ERR_H

#include <stdarg.h>
#include <stdbool.h>

#define must_use __attribute__((warn_unused_result))

/*	kind			exit	HTTP	title shown to people */
#define ERR_KINDS(X) \
	X(ERR_NONE, 0, 200, "") \
	X(ERR_USAGE, 64, 400, "Commande mal formée") \
	X(ERR_INVALID, 2, 422, "Donnée refusée") \
	X(ERR_MALFORMED, 2, 400, "Requête illisible") \
	X(ERR_INFEASIBLE, 3, 422, "Aucun plan possible") \
	X(ERR_ANONYMOUS, 9, 401, "Compte nécessaire") \
	X(ERR_FORBIDDEN, 9, 403, "Droit insuffisant") \
	X(ERR_THROTTLED, 9, 429, "Trop d’essais") \
	X(ERR_NOT_FOUND, 4, 404, "Introuvable") \
	X(ERR_CONFLICT, 5, 409, "Conflit") \
	X(ERR_TOO_LARGE, 6, 413, "Trop volumineux") \
	X(ERR_UNAVAILABLE, 7, 503, "Service momentanément indisponible") \
	X(ERR_CANCELLED, 8, 409, "Annulé") \
	X(ERR_SYSTEM, 1, 500, "Erreur interne")

#define ERR_ENUM(kind, exit_status, http_status, title) kind,
enum err_kind { ERR_KINDS(ERR_ENUM) };
#undef ERR_ENUM

struct err {
	enum err_kind kind;
	int retry_s; /* after so many seconds it is worth trying again; 0: nobody knows */
	char message[1024];
};

/* Record the error and return false, so that `return err_set(...)` is the whole story. */
bool err_set(struct err *e, enum err_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Put words before the message: "points.csv line 12: " + what was said at the cause. */
bool err_prefix(struct err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What errno says, in French for the common cases. */
const char *err_system_text(int number);

int err_exit_status(enum err_kind kind);
int err_http_status(enum err_kind kind);
const char *err_title(enum err_kind kind);

#endif
