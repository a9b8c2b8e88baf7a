#include "circuits.h"
#include "clock.h"
#include "collect.h"
#include "columns.h"
#include "command.h"
#include "file.h"
#include "formats.h"
#include "listener.h"
#include "lrp.h"
#include "roundsfile.h"
#include "routing.h"
#include "text.h"

struct rounds_options {
	const char *format, *output, *shape, *answer;
	double time_limit_s, bound_s;
	int64_t threads, seed, turns;
	bool is_quiet;
};

static const double HALF = -1;         /* bound_s: half the time, where the problem is small */
enum { SMALL = 60, SMALL_TURNS = 40 }; /* stops; turns of a search that leaves time for the bound */
static const char OF_CONTENT[] = "";
static const int64_t UNSAID = INT64_MIN;
static const double TIME_TO_CLOSE = 0.05; /* of the time limit, for what comes after the search */

static const struct option_spec specs[] = {
	{"format", 'f', OPTION_TEXT, offsetof(struct rounds_options, format), "NOM",
		"format du fichier : rounds (question de Recircuit), vrplib ou lrp (sites à "
		"choisir) ; "
		"sans lui, le contenu le dit"},
	{"output-format", 'F', OPTION_TEXT, offsetof(struct rounds_options, shape), "NOM",
		"d’une question de Recircuit : json (par défaut), geojson, csv ou sheet (feuilles "
		"à "
		"imprimer)"},
	{"answer", 0, OPTION_TEXT, offsetof(struct rounds_options, answer), "FICHIER",
		"n’y cherche rien : vérifie cette réponse et l’écrit autrement"},
	{"time-limit", 't', OPTION_REAL, offsetof(struct rounds_options, time_limit_s), "S",
		"durée du calcul en secondes (10 par défaut)"},
	{"bound-time", 'b', OPTION_REAL, offsetof(struct rounds_options, bound_s), "S",
		"dont pour la borne (par défaut la moitié jusqu’à 60 arrêts, 0 au-delà)"},
	{"turns", 0, OPTION_INT, offsetof(struct rounds_options, turns), "N",
		"au plus N tours de recherche : la même réponse sur toute machine"},
	{"threads", 'j', OPTION_INT, offsetof(struct rounds_options, threads), "N",
		"fils de calcul (2 par défaut)"},
	{"seed", 's', OPTION_INT, offsetof(struct rounds_options, seed), "K",
		"graine du hasard (par défaut celle de la question, ou 1)"},
	{"output", 'o', OPTION_TEXT, offsetof(struct rounds_options, output), "FICHIER",
		"où écrire les tournées (sortie standard par défaut)"},
	{"quiet", 'q', OPTION_FLAG, offsetof(struct rounds_options, is_quiet), NULL,
		"pas de ligne d’avancement"},
};

static bool check_options(const struct rounds_options *o, struct err *e)
{
	if (!text_eq(o->format, OF_CONTENT) && !text_eq(o->format, "rounds") &&
		!circuits_is_format(o->format))
		return err_set(
			e, ERR_USAGE, "format inconnu « %s » : rounds, vrplib ou lrp", o->format);
	if (!collect_knows_shape(o->shape))
		return err_set(e, ERR_USAGE, "forme inconnue « %s » : json, geojson, csv ou sheet",
			o->shape);
	if (o->threads < 1 || o->threads > 64 || (o->seed < 0 && o->seed != UNSAID) || o->turns < 0)
		return err_set(e, ERR_USAGE,
			"--threads va de 1 à 64, --seed et --turns sont positifs ou nuls");
	if (!(o->time_limit_s > 0 && o->time_limit_s <= 1e6))
		return err_set(e, ERR_USAGE, "--time-limit va de plus de 0 à 1000000");
	return o->bound_s == HALF || (o->bound_s >= 0 && o->bound_s < o->time_limit_s) ||
	       err_set(e, ERR_USAGE, "--bound-time est positif et plus court que --time-limit");
}

static void tell(void *context, double seconds, double cost)
{
	struct progress p = {
		.seconds = seconds, .bound = -INFINITY, .cost = cost, .stage = "tournées"};
	listener_tell(context, &p);
}

static struct tour *tours_of(struct arena *a, const struct rounds *s, size_t *count)
{
	struct tour *list = arena_array(a, struct tour, s->count);
	*count = 0;
	for (size_t r = 0; r < s->count; r++)
		if (s->round[r].length)
			list[(*count)++] = (struct tour){
				s->round[r].type, s->round[r].length, s->round[r].visit};
	return list;
}

static void solve(struct arena *a, const struct rounds_options *o, const struct vrp *v,
	struct listener *listener, struct rounds_answer *out)
{
	double began = clock_seconds();
	bool is_small = v->places - v->depots <= SMALL;
	double bound_s = o->bound_s != HALF ? o->bound_s : is_small ? o->time_limit_s / 2 : 0;
	struct routing_options routing = {
		.time_limit_s = (o->time_limit_s - bound_s) * (1 - TIME_TO_CLOSE),
		.turns = o->turns > 0              ? o->turns
			 : is_small && bound_s > 0 ? SMALL_TURNS
						   : 0,
		.threads = (int)o->threads,
		.seed = (uint64_t)o->seed,
		.stop = listener_stop(),
		.progress = tell,
		.context = listener,
	};
	struct routing_answer found = {0};
	struct columns_answer proof = {.bound = -INFINITY};
	routing_solve(a, v, &routing, &found);
	struct columns_options columns = {
		.deadline = began + o->time_limit_s * (1 - TIME_TO_CLOSE),
		.stop = listener_stop(),
	};
	if (bound_s > 0 && !*listener_stop() && !columns_bound(a, v, &found.best, &columns, &proof))
		proof.bound = -INFINITY;
	out->bound = proof.bound;
	out->iterations = found.iterations;
	out->tours = tours_of(a, &found.best, &out->count);
	out->seconds = clock_seconds() - began;
}

