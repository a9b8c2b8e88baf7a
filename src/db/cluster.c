#include "cluster_parts.h"

#include "clock.h"
#include "db.h"
#include "digest.h"
#include "file.h"
#include "log.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Who comes and who goes is settled by two locks on one file, which the kernel drops when a process
 * dies. GATE is exclusive and held while somebody looks at, starts or stops the server; USERS is
 * shared and held by everyone who uses it. At the gate, whoever gets USERS exclusively is alone.
 * They are locks of the open file, not of the process, so threads and several clusters do not mix. */
enum { GATE, USERS };

static const double STALE_S = 15;     /* a killed server's children take a moment to go */
static const double RECOVERY_S = 300; /* replaying the journal after a crash */

/* For a small machine that also runs the optimiser. Written once; what an operator changes in
 * postgresql.conf, or with ALTER SYSTEM, is kept. */
static const char settings[] =
	"\n"
	"# Réglages de Recircuit ; ce fichier est à vous, ils ne seront pas réécrits.\n"
	"listen_addresses = ''                # socket local seulement, jamais le réseau\n"
	"port = 5432                          # donne son nom au socket\n"
	"unix_socket_permissions = 0700\n"
	"max_connections = 50\n"
	"shared_buffers = 128MB\n"
	"work_mem = 16MB\n"
	"maintenance_work_mem = 64MB\n"
	"max_wal_size = 512MB\n"
	"random_page_cost = 1.1               # disque SSD\n"
	"max_parallel_workers_per_gather = 0  # les cœurs sont pour l’optimiseur\n"
	"jit = off\n"
	"timezone = 'UTC'\n"
	"log_timezone = 'UTC'\n"
	"log_checkpoints = off\n";

