#include "share.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A source tree and an installed folder both have it, and hardly any other folder does. */
static const char token[] = "sql/queries";

static bool holds(struct arena *a, const char *folder, const char *name)
{
	return access(arena_printf(a, "%s/%s", folder, name), R_OK) == 0;
}

/* From the program's folder up to the root; null when nothing is found. */
static const char *look_upwards(struct arena *a)
{
	char program[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
	if (n < 0)
		return NULL;
	program[n] = '\0';
	for (char *slash; (slash = strrchr(program, '/'));) {
		*slash = '\0';
		const char *installed = arena_printf(a, "%s/share/recircuit", program);
		if (holds(a, installed, token))
			return installed;
		if (holds(a, program, token))
			return arena_strdup(a, program);
	}
	return NULL;
}

bool share_path(struct arena *a, const char *name, const char **path, struct err *e)
{
	const char *named = getenv("RECIRCUIT_SHARE"), *folder;
	if (named && *named) {
		char absolute[PATH_MAX];
		if (!realpath(named, absolute))
			return err_set(e, ERR_SYSTEM, "RECIRCUIT_SHARE=%s : %s", named,
				errno == ENOENT ? "ce dossier n’existe pas"
						: err_system_text(errno));
		folder = arena_strdup(a, absolute);
	} else {
		folder = look_upwards(a);
		if (!folder)
			return err_set(e, ERR_SYSTEM,
				"les dossiers sql/ et web/ de Recircuit sont introuvables : "
				"réinstallez le programme (make install), ou donnez leur "
				"emplacement dans RECIRCUIT_SHARE");
	}
	if (!holds(a, folder, name))
		return err_set(e, ERR_SYSTEM,
			"%s/%s est introuvable : l’installation de Recircuit est incomplète",
			folder, name);
	*path = arena_printf(a, "%s/%s", folder, name);
	return true;
}