static void solve_with_sites(struct arena *a, const struct rounds_options *o, const struct vrp *v,
	struct listener *listener, struct rounds_answer *out)
{
	struct lrp_options lrp = {
		.time_limit_s = o->time_limit_s * (1 - TIME_TO_CLOSE),
		.turns = o->turns,
		.threads = (int)o->threads,
		.seed = (uint64_t)o->seed,
		.stop = listener_stop(),
		.progress = tell,
		.context = listener,
	};
	struct lrp_answer found;
	lrp_solve(a, v, &lrp, &found);
	out->bound = -INFINITY;
	out->iterations = found.iterations;
	out->tours = found.tours;
	out->count = found.count;
	out->seconds = found.seconds;
}

static bool is_whole(struct arena *a, const struct vrp *v, const struct ruling *r, struct err *e)
{
	size_t missing = 0;
	uint32_t first = 0;
	for (size_t n = r->unserved_count; n--;)
		if (isinf(v->penalty[r->unserved[n]])) {
			missing++;
			first = r->unserved[n];
		}
	if (!missing)
		return true;
	return err_set(e, ERR_INFEASIBLE, "%zu %s sans tournée ; l’arrêt %s : %s", missing,
		missing == 1 ? "arrêt reste" : "arrêts restent", v->names[first],
		judge_absence(a, v, first).text);
}

static bool run(struct arena *a, const struct rounds_options *o, const char *path, struct err *e)
{
	char sha256[65];
	struct vrp v;
	struct listener listener;
	const char *format = text_eq(o->format, OF_CONTENT) ? "vrplib" : o->format;
	if (!circuits_read(a, format, path, &v, sha256, e))
		return false;
	listener_start(&listener, o->is_quiet);
	struct rounds_answer answer = {.sha256 = sha256, .seed = (uint64_t)o->seed};
	if (v.sites)
		solve_with_sites(a, o, &v, &listener, &answer);
	else
		solve(a, o, &v, &listener, &answer);
	struct ruling ruling;
	if (!judge_rounds(a, &v, answer.tours, answer.count, &ruling, e))
		return err_prefix(
			e, "%s : les tournées trouvées ne passent pas la vérification : ", path);
	struct buf b;
	struct jout j;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	roundsfile_write(a, &j, &v, &answer, &ruling);
	buf_putc(&b, '\n');
	if (!file_write(o->output, b.data, b.len, e))
		return false;
	return is_whole(a, &v, &ruling, e) || err_prefix(e, "%s : ", path);
}

/* A question of ours, unless the content or the user says otherwise; *is_ours tells. */
static bool run_question(struct arena *a, const struct rounds_options *o, const char *path,
	bool *is_ours, struct err *e)
{
	char *bytes;
	size_t n;
	*is_ours = !circuits_is_format(o->format);
	if (!*is_ours)
		return true;
	if (!file_read(a, path, FORMAT_FILE_MAX, &bytes, &n, e))
		return false;
	*is_ours =
		text_eq(o->format, "rounds") || text_eq(path, "-") || collect_is_question(bytes, n);
	struct collect_options c = {o->output, o->shape, o->answer, o->time_limit_s, o->threads,
		o->seed, o->turns, o->is_quiet};
	return !*is_ours || collect_run(a, &c, path, bytes, n, e);
}

bool solve_rounds(int argc, char **argv, struct err *e)
{
	static const struct usage usage = {
		.program = "recircuit-solve",
		.name = "rounds",
		.arguments = "FICHIER",
		.doc = "Cherche les tournées de collecte les moins chères, et, jusqu’à 256 arrêts, "
		       "une\n"
		       "borne qui prouve à combien elles en sont. Ctrl-C l’arrête avec les "
		       "meilleures "
		       "trouvées.",
		.specs = specs,
		.spec_count = sizeof specs / sizeof *specs,
		.plain = 1,
	};
	struct rounds_options o = {.format = OF_CONTENT,
		.output = "-",
		.shape = "json",
		.time_limit_s = 10,
		.bound_s = HALF,
		.threads = 2,
		.seed = UNSAID};
	bool done;
	int first;
	if (!program_options(&usage, argc, argv, &o, &done, &first, e) || done)
		return done;
	if (!check_options(&o, e))
		return false;
	struct arena *a = arena_new();
	bool is_ours, ok = run_question(a, &o, argv[first], &is_ours, e);
	if (ok && !is_ours && (o.answer || !text_eq(o.shape, "json")))
		ok = err_set(e, ERR_USAGE,
			"--output-format et --answer sont pour une question de Recircuit, ce que "
			"%s "
			"n’est pas",
			argv[first]);
	if (ok && !is_ours) {
		o.seed = o.seed < 0 ? 1 : o.seed;
		ok = run(a, &o, argv[first], e);
	}
	arena_free(a);
	return ok;
}
