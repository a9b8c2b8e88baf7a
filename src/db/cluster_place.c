#include "cluster_parts.h"

#include "buf.h"
#include "file.h"
#include "log.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
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
 * Programs are started from `home` with relative paths: pg_ctl hands its arguments to a shell, and
 * a folder may be called `l'été "2027" $HOME`. */

enum { SOCKET_PATH_MAX = 107 }; /* bytes in sockaddr_un, without the final zero */

const char *cluster_remedy(const char *said)
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

bool cluster_fail(const struct cluster *c, const char *what, const char *said, struct err *e)
{
	return err_set(e, ERR_SYSTEM, "%s : %s (%s)", what, cluster_remedy(said),
		telling_line(c->arena, said));
}

const char *cluster_path(const struct cluster *c, const char *name)
{
	return arena_printf(c->arena, "%s/%s", c->home, name);
}

bool cluster_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/* A small environment, so that PGPORT and the like do not leak in; a session of its own, so that Ctrl-C in the terminal is
 * for us alone. */
bool cluster_run(const struct cluster *c, const char *const *words, char **said)
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
	buf_init(&out, c->arena, CLUSTER_OUTPUT_LIMIT);
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

bool cluster_make_owned(const char *path, mode_t mode, uid_t uid, gid_t gid, struct err *e)
{
	struct stat st;
	if ((mkdir(path, mode) != 0 && errno != EEXIST) || lstat(path, &st) != 0)
		return err_set(e, ERR_SYSTEM, "%s ne peut pas être créé : %s", path,
			cluster_remedy(strerror(errno)));
	if (!S_ISDIR(st.st_mode) || (st.st_uid != geteuid() && st.st_uid != uid))
		return err_set(e, ERR_SYSTEM,
			"%s existe déjà et n’est pas à vous : déplacez-le ou supprimez-le", path);
	if (chmod(path, mode) != 0 || (st.st_uid != uid && chown(path, uid, gid) != 0))
		return err_set(e, ERR_SYSTEM, "%s : %s", path, cluster_remedy(strerror(errno)));
	return true;
}

static bool make_place(const struct cluster *c, struct err *e)
{
	return cluster_make_owned(c->place, 0711, geteuid(), getegid(), e);
}

static struct user_id other_user(struct arena *a, uid_t uid, gid_t gid)
{
	return (struct user_id){uid, gid,
		{"setpriv", arena_printf(a, "--reuid=%ju", (uintmax_t)uid),
			arena_printf(a, "--regid=%ju", (uintmax_t)gid), "--clear-groups"}};
}

static bool can_reach_home(const struct cluster *c)
{
	return cluster_run(c, (const char *const[]){"test", "-x", c->home, NULL}, NULL);
}

/* Whom the server runs as, and where its data is. Not root: ourselves. Root: the owner of the data
 * there is; else ourselves in a user namespace where we are not called root; else, where those are
 * refused (containers), a user made for servers. */
static bool choose_identity(struct cluster *c, struct err *e)
{
	c->server = (struct user_id){.uid = geteuid(), .gid = getegid()};
	c->home = c->folder;
	if (!cluster_exists(cluster_path(c, "pg")) &&
		cluster_exists(arena_printf(c->arena, "%s/pg", c->place))) {
		c->home = c->place;
		if (!make_place(c, e))
			return false;
	}
	struct stat data;
	bool is_new = stat(cluster_path(c, "pg"), &data) != 0;
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
			cluster_path(c, "pg"), (uintmax_t)data.st_uid, (uintmax_t)c->server.uid);
	return true;
}

/* The newest PostgreSQL of the machine, or the one that wrote the data. */
static bool find_programs(struct cluster *c, struct err *e)
{
	struct err ignored;
	char *version = NULL;
	if (file_read(c->arena, cluster_path(c, "pg/PG_VERSION"), 16, &version, NULL, &ignored))
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
	if (cluster_run(c, (const char *const[]){"pg_config", "--bindir", NULL}, &folder)) {
		folder = text_trim(folder);
		if (cluster_exists(arena_printf(c->arena, "%s/initdb", folder))) {
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

const char *cluster_program(const struct cluster *c, const char *name)
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

const char *cluster_conninfo_to(const struct cluster *c, const char *database)
{
	return conninfo_as(c, "recircuit", database);
}

/* A comma in a host means two hosts to libpq, and it cannot be quoted. */
static bool choose_socket(struct cluster *c, struct err *e)
{
	const char *file = cluster_path(c, "pg/.s.PGSQL.5432");
	c->socket = cluster_path(c, "pg");
	if (strlen(file) > SOCKET_PATH_MAX || strchr(file, ',')) {
		c->socket = arena_printf(c->arena, "%s/socket", c->place);
		if (!make_place(c, e) ||
			!cluster_make_owned(c->socket, 0700, c->server.uid, c->server.gid, e))
			return false;
	}
	c->conninfo = cluster_conninfo_to(c, "recircuit");
	c->service_conninfo = conninfo_as(c, "recircuit_app", "recircuit");
	return true;
}

bool cluster_choose(struct cluster *c, struct err *e)
{
	return choose_identity(c, e) && find_programs(c, e) && choose_socket(c, e);
}
