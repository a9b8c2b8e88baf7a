#include "formats.h"

#include "graph.h"
#include "sheet.h"
#include "text.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

static const double COUNT_MAX = 1e15; /* whole numbers are exact that far */

/* Everything in these files is a quantity or a cost: negative values are mistakes. */
static double measure(struct scan *s, const char *what)
{
	return scan_number(s, 0, INFINITY, what);
}

static void measures(struct scan *s, double *out, size_t count, const char *what)
{
	scan_numbers(s, out, count, 0, INFINITY, what);
}

static size_t count(struct scan *s, const char *what)
{
	return scan_count(s, 0, COUNT_MAX, what);
}

/* Some files of the OR-Library leave the capacity to the reader. */
static bool read_capacity_and_fixed(struct scan *s, struct sheet *sheet)
{
	char word[SCAN_WORD_MAX + 1];
	for (size_t j = 0; j < sheet->sites && !s->is_wrong; j++) {
		scan_peek(s, word);
		if (text_eq(word, "capacity"))
			return scan_wrong(s,
				"le mot « capacity » tient la place d’un nombre ; remplacez-le par "
				"la capacité voulue (par exemple 8000)");
		sheet->capacity[j] = measure(s, "la capacité d’un site");
		sheet->fixed[j] = measure(s, "le coût fixe d’un site");
	}
	return !s->is_wrong;
}

static void read_costs_by_site(struct scan *s, struct sheet *sheet)
{
	measures(s, sheet->cost, sheet->sites * sheet->points, "un coût de desserte");
}

static void read_costs_of_point(struct scan *s, struct sheet *sheet, size_t i)
{
	for (size_t j = 0; j < sheet->sites; j++)
		sheet->cost[j * sheet->points + i] = measure(s, "un coût de desserte");
}

/* m n; m x (capacity fixed); for each customer its demand, then m costs of serving all of it. */
static bool read_orlib(struct arena *a, struct scan *s, struct model *m)
{
	size_t sites = count(s, "le nombre de sites"), points = count(s, "le nombre de points");
	struct sheet sheet;
	if (!sheet_init(a, &sheet, sites, points, s) || !read_capacity_and_fixed(s, &sheet))
		return false;
	for (size_t i = 0; i < points && !s->is_wrong; i++) {
		sheet.demand[i] = measure(s, "la demande d’un point");
		read_costs_of_point(s, &sheet, i);
	}
	return sheet_to_model(a, &sheet, s, m);
}

/* [FILE: name]; m n 0; m x (index fixed, n costs). */
static bool read_uflp(struct arena *a, struct scan *s, struct model *m)
{
	char word[SCAN_WORD_MAX + 1];
	scan_peek(s, word);
	if (text_starts(word, "FILE:"))
		scan_skip_line(s);
	size_t sites = count(s, "le nombre de sites"), points = count(s, "le nombre de points");
	struct sheet sheet;
	count(s, "le zéro qui suit les tailles");
	if (!sheet_init(a, &sheet, sites, points, s))
		return false;
	for (size_t i = 0; i < points; i++)
		sheet.demand[i] = 1;
	for (size_t j = 0; j < sites && !s->is_wrong; j++) {
		size_t index = count(s, "le numéro d’un site");
		if (index != j + 1)
			return scan_wrong(
				s, "le site %zu devrait être le numéro %zu", index, j + 1);
		sheet.capacity[j] = INFINITY;
		sheet.fixed[j] = measure(s, "le coût fixe d’un site");
		measures(s, sheet.cost + j * points, points, "un coût de desserte");
	}
	return sheet_to_model(a, &sheet, s, m);
}

/* m n; n demands; m capacities; m fixed; m x n costs of one unit. */
static bool read_tbed(struct arena *a, struct scan *s, struct model *m)
{
	size_t sites = count(s, "le nombre de sites"), points = count(s, "le nombre de points");
	struct sheet sheet;
	if (!sheet_init(a, &sheet, sites, points, s))
		return false;
	measures(s, sheet.demand, points, "la demande d’un point");
	measures(s, sheet.capacity, sites, "la capacité d’un site");
	measures(s, sheet.fixed, sites, "le coût fixe d’un site");
	read_costs_by_site(s, &sheet);
	sheet.is_per_unit = true;
	return sheet_to_model(a, &sheet, s, m);
}

/* m n; m x (capacity fixed); n demands; m x n costs of the whole demand. */
static bool read_holmberg(struct arena *a, struct scan *s, struct model *m)
{
	size_t sites = count(s, "le nombre de sites"), points = count(s, "le nombre de points");
	struct sheet sheet;
	if (!sheet_init(a, &sheet, sites, points, s) || !read_capacity_and_fixed(s, &sheet))
		return false;
	measures(s, sheet.demand, points, "la demande d’un point");
	read_costs_by_site(s, &sheet);
	if (!sheet_to_model(a, &sheet, s, m))
		return false;
	m->is_single_sourced = true;
	return true;
}

