#include "sheet.h"

#include "formats.h"

#include <math.h>

/* `bytes`: what was measured of reading and solving, rounded up. */
bool sheet_fits(size_t sites, size_t points, double bytes, struct scan *s)
{
	static const double gib = 1 << 30;
	double need = bytes * (double)sites * (double)points;
	return need <= (double)FORMAT_MEMORY_MAX ||
	       scan_wrong(s,
		       "%zu sites x %zu points : il faudrait environ %.*f Gio de mémoire (limite "
		       "%.0f Gio)",
		       sites, points, need < 100 * gib ? 1 : 0, need / gib,
		       (double)FORMAT_MEMORY_MAX / gib);
}

/* Refuses sizes that memory cannot hold, then sizes that the file is too short to fill. */
bool sheet_init(struct arena *a, struct sheet *sheet, size_t sites, size_t points, struct scan *s)
{
	if (s->is_wrong)
		return false;
	if (!sites || !points)
		return scan_wrong(s,
			"le fichier annonce %zu sites et %zu points : il faut au moins un de "
			"chaque",
			sites, points);
	if (!sheet_fits(sites, points, 128, s))
		return false;
	size_t characters = (size_t)(s->end - s->begin), numbers = sites * points;
	if (characters / 2 + 1 < numbers)
		return scan_wrong(s,
			"le fichier annonce %zu sites x %zu points, soit plus de %zu nombres, mais "
			"il "
			"n’a que %zu caractères : il est tronqué",
			sites, points, numbers, characters);
	*sheet = (struct sheet){.sites = sites, .points = points};
	sheet->demand = arena_array(a, double, points);
	sheet->capacity = arena_array(a, double, sites);
	sheet->fixed = arena_array(a, double, sites);
	sheet->cost = arena_array(a, double, sites *points);
	return true;
}

/* A customer without demand that costs something must still be assigned: it is given a demand too
 * small to matter to any capacity. */
static void give_demand_to_the_weightless(struct sheet *sheet)
{
	static const double share = 1e-7;
	double smallest = INFINITY;
	for (size_t i = 0; i < sheet->points; i++)
		if (sheet->demand[i] > 0 && sheet->demand[i] < smallest)
			smallest = sheet->demand[i];
	if (smallest == INFINITY)
		smallest = 1;
	for (size_t i = 0; i < sheet->points; i++) {
		bool has_cost = false;
		for (size_t j = 0; j < sheet->sites && !has_cost; j++)
			has_cost = sheet->cost[j * sheet->points + i] > 0;
		if (sheet->demand[i] == 0 && has_cost && !sheet->is_per_unit)
			sheet->demand[i] = share * smallest;
	}
}

bool sheet_to_model(struct arena *a, struct sheet *sheet, const struct scan *s, struct model *m)
{
	if (s->is_wrong)
		return false;
	size_t sites = sheet->sites, points = sheet->points;
	give_demand_to_the_weightless(sheet);
	if (!sheet->is_per_unit)
		for (size_t j = 0; j < sites; j++)
			for (size_t i = 0; i < points; i++)
				if (sheet->demand[i] > 0)
					sheet->cost[j * points + i] /= sheet->demand[i];
	struct line *lines = arena_array(a, struct line, sites);
	for (size_t j = 0; j < sites; j++)
		lines[j] = (struct line){.levels = 1, .start = LEVEL_NONE, .first = j};
	const double **haul = arena_array(a, const double *, 1);
	double *one = arena_array(a, double, 1);
	one[0] = 1;
	haul[0] = sheet->cost;
	const double *zeros = arena_array(a, double, sites);
	*m = (struct model){
		.points = points,
		.sites = sites,
		.flows = 1,
		.years = 1,
		.max_platforms = -1,
		.discount = one,
		.tonnes = sheet->demand,
		.haul = haul,
		.rate = one,
		.gate = zeros,
		.site_cost = zeros,
		.lines = lines,
		.levels = sites,
		.capacity = sheet->capacity,
		.running = sheet->fixed,
		.build = zeros,
		.close = zeros,
	};
	return true;
}
