#include "formats.h"

#include "text.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

enum { NUMBER_MAX = 63 };

static const double COUNT_MAX = 1e15; /* whole numbers are exact that far */

/* White space separates; line breaks mean nothing but tell the reader where an error is. */
struct scan {
	const char *begin, *at, *end;
};

/* What a file says of a single-commodity problem, before it is a model. */
struct sheet {
	size_t sites, points;
	double *demand;   /* [point] */
	double *capacity; /* [site] */
	double *fixed;    /* [site] */
	double *cost;     /* [site][point] */
	bool is_per_unit; /* cost of one unit of demand; otherwise of the whole demand */
};

static size_t line_number(const struct scan *s)
{
	size_t line = 1;
	for (const char *p = s->begin; p < s->at; p++)
		line += *p == '\n';
	return line;
}

static void skip_space(struct scan *s)
{
	while (s->at < s->end && isspace((unsigned char)*s->at))
		s->at++;
}

static size_t next_word(struct scan *s, const char **word)
{
	skip_space(s);
	*word = s->at;
	const char *p = s->at;
	while (p < s->end && !isspace((unsigned char)*p))
		p++;
	return (size_t)(p - s->at);
}

static void skip_line(struct scan *s)
{
	const char *newline = memchr(s->at, '\n', (size_t)(s->end - s->at));
	s->at = newline ? newline + 1 : s->end;
}

static bool bad_word(struct scan *s, const char *word, size_t n, const char *what, struct err *e)
{
	if (!n)
		return err_set(e, ERR_INVALID,
			"ligne %zu : le fichier s’arrête trop tôt, il manque %s", line_number(s),
			what);
	if (n == strlen("capacity") && !memcmp(word, "capacity", n))
		return err_set(e, ERR_INVALID,
			"ligne %zu : le mot « capacity » tient la place d’un nombre ; remplacez-le "
			"par la capacité voulue (par exemple 8000)",
			line_number(s));
	return err_set(e, ERR_INVALID, "ligne %zu : « %.*s » n’est pas un nombre valable (%s)",
		line_number(s), n < NUMBER_MAX ? (int)n : NUMBER_MAX, word, what);
}

static bool read_number(struct scan *s, double *out, const char *what, struct err *e)
{
	const char *word;
	size_t n = next_word(s, &word);
	char text[NUMBER_MAX + 1];
	if (!n || n > NUMBER_MAX)
		return bad_word(s, word, n, what, e);
	memcpy(text, word, n);
	text[n] = '\0';
	if (!text_to_double(text, out))
		return bad_word(s, word, n, what, e);
	s->at = word + n;
	return true;
}

/* Everything in these files is a quantity or a cost: negative values are mistakes. */
static bool read_measure(struct scan *s, double *out, const char *what, struct err *e)
{
	if (!read_number(s, out, what, e))
		return false;
	if (*out < 0)
		return err_set(e, ERR_INVALID, "ligne %zu : valeur négative %g (%s)",
			line_number(s), *out, what);
	return true;
}

static bool read_measures(
	struct scan *s, double *out, size_t count, const char *what, struct err *e)
{
	for (size_t i = 0; i < count; i++)
		if (!read_measure(s, &out[i], what, e))
			return false;
	return true;
}

static bool read_count(struct scan *s, size_t *out, const char *what, struct err *e)
{
	double v;
	if (!read_number(s, &v, what, e))
		return false;
	if (v < 0 || v > COUNT_MAX || v != floor(v))
		return err_set(e, ERR_INVALID,
			"ligne %zu : %s doit être un nombre entier entre 0 et %g, pas %g",
			line_number(s), what, COUNT_MAX, v);
	*out = (size_t)v;
	return true;
}

/* `bytes` a lane: what was measured of reading and solving, rounded up. */
static bool fits_memory(double bytes, size_t sites, size_t points, struct err *e)
{
	static const double gib = 1 << 30;
	double need = bytes * (double)sites * (double)points;
	return need <= (double)FORMAT_MEMORY_MAX ||
	       err_set(e, ERR_INVALID,
		       "%zu sites x %zu points : il faudrait environ %.*f Gio de mémoire (limite "
		       "%.0f Gio)",
		       sites, points, need < 100 * gib ? 1 : 0, need / gib,
		       (double)FORMAT_MEMORY_MAX / gib);
}

