#include "points.h"

#include <stdlib.h>

int points_build(void **state)
{
	struct points *all = calloc(1, sizeof *all);
	struct err e;
	all->arena = arena_new();
	all->conninfo = scratch_database(all->arena, "points");
	assert_ok(db_open(all->arena, all->conninfo, scratch_queries(all->arena), &all->db, &e), e);
	*state = all;
	return 0;
}

int points_demolish(void **state)
{
	struct points *all = *state;
	arena_free(all->arena);
	free(all);
	return 0;
}

int points_set_up(void **state)
{
	struct points *all = *state, *f = calloc(1, sizeof *f);
	struct err e;
	*f = (struct points){arena_new(), all->conninfo, all->db, all};
	assert_ok(db_script(f->db,
			  "DELETE FROM collection_point WHERE origin <> 'estimated';"
			  "SELECT derived.refresh_estimated_points()",
			  &e),
		e);
	*state = f;
	return 0;
}

int points_tear_down(void **state)
{
	struct points *f = *state;
	*state = f->all;
	arena_free(f->arena);
	free(f);
	return 0;
}

void points_assert(struct points *f, const char *claim)
{
	struct err e;
	const char *sql = arena_printf(f->arena, "DO $t$ BEGIN ASSERT (%s); END $t$", claim);
	if (!db_script(f->db, sql, &e))
		fail_msg("%s: %s", claim, e.message);
}

struct point_report points_import_with(
	struct points *f, const char *text, const struct point_import_options *o)
{
	struct point_report report;
	struct err e;
	assert_ok(point_import(f->arena, f->db, text, strlen(text), o, &report, &e), e);
	return report;
}

struct point_report points_import(struct points *f, const char *text)
{
	static const struct point_import_options plain = {0};
	return points_import_with(f, text, &plain);
}

void points_assert_all(const struct point_report *r, enum point_verdict verdict, size_t count)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->lines[i].verdict != verdict)
			fail_msg("line %zu: %s, %s", r->lines[i].line,
				point_verdict_name(r->lines[i].verdict, 1), r->lines[i].remark);
	assert_int_equal(r->count, count);
	assert_int_equal(r->verdicts[verdict], count);
}
