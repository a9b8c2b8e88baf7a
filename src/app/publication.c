#include "publication.h"

#include "digest.h"
#include "jout.h"
#include "secrecy.h"
#include "text.h"

#include <string.h>

/* Columns of the queries in sql/queries/statistic.sql. */
enum { LEAF_CODE, LEAF_DEPARTEMENT, LEAF_REGION, LEAF_FLOW, LEAF_EXPECTED };
enum { PART_CODE, PART_DEPARTEMENT, PART_FLOW, PART_ORGANISATION, PART_TONNES };

/* From the root down; the leaves are the parts of EPCI in départements. */
static const char *const levels[] = {"total", "region", "departement", "epci"};
enum { TOTAL, REGION, DEPARTEMENT, EPCI, LEVELS };

struct territory {
	int level;
	const char *code, *departement;
	size_t parent;
};

struct publication {
	struct arena *arena;
	struct rows leaves, parts;
	struct territory *territories;
	size_t count, flows;
	const char **flow;  /* ids, in rank order */
	double *expected_t; /* of each cell */
	size_t *leaf_of;    /* the territory of each row of `leaves` */
	struct secrecy_table table;
	const enum secrecy_state *states;
	double *tonnes; /* of each cell */
};

static size_t add(
	struct publication *p, int level, const char *code, const char *departement, size_t parent)
{
	p->territories[p->count] = (struct territory){level, code, departement, parent};
	return p->count++;
}

/* Rows go by région, département, EPCI and flow: each territory is met before what it holds. */
static void find_territories(struct publication *p)
{
	const struct rows *v = &p->leaves;
	size_t at[LEVELS] = {0};
	p->territories = arena_array(p->arena, struct territory, 3 * v->count + 1);
	p->leaf_of = arena_array(p->arena, size_t, v->count + 1);
	p->flow = arena_array(p->arena, const char *, v->count + 1);
	add(p, TOTAL, "", "", 0);
	for (size_t r = 0; r < v->count; r++) {
		const char *region = rows_text(v, r, LEAF_REGION),
			   *departement = rows_text(v, r, LEAF_DEPARTEMENT);
		const char *code = rows_text(v, r, LEAF_CODE);
		if (!at[REGION] || !text_eq(p->territories[at[REGION]].code, region))
			at[REGION] = add(p, REGION, region, "", TOTAL);
		if (!at[DEPARTEMENT] || !text_eq(p->territories[at[DEPARTEMENT]].code, departement))
			at[DEPARTEMENT] = add(p, DEPARTEMENT, departement, "", at[REGION]);
		if (p->territories[at[EPCI]].parent != at[DEPARTEMENT] || !at[EPCI] ||
			!text_eq(p->territories[at[EPCI]].code, code))
			at[EPCI] = add(p, EPCI, code, departement, at[DEPARTEMENT]);
		p->leaf_of[r] = at[EPCI];
		if (at[EPCI] == p->leaf_of[0])
			p->flow[p->flows++] = rows_text(v, r, LEAF_FLOW);
	}
}

static size_t flow_index(const struct publication *p, const char *flow)
{
	size_t f = 0;
	while (f < p->flows && !text_eq(p->flow[f], flow))
		f++;
	return f;
}

static void add_up(
	struct publication *p, double *cells, size_t territory, size_t flow, double value)
{
	for (size_t i = territory;; i = p->territories[i].parent) {
		cells[secrecy_cell(&p->table, i, flow)] += value;
		cells[secrecy_cell(&p->table, i, p->flows)] += value;
		if (i == 0)
			return;
	}
}

static size_t find_leaf(const struct publication *p, const char *code, const char *departement)
{
	size_t i = 0;
	while (i < p->count &&
		!(p->territories[i].level == EPCI && text_eq(p->territories[i].code, code) &&
			text_eq(p->territories[i].departement, departement)))
		i++;
	return i;
}

/* Organisations are numbered as they come. */
static bool make_table(struct publication *p, struct err *e)
{
	const struct rows *v = &p->parts;
	size_t *parents = arena_array(p->arena, size_t, p->count);
	struct secrecy_part *parts = arena_array(p->arena, struct secrecy_part, v->count + 1);
	const char **known = arena_array(p->arena, const char *, v->count + 1);
	for (size_t i = 0; i < p->count; i++)
		parents[i] = p->territories[i].parent;
	p->table = (struct secrecy_table){.parents = parents,
		.territories = p->count,
		.flows = p->flows,
		.parts = parts,
		.part_count = v->count};
	size_t cells = p->count * (p->flows + 1);
	p->expected_t = arena_array(p->arena, double, cells);
	p->tonnes = arena_array(p->arena, double, cells);
	for (size_t r = 0; r < p->leaves.count; r++)
		add_up(p, p->expected_t, p->leaf_of[r],
			flow_index(p, rows_text(&p->leaves, r, LEAF_FLOW)),
			rows_real(&p->leaves, r, LEAF_EXPECTED));
	for (size_t r = 0; r < v->count; r++) {
		size_t o = 0, leaf = find_leaf(p, rows_text(v, r, PART_CODE),
				      rows_text(v, r, PART_DEPARTEMENT));
		size_t flow = flow_index(p, rows_text(v, r, PART_FLOW));
		while (o < p->table.organisations &&
			!text_eq(known[o], rows_text(v, r, PART_ORGANISATION)))
			o++;
		if (o == p->table.organisations)
			known[p->table.organisations++] = rows_text(v, r, PART_ORGANISATION);
		if (leaf == p->count || flow == p->flows)
			return err_set(e, ERR_SYSTEM,
				"un territoire des lignes n’est pas dans le découpage");
		parts[r] = (struct secrecy_part){leaf, flow, o, rows_real(v, r, PART_TONNES)};
		add_up(p, p->tonnes, leaf, flow, parts[r].tonnes);
	}
	return true;
}

