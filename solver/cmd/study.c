#include "study.h"

#include "command.h"
#include "digest.h"
#include "economy.h"
#include "file.h"
#include "formats.h"
#include "listener.h"

#include <math.h>

struct study_options {
	const char *output;
	int64_t threads, seed;
	bool is_quiet;
};

static const struct option_spec specs[] = {
	{"threads", 'j', OPTION_INT, offsetof(struct study_options, threads), "N",
		"fils de calcul (2 par défaut)"},
	{"seed", 's', OPTION_INT, offsetof(struct study_options, seed), "K",
		"graine de l’optimiseur (1 par défaut) ; celle des tirages est dans le fichier"},
	{"output", 'o', OPTION_TEXT, offsetof(struct study_options, output), "FICHIER",
		"où écrire les réponses (sortie standard par défaut)"},
	{"quiet", 'q', OPTION_FLAG, offsetof(struct study_options, is_quiet), NULL,
		"pas de ligne d’avancement"},
};

static bool study(struct arena *a, const struct study_options *o, const char *path, struct err *e)
{
	char *bytes, sha256[65];
	size_t n;
	struct network net;
	struct study s;
	struct listener listener;
	if (!file_read(a, path, FORMAT_FILE_MAX, &bytes, &n, e))
		return false;
	digest_sha256(bytes, n, sha256);
	if (!network_read(a, bytes, n, &net, e) || !study_read(a, bytes, n, &net, &s, e))
		return err_prefix(e, "%s : ", path);
	listener_start(&listener, o->is_quiet);
	struct ear ear = {listener_count, &listener};
	if (!study_run(a, &s, (size_t)o->threads, (uint64_t)o->seed, listener_stop(), &ear, e))
		return err_prefix(e, "%s : ", path);
	struct buf b;
	struct jout j;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	study_write(a, &j, &s, sha256);
	buf_putc(&b, '\n');
	return file_write(o->output, b.data, b.len, e);
}

bool solve_study(int argc, char **argv, struct err *e)
{
	static const struct usage usage = {
		.program = "recircuit-solve",
		.name = "study",
		.arguments = "RÉSEAU",
		.doc = "Répond à ce que demande la partie « study » du réseau : points de "
		       "bascule,\n"
		       "sensibilité, frontières, tirages, groupes de régions.",
		.specs = specs,
		.spec_count = sizeof specs / sizeof *specs,
		.plain = 1,
	};
	struct study_options o = {.output = "-", .threads = 2, .seed = 1};
	bool done;
	int first;
	if (!program_options(&usage, argc, argv, &o, &done, &first, e) || done)
		return done;
	if (o.threads < 1 || o.threads > 64 || o.seed < 0)
		return err_set(e, ERR_USAGE,
			"--threads va de 1 à 64, --seed est un entier positif ou nul");
	struct arena *a = arena_new();
	bool ok = study(a, &o, argv[first], e);
	arena_free(a);
	return ok;
}
