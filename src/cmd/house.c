#include "house.h"

#include "cluster.h"
#include "migrate.h"
#include "share.h"
#include "text.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The solver is installed beside this program. */
static bool find_solver(struct arena *a, const char **path, struct err *e)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	if (n < 0)
		return err_set(e, ERR_SYSTEM, "/proc/self/exe : %s", err_system_text(errno));
	self[n] = '\0';
	*path = arena_printf(a, "%s-solve", self);
	if (access(*path, X_OK) != 0)
		return err_set(e, ERR_SYSTEM, "%s : %s", *path, err_system_text(errno));
	return true;
}

bool house_open(struct arena *a, struct house *h, struct err *e)
{
	if (!share_path(a, "sql", &h->sql, e) ||
		!share_path(a, "sql/migrations", &h->migrations, e) ||
		!share_path(a, "sql/queries", &h->queries_folder, e) ||
		!share_path(a, "web", &h->web, e) || !find_solver(a, &h->solver, e) ||
		!query_load(a, h->queries_folder, &h->queries, e))
		return false;
	h->conninfo = h->service = getenv("RECIRCUIT_DB");
	if (h->conninfo && *h->conninfo)
		return true;
	const char *folder = getenv("RECIRCUIT_VAR");
	struct cluster *cluster;
	if (!cluster_open(a, folder && *folder ? folder : "var", &cluster, e))
		return false;
	h->conninfo = cluster_conninfo(cluster);
	h->service = cluster_service_conninfo(cluster);
	return true;
}

bool house_connect(struct arena *a, const struct house *h, struct db **db, struct err *e)
{
	if (!db_open(a, h->conninfo, &h->queries, db, e))
		return false;
	if (migrate_check(*db, h->migrations, NULL, e))
		return true;
	return text_eq(db_sqlstate(*db), "42501")
		       ? err_set(e, ERR_UNAVAILABLE,
				 "cet utilisateur n’a pas le droit de lire cette base ; pour le "
				 "service, faites faire par un administrateur : GRANT "
				 "recircuit_app "
				 "TO lui")
		       : false;
}

bool house_errand(const struct errand *errand, void *options, int argc, char **argv, struct err *e)
{
	bool done;
	int first;
	if (!program_options(&errand->usage, argc, argv, options, &done, &first, e) || done)
		return done;
	struct arena *a = arena_new();
	struct house house;
	struct db *db;
	bool ok = house_open(a, &house, e) && house_connect(a, &house, &db, e) && db_begin(db, e) &&
		  errand->run(a, db, options, argv + first, e) && db_commit(db, e);
	arena_free(a);
	return ok;
}
