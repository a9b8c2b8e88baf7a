#include "explain.h"

#include "text.h"
#include "transport.h"

#include <math.h>
#include <stdlib.h>

/* The most that a line can take, whatever is decided. */
static double largest(const struct model *m, size_t j, size_t k)
{
	const struct line *line = model_line(m, j, k);
	int level = line->is_fixed ? line->start : line->levels - 1;
	return level < 0 ? 0 : m->capacity[line->first + (size_t)level];
}

static bool is_candidate(const struct model *m, size_t j, size_t k)
{
	return model_line(m, j, k)->levels && !model_line(m, j, k)->is_fixed;
}

static double volume_of(const struct model *m, size_t k, size_t t)
{
	double volume = 0;
	for (size_t i = 0; i < m->points; i++)
		volume += model_tonnes(m, k, t)[i];
	return volume;
}

static int larger_first(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x < y) - (x > y);
}

/* What today's plants and the `platforms` largest candidates can take together. */
static double capacity_of(struct arena *a, const struct model *m, size_t k, size_t platforms)
{
	double total = 0, *candidate = arena_array(a, double, m->sites);
	size_t count = 0;
	for (size_t j = 0; j < m->sites; j++)
		if (is_candidate(m, j, k))
			candidate[count++] = largest(m, j, k);
		else
			total += largest(m, j, k);
	qsort(candidate, count, sizeof *candidate, larger_first);
	for (size_t n = 0; n < count && n < platforms; n++)
		total += candidate[n];
	return total;
}

static bool reaches_all(struct arena *a, const struct model *m, size_t k, size_t t)
{
	struct routing unused;
	double *capacity = arena_array(a, double, m->sites);
	for (size_t j = 0; j < m->sites; j++)
		capacity[j] = largest(m, j, k);
	return transport_solve(a, m, k, t, capacity, &unused);
}

/* "flux pam, année 2027" */
static const char *where(struct arena *a, const struct network *net, size_t k, size_t t)
{
	return net ? arena_printf(a, "flux %s, année %d", net->flow[k].id, net->first_year + (int)t)
		   : arena_printf(a, "flux %zu, année %zu", k + 1, t + 1);
}

static const char *tonnes(struct arena *a, double t)
{
	return arena_printf(a, "%s t", text_french_number(a, t, 0));
}

bool explain_infeasible(
	struct arena *a, const struct model *m, const struct network *net, struct err *e)
{
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++) {
			double volume = volume_of(m, k, t), all = capacity_of(a, m, k, m->sites);
			if (volume > all)
				return err_set(e, ERR_INFEASIBLE,
					"aucun plan possible : %s, il y a %s à traiter, et tous "
					"les "
					"sites ensemble, à leur plus grande taille, n’en prennent "
					"que %s",
					where(a, net, k, t), tonnes(a, volume), tonnes(a, all));
			if (!reaches_all(a, m, k, t))
				return err_set(e, ERR_INFEASIBLE,
					"aucun plan possible : %s, les sites que les points "
					"peuvent atteindre ne prennent pas les %s à traiter",
					where(a, net, k, t), tonnes(a, volume));
			double allowed = m->max_platforms < 0
						 ? all
						 : capacity_of(a, m, k, (size_t)m->max_platforms);
			if (volume > allowed)
				return err_set(e, ERR_INFEASIBLE,
					"aucun plan possible : %s, il y a %s à traiter, et les "
					"usines existantes avec %d plateforme(s) au plus n’en "
					"prennent que %s",
					where(a, net, k, t), tonnes(a, volume), m->max_platforms,
					tonnes(a, allowed));
		}
	if (m->is_single_sourced)
		return err_set(e, ERR_INFEASIBLE,
			"aucun plan possible : chaque point doit envoyer un flux à un seul site, "
			"et les capacités ne le permettent pas sans partage");
	return err_set(e, ERR_INFEASIBLE,
		"aucun plan possible : le nombre de plateformes permis ne suffit pas à tous les "
		"flux à la fois");
}
