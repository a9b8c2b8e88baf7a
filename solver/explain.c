#include "explain.h"

#include "text.h"
#include "transport.h"

static const char *tonnes(struct arena *a, double t)
{
	return arena_printf(a, "%s t", text_french_number(a, t, 0));
}

static const char *sites(struct arena *a, const struct model *m)
{
	return m->max_platforms < 0
		       ? "tous les sites ensemble, à leur plus grande taille,"
		       : arena_printf(a,
				 "les usines existantes avec %d plateforme(s) au plus, à leur plus "
				 "grande taille,",
				 m->max_platforms);
}

static bool reaches_all(
	struct arena *a, const struct model *m, const double *capacity, size_t k, size_t t)
{
	struct routing unused;
	return transport_solve(a, m, k, t, capacity, &unused);
}

bool explain_infeasible(struct arena *a, const struct model *m, struct err *e)
{
	struct shortage lack;
	if (model_find_shortage(m, &lack))
		return err_set(e, ERR_INFEASIBLE,
			"aucun plan possible : flux %s, année %d, il y a %s à traiter, et %s n’en "
			"prennent que %s",
			model_flow(m, lack.flow, LABEL), model_year(m, lack.year),
			tonnes(a, lack.tonnes), sites(a, m), tonnes(a, lack.capacity));
	double *capacity = arena_array(a, double, m->sites);
	for (size_t k = 0; k < m->flows; k++) {
		for (size_t j = 0; j < m->sites; j++)
			capacity[j] = model_largest_capacity(m, j, k);
		for (size_t t = 0; t < m->years; t++)
			if (!reaches_all(a, m, capacity, k, t))
				return err_set(e, ERR_INFEASIBLE,
					"aucun plan possible : flux %s, année %d, les sites que "
					"les points "
					"peuvent atteindre ne prennent pas tout ce qu’il y a à "
					"traiter",
					model_flow(m, k, LABEL), model_year(m, t));
	}
	if (m->is_single_sourced)
		return err_set(e, ERR_INFEASIBLE,
			"aucun plan possible : chaque point doit envoyer un flux à un seul site, "
			"et les capacités ne le permettent pas sans partage");
	return err_set(e, ERR_INFEASIBLE,
		"aucun plan possible : le nombre de plateformes permis ne suffit pas à tous les "
		"flux à la fois");
}