/* Refuses sizes that memory cannot hold, then sizes that the file is too short to fill. */
static bool sheet_init(struct arena *a, struct sheet *sheet, size_t sites, size_t points,
	const struct scan *s, struct err *e)
{
	if (!sites || !points)
		return err_set(e, ERR_INVALID,
			"le fichier annonce %zu sites et %zu points : il faut au moins un de "
			"chaque",
			sites, points);
	if (!fits_memory(128, sites, points, e))
		return false;
	size_t characters = (size_t)(s->end - s->begin), numbers = sites * points;
	if (characters / 2 + 1 < numbers)
		return err_set(e, ERR_INVALID,
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

static void sheet_to_model(struct arena *a, struct sheet *sheet, struct model *m)
{
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
}

static bool read_capacity_and_fixed(struct scan *s, struct sheet *sheet, struct err *e)
{
	for (size_t j = 0; j < sheet->sites; j++)
		if (!read_measure(s, &sheet->capacity[j], "la capacité d’un site", e) ||
			!read_measure(s, &sheet->fixed[j], "le coût fixe d’un site", e))
			return false;
	return true;
}

static bool read_costs_by_site(struct scan *s, struct sheet *sheet, struct err *e)
{
	return read_measures(
		s, sheet->cost, sheet->sites * sheet->points, "un coût de desserte", e);
}

static bool read_costs_of_point(struct scan *s, struct sheet *sheet, size_t i, struct err *e)
{
	for (size_t j = 0; j < sheet->sites; j++)
		if (!read_measure(s, &sheet->cost[j * sheet->points + i], "un coût de desserte", e))
			return false;
	return true;
}

/* m n; m x (capacity fixed); for each customer its demand, then m costs of serving all of it. */
static bool read_orlib(struct arena *a, struct scan *s, struct model *m, struct err *e)
{
	size_t sites, points;
	struct sheet sheet;
	if (!read_count(s, &sites, "le nombre de sites", e) ||
		!read_count(s, &points, "le nombre de points", e) ||
		!sheet_init(a, &sheet, sites, points, s, e) ||
		!read_capacity_and_fixed(s, &sheet, e))
		return false;
	for (size_t i = 0; i < points; i++)
		if (!read_measure(s, &sheet.demand[i], "la demande d’un point", e) ||
			!read_costs_of_point(s, &sheet, i, e))
			return false;
	sheet_to_model(a, &sheet, m);
	return true;
}

/* [FILE: name]; m n 0; m x (index fixed, n costs). */
static bool read_uflp(struct arena *a, struct scan *s, struct model *m, struct err *e)
{
	const char *word;
	size_t n = next_word(s, &word);
	if (n >= 5 && !memcmp(word, "FILE:", 5))
		skip_line(s);
	size_t sites, points, unused;
	struct sheet sheet;
	if (!read_count(s, &sites, "le nombre de sites", e) ||
		!read_count(s, &points, "le nombre de points", e) ||
		!read_count(s, &unused, "le zéro qui suit les tailles", e) ||
		!sheet_init(a, &sheet, sites, points, s, e))
		return false;
	for (size_t i = 0; i < points; i++)
		sheet.demand[i] = 1;
	for (size_t j = 0; j < sites; j++) {
		size_t index;
		if (!read_count(s, &index, "le numéro d’un site", e))
			return false;
		if (index != j + 1)
			return err_set(e, ERR_INVALID,
				"ligne %zu : le site %zu devrait être le numéro %zu",
				line_number(s), index, j + 1);
		sheet.capacity[j] = INFINITY;
		if (!read_measure(s, &sheet.fixed[j], "le coût fixe d’un site", e) ||
			!read_measures(
				s, sheet.cost + j * points, points, "un coût de desserte", e))
			return false;
	}
	sheet_to_model(a, &sheet, m);
	return true;
}

/* m n; n demands; m capacities; m fixed; m x n costs of one unit. */
static bool read_tbed(struct arena *a, struct scan *s, struct model *m, struct err *e)
{
	size_t sites, points;
	struct sheet sheet;
	if (!read_count(s, &sites, "le nombre de sites", e) ||
		!read_count(s, &points, "le nombre de points", e) ||
		!sheet_init(a, &sheet, sites, points, s, e) ||
		!read_measures(s, sheet.demand, points, "la demande d’un point", e) ||
		!read_measures(s, sheet.capacity, sites, "la capacité d’un site", e) ||
		!read_measures(s, sheet.fixed, sites, "le coût fixe d’un site", e) ||
		!read_costs_by_site(s, &sheet, e))
		return false;
	sheet.is_per_unit = true;
	sheet_to_model(a, &sheet, m);
	return true;
}

/* m n; m x (capacity fixed); n demands; m x n costs of the whole demand. */
static bool read_holmberg(struct arena *a, struct scan *s, struct model *m, struct err *e)
{
	size_t sites, points;
	struct sheet sheet;
	if (!read_count(s, &sites, "le nombre de sites", e) ||
		!read_count(s, &points, "le nombre de points", e) ||
		!sheet_init(a, &sheet, sites, points, s, e) ||
		!read_capacity_and_fixed(s, &sheet, e) ||
		!read_measures(s, sheet.demand, points, "la demande d’un point", e) ||
		!read_costs_by_site(s, &sheet, e))
		return false;
	sheet_to_model(a, &sheet, m);
	m->is_single_sourced = true;
	return true;
}

/* n m; n x m costs of the whole demand; n demands; m fixed; m capacities. */
static bool read_delmaire(struct arena *a, struct scan *s, struct model *m, struct err *e)
{
	size_t sites, points;
	struct sheet sheet;
	if (!read_count(s, &points, "le nombre de points", e) ||
		!read_count(s, &sites, "le nombre de sites", e) ||
		!sheet_init(a, &sheet, sites, points, s, e))
		return false;
	for (size_t i = 0; i < points; i++)
		if (!read_costs_of_point(s, &sheet, i, e))
			return false;
	if (!read_measures(s, sheet.demand, points, "la demande d’un point", e) ||
		!read_measures(s, sheet.fixed, sites, "le coût fixe d’un site", e) ||
		!read_measures(s, sheet.capacity, sites, "la capacité d’un site", e))
		return false;
	sheet_to_model(a, &sheet, m);
	m->is_single_sourced = true;
	return true;
}

/* Goes behind the line that is only the title of a section. */
static bool find_section(struct scan *s, const char *title, struct err *e)
{
	size_t n = strlen(title);
	while (s->at < s->end) {
		const char *word;
		size_t length = next_word(s, &word);
		bool is_it = length == n && !memcmp(word, title, n);
		skip_line(s);
		if (is_it)
			return true;
	}
	return err_set(e, ERR_INVALID, "la section %s manque", title);
}

/* How many lines there are before the next section or blank line. */
static size_t count_rows(const struct scan *from)
{
	struct scan s = *from;
	size_t rows = 0;
	while (s.at < s.end) {
		const char *newline = memchr(s.at, '\n', (size_t)(s.end - s.at));
		const char *end = newline ? newline : s.end, *p = s.at;
		while (p < end && isspace((unsigned char)*p))
			p++;
		if (p == end || *p == '[')
			break;
		rows++;
		s.at = newline ? newline + 1 : s.end;
	}
	return rows;
}

/* [DEPOTS] capacity fixcost varcost x y name; [CUSTOMERS] demand x y name; [COSTMATRIX];
 * [MATRIX] Dim m n, then m rows of n costs of the whole demand. */
static bool read_cfl(struct arena *a, struct scan *s, struct model *m, struct err *e)
{
	if (!find_section(s, "[DEPOTS]", e))
		return false;
	skip_line(s); /* column titles */
	struct scan depots = *s;
	size_t sites = count_rows(s);
	if (!find_section(s, "[CUSTOMERS]", e))
		return false;
	skip_line(s);
	struct scan customers = *s;
	size_t points = count_rows(s);
	if (!find_section(s, "[MATRIX]", e))
		return false;
	const char *word;
	size_t n = next_word(s, &word), rows, columns;
	if (n != 3 || memcmp(word, "Dim", 3))
		return err_set(e, ERR_INVALID, "ligne %zu : « Dim » manque après [MATRIX]",
			line_number(s));
	s->at += n;
	if (!read_count(s, &rows, "le nombre de lignes de la matrice", e) ||
		!read_count(s, &columns, "le nombre de colonnes de la matrice", e))
		return false;
	if (rows != sites || columns != points)
		return err_set(e, ERR_INVALID,
			"la matrice annonce %zu x %zu, mais il y a %zu dépôts et %zu clients", rows,
			columns, sites, points);
	struct sheet sheet;
	if (!sheet_init(a, &sheet, sites, points, s, e) || !read_costs_by_site(s, &sheet, e))
		return false;
	double *variable = arena_array(a, double, sites);
	for (size_t j = 0; j < sites; j++) {
		if (!read_measure(&depots, &sheet.capacity[j], "la capacité d’un dépôt", e) ||
			!read_measure(&depots, &sheet.fixed[j], "le coût fixe d’un dépôt", e) ||
			!read_measure(&depots, &variable[j], "le coût variable d’un dépôt", e))
			return false;
		skip_line(&depots);
	}
	for (size_t i = 0; i < points; i++) {
		if (!read_measure(&customers, &sheet.demand[i], "la demande d’un client", e))
			return false;
		skip_line(&customers);
	}
	for (size_t j = 0; j < sites; j++)
		for (size_t i = 0; i < points; i++)
			sheet.cost[j * points + i] += variable[j] * sheet.demand[i];
	sheet_to_model(a, &sheet, m);
	return true;
}

/* An undirected graph as lists of neighbours: those of u are [first[u], first[u + 1]). */
struct graph {
	size_t nodes;
	size_t *first;
	uint32_t *to;
	double *length;
};

struct reached {
	double dist;
	uint32_t node;
};

static void heap_push(struct reached *heap, size_t *count, struct reached r)
{
	size_t i = (*count)++;
	for (; i && heap[(i - 1) / 2].dist > r.dist; i = (i - 1) / 2)
		heap[i] = heap[(i - 1) / 2];
	heap[i] = r;
}

static struct reached heap_pop(struct reached *heap, size_t *count)
{
	struct reached top = heap[0], last = heap[--*count];
	size_t i = 0;
	for (size_t child; (child = 2 * i + 1) < *count; i = child) {
		if (child + 1 < *count && heap[child + 1].dist < heap[child].dist)
			child++;
		if (heap[child].dist >= last.dist)
			break;
		heap[i] = heap[child];
	}
	heap[i] = last;
	return top;
}

/* Dijkstra from one node; `heap` has room for every arc and one more. */
static void shortest_paths(const struct graph *g, size_t source, double *dist, struct reached *heap)
{
	size_t count = 0;
	for (size_t v = 0; v < g->nodes; v++)
		dist[v] = INFINITY;
	dist[source] = 0;
	heap_push(heap, &count, (struct reached){0, (uint32_t)source});
	while (count) {
		struct reached r = heap_pop(heap, &count);
		if (r.dist > dist[r.node])
			continue; /* reached again on a shorter way since */
		for (size_t e = g->first[r.node]; e < g->first[r.node + 1]; e++) {
			double d = r.dist + g->length[e];
			if (d < dist[g->to[e]]) {
				dist[g->to[e]] = d;
				heap_push(heap, &count, (struct reached){d, g->to[e]});
			}
		}
	}
}

/* The graph of a matrix of lengths that is infinite where there is no edge. */
static void graph_init(struct arena *a, struct graph *g, size_t nodes, const double *length)
{
	size_t arcs = 0;
	for (size_t n = 0; n < nodes * nodes; n++)
		arcs += length[n] < INFINITY;
	*g = (struct graph){.nodes = nodes,
		.first = arena_array(a, size_t, nodes + 1),
		.to = arena_array(a, uint32_t, arcs),
		.length = arena_array(a, double, arcs)};
	size_t e = 0;
	for (size_t u = 0; u < nodes; u++) {
		for (size_t v = 0; v < nodes; v++)
			if (length[u * nodes + v] < INFINITY) {
				g->to[e] = (uint32_t)v;
				g->length[e++] = length[u * nodes + v];
			}
		g->first[u + 1] = e;
	}
}

/* n edges p; edges (u v length), undirected, the last of parallel edges counts. */
static bool read_pmed(struct arena *a, struct scan *s, struct model *m, struct err *e)
{
	size_t n, edges, p;
	if (!read_count(s, &n, "le nombre de sommets", e) ||
		!read_count(s, &edges, "le nombre d’arêtes", e) ||
		!read_count(s, &p, "le nombre de sites à ouvrir", e))
		return false;
	if (!p || p > n)
		return err_set(e, ERR_INVALID,
			"il faut ouvrir entre 1 et %zu sites, le fichier en demande %zu", n, p);
	if (!fits_memory(72, n, n, e))
		return false;
	double *length = arena_array(a, double, n *n);
	for (size_t i = 0; i < n * n; i++)
		length[i] = INFINITY;
	for (size_t i = 0; i < edges; i++) {
		size_t u, v;
		double l;
		if (!read_count(s, &u, "un bout d’arête", e) ||
			!read_count(s, &v, "un bout d’arête", e) ||
			!read_measure(s, &l, "la longueur d’une arête", e))
			return false;
		if (!u || !v || u > n || v > n)
			return err_set(e, ERR_INVALID,
				"ligne %zu : arête %zu-%zu hors des sommets 1 à %zu",
				line_number(s), u, v, n);
		length[(u - 1) * n + v - 1] = length[(v - 1) * n + u - 1] = l;
	}
	struct sheet sheet = {.sites = n, .points = n, .is_per_unit = true};
	sheet.demand = arena_array(a, double, n);
	sheet.capacity = arena_array(a, double, n);
	sheet.fixed = arena_array(a, double, n);
	sheet.cost = arena_array(a, double, n *n);
	struct graph g;
	graph_init(a, &g, n, length);
	struct reached *heap = arena_array(a, struct reached, g.first[n] + 1);
	for (size_t j = 0; j < n; j++) {
		sheet.demand[j] = 1;
		sheet.capacity[j] = INFINITY;
		shortest_paths(&g, j, sheet.cost + j * n, heap);
	}
	sheet_to_model(a, &sheet, m);
	m->min_platforms = m->max_platforms = (int)p;
	return true;
}

static const struct format FORMATS[] = {
	{"orlib", "OR-Library cap* : capacités, demande divisible", read_orlib},
	{"uflp", "UflLib (Körkel-Ghosh) : sans capacités", read_uflp},
	{"tbed", "Avella-Boccia TBED : capacités, coûts par unité, demande divisible", read_tbed},
	{"cfl", "[DEPOTS]/[CUSTOMERS]/[MATRIX] : capacités, demande divisible", read_cfl},
	{"holmberg", "Holmberg : capacités, un seul site par point", read_holmberg},
	{"yang", "Yang : capacités, un seul site par point", read_holmberg},
	{"delmaire", "Díaz-Fernández (Delmaire) : capacités, un seul site par point",
		read_delmaire},
	{"pmed", "OR-Library pmed : p-médiane sur un graphe", read_pmed},
	{NULL, NULL, NULL},
};

const struct format *format_table(void)
{
	return FORMATS;
}

const struct format *format_find(const char *name)
{
	for (const struct format *f = FORMATS; f->name; f++)
		if (text_eq(f->name, name))
			return f;
	return NULL;
}

bool format_read(struct arena *a, const struct format *f, const char *data, size_t len,
	struct model *m, struct err *e)
{
	/* Some copies of the old files end in zero bytes or in DOS's end mark. */
	while (len && (data[len - 1] == '\0' || data[len - 1] == 0x1A))
		len--;
	struct scan s = {.begin = data, .at = data, .end = data + len};
	s.at = memchr(data, '\0', len);
	if (s.at)
		return err_set(e, ERR_INVALID, "ligne %zu : ce n’est plus du texte (octet nul)",
			line_number(&s));
	s.at = data;
	if (!f->read(a, &s, m, e))
		return false;
	skip_space(&s);
	if (s.at < s.end)
		return err_set(e, ERR_INVALID,
			"ligne %zu : il reste du texte après la fin attendue de l’instance : « "
			"%.*s »",
			line_number(&s),
			(int)strcspn(s.at, "\r\n") < 40 ? (int)strcspn(s.at, "\r\n") : 40, s.at);
	return model_check(m, e);
}
