#include "mps.h"

#include "file.h"
#include "program.h"

#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static void name_column(struct program *b, int column, const char *format, ...)
{
	char name[100];
	if (!column)
		return;
	va_list list;
	va_start(list, format);
	vsnprintf(name, sizeof name, format, list);
	va_end(list);
	glp_set_col_name(b->lp, column, name);
}

static void name_columns(struct program *b)
{
	const struct model *m = b->m;
	for (size_t k = 0; k < m->flows; k++)
		for (size_t t = 0; t < m->years; t++)
			for (size_t j = 0; j < m->sites; j++)
				for (size_t i = 0; i < m->points; i++)
					name_column(b, b->x[program_x(m, i, j, k, t)],
						"x_%zu_%zu_%zu_%zu", i + 1, j + 1, k + 1, t + 1);
	for (size_t j = 0; j < m->sites; j++)
		for (size_t t = 0; t < m->years; t++) {
			name_column(b, b->z[j * m->years + t], "z_%zu_%zu", j + 1, t + 1);
			for (size_t k = 0; k < m->flows; k++) {
				const struct line *line = model_line(m, j, k);
				for (int l = 0; l < line->levels; l++)
					name_column(b,
						b->y[(line->first + (size_t)l) * m->years + t],
						"y_%zu_%zu_%d_%zu", j + 1, k + 1, l + 1, t + 1);
			}
		}
}

/* GLPK writes files only, and straight away: it gets one in memory, and the target is then written
 * like all others. */
static bool write_mps(struct arena *a, glp_prob *lp, const char *path, struct err *e)
{
	int fd = memfd_create("mps", MFD_CLOEXEC);
	if (fd < 0)
		return err_set(e, ERR_SYSTEM, "%s : pas de mémoire pour l’écriture", path);
	const char *memory = arena_printf(a, "/proc/self/fd/%d", fd);
	char *text;
	size_t len;
	bool is_written = !glp_write_mps(lp, GLP_MPS_FILE, NULL, memory) ||
			  err_set(e, ERR_SYSTEM, "%s : l’écriture a échoué", path);
	is_written = is_written && file_read(a, memory, SIZE_MAX - 1, &text, &len, e) &&
		     file_write(path, text, len, e);
	close(fd);
	return is_written;
}

bool mps_export(struct arena *a, const struct model *m, const char *path, struct err *e)
{
	if (program_cells(m) > MPS_CELLS_MAX)
		return err_set(e, ERR_TOO_LARGE,
			"%zu variables d’affectation : le fichier prendrait environ %.1f Go, le "
			"maximum est %d variables",
			program_cells(m), 150e-9 * (double)program_cells(m), MPS_CELLS_MAX);
	glp_term_out(GLP_OFF);
	struct program b = program_make(a, m);
	glp_set_prob_name(b.lp, "recircuit");
	glp_set_obj_name(b.lp, "cost");
	name_columns(&b);
	return write_mps(a, b.lp, path, e);
}
