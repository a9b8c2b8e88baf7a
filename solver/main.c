/* recircuit-solve: plans a network, checks a plan. A filter: files in, JSON out. */
#include "arena.h"
#include "audit.h"
#include "check.h"
#include "digest.h"
#include "economy.h"
#include "engine.h"
#include "explain.h"
#include "file.h"
#include "formats.h"
#include "generate.h"
#include "milp.h"
#include "options.h"
#include "planfile.h"
#include "report.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t stop_asked;

static void ask_stop(int signal)
{
	(void)signal;
	stop_asked = 1;
}

enum { LISTENER = 3 };

struct settings {
	const char *format, *from, *output;
	double time_limit_s, gap;
	int64_t threads, seed, points, sites, years;
	bool single_source, tight, bound, quiet, help, version;
	bool has_listener; /* descriptor 3 was open at start: the service reads progress there */
};

static const struct option_spec specs[] = {
	{"format", 'f', OPTION_TEXT, offsetof(struct settings, format), "NOM",
		"format du réseau, network par défaut ; pour export, du fichier écrit : mps"},
	{"from", 0, OPTION_TEXT, offsetof(struct settings, from), "NOM",
		"pour export : format du réseau lu (network par défaut)"},
	{"time-limit", 't', OPTION_REAL, offsetof(struct settings, time_limit_s), "S",
		"arrêt après S secondes, avec le meilleur plan trouvé (0 : sans limite)"},
	{"gap", 'g', OPTION_REAL, offsetof(struct settings, gap), "G",
		"écart relatif à prouver avant de s’arrêter (0 : optimum prouvé)"},
	{"threads", 'j', OPTION_INT, offsetof(struct settings, threads), "N", "fils de calcul"},
	{"seed", 's', OPTION_INT, offsetof(struct settings, seed), "K", "graine du hasard"},
	{"single-source", 0, OPTION_FLAG, offsetof(struct settings, single_source), NULL,
		"un point n’envoie un flux qu’à un seul site"},
	{"points", 0, OPTION_INT, offsetof(struct settings, points), "N",
		"pour generate : points de collecte (35000)"},
	{"sites", 0, OPTION_INT, offsetof(struct settings, sites), "M",
		"pour generate : sites candidats (500)"},
	{"years", 0, OPTION_INT, offsetof(struct settings, years), "T",
		"pour generate : années (1)"},
	{"tight", 0, OPTION_FLAG, offsetof(struct settings, tight), NULL,
		"pour generate : capacités qui limitent"},
	{"bound", 0, OPTION_FLAG, offsetof(struct settings, bound), NULL,
		"pour check : recalcule aussi la borne, par les multiplicateurs du plan"},
	{"output", 'o', OPTION_TEXT, offsetof(struct settings, output), "FICHIER",
		"où écrire le JSON (sortie standard par défaut)"},
	{"quiet", 'q', OPTION_FLAG, offsetof(struct settings, quiet), NULL,
		"pas de ligne d’avancement"},
	{"help", 'h', OPTION_FLAG, offsetof(struct settings, help), NULL, "cette aide"},
	{"version", 0, OPTION_FLAG, offsetof(struct settings, version), NULL, "la version"},
};
enum { SPEC_COUNT = sizeof specs / sizeof *specs };

struct instance {
	struct network network;
	struct model model;
	bool is_network;
	char sha256[65];
};

static bool read_instance(struct arena *a, const struct settings *s, const char *path,
	struct instance *in, struct err *e)
{
	char *bytes;
	size_t n;
	in->is_network = text_eq(s->format, "network");
	const struct format *format = in->is_network ? NULL : format_find(s->format);
	if (!in->is_network && !format)
		return err_set(e, ERR_USAGE, "format inconnu « %s » (voir --help)", s->format);
	if (!file_read(a, path, FORMAT_FILE_MAX, &bytes, &n, e))
		return false;
	digest_sha256(bytes, n, in->sha256);
	bool ok = in->is_network ? network_read(a, bytes, n, &in->network, e)
				 : format_read(a, format, bytes, n, &in->model, e);
	if (!ok)
		return err_prefix(e, "%s : ", path);
	if (in->is_network)
		economy_model(a, &in->network, &in->model);
	in->model.is_single_sourced |= s->single_source;
	return model_check(&in->model, e) || err_prefix(e, "%s : ", path);
}