static bool set_lock(const struct cluster *c, int which, short type, bool wait)
{
	struct flock range = {.l_type = type, .l_whence = SEEK_SET, .l_start = which, .l_len = 1};
	int done;
	do
		done = fcntl(c->lock, wait ? F_OFD_SETLKW : F_OFD_SETLK, &range);
	while (done != 0 && errno == EINTR);
	return done == 0;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

static void remove_tree(const char *path)
{
	enum { OPEN_FOLDERS = 16 };
	if (nftw(path, remove_entry, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT)
		log_event(LOG_WARN, "not_removed", "path=%s error=%s", path, strerror(errno));
}

static bool append(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool ok = write(fd, text, strlen(text)) == (ssize_t)strlen(text) && fsync(fd) == 0;
	return close(fd) == 0 && ok;
}

/* The data is made beside its place and renamed, so that pg/ is whole or is not there. */
static bool create_data(const struct cluster *c, struct err *e)
{
	char **left; /* by somebody who was killed half-way */
	size_t count;
	if (!file_list(c->arena, c->home, ".pg.new", &left, &count, e))
		return false;
	for (size_t i = 0; i < count; i++)
		remove_tree(cluster_path(c, left[i]));

	const char *name = arena_printf(c->arena, "%jd.pg.new", (intmax_t)getpid());
	const char *fresh = cluster_path(c, name);
	char *said;
	if (!cluster_make_owned(fresh, 0700, c->server.uid, c->server.gid, e))
		return false;
	bool ok = cluster_run(c,
		(const char *const[]){cluster_program(c, "initdb"), "-D", name, "-U", "recircuit",
			"--encoding=UTF8", "--locale=C.UTF-8", "--auth-local=trust",
			"--auth-host=reject", "--no-instructions", NULL},
		&said);
	if (!ok)
		cluster_fail(c,
			arena_printf(c->arena, "la base de données n’a pas pu être créée dans %s",
				c->home),
			said, e);
	else if (!append(arena_printf(c->arena, "%s/postgresql.conf", fresh), settings) ||
		 rename(fresh, cluster_path(c, "pg")) != 0)
		ok = cluster_fail(c, c->home, strerror(errno), e);
	if (!ok)
		remove_tree(fresh);
	return ok;
}

/* The server's own words since its log had `from` bytes. */
static const char *log_since(const struct cluster *c, off_t from)
{
	static const char nothing[] = "";
	int fd = open(cluster_path(c, "pg/server.log"), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return nothing;
	char *text = arena_alloc(c->arena, CLUSTER_OUTPUT_LIMIT + 1);
	ssize_t n = pread(fd, text, CLUSTER_OUTPUT_LIMIT, from);
	close(fd);
	return n > 0 ? text : nothing;
}

static off_t log_size(const struct cluster *c)
{
	struct stat st;
	return stat(cluster_path(c, "pg/server.log"), &st) == 0 ? st.st_size : 0;
}

static bool fail_held(const struct cluster *c, struct err *e)
{
	struct err ignored;
	const char *file = cluster_path(c, "pg/postmaster.pid");
	char *pid = arena_strdup(c->arena, "?");
	if (file_read(c->arena, file, CLUSTER_OUTPUT_LIMIT, &pid, NULL, &ignored))
		pid[strcspn(pid, "\n")] = '\0';
	return err_set(e, ERR_UNAVAILABLE,
		"PostgreSQL n’a pas démarré : d’après %s, le processus %s tient déjà ces données. "
		"Si c’est un PostgreSQL, arrêtez-le (kill -INT %s) ; sinon, supprimez ce fichier",
		file, pid, pid);
}

/* postmaster.pid, and a lock file beside the socket, are left behind by a server that was killed.
 * They are never ours to remove: PostgreSQL itself looks whether any process of that server is
 * left, and for a while some are. */
static bool start(const struct cluster *c, struct err *e)
{
	const char *socket = text_starts(c->socket, c->home) ? "-k ." : /* relative to pg/ */
				     arena_printf(c->arena, "-k %s", c->socket);
	const char *const words[] = {cluster_program(c, "pg_ctl"), "start", "-D", "pg", "-l",
		"pg/server.log", "-w", "-t", "30", "-s", "-o", socket, NULL};
	const char *server = cluster_conninfo_to(c, "postgres");
	for (double began = clock_seconds();;) {
		PGPing answer = PQping(server);
		if (answer == PQPING_OK)
			return true;
		double waited_s = clock_seconds() - began;
		if (answer == PQPING_REJECT) { /* it is replaying its journal */
			if (waited_s > RECOVERY_S)
				return err_set(e, ERR_UNAVAILABLE,
					"PostgreSQL répare encore ses données après un arrêt "
					"brutal : réessayez dans quelques minutes (journal : %s)",
					cluster_path(c, "pg/server.log"));
			clock_sleep(0.2);
			continue;
		}
		off_t from = log_size(c);
		char *said;
		if (cluster_run(c, words, &said))
			continue;
		const char *why = log_since(c, from);
		if (!cluster_exists(cluster_path(c, "pg/postmaster.pid")) &&
			!strstr(why, "lock file"))
			return cluster_fail(c, "PostgreSQL n’a pas démarré", *why ? why : said, e);
		if (waited_s > STALE_S && PQping(server) == PQPING_NO_RESPONSE)
			return fail_held(c, e);
		clock_sleep(0.3);
	}
}

/* pg_ctl stop signals whatever process a stale postmaster.pid names, which may by now be somebody
 * else's: it is called only when the server behind the socket is there. */
static bool is_answering(const struct cluster *c)
{
	return c->socket && PQping(cluster_conninfo_to(c, "postgres")) != PQPING_NO_RESPONSE;
}

static void stop(const struct cluster *c)
{
	char *said;
	if (!cluster_run(c,
		    (const char *const[]){cluster_program(c, "pg_ctl"), "stop", "-D", "pg", "-m",
			    "fast", "-w", "-t", "60", "-s", NULL},
		    &said))
		log_event(LOG_WARN, "cluster_not_stopped", "folder=%s said=%s", c->home, said);
}

static bool create_database(const struct cluster *c, struct err *e)
{
	static const char need_postgis[] =
		"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_available_extensions "
		"WHERE name = 'postgis') THEN RAISE undefined_file; END IF; END $$";
	struct arena *a = arena_new();
	struct db *db;
	bool ok = db_open(a, cluster_conninfo_to(c, "postgres"), NULL, &db, e);
	if (ok && !db_script(db, need_postgis, e)) {
		ok = false;
		if (text_eq(db_sqlstate(db), "58P01"))
			err_set(e, ERR_SYSTEM,
				"PostGIS n’est pas installé : make deps, ou apt-get install "
				"postgresql-15-postgis-3");
	}
	if (ok && !db_script(db, "CREATE DATABASE recircuit", e))
		ok = text_eq(db_sqlstate(db), "42P04"); /* it is there already */
	arena_free(a);
	return ok;
}

/* At the gate, as one of the users. */
static bool make_ready(struct cluster *c, struct err *e)
{
	return cluster_choose(c, e) &&
	       (cluster_exists(cluster_path(c, "pg")) || create_data(c, e)) && start(c, e) &&
	       create_database(c, e);
}

static void leave(void *cluster)
{
	struct cluster *c = cluster;
	if (c->lock < 0)
		return;
	set_lock(c, GATE, F_WRLCK, true);
	bool is_last = set_lock(c, USERS, F_WRLCK, false);
	if (is_last && is_answering(c))
		stop(c);
	if (is_last) { /* nothing is left in /tmp, unless the data is there */
		rmdir(arena_printf(c->arena, "%s/socket", c->place));
		rmdir(c->place);
	}
	close(c->lock); /* and with it both locks */
	c->lock = -1;
}

bool cluster_open(struct arena *a, const char *folder, struct cluster **out, struct err *e)
{
	struct cluster *c = arena_one(a, struct cluster);
	c->arena = a;
	if (!file_make_folder(folder, 0755, e))
		return cluster_fail(c,
			arena_printf(a, "le dossier %s ne peut pas être créé", folder),
			arena_strdup(a, e->message), e);
	char *absolute = realpath(folder, NULL);
	if (!absolute)
		return err_set(e, ERR_SYSTEM, "%s : %s", folder, cluster_remedy(strerror(errno)));
	arena_defer(a, free, absolute);
	c->folder = c->home = absolute;
	char hash[65];
	digest_sha256(absolute, strlen(absolute), hash);
	c->place = arena_printf(a, "%s/recircuit-%.16s", P_tmpdir, hash);

	c->lock = open(cluster_path(c, "cluster.lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (c->lock < 0)
		return err_set(e, ERR_SYSTEM, "%s n’est pas accessible en écriture : %s",
			cluster_path(c, "cluster.lock"), cluster_remedy(strerror(errno)));
	arena_defer(a, leave, c);
	if (!set_lock(c, GATE, F_WRLCK, true) || !set_lock(c, USERS, F_RDLCK, true))
		return err_set(e, ERR_SYSTEM, "%s : le disque refuse les verrous (%s)",
			cluster_path(c, "cluster.lock"), strerror(errno));
	bool ok = make_ready(c, e);
	if (ok)
		set_lock(c, GATE, F_UNLCK, true);
	else
		leave(c);
	*out = c;
	return ok;
}

const char *cluster_conninfo(const struct cluster *c)
{
	return c->conninfo;
}

const char *cluster_service_conninfo(const struct cluster *c)
{
	return c->service_conninfo;
}
