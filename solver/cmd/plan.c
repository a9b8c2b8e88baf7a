#include "check.h"
#include "command.h"
#include "engine.h"
#include "explain.h"
#include "file.h"
#include "formats.h"
#include "listener.h"
#include "question.h"
#include "report.h"

struct plan_options {
	const char *format, *output;
	double time_limit_s, gap;
	int64_t threads, seed;
	bool is_single_sourced, is_quiet;
};

static const struct option_spec specs[] = {
	{"format", 'f', OPTION_TEXT, offsetof(struct plan_options, format), "NOM",
		"format du fichier : network (par défaut) ou un format de la littérature"},
	{"time-limit", 't', OPTION_REAL, offsetof(struct plan_options, time_limit_s), "S",
		"arrêt après S secondes, avec le meilleur plan trouvé (0 : sans limite)"},
	{"gap", 'g', OPTION_REAL, offsetof(struct plan_options, gap), "G",
		"écart relatif à prouver avant de s’arrêter (0 : optimum prouvé)"},
	{"threads", 'j', OPTION_INT, offsetof(struct plan_options, threads), "N",
		"fils de calcul (2 par défaut)"},
	{"seed", 's', OPTION_INT, offsetof(struct plan_options, seed), "K",
		"graine du hasard (1 par défaut)"},
	{"single-source", 0, OPTION_FLAG, offsetof(struct plan_options, is_single_sourced), NULL,
		"un point n’envoie un flux qu’à un seul site"},
	{"output", 'o', OPTION_TEXT, offsetof(struct plan_options, output), "FICHIER",
		"où écrire le plan (sortie standard par défaut)"},
	{"quiet", 'q', OPTION_FLAG, offsetof(struct plan_options, is_quiet), NULL,
		"pas de ligne d’avancement"},
};

static bool check_options(const struct plan_options *o, struct err *e)
{
	if (o->threads < 1 || o->threads > 64 || !(o->gap >= 0 && o->gap < 1) ||
		!(o->time_limit_s >= 0))
		return err_set(e, ERR_USAGE,
			"--threads va de 1 à 64, --gap de 0 à 1, --time-limit est positif");
	return o->seed >= 0 || err_set(e, ERR_USAGE, "--seed est un entier positif ou nul");
}

/* An answer without a plan is written like any other, and is an error of its own. */
static bool has_plan(
	struct arena *a, const struct model *m, const struct answer *answer, struct err *e)
{
	if (answer->plan.level)
		return true;
	if (answer->status == ANSWER_INFEASIBLE)
		return explain_infeasible(a, m, e);
	if (m->limit_count)
		return err_set(e, ERR_CANCELLED,
			"aucun plan trouvé dans les limites données, ni la preuve qu’il n’en "
			"existe "
			"pas : donnez plus de temps (--time-limit) ou desserrez une limite");
	return err_set(e, ERR_CANCELLED,
		"aucun plan trouvé, ni la preuve qu’il n’en existe pas : donnez plus de temps "
		"(--time-limit) ou de capacité");
}

static bool plan(struct arena *a, const struct plan_options *o, const char *path, struct err *e)
{
	struct question q;
	struct listener listener;
	struct answer answer;
	struct cost cost;
	if (!question_read(a, o->format, o->is_single_sourced, path, &q, e))
		return false;
	listener_start(&listener, o->is_quiet);
	struct engine_options engine = {
		.time_limit_s = o->time_limit_s,
		.gap = o->gap,
		.threads = (int)o->threads,
		.seed = (uint64_t)o->seed,
		.stop = listener_stop(),
		.progress = listener_tell,
		.context = &listener,
	};
	if (!engine_solve(a, &q.model, &engine, &answer, e))
		return false;
	if (answer.plan.level && !check_plan(a, &q.model, &answer.plan, &cost, e))
		return err_prefix(e, "le plan trouvé ne passe pas la vérification : ");
	struct buf b;
	struct jout j;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	report_write(a, &j, &q, engine.seed, &answer);
	buf_putc(&b, '\n');
	if (!file_write(o->output, b.data, b.len, e))
		return false;
	return has_plan(a, &q.model, &answer, e) || err_prefix(e, "%s : ", path);
}

bool solve_plan(int argc, char **argv, struct err *e)
{
	static const struct usage usage = {
		.program = "recircuit-solve",
		.name = "plan",
		.arguments = "RÉSEAU",
		.doc = "Cherche le meilleur plan, et une borne qui prouve à combien il en est.\n"
		       "Ctrl-C l’arrête avec le meilleur plan trouvé.",
		.specs = specs,
		.spec_count = sizeof specs / sizeof *specs,
		.plain = 1,
	};
	struct plan_options o = {.format = "network", .output = "-", .threads = 2, .seed = 1};
	bool done;
	int first;
	if (!program_options(&usage, argc, argv, &o, &done, &first, e) || done)
		return done;
	if (!check_options(&o, e))
		return false;
	struct arena *a = arena_new();
	bool ok = plan(a, &o, argv[first], e);
	arena_free(a);
	return ok;
}
