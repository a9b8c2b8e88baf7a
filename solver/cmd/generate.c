#include "generate.h"

#include "command.h"
#include "file.h"
#include "text.h"
#include "week.h"

enum { POINTS = 35000, WEEK_POINTS = 260 };
static const int64_t UNSAID = INT64_MIN;

struct generate_options {
	const char *output;
	int64_t points, sites, years, seed;
	bool is_tight;
};

static const struct option_spec specs[] = {
	{"points", 0, OPTION_INT, offsetof(struct generate_options, points), "N",
		"points de collecte (35000 par défaut, 260 d’une semaine)"},
	{"sites", 0, OPTION_INT, offsetof(struct generate_options, sites), "M",
		"sites candidats (500 par défaut)"},
	{"years", 0, OPTION_INT, offsetof(struct generate_options, years), "T",
		"années (1 par défaut)"},
	{"seed", 's', OPTION_INT, offsetof(struct generate_options, seed), "K",
		"graine du hasard (1 par défaut)"},
	{"tight", 0, OPTION_FLAG, offsetof(struct generate_options, is_tight), NULL,
		"des capacités qui limitent"},
	{"output", 'o', OPTION_TEXT, offsetof(struct generate_options, output), "FICHIER",
		"où écrire le réseau (sortie standard par défaut)"},
};

static bool check_options(const struct generate_options *o, const char *what, struct err *e)
{
	if (!text_eq(what, "france") && !text_eq(what, "week"))
		return err_set(
			e, ERR_USAGE, "generate connaît « france » et « week », pas « %s »", what);
	if (o->points < 1 || o->sites < 1 || o->years < 1 || o->years > 40 || o->seed < 0)
		return err_set(e, ERR_USAGE,
			"--points et --sites sont positifs, --years va de 1 à 40, --seed est un "
			"entier positif ou nul");
	return true;
}

static bool generate_week(struct arena *a, const struct generate_options *o, struct err *e)
{
	struct buf b;
	struct jout j;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	week_generate(a, &j, (size_t)o->points, (uint64_t)o->seed);
	buf_putc(&b, '\n');
	return file_write(o->output, b.data, b.len, e);
}

static bool generate(struct arena *a, const struct generate_options *o, struct err *e)
{
	struct generate_size size = {.points = (size_t)o->points,
		.sites = (size_t)o->sites,
		.years = (size_t)o->years,
		.seed = (uint64_t)o->seed,
		.is_tight = o->is_tight};
	struct network net;
	if (!generate_france(a, &size, &net, e))
		return false;
	struct buf b;
	struct jout j;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	network_write(&j, &net);
	buf_putc(&b, '\n');
	return file_write(o->output, b.data, b.len, e);
}

bool solve_generate(int argc, char **argv, struct err *e)
{
	static const struct usage usage = {
		.program = "recircuit-solve",
		.name = "generate",
		.arguments = "france|week",
		.doc = "Écrit, pour mesurer, un réseau national de synthèse ou une semaine de "
		       "tournées.",
		.specs = specs,
		.spec_count = sizeof specs / sizeof *specs,
		.plain = 1,
	};
	struct generate_options o = {
		.output = "-", .points = UNSAID, .sites = 500, .years = 1, .seed = 1};
	bool done;
	int first;
	if (!program_options(&usage, argc, argv, &o, &done, &first, e) || done)
		return done;
	bool is_week = text_eq(argv[first], "week");
	if (o.points == UNSAID)
		o.points = is_week ? WEEK_POINTS : POINTS;
	if (!check_options(&o, argv[first], e))
		return false;
	struct arena *a = arena_new();
	bool ok = is_week ? generate_week(a, &o, e) : generate(a, &o, e);
	arena_free(a);
	return ok;
}
