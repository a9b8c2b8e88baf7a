/* Solves instance files and prints one line each: time, cost, bound, gap.
 *
 *	siting FORMAT [--seconds S] [--gap G] [--threads N] [--progress] FILE...
 *
 * A file that ends in .xz is unpacked on the way. With FORMAT france, "files" are networks to
 * generate: POINTSxSITESxYEARS:SEED, or POINTSxSITESxYEARS:SEED:tight. */
#include "check.h"
#include "clock.h"
#include "economy.h"
#include "engine.h"
#include "file.h"
#include "formats.h"
#include "generate.h"
#include "options.h"
#include "text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bench {
	double seconds, gap;
	int64_t threads;
	bool is_talkative;
};

static void talk(void *context, const struct progress *p)
{
	(void)context;
	fprintf(stderr, "  %8.2f s  borne %.4f  coût %.4f  %.4f %%  %s\n", p->seconds, p->bound,
		p->cost, 100 * (p->cost - p->bound) / fabs(p->cost), p->stage);
}

static bool read_instance(
	struct arena *a, const char *path, char **data, size_t *len, struct err *e)
{
	size_t n = strlen(path);
	if (n < 3 || !text_eq(path + n - 3, ".xz"))
		return file_read(a, path, FORMAT_FILE_MAX, data, len, e);
	FILE *in = popen(arena_printf(a, "xz -dc '%s'", path), "r");
	if (!in)
		return err_set(e, ERR_SYSTEM, "xz ne se lance pas");
	size_t room = 1 << 20;
	*data = arena_alloc(a, room + 1);
	*len = 0;
	for (size_t got; (got = fread(*data + *len, 1, room - *len, in)) > 0;) {
		*len += got;
		if (*len == room) {
			char *more = arena_alloc(a, 2 * room + 1);
			memcpy(more, *data, room);
			*data = more;
			room *= 2;
		}
	}
	if (pclose(in))
		return err_set(e, ERR_INVALID, "%s : fichier illisible", path);
	return true;
}

static bool generate(struct arena *a, const char *spec, struct model *m, struct err *e)
{
	struct generate_size size = {.seed = 1};
	char word[8] = "";
	if (sscanf(spec, "%zux%zux%zu:%" SCNu64 ":%7s", &size.points, &size.sites, &size.years,
		    &size.seed, word) < 3)
		return err_set(e, ERR_USAGE, "%s : POINTSxSITESxANNEES:GRAINE[:tight]", spec);
	size.is_tight = text_eq(word, "tight");
	struct network net;
	if (!generate_france(a, &size, &net, e))
		return false;
	economy_model(a, &net, m);
	return model_check(m, e);
}

static bool read_model(
	struct arena *a, const struct format *f, const char *path, struct model *m, struct err *e)
{
	char *data;
	size_t len;
	if (!f)
		return generate(a, path, m, e);
	return read_instance(a, path, &data, &len, e) && format_read(a, f, data, len, m, e);
}

static bool solve(const struct bench *b, const struct format *f, const char *path, struct err *e)
{
	struct arena *a = arena_new();
	struct engine_options o = {.time_limit_s = b->seconds,
		.gap = b->gap,
		.threads = (int)b->threads,
		.seed = 1,
		.progress = b->is_talkative ? talk : NULL};
	struct model m;
	struct answer answer;
	double begin = clock_seconds();
	bool is_done = read_model(a, f, path, &m, e) && engine_solve(a, &m, &o, &answer, e);
	if (is_done) {
		const char *name = strrchr(path, '/');
		static const char *const words[] = {"optimal", "feasible", "infeasible", "unknown"};
		bool has_plan = answer.status == ANSWER_OPTIMAL || answer.status == ANSWER_FEASIBLE;
		struct cost cost;
		if (has_plan && !check_plan(a, &m, &answer.plan, &cost, e))
			fprintf(stderr, "PLAN REFUSED: %s\n", e->message);
		printf("%-24s %-9s %8.2f s %8.2f cpu  cost %.4f  bound %.4f  gap %.4f %%  nodes "
		       "%" PRId64 "  read %.2f s\n",
			name ? name + 1 : path, words[answer.status], answer.seconds,
			answer.cpu_seconds, has_plan ? answer.plan.cost.total : INFINITY,
			answer.bound, 100 * answer.gap, answer.nodes,
			clock_seconds() - begin - answer.seconds);
		fflush(stdout);
	}
	arena_free(a);
	return is_done;
}

int main(int argc, char **argv)
{
	static const struct option_spec specs[] = {
		{"seconds", 's', OPTION_REAL, offsetof(struct bench, seconds), "S", "time limit"},
		{"gap", 'g', OPTION_REAL, offsetof(struct bench, gap), "G", "stop at this gap"},
		{"threads", 't', OPTION_INT, offsetof(struct bench, threads), "N", "threads"},
		{"progress", 'p', OPTION_FLAG, offsetof(struct bench, is_talkative), NULL,
			"print progress"},
	};
	struct bench b = {.seconds = 60, .threads = 2};
	struct err e = {0};
	int first;
	if (!options_parse(specs, sizeof specs / sizeof *specs, argc, argv, &b, &first, &e) ||
		first >= argc) {
		fprintf(stderr, "siting FORMAT [options] FILE...: %s\n", e.message);
		return 64;
	}
	const struct format *f = format_find(argv[first]);
	if (!f && !text_eq(argv[first], "france")) {
		fprintf(stderr, "no such format: %s\n", argv[first]);
		return 64;
	}
	int status = 0;
	for (int n = first + 1; n < argc; n++)
		if (!solve(&b, f, argv[n], &e)) {
			fprintf(stderr, "%s: %s\n", argv[n], e.message);
			status = 1;
		}
	return status;
}
