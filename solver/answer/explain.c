#include "explain.h"

#include "limit.h"
#include "milp.h"
#include "text.h"
#include "transport.h"

#include <math.h>

/* Less than this share of what there is to treat is rounding, as in model_find_shortage. */
static const double ROUNDING = 1e-6;

static double total_tonnes(const struct model *m, size_t k, size_t t)
{
	double sum = 0;
	for (size_t i = 0; i < m->points; i++)
		sum += model_tonnes(m, k, t)[i];
	return sum;
}

/* The least that stays behind when every site is at its largest: the exact transport to the sites and to
 * one more, without limit, that alone costs something. */
static double find_unreached(struct arena *a, const struct model *m, size_t k, size_t t)
{
	size_t cells = m->sites * m->points;
	double *haul = arena_array(a, double, cells + m->points);
	for (size_t n = 0; n < cells + m->points; n++)
		haul[n] = n >= cells ? 1 : isfinite(m->haul[k][n]) ? 0 : INFINITY;
	const double *shared = haul, rate = 1;
	struct model one = {
		.points = m->points,
		.sites = m->sites + 1,
		.flows = 1,
		.years = 1,
		.tonnes = model_tonnes(m, k, t),
		.haul = &shared,
		.rate = &rate,
		.gate = arena_array(a, double, m->sites + 1),
	};
	double *capacity = arena_array(a, double, one.sites);
	for (size_t j = 0; j < m->sites; j++)
		capacity[j] = model_largest_capacity(m, j, k);
	capacity[m->sites] = INFINITY;
	struct routing r;
	return transport_solve(a, &one, 0, 0, capacity, NULL, &r) ? r.cost : total_tonnes(m, k, t);
}

/* What the flow lacks in a year; `is_reached` asks for the lanes too. */
static double missing(const struct model *m, size_t k, size_t t, bool is_reached)
{
	struct arena *scratch = arena_new();
	double tonnes = total_tonnes(m, k, t);
	double lack =
		is_reached ? find_unreached(scratch, m, k, t) : tonnes - model_most_capacity(m, k);
	arena_free(scratch);
	return lack > ROUNDING * tonnes ? lack : 0;
}

static bool find_lack(const struct model *m, size_t k, bool is_reached, struct lack *out)
{
	*out = (struct lack){.flow = k, .is_out_of_reach = is_reached};
	for (size_t t = 0; t < m->years; t++) {
		double lack = missing(m, k, t, is_reached);
		if (lack > 0 && out->missing_t == 0) {
			out->year = t;
			out->missing_t = lack;
			out->tonnes = total_tonnes(m, k, t);
			out->capacity_t = out->tonnes - lack;
		}
		if (lack > out->worst_missing_t) {
			out->worst_year = t;
			out->worst_missing_t = lack;
		}
	}
	return out->missing_t > 0;
}

/* The fewest platforms with which the capacities of all flows and years are enough. */
static int count_platforms(const struct model *m)
{
	struct model other = *m;
	struct shortage unused;
	int low = 0, high = (int)m->sites;
	other.max_platforms = high;
	if (model_find_shortage(&other, &unused))
		return -1;
	while (low < high) {
		other.max_platforms = low + (high - low) / 2;
		if (model_find_shortage(&other, &unused))
			low = other.max_platforms + 1;
		else
			high = other.max_platforms;
	}
	return low;
}

enum { LIMIT_KINDS = LIMIT_OPEN + 1 };

const char *barrier_name(enum limit_kind kind)
{
	static const char *const names[LIMIT_KINDS] = {"budget", "co2", "max_t", "min_t", "forced"};
	return names[kind];
}

static bool has_kind(const struct model *m, enum limit_kind kind)
{
	for (size_t n = 0; n < m->limit_count; n++)
		if (m->limits[n].kind == kind)
			return true;
	return false;
}

static void find_barriers(struct arena *a, const struct model *m, struct explanation *out)
{
	static const double SECONDS = 5; /* for each kind */
	struct conflict conflict;
	out->barriers = arena_array(a, struct barrier, LIMIT_KINDS);
	for (int kind = 0; kind < LIMIT_KINDS && milp_is_small(m); kind++) {
		struct barrier b = {.kind = (enum limit_kind)kind, .is_enough = true};
		if (has_kind(m, b.kind) && milp_least_excess(m, b.kind, SECONDS, &b.missing))
			out->barriers[out->barrier_count++] = b;
	}
	if (!out->barrier_count && limit_find_conflict(m, &conflict)) {
		const struct limit *limit = &m->limits[conflict.limit];
		out->barriers[out->barrier_count++] = (struct barrier){
			limit->kind, fmax(0, conflict.needed - limit->value), false};
	}
}