/* For people on stderr, and for the service on descriptor 3 when it is open. */
static void show_progress(void *context, const struct progress *p)
{
	const struct settings *s = context;
	double gap = isfinite(p->cost) ? (p->cost - p->bound) / fabs(p->cost) : INFINITY;
	if (!s->quiet)
		fprintf(stderr, "%8.1f s  borne %.6g  coût %.6g  écart %.3f %%  %s\n", p->seconds,
			p->bound, p->cost, 100 * gap, p->stage);
	if (!s->has_listener)
		return;
	struct arena *scratch = arena_new();
	struct buf b;
	struct jout j;
	buf_init(&b, scratch, BUF_NO_LIMIT);
	jout_init(&j, &b);
	jout_open(&j, '{');
	jout_kv_text(&j, "stage", p->stage);
	jout_kv_real(&j, "bound", p->bound);
	jout_kv_real(&j, "cost", p->cost);
	jout_kv_real(&j, "gap", gap);
	jout_kv_real(&j, "seconds", p->seconds);
	jout_close(&j);
	buf_putc(&b, '\n');
	if (write(LISTENER, b.data, b.len) < 0 && errno == EPIPE)
		stop_asked = 1; /* the worker is gone: nobody waits for the answer */
	arena_free(scratch);
}

/* An answer without a plan is written like any other, and is an error of its own. */
static bool has_plan(
	struct arena *a, const struct model *m, const struct answer *answer, struct err *e)
{
	if (answer->plan.level)
		return true;
	if (answer->status == ANSWER_INFEASIBLE)
		return explain_infeasible(a, m, e);
	return err_set(e, ERR_CANCELLED,
		"aucun plan trouvé, ni la preuve qu’il n’en existe pas : donnez plus de temps "
		"(--time-limit) ou de capacité");
}

static bool plan(struct arena *a, const struct settings *s, char **args, struct err *e)
{
	struct instance in;
	if (!read_instance(a, s, args[0], &in, e))
		return false;
	struct engine_options o = {
		.time_limit_s = s->time_limit_s,
		.gap = s->gap,
		.threads = (int)s->threads,
		.seed = (uint64_t)s->seed,
		.stop = &stop_asked,
		.progress = show_progress,
		.context = (void *)s,
	};
	struct answer answer;
	if (!engine_solve(a, &in.model, &o, &answer, e))
		return false;
	struct cost cost;
	if (answer.plan.level && !check_plan(a, &in.model, &answer.plan, &cost, e))
		return err_prefix(e, "le plan trouvé ne passe pas la vérification : ");
	struct question q = {
		&in.model, in.is_network ? &in.network : NULL, in.sha256, (uint64_t)s->seed};
	struct buf b;
	struct jout j;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	report_write(a, &j, &q, &answer);
	buf_putc(&b, '\n');
	if (!file_write(s->output, b.data, b.len, e))
		return false;
	return has_plan(a, &in.model, &answer, e) || err_prefix(e, "%s : ", args[0]);
}

static bool check(struct arena *a, const struct settings *s, char **args, struct err *e)
{
	struct instance in;
	char *bytes;
	size_t n;
	if (!read_instance(a, s, args[0], &in, e) ||
		!file_read(a, args[1], FORMAT_FILE_MAX, &bytes, &n, e))
		return false;
	struct jin root;
	if (!jin_parse(a, bytes, n, &root, e))
		return err_prefix(e, "%s : ", args[1]);
	const char *sha256 = jin_text(&root, "sha256", 64);
	struct jin at = jin_object(&root, "plan");
	struct plan p = planfile_read(a, &at, &in.model);
	if (jin_failed(&root))
		return err_prefix(e, "%s : ", args[1]);
	if (!text_eq(sha256, in.sha256))
		return err_set(e, ERR_INFEASIBLE,
			"%s : ce plan répond à une autre instance (SHA-256 %s)", args[1], sha256);
	struct cost cost;
	if (!check_plan(a, &in.model, &p, &cost, e) ||
		!audit_answer(
			a, &in.model, in.is_network ? &in.network : NULL, &p, &cost, &root, e))
		return err_prefix(e, "%s : ", args[1]);
	double certified = -INFINITY;
	bool is_whole = false;
	if (s->bound && !audit_certificate(a, &in.model, &root, &certified, &is_whole, e))
		return err_prefix(e, "%s : ", args[1]);
	struct buf b;
	struct jout j;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	jout_open(&j, '{');
	jout_kv_bool(&j, "feasible", true);
	jout_kv_real(&j, "cost", cost.total);
	if (s->bound) {
		jout_kv_real(&j, "certified_bound", certified);
		jout_kv_bool(&j, "bound_is_certified", is_whole);
	}
	jout_kv_text(&j, "sha256", in.sha256);
	jout_close(&j);
	buf_putc(&b, '\n');
	return file_write(s->output, b.data, b.len, e);
}

static bool export(struct arena *a, const struct settings *s, char **args, struct err *e)
{
	if (!text_eq(s->format, "mps"))
		return err_set(e, ERR_USAGE, "export écrit --format mps (et lit --from FORMAT)");
	struct settings reading = *s;
	reading.format = s->from;
	struct instance in;
	return read_instance(a, &reading, args[0], &in, e) &&
	       milp_export(a, &in.model, s->output, e);
}

