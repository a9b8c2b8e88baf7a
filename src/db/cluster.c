#include "cluster.h"

#include "buf.h"
#include "clock.h"
#include "db.h"
#include "digest.h"
#include "file.h"
#include "log.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Where things are. `folder` is the caller's (var). `home` holds the data in pg/, and is `folder`
 * unless the server's user cannot reach it; then it is `place`, a folder of ours in /tmp. The
 * socket is in pg/ too, unless its path would be too long for the system.
 *
 * Who comes and who goes is settled by two locks on one file, which the kernel drops when a process
 * dies. GATE is exclusive and held while somebody looks at, starts or stops the server; USERS is
 * shared and held by everyone who uses it. At the gate, whoever gets USERS exclusively is alone.
 * They are locks of the open file, not of the process, so threads and several clusters do not mix.
 *
 * Programs are started from `home` with relative paths: pg_ctl hands its arguments to a shell, and
 * a folder may be called `l'été "2027" $HOME`. */
enum { GATE, USERS };

enum {
	SOCKET_PATH_MAX = 107, /* bytes in sockaddr_un, without the final zero */
	OUTPUT_LIMIT = 1 << 16 /* bytes kept of what a program prints */
};

static const double STALE_S = 15;     /* a killed server's children take a moment to go */
static const double RECOVERY_S = 300; /* replaying the journal after a crash */

/* PostgreSQL refuses to run as root: `prefix` are the words that start a program as somebody else.
 */
struct user_id {
	uid_t uid; /* owner of the data, seen from here */
	gid_t gid;
	const char *prefix[8];
};

struct cluster {
	struct arena *arena;
	const char *folder, *place, *home; /* absolute */
	const char *socket;                /* absolute */
	const char *programs;              /* where initdb and pg_ctl are; null until found */
	struct user_id server;
	const char *conninfo, *service_conninfo;
	int lock;
};

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

/* What PostgreSQL's programs say in English, and what to do about it. */
static const char *remedy_for(const char *said)
{
	static const struct {
		const char *said, *remedy;
	} remedies[] = {
		{"No space left on device", "le disque est plein, libérez de la place"},
		{"Disk quota exceeded", "le quota de disque est atteint, libérez de la place"},
		{"Read-only file system", "le disque est en lecture seule"},
		{"Permission denied", "l’accès à un fichier est refusé, vérifiez son propriétaire"},
		{"Cannot allocate memory", "la mémoire manque"},
		{"could not create shared memory", "la mémoire partagée manque (/dev/shm)"},
		{"incompatible with server", "ces données viennent d’une autre version"},
		{"configuration file", "un réglage de pg/postgresql.conf est refusé"},
	};
	for (size_t i = 0; i < sizeof remedies / sizeof *remedies; i++)
		if (strstr(said, remedies[i].said))
			return remedies[i].remedy;
	return "raison inattendue";
}

/* The line that matters: the first that tells of an error, else the last one. */
static const char *telling_line(struct arena *a, const char *said)
{
	static const char *const marks[] = {"FATAL:", "PANIC:", "error:", "could not", "cannot"};
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		const char *at = strstr(said, marks[i]);
		if (!at)
			continue;
		while (at > said && at[-1] != '\n')
			at--;
		return arena_strndup(a, at, strcspn(at, "\n"));
	}
	char *text = text_trim(arena_strdup(a, said)), *last = strrchr(text, '\n');
	return last ? last + 1 : text;
}

static bool fail(const struct cluster *c, const char *what, const char *said, struct err *e)
{
	return err_set(e, ERR_SYSTEM, "%s : %s (%s)", what, remedy_for(said),
		telling_line(c->arena, said));
}

static const char *path(const struct cluster *c, const char *name)
{
	return arena_printf(c->arena, "%s/%s", c->home, name);
}

static bool exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/* Runs a program to its end from `home`, as the server's user; true when it exits with 0. *said,
 * which may be null, is what it printed. A small environment, so that PGPORT and the like do not
 * leak in; a session of its own, so that Ctrl-C in the terminal is for us alone. */