void explain_find(struct arena *a, const struct model *m, struct explanation *out)
{
	*out = (struct explanation){.lacks = arena_array(a, struct lack, m->flows),
		.platforms_needed = count_platforms(m)};
	for (size_t k = 0; k < m->flows; k++) {
		struct lack *lack = &out->lacks[out->count];
		out->count += find_lack(m, k, false, lack) || find_lack(m, k, true, lack);
	}
	if (!out->count && m->limit_count)
		find_barriers(a, m, out);
}

static const char *tonnes(struct arena *a, double t)
{
	return arena_printf(a, "%s t", text_french_number(a, t, 0));
}

static const char *sites(struct arena *a, const struct model *m, const struct lack *lack)
{
	if (lack->is_out_of_reach)
		return "les sites que les points peuvent atteindre, à leur plus grande taille,";
	return m->max_platforms < 0
		       ? "tous les sites ensemble, à leur plus grande taille,"
		       : arena_printf(a,
				 "les usines existantes avec %d plateforme(s) au plus, à leur plus "
				 "grande taille,",
				 m->max_platforms);
}

/* "; flux B : 1 200 t en 2031", for each flow after the first. */
static const char *other_lacks(
	struct arena *a, const struct model *m, const struct explanation *why)
{
	const char *text = "";
	for (size_t n = 1; n < why->count; n++) {
		const struct lack *lack = &why->lacks[n];
		text = arena_printf(a, "%s ; flux %s : il manque jusqu’à %s (%d)", text,
			model_flow(m, lack->flow, LABEL), tonnes(a, lack->worst_missing_t),
			model_year(m, lack->worst_year));
	}
	return text;
}

static const char *platforms(struct arena *a, const struct model *m, const struct explanation *why)
{
	if (m->max_platforms < 0 || why->platforms_needed <= m->max_platforms)
		return "";
	return arena_printf(a, " ; il faudrait permettre au moins %d plateforme(s) au lieu de %d",
		why->platforms_needed, m->max_platforms);
}

/* "le budget d’investissement devrait être plus grand de 1 200 €" */
static const char *barrier(struct arena *a, const struct barrier *b)
{
	const char *figure =
		text_french_number(a, ceil(b->missing - ROUNDING * fmax(1, b->missing)), 0);
	const char *least = b->is_enough ? "" : "au moins ";
	switch (b->kind) {
	case LIMIT_BUDGET:
		return arena_printf(
			a, "il manque %s%s € de budget d’investissement", least, figure);
	case LIMIT_EMISSION:
		return arena_printf(
			a, "le plafond d’émissions est trop bas de %s%s t de CO2", least, figure);
	case LIMIT_MOST:
		return arena_printf(a,
			"ce que les sites peuvent prendre, tous flux ensemble, est trop bas de "
			"%s%s t par an et par site",
			least, figure);
	case LIMIT_LEAST:
		return arena_printf(a,
			"le tonnage minimal des sites ouverts est trop haut de %s%s t par an",
			least, figure);
	case LIMIT_OPEN: return "des sites imposés ne peuvent pas être ouverts";
	}
	return "";
}

static bool explain_limits(struct arena *a, const struct explanation *why, struct err *e)
{
	const char *text = "";
	for (size_t n = 0; n < why->barrier_count; n++)
		text = arena_printf(
			a, "%s%s%s", text, n ? " ; ou bien " : "", barrier(a, &why->barriers[n]));
	if (!why->barrier_count)
		text = "aucune, desserrée seule, ne suffit";
	return err_set(
		e, ERR_INFEASIBLE, "aucun plan possible dans les limites données : %s", text);
}

bool explain_infeasible(struct arena *a, const struct model *m, struct err *e)
{
	struct explanation why;
	explain_find(a, m, &why);
	if (why.count) {
		const struct lack *lack = &why.lacks[0];
		const char *worst = "";
		if (lack->worst_year != lack->year)
			worst = arena_printf(a, ", et %s en %d", tonnes(a, lack->worst_missing_t),
				model_year(m, lack->worst_year));
		return err_set(e, ERR_INFEASIBLE,
			"aucun plan possible : flux %s, année %d, il y a %s à traiter, et %s n’en "
			"prennent que %s : il manque %s de capacité par an%s%s%s",
			model_flow(m, lack->flow, LABEL), model_year(m, lack->year),
			tonnes(a, lack->tonnes), sites(a, m, lack), tonnes(a, lack->capacity_t),
			tonnes(a, lack->missing_t), worst, other_lacks(a, m, &why),
			platforms(a, m, &why));
	}
	if (m->limit_count)
		return explain_limits(a, &why, e);
	if (m->is_single_sourced)
		return err_set(e, ERR_INFEASIBLE,
			"aucun plan possible : chaque point doit envoyer un flux à un seul site, "
			"et les capacités ne le permettent pas sans partage");
	return err_set(e, ERR_INFEASIBLE,
		"aucun plan possible : le nombre de plateformes permis ne suffit pas à tous les "
		"flux à la fois");
}
