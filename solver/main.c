/* recircuit-solve: plans a network, checks a plan. A filter: files in, JSON out. */
#include "account.h"
#include "arena.h"
#include "check.h"
#include "digest.h"
#include "economy.h"
#include "engine.h"
#include "explain.h"
#include "file.h"
#include "formats.h"
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
	const char *format, *output;
	double time_limit_s, gap;
	int64_t threads, seed;
	bool single_source, quiet, help, version;
	bool has_listener; /* descriptor 3 was open at start: the service reads progress there */
};

static const struct option_spec specs[] = {
	{"format", 'f', OPTION_TEXT, offsetof(struct settings, format), "NOM",
		"format du fichier : network (par défaut) ou un format de la littérature"},
	{"time-limit", 't', OPTION_REAL, offsetof(struct settings, time_limit_s), "S",
		"arrêt après S secondes, avec le meilleur plan trouvé (0 : sans limite)"},
	{"gap", 'g', OPTION_REAL, offsetof(struct settings, gap), "G",
		"écart relatif à prouver avant de s’arrêter (0 : optimum prouvé)"},
	{"threads", 'j', OPTION_INT, offsetof(struct settings, threads), "N", "fils de calcul"},
	{"seed", 's', OPTION_INT, offsetof(struct settings, seed), "K", "graine du hasard"},
	{"single-source", 0, OPTION_FLAG, offsetof(struct settings, single_source), NULL,
		"un point n’envoie un flux qu’à un seul site"},
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
	struct arena *a, const struct instance *in, const struct answer *answer, struct err *e)
{
	if (answer->plan.level)
		return true;
	if (answer->status == ANSWER_INFEASIBLE)
		return explain_infeasible(a, &in->model, in->is_network ? &in->network : NULL, e);
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
	return has_plan(a, &in, &answer, e) || err_prefix(e, "%s : ", args[0]);
}

/* A figure of the file against what it should be. Sums of many terms are as exact as their size. */
static bool agree(const char *what, double said, double found, double size, struct err *e)
{
	if (fabs(said - found) <= 1e-6 * fmax(1, fabs(size)))
		return true;
	return err_set(e, ERR_INFEASIBLE, "%s : le fichier dit %.6f, le calcul donne %.6f", what,
		said, found);
}

/* What the file says of its own plan; a bound or a status quo may be missing. */
struct claim {
	double cost, bound; /* bound is minus infinity when there is none */
};

/* Its bound is not above its plan, its gap is theirs. */
static bool check_bound(const struct jin *root, const struct claim *said, struct err *e)
{
	if (said->bound > said->cost + 1e-6 * fmax(1, fabs(said->cost)))
		return err_set(e, ERR_INFEASIBLE, "la borne %.6f dépasse le coût du plan %.6f",
			said->bound, said->cost);
	if (!jin_has(root, "gap"))
		return true;
	double gap = jin_real(root, "gap", -1, 1e9);
	double found = said->cost != 0 ? (said->cost - said->bound) / fabs(said->cost) : 0;
	return !jin_failed(root) && agree("écart", gap, found, found, e);
}

/* Its verdict follows from its figures and from today's plants, routed anew. */
static bool check_verdict(struct arena *a, const struct model *m, const struct jin *root,
	const struct claim *said, struct err *e)
{
	if (!jin_has(root, "viability"))
		return true;
	struct jin account = jin_object(root, "status_quo"),
		   verdict = jin_object(root, "viability");
	double base = jin_real(&account, "total_eur", -1e18, 1e18);
	double value = jin_real(&verdict, "value_eur", -1e18, 1e18);
	const char *word = jin_text(&verdict, "answer", 50);
	struct plan today = plan_status_quo(a, m);
	if (jin_failed(root))
		return false;
	if (!plan_route(a, m, &today))
		return err_set(e, ERR_INFEASIBLE,
			"statu quo : les usines existantes ne suffisent pas à tout traiter");
	double found = today.cost.total;
	if (!agree("statu quo", base, found, found, e) ||
		!agree("valeur", value, found - said->cost, found, e))
		return false;
	const char *answer = viability_name(viability_of(found, said->cost, said->bound));
	return text_eq(word, answer) ||
	       err_set(e, ERR_INFEASIBLE, "verdict : le fichier dit %s, ses chiffres disent %s",
		       word, answer);
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
	struct claim said = {jin_real(&root, "cost", -1e18, 1e18),
		jin_has(&root, "bound") ? jin_real(&root, "bound", -1e18, 1e18) : -INFINITY};
	struct jin at = jin_object(&root, "plan");
	struct plan p = planfile_read(a, &at, &in.model);
	if (jin_failed(&root))
		return err_prefix(e, "%s : ", args[1]);
	if (!text_eq(sha256, in.sha256))
		return err_set(e, ERR_INFEASIBLE,
			"%s : ce plan répond à une autre instance (SHA-256 %s)", args[1], sha256);
	struct cost cost;
	if (!check_plan(a, &in.model, &p, &cost, e) ||
		!agree("coût", said.cost, cost.total, cost.total, e) ||
		!check_bound(&root, &said, e) || !check_verdict(a, &in.model, &root, &said, e))
		return err_prefix(e, "%s : ", args[1]);
	if (in.is_network) {
		struct account acc;
		account_make(a, &in.network, &p, &acc);
		if (!agree("comptes", cost.total, acc.total_eur, acc.total_eur, e))
			return err_prefix(e, "%s : ", args[1]);
	}
	struct buf b;
	struct jout j;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	jout_open(&j, '{');
	jout_kv_bool(&j, "feasible", true);
	jout_kv_real(&j, "cost", cost.total);
	jout_kv_text(&j, "sha256", in.sha256);
	jout_close(&j);
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
	struct settings s = {.format = "network", .output = "-", .threads = 2, .seed = 1};
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