static bool run(const struct cluster *c, const char *const *words, char **said)
{
	static const char *const environment[] = {
		"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", NULL};
	const char *argv[32];
	size_t n = 0;
	for (const char *const *w = c->server.prefix; *w; w++)
		argv[n++] = *w;
	for (const char *const *w = words; *w && n < sizeof argv / sizeof *argv - 1; w++)
		argv[n++] = *w;
	argv[n] = NULL;

	struct buf out;
	buf_init(&out, c->arena, OUTPUT_LIMIT);
	if (said)
		*said = out.data;
	int pipe_fds[2];
	if (pipe2(pipe_fds, O_CLOEXEC) != 0)
		return false;
	posix_spawn_file_actions_t files;
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, pipe_fds[1], STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&files, pipe_fds[1], STDERR_FILENO);
	posix_spawn_file_actions_addchdir_np(&files, c->home);
	posix_spawnattr_t how;
	sigset_t none, all;
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(&how);
	posix_spawnattr_setflags(
		&how, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&how, &none);
	posix_spawnattr_setsigdefault(&how, &all);
	pid_t pid;
	int why = posix_spawnp(
		&pid, argv[0], &files, &how, (char *const *)argv, (char *const *)environment);
	posix_spawnattr_destroy(&how);
	posix_spawn_file_actions_destroy(&files);
	close(pipe_fds[1]);
	if (why) {
		close(pipe_fds[0]);
		buf_printf(&out, "%s: %s", argv[0], strerror(why));
		if (said)
			*said = out.data;
		return false;
	}
	char chunk[4096];
	ssize_t got;
	while ((got = read(pipe_fds[0], chunk, sizeof chunk)) > 0 || (got < 0 && errno == EINTR))
		if (got > 0)
			buf_add(&out, chunk, (size_t)got);
	close(pipe_fds[0]);
	int status;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	if (said)
		*said = out.data;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool set_lock(const struct cluster *c, int which, short type, bool wait)
{
	struct flock range = {.l_type = type, .l_whence = SEEK_SET, .l_start = which, .l_len = 1};
	int done;
	do
		done = fcntl(c->lock, wait ? F_OFD_SETLKW : F_OFD_SETLK, &range);
	while (done != 0 && errno == EINTR);
	return done == 0;
}

/* A folder nobody else can have laid out for us: names in /tmp can be guessed. */
static bool make_owned(const char *path, mode_t mode, uid_t uid, gid_t gid, struct err *e)
{
	struct stat st;
	if ((mkdir(path, mode) != 0 && errno != EEXIST) || lstat(path, &st) != 0)
		return err_set(e, ERR_SYSTEM, "%s ne peut pas être créé : %s", path,
			remedy_for(strerror(errno)));
	if (!S_ISDIR(st.st_mode) || (st.st_uid != geteuid() && st.st_uid != uid))
		return err_set(e, ERR_SYSTEM,
			"%s existe déjà et n’est pas à vous : déplacez-le ou supprimez-le", path);
	if (chmod(path, mode) != 0 || (st.st_uid != uid && chown(path, uid, gid) != 0))
		return err_set(e, ERR_SYSTEM, "%s : %s", path, remedy_for(strerror(errno)));
	return true;
}

static bool make_place(const struct cluster *c, struct err *e)
{
	return make_owned(c->place, 0711, geteuid(), getegid(), e);
}

static struct user_id other_user(struct arena *a, uid_t uid, gid_t gid)
{
	return (struct user_id){uid, gid,
		{"setpriv", arena_printf(a, "--reuid=%ju", (uintmax_t)uid),
			arena_printf(a, "--regid=%ju", (uintmax_t)gid), "--clear-groups"}};
}

static bool can_reach_home(const struct cluster *c)
{
	return run(c, (const char *const[]){"test", "-x", c->home, NULL}, NULL);
}

/* Whom the server runs as, and where its data is. Not root: ourselves. Root: the owner of the data
 * there is; else ourselves in a user namespace where we are not called root; else, where those are
 * refused (containers), a user made for servers. */