static const char *state_name(enum secrecy_state state)
{
	return state == SECRECY_SHOWN ? "shown" : state == SECRECY_EMPTY ? "empty" : "withheld";
}

/* The cells as JSON for statistic_add; `text` is what their digest is of. */
static const char *cells_as_json(const struct publication *p, struct buf *text)
{
	struct buf b;
	struct jout j;
	buf_init(&b, p->arena, BUF_NO_LIMIT);
	jout_init(&j, &b);
	jout_open(&j, '[');
	for (size_t i = 0; i < p->count; i++)
		for (size_t f = 0; f <= p->flows; f++) {
			const struct territory *t = &p->territories[i];
			size_t cell = secrecy_cell(&p->table, i, f);
			const char *state = state_name(p->states[cell]),
				   *flow = f < p->flows ? p->flow[f] : "all";
			const char *tonnes =
				p->states[cell] == SECRECY_SHOWN
					? arena_printf(p->arena, "%.3f", p->tonnes[cell])
					: NULL;
			buf_printf(text, "%s,%s,%s,%s,%s,%s\n", levels[t->level], t->code,
				t->departement, flow, state, tonnes ? tonnes : "");
			jout_open(&j, '{');
			jout_kv_text(&j, "level", levels[t->level]);
			jout_kv_text(&j, "code", t->code);
			jout_kv_text(&j, "departement", t->departement);
			jout_kv_text(&j, "flow", flow);
			jout_kv_text(&j, "state", state);
			jout_key(&j, "tonnes");
			if (tonnes)
				jout_raw(&j, tonnes);
			else
				jout_null(&j);
			jout_kv_real(&j, "expected_t", p->expected_t[cell]);
			jout_close(&j);
		}
	jout_close(&j);
	return b.data;
}

static bool store(struct publication *p, struct db *db, const char *year, struct err *e)
{
	struct buf text;
	struct rows rows;
	char sha256[65];
	buf_init(&text, p->arena, BUF_NO_LIMIT);
	const char *cells = cells_as_json(p, &text);
	digest_sha256(text.data, text.len, sha256);
	const char *params[] = {year, cells, sha256,
		arena_printf(p->arena, "%d", SECRECY_LEAST_ORGANISATIONS),
		arena_printf(p->arena, "%g", SECRECY_MOST_SHARE),
		arena_printf(p->arena, "%g", SECRECY_WIDTH)};
	return db_query(p->arena, db, "statistic_add", params, 6, &rows, e);
}

static bool transact(struct publication *p, struct db *db, const char *year, bool is_dry_run,
	struct publication_report *report, struct err *e)
{
	struct rows fault;
	if (!db_query(p->arena, db, "statistic_fault", &year, 1, &fault, e))
		return false;
	if (fault.count)
		return err_set(e, ERR_CONFLICT, "%s", rows_text(&fault, 0, 0));
	if (!db_query(p->arena, db, "statistic_leaf_list", &year, 1, &p->leaves, e) ||
		!db_query(p->arena, db, "statistic_part_list", &year, 1, &p->parts, e))
		return false;
	if (!p->parts.count)
		return err_set(e, ERR_CONFLICT,
			"aucune ligne enregistrée en %s : il n’y a rien à publier", year);
	find_territories(p);
	if (!make_table(p, e) || !secrecy_protect(p->arena, &p->table, &p->states, e))
		return false;
	report->territories = p->count;
	report->organisations = p->table.organisations;
	for (size_t c = 0; c < p->count * (p->flows + 1); c++) {
		report->shown += p->states[c] == SECRECY_SHOWN;
		report->empty += p->states[c] == SECRECY_EMPTY;
		report->by_rule += p->states[c] == SECRECY_PRIMARY;
		report->withheld +=
			p->states[c] == SECRECY_PRIMARY || p->states[c] == SECRECY_COMPLEMENT;
	}
	if (!is_dry_run)
		return store(p, db, year, e) && db_commit(db, e);
	db_rollback(db);
	return true;
}

bool publication_make(struct arena *a, struct db *db, int year, bool is_dry_run,
	struct publication_report *report, struct err *e)
{
	struct publication p = {.arena = a};
	*report = (struct publication_report){0};
	if (!db_begin(db, e))
		return false;
	bool ok = transact(&p, db, arena_printf(a, "%d", year), is_dry_run, report, e);
	if (!ok)
		db_rollback(db);
	return ok;
}