/* n m; n x m costs of the whole demand; n demands; m fixed; m capacities. */
static bool read_delmaire(struct arena *a, struct scan *s, struct model *m)
{
	size_t points = count(s, "le nombre de points"), sites = count(s, "le nombre de sites");
	struct sheet sheet;
	if (!sheet_init(a, &sheet, sites, points, s))
		return false;
	for (size_t i = 0; i < points && !s->is_wrong; i++)
		read_costs_of_point(s, &sheet, i);
	measures(s, sheet.demand, points, "la demande d’un point");
	measures(s, sheet.fixed, sites, "le coût fixe d’un site");
	measures(s, sheet.capacity, sites, "la capacité d’un site");
	if (!sheet_to_model(a, &sheet, s, m))
		return false;
	m->is_single_sourced = true;
	return true;
}

/* Goes behind the line that is only the title of a section. */
static bool find_section(struct scan *s, const char *title)
{
	char word[SCAN_WORD_MAX + 1];
	while (s->at < s->end) {
		scan_word(s, word);
		scan_skip_line(s);
		if (text_eq(word, title))
			return true;
	}
	return scan_wrong(s, "la section %s manque", title);
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
static bool read_cfl(struct arena *a, struct scan *s, struct model *m)
{
	char word[SCAN_WORD_MAX + 1];
	if (!find_section(s, "[DEPOTS]"))
		return false;
	scan_skip_line(s); /* column titles */
	struct scan depots = *s;
	size_t sites = count_rows(s);
	if (!find_section(s, "[CUSTOMERS]"))
		return false;
	scan_skip_line(s);
	struct scan customers = *s;
	size_t points = count_rows(s);
	if (!find_section(s, "[MATRIX]"))
		return false;
	scan_word(s, word);
	if (!text_eq(word, "Dim"))
		return scan_wrong(s, "« Dim » manque après [MATRIX]");
	size_t rows = count(s, "le nombre de lignes de la matrice"),
	       columns = count(s, "le nombre de colonnes de la matrice");
	if (rows != sites || columns != points)
		return scan_wrong(s,
			"la matrice annonce %zu x %zu, mais il y a %zu dépôts et %zu clients", rows,
			columns, sites, points);
	struct sheet sheet;
	if (!sheet_init(a, &sheet, sites, points, s))
		return false;
	read_costs_by_site(s, &sheet);
	double *variable = arena_array(a, double, sites);
	for (size_t j = 0; j < sites; j++) {
		sheet.capacity[j] = measure(&depots, "la capacité d’un dépôt");
		sheet.fixed[j] = measure(&depots, "le coût fixe d’un dépôt");
		variable[j] = measure(&depots, "le coût variable d’un dépôt");
		scan_skip_line(&depots);
	}
	for (size_t i = 0; i < points; i++) {
		sheet.demand[i] = measure(&customers, "la demande d’un client");
		scan_skip_line(&customers);
	}
	for (size_t j = 0; j < sites; j++)
		for (size_t i = 0; i < points; i++)
			sheet.cost[j * points + i] += variable[j] * sheet.demand[i];
	return !depots.is_wrong && !customers.is_wrong && sheet_to_model(a, &sheet, s, m);
}

/* n edges p; edges (u v length), undirected, the last of parallel edges counts. */
static bool read_pmed(struct arena *a, struct scan *s, struct model *m)
{
	size_t n = count(s, "le nombre de sommets"), edges = count(s, "le nombre d’arêtes"),
	       p = count(s, "le nombre de sites à ouvrir");
	if (!s->is_wrong && (!p || p > n))
		return scan_wrong(
			s, "il faut ouvrir entre 1 et %zu sites, le fichier en demande %zu", n, p);
	if (s->is_wrong || !sheet_fits(n, n, 72, s))
		return false;
	double *length = arena_array(a, double, n *n);
	for (size_t i = 0; i < n * n; i++)
		length[i] = INFINITY;
	for (size_t i = 0; i < edges; i++) {
		size_t u = count(s, "un bout d’arête"), v = count(s, "un bout d’arête");
		double l = measure(s, "la longueur d’une arête");
		if (s->is_wrong)
			return false;
		if (!u || !v || u > n || v > n)
			return scan_wrong(s, "arête %zu-%zu hors des sommets 1 à %zu", u, v, n);
		length[(u - 1) * n + v - 1] = length[(v - 1) * n + u - 1] = l;
	}
	struct sheet sheet = {.sites = n, .points = n, .is_per_unit = true};
	sheet.demand = arena_array(a, double, n);
	sheet.capacity = arena_array(a, double, n);
	sheet.fixed = arena_array(a, double, n);
	sheet.cost = arena_array(a, double, n *n);
	struct graph g;
	graph_init(&g, a, n, length);
	for (size_t j = 0; j < n; j++) {
		sheet.demand[j] = 1;
		sheet.capacity[j] = INFINITY;
		graph_ways(&g, j, sheet.cost + j * n);
	}
	if (!sheet_to_model(a, &sheet, s, m))
		return false;
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
	struct scan s = scan_begin(data, len, e);
	const char *zero = memchr(data, '\0', len);
	if (zero) {
		s.at = zero;
		return scan_wrong(&s, "ce n’est plus du texte (octet nul)");
	}
	if (!f->read(a, &s, m))
		return false;
	if (!scan_is_done(&s))
		return scan_wrong(&s,
			"il reste du texte après la fin attendue de l’instance : « %.*s »",
			(int)strcspn(s.at, "\r\n") < 40 ? (int)strcspn(s.at, "\r\n") : 40, s.at);
	return model_check(m, e);
}