static bool choose_identity(struct cluster *c, struct err *e)
{
	c->server = (struct user_id){.uid = geteuid(), .gid = getegid()};
	c->home = c->folder;
	if (!exists(path(c, "pg")) && exists(arena_printf(c->arena, "%s/pg", c->place))) {
		c->home = c->place;
		if (!make_place(c, e))
			return false;
	}
	struct stat data;
	bool is_new = stat(path(c, "pg"), &data) != 0;
	if (geteuid() == 0 && !is_new && data.st_uid != 0) {
		c->server = other_user(c->arena, data.st_uid, data.st_gid);
	} else if (geteuid() == 0) {
		c->server = (struct user_id){
			0, 0, {"unshare", "--user", "--map-user=1000", "--map-group=1000"}};
		if (can_reach_home(c))
			return true;
		const struct passwd *user = getpwnam("postgres");
		if (!user)
			user = getpwnam("nobody");
		if (!user)
			return err_set(e, ERR_SYSTEM,
				"PostgreSQL refuse de tourner sous root : lancez ce programme sous "
				"un autre utilisateur");
		c->server = other_user(c->arena, user->pw_uid, user->pw_gid);
		if (is_new && !can_reach_home(c)) {
			c->home = c->place;
			if (!make_place(c, e))
				return false;
			log_event(LOG_WARN, "data_in_temporary_folder", "folder=%s", c->home);
		}
	}
	if (!is_new && data.st_uid != c->server.uid)
		return err_set(e, ERR_SYSTEM,
			"%s appartient à un autre utilisateur (n° %ju) : lancez ce programme sous "
			"son nom, ou donnez-lui ce dossier (chown -R %ju)",
			path(c, "pg"), (uintmax_t)data.st_uid, (uintmax_t)c->server.uid);
	return true;
}

/* The newest PostgreSQL of the machine, or the one that wrote the data. */
static bool find_programs(struct cluster *c, struct err *e)
{
	struct err ignored;
	char *version = NULL;
	if (file_read(c->arena, path(c, "pg/PG_VERSION"), 16, &version, NULL, &ignored))
		version = text_trim(version);
	const char *pattern = arena_printf(
		c->arena, "/usr/lib/postgresql/%s/bin/initdb", version ? version : "*");
	glob_t found = {0};
	double newest = 0;
	if (glob(pattern, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++) {
			const char *name = found.gl_pathv[i];
			double number = strtod(name + strlen("/usr/lib/postgresql/"), NULL);
			if (number <= newest)
				continue;
			newest = number;
			c->programs =
				arena_strndup(c->arena, name, strlen(name) - strlen("/initdb"));
		}
	globfree(&found);
	if (c->programs)
		return true;
	char *folder;
	if (run(c, (const char *const[]){"pg_config", "--bindir", NULL}, &folder)) {
		folder = text_trim(folder);
		if (exists(arena_printf(c->arena, "%s/initdb", folder))) {
			c->programs = folder;
			return true;
		}
	}
	if (version)
		return err_set(e, ERR_SYSTEM,
			"les données de %s sont de PostgreSQL %s, qui n’est pas installé : "
			"apt-get install postgresql-%s postgresql-%s-postgis-3",
			c->home, version, version, version);
	return err_set(e, ERR_SYSTEM,
		"PostgreSQL n’est pas installé : make deps, ou apt-get install postgresql "
		"postgresql-15-postgis-3");
}

static const char *program(const struct cluster *c, const char *name)
{
	return arena_printf(c->arena, "%s/%s", c->programs, name);
}

/* An argument of libpq's conninfo. */
static const char *quoted(struct arena *a, const char *value)
{
	struct buf b;
	buf_init(&b, a, BUF_NO_LIMIT);
	buf_putc(&b, '\'');
	for (; *value; value++) {
		if (*value == '\'' || *value == '\\')
			buf_putc(&b, '\\');
		buf_putc(&b, *value);
	}
	buf_putc(&b, '\'');
	return b.data;
}

static const char *conninfo_as(const struct cluster *c, const char *user, const char *database)
{
	return arena_printf(c->arena, "host=%s port=5432 user=%s dbname=%s",
		quoted(c->arena, c->socket), user, database);
}

static const char *conninfo_to(const struct cluster *c, const char *database)
{
	return conninfo_as(c, "recircuit", database);
}

/* A comma in a host means two hosts to libpq, and it cannot be quoted. */
static bool choose_socket(struct cluster *c, struct err *e)
{
	const char *file = path(c, "pg/.s.PGSQL.5432");
	c->socket = path(c, "pg");
	if (strlen(file) > SOCKET_PATH_MAX || strchr(file, ',')) {
		c->socket = arena_printf(c->arena, "%s/socket", c->place);
		if (!make_place(c, e) ||
			!make_owned(c->socket, 0700, c->server.uid, c->server.gid, e))
			return false;
	}
	c->conninfo = conninfo_to(c, "recircuit");
	c->service_conninfo = conninfo_as(c, "recircuit_app", "recircuit");
	return true;
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
		remove_tree(path(c, left[i]));

	const char *name = arena_printf(c->arena, "%jd.pg.new", (intmax_t)getpid());
	const char *fresh = path(c, name);
	char *said;
	if (!make_owned(fresh, 0700, c->server.uid, c->server.gid, e))
		return false;
	bool ok = run(c,
		(const char *const[]){program(c, "initdb"), "-D", name, "-U", "recircuit",
			"--encoding=UTF8", "--locale=C.UTF-8", "--auth-local=trust",
			"--auth-host=reject", "--no-instructions", NULL},
		&said);
	if (!ok)
		fail(c,
			arena_printf(c->arena, "la base de données n’a pas pu être créée dans %s",
				c->home),
			said, e);
	else if (!append(arena_printf(c->arena, "%s/postgresql.conf", fresh), settings) ||
		 rename(fresh, path(c, "pg")) != 0)
		ok = fail(c, c->home, strerror(errno), e);
	if (!ok)
		remove_tree(fresh);
	return ok;
}

/* The server's own words since its log had `from` bytes. */
static const char *log_since(const struct cluster *c, off_t from)
{
	static const char nothing[] = "";
	int fd = open(path(c, "pg/server.log"), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return nothing;
	char *text = arena_alloc(c->arena, OUTPUT_LIMIT + 1);
	ssize_t n = pread(fd, text, OUTPUT_LIMIT, from);
	close(fd);
	return n > 0 ? text : nothing;
}

static off_t log_size(const struct cluster *c)
{
	struct stat st;
	return stat(path(c, "pg/server.log"), &st) == 0 ? st.st_size : 0;
}

static bool fail_held(const struct cluster *c, struct err *e)
{
	struct err ignored;
	const char *file = path(c, "pg/postmaster.pid");
	char *pid = arena_strdup(c->arena, "?");
	if (file_read(c->arena, file, OUTPUT_LIMIT, &pid, NULL, &ignored))
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
	const char *const words[] = {program(c, "pg_ctl"), "start", "-D", "pg", "-l",
		"pg/server.log", "-w", "-t", "30", "-s", "-o", socket, NULL};
	const char *server = conninfo_to(c, "postgres");
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
					path(c, "pg/server.log"));
			clock_sleep(0.2);
			continue;
		}
		off_t from = log_size(c);
		char *said;
		if (run(c, words, &said))
			continue;
		const char *why = log_since(c, from);
		if (!exists(path(c, "pg/postmaster.pid")) && !strstr(why, "lock file"))
			return fail(c, "PostgreSQL n’a pas démarré", *why ? why : said, e);
		if (waited_s > STALE_S && PQping(server) == PQPING_NO_RESPONSE)
			return fail_held(c, e);
		clock_sleep(0.3);
	}
}

