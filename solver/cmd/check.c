#include "check.h"

#include "audit.h"
#include "circuits.h"
#include "collect.h"
#include "command.h"
#include "file.h"
#include "formats.h"
#include "planfile.h"
#include "question.h"
#include "roundsfile.h"
#include "text.h"

#include <math.h>

struct check_options {
	const char *format, *output;
	bool is_single_sourced, has_bound;
};

static const struct option_spec specs[] = {
	{"format", 'f', OPTION_TEXT, offsetof(struct check_options, format), "NOM",
		"format du réseau : network (par défaut), rounds ou un format de la littérature"},
	{"single-source", 0, OPTION_FLAG, offsetof(struct check_options, is_single_sourced), NULL,
		"un point n’envoie un flux qu’à un seul site"},
	{"bound", 'b', OPTION_FLAG, offsetof(struct check_options, has_bound), NULL,
		"recalcule aussi la borne, par les multiplicateurs que contient le plan"},
	{"output", 'o', OPTION_TEXT, offsetof(struct check_options, output), "FICHIER",
		"où écrire ce qui a été trouvé (sortie standard par défaut)"},
};

struct findings {
	struct cost cost;
	double certified;
	bool is_whole;
};

static bool check(struct arena *a, const struct check_options *o, const struct question *q,
	const char *path, struct findings *f, struct err *e)
{
	char *bytes;
	size_t n;
	struct jin root;
	if (!file_read(a, path, FORMAT_FILE_MAX, &bytes, &n, e))
		return false;
	if (!jin_parse(a, bytes, n, &root, e))
		return err_prefix(e, "%s : ", path);
	const char *sha256 = jin_text(&root, "sha256", 64);
	struct jin at = jin_object(&root, "plan");
	struct plan p = planfile_read(a, &at, &q->model);
	if (jin_failed(&root))
		return err_prefix(e, "%s : ", path);
	if (!text_eq(sha256, q->sha256))
		return err_set(e, ERR_INFEASIBLE,
			"%s : ce plan répond à une autre instance (SHA-256 %s)", path, sha256);
	bool ok = check_plan(a, &q->model, &p, &f->cost, e) &&
		  audit_answer(a, &q->model, q->network, &p, &f->cost, &root, e) &&
		  (!o->has_bound ||
			  audit_certificate(a, &q->model, &root, &f->certified, &f->is_whole, e));
	return ok || err_prefix(e, "%s : ", path);
}

/* The same for rounds: what was found is written by itself, it has no multipliers. */
static bool run_rounds(struct arena *a, const struct check_options *o, char **paths, struct err *e)
{
	char *bytes, sha256[65];
	size_t n;
	struct vrp v;
	struct jin root;
	struct ruling r;
	if (o->has_bound || o->is_single_sourced)
		return err_set(e, ERR_USAGE, "--bound et --single-source ne valent pas pour %s",
			o->format);
	if (!circuits_read(a, o->format, paths[0], &v, sha256, e))
		return false;
	if (!file_read(a, paths[1], FORMAT_FILE_MAX, &bytes, &n, e))
		return false;
	if (!jin_parse(a, bytes, n, &root, e) || !roundsfile_check(a, &v, sha256, &root, &r, e))
		return err_prefix(e, "%s : ", paths[1]);
	struct buf b;
	struct jout j;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	jout_open(&j, '{');
	jout_kv_bool(&j, "feasible", r.is_complete);
	jout_kv_real(&j, "cost", r.cost);
	jout_kv_text(&j, "sha256", sha256);
	jout_close(&j);
	buf_putc(&b, '\n');
	return file_write(o->output, b.data, b.len, e);
}

static bool run(struct arena *a, const struct check_options *o, char **paths, struct err *e)
{
	struct question q;
	struct findings f;
	if (!question_read(a, o->format, o->is_single_sourced, paths[0], &q, e) ||
		!check(a, o, &q, paths[1], &f, e))
		return false;
	struct buf b;
	struct jout j;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	jout_open(&j, '{');
	jout_kv_bool(&j, "feasible", true);
	jout_kv_real(&j, "cost", f.cost.total);
	if (o->has_bound) {
		jout_kv_real(&j, "certified_bound", f.certified);
		jout_kv_bool(&j, "bound_is_certified", f.is_whole);
	}
	jout_kv_text(&j, "sha256", q.sha256);
	jout_close(&j);
	buf_putc(&b, '\n');
	return file_write(o->output, b.data, b.len, e);
}

bool solve_check(int argc, char **argv, struct err *e)
{
	static const struct usage usage = {
		.program = "recircuit-solve",
		.name = "check",
		.arguments = "RÉSEAU PLAN",
		.doc = "Recalcule la faisabilité et chaque chiffre d’un plan, sans l’optimiseur.",
		.specs = specs,
		.spec_count = sizeof specs / sizeof *specs,
		.plain = 2,
	};
	struct check_options o = {.format = "network", .output = "-"};
	bool done;
	int first;
	if (!program_options(&usage, argc, argv, &o, &done, &first, e) || done)
		return done;
	struct arena *a = arena_new();
	bool ok = text_eq(o.format, "rounds")    ? collect_check(a, o.output, argv + first, e)
		  : circuits_is_format(o.format) ? run_rounds(a, &o, argv + first, e)
						 : run(a, &o, argv + first, e);
	arena_free(a);
	return ok;
}