static bool generate(struct arena *a, const struct settings *s, char **args, struct err *e)
{
	struct generate_size size = {.points = (size_t)s->points,
		.sites = (size_t)s->sites,
		.years = (size_t)s->years,
		.seed = (uint64_t)s->seed,
		.is_tight = s->tight};
	if (!text_eq(args[0], "france"))
		return err_set(e, ERR_USAGE, "generate connaît « france », pas « %s »", args[0]);
	if (s->points < 1 || s->sites < 1 || s->years < 1 || s->years > 40)
		return err_set(
			e, ERR_USAGE, "--points et --sites sont positifs, --years va de 1 à 40");
	struct network net;
	if (!generate_france(a, &size, &net, e))
		return false;
	struct buf b;
	struct jout j;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	network_write(&j, &net);
	buf_putc(&b, '\n');
	return file_write(s->output, b.data, b.len, e);
}

struct command {
	const char *name, *arguments, *doc;
	int argument_count;
	bool (*run)(struct arena *a, const struct settings *s, char **args, struct err *e);
};

static const struct command commands[] = {
	{"plan", "RÉSEAU", "cherche le meilleur plan et une borne qui le prouve", 1, plan},
	{"check", "RÉSEAU PLAN", "recalcule la faisabilité et le coût d’un plan", 2, check},
	{"export", "RÉSEAU", "écrit le modèle pour un autre solveur (--format mps)", 1, export},
	{"generate", "france", "écrit un réseau de synthèse, pour mesurer", 1, generate},
};
enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static void help(FILE *out)
{
	fprintf(out,
		"recircuit-solve %s : où, quand et de quelle taille ouvrir des plateformes\n\n",
		RECIRCUIT_VERSION);
	for (size_t c = 0; c < COMMAND_COUNT; c++)
		fprintf(out, "  recircuit-solve %s [options] %s\n      %s\n", commands[c].name,
			commands[c].arguments, commands[c].doc);
	fprintf(out, "\nOptions\n");
	options_help(out, specs, SPEC_COUNT);
	fprintf(out, "\nFormats (« - » lit l’entrée standard)\n  %-10s %s\n", "network",
		"réseau de Recircuit (solver/FORMAT.md)");
	for (const struct format *f = format_table(); f->name; f++)
		fprintf(out, "  %-10s %s\n", f->name, f->doc);
	fprintf(out, "\nCode de sortie : 0 plan trouvé, 2 donnée refusée, 3 aucun plan possible, "
		     "8 aucun plan trouvé à temps,\n64 commande mal formée\n");
}

static bool run(struct arena *a, int argc, char **argv, struct err *e)
{
	struct settings s = {.format = "network",
		.from = "network",
		.output = "-",
		.threads = 2,
		.seed = 1,
		.points = 35000,
		.sites = 500,
		.years = 1};
	s.has_listener = fcntl(LISTENER, F_GETFD) != -1;
	int first;
	if (!options_parse(specs, SPEC_COUNT, argc, argv, &s, &first, e))
		return false;
	if (s.help) {
		help(stdout);
		return true;
	}
	if (s.version) {
		printf("%s\n", RECIRCUIT_VERSION);
		return true;
	}
	if (s.threads < 1 || s.threads > 64 || !(s.gap >= 0 && s.gap < 1) || s.time_limit_s < 0)
		return err_set(e, ERR_USAGE,
			"--threads va de 1 à 64, --gap de 0 à 1, --time-limit est positif");
	if (s.seed < 0)
		return err_set(e, ERR_USAGE, "--seed est un entier positif ou nul");
	const char *name = first < argc ? argv[first] : "";
	for (size_t c = 0; c < COMMAND_COUNT; c++) {
		if (!text_eq(commands[c].name, name))
			continue;
		if (argc - first - 1 != commands[c].argument_count)
			return err_set(e, ERR_USAGE, "usage : recircuit-solve %s [options] %s",
				name, commands[c].arguments);
		return commands[c].run(a, &s, argv + first + 1, e);
	}
	if (!*name)
		return err_set(
			e, ERR_USAGE, "il manque une commande ; voir recircuit-solve --help");
	return err_set(
		e, ERR_USAGE, "commande inconnue « %s » ; voir recircuit-solve --help", name);
}

int main(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = ask_stop};
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	struct arena *a = arena_new();
	struct err e = {0};
	bool ok = run(a, argc, argv, &e);
	if (!ok)
		fprintf(stderr, "recircuit-solve : %s\n", e.message);
	arena_free(a);
	return ok ? EXIT_SUCCESS : err_exit_status(e.kind);
}