/* pg_ctl stop signals whatever process a stale postmaster.pid names, which may by now be somebody
 * else's: it is called only when the server behind the socket is there. */
static bool is_answering(const struct cluster *c)
{
	return c->socket && PQping(conninfo_to(c, "postgres")) != PQPING_NO_RESPONSE;
}

static void stop(const struct cluster *c)
{
	char *said;
	if (!run(c,
		    (const char *const[]){program(c, "pg_ctl"), "stop", "-D", "pg", "-m", "fast",
			    "-w", "-t", "60", "-s", NULL},
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
	bool ok = db_open(a, conninfo_to(c, "postgres"), NULL, &db, e);
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
	return choose_identity(c, e) && find_programs(c, e) && choose_socket(c, e) &&
	       (exists(path(c, "pg")) || create_data(c, e)) && start(c, e) && create_database(c, e);
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
		return fail(c, arena_printf(a, "le dossier %s ne peut pas être créé", folder),
			arena_strdup(a, e->message), e);
	char *absolute = realpath(folder, NULL);
	if (!absolute)
		return err_set(e, ERR_SYSTEM, "%s : %s", folder, remedy_for(strerror(errno)));
	arena_defer(a, free, absolute);
	c->folder = c->home = absolute;
	char hash[65];
	digest_sha256(absolute, strlen(absolute), hash);
	c->place = arena_printf(a, "%s/recircuit-%.16s", P_tmpdir, hash);

	c->lock = open(path(c, "cluster.lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (c->lock < 0)
		return err_set(e, ERR_SYSTEM, "%s n’est pas accessible en écriture : %s",
			path(c, "cluster.lock"), remedy_for(strerror(errno)));
	arena_defer(a, leave, c);
	if (!set_lock(c, GATE, F_WRLCK, true) || !set_lock(c, USERS, F_RDLCK, true))
		return err_set(e, ERR_SYSTEM, "%s : le disque refuse les verrous (%s)",
			path(c, "cluster.lock"), strerror(errno));
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
