#include "command.h"
#include "file.h"
#include "gamefile.h"

/* 2^15 coalitions twice, with long names. */
static const size_t FILE_MAX = (size_t)1 << 27;

struct share_options {
	const char *output;
};

static const struct option_spec specs[] = {
	{"output", 'o', OPTION_TEXT, offsetof(struct share_options, output), "FICHIER",
		"où écrire les partages (sortie standard par défaut)"},
};

static bool share(struct arena *a, const char *path, const char *output, struct err *e)
{
	char *bytes;
	size_t n;
	struct gamefile f;
	struct sharing s;
	if (!file_read(a, path, FILE_MAX, &bytes, &n, e))
		return false;
	if (!gamefile_read(a, bytes, n, &f, e) || !sharing_find(a, &f.game, &s, e))
		return err_prefix(e, "%s : ", path);
	struct buf b;
	struct jout j;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	gamefile_write(a, &j, &f, &s);
	buf_putc(&b, '\n');
	return file_write(output, b.data, b.len, e);
}

bool solve_share(int argc, char **argv, struct err *e)
{
	static const struct usage usage = {
		.program = "recircuit-solve",
		.name = "share",
		.arguments = "JEU",
		.doc = "Partage un coût commun : Shapley, nucléole, proportionnel, à gain égal ; "
		       "et qui "
		       "objecterait.",
		.specs = specs,
		.spec_count = sizeof specs / sizeof *specs,
		.plain = 1,
	};
	struct share_options o = {.output = "-"};
	bool done;
	int first;
	if (!program_options(&usage, argc, argv, &o, &done, &first, e) || done)
		return done;
	struct arena *a = arena_new();
	bool ok = share(a, argv[first], o.output, e);
	arena_free(a);
	return ok;
}
