#include "secrecy.h"

#include "attack.h"

#include <math.h>
#include <string.h>

/* One sum of the table: whole = sum of members. */
struct sum {
	size_t whole, count;
	size_t *members;
};

struct work {
	struct arena *arena;
	const struct secrecy_table *t;
	size_t cells, columns;
	double *tonnes; /* of each cell */
	double *own;    /* [cell * organisations + organisation] */
	size_t *depth;  /* of each territory: 0 is the root */
	size_t *first,
		*children; /* children of territory i: children[first[i]] to [first[i + 1]] */
	struct sum *sums;
	size_t sum_count;
	enum secrecy_state *states;
	size_t *proved; /* cells of the component that begins at a cell, when the attack on it failed: one
			   that has not grown is the same */
	/* A group of cells being put together: who brings what to it, and which shown cells were taken
	 * away from it. */
	double *share;
	size_t *taken;
	size_t taken_count;
};

size_t secrecy_cell(const struct secrecy_table *t, size_t territory, size_t flow)
{
	return territory * (t->flows + 1) + flow;
}

static bool is_withheld(const struct work *w, size_t cell)
{
	return w->states[cell] == SECRECY_PRIMARY || w->states[cell] == SECRECY_COMPLEMENT;
}

/* ---- The table ---- */

static void add_parts(struct work *w)
{
	const struct secrecy_table *t = w->t;
	for (size_t p = 0; p < t->part_count; p++) {
		const struct secrecy_part *part = &t->parts[p];
		for (size_t i = part->territory;; i = t->parents[i]) {
			const size_t in[] = {
				secrecy_cell(t, i, part->flow), secrecy_cell(t, i, t->flows)};
			for (size_t k = 0; k < 2; k++) {
				w->tonnes[in[k]] += part->tonnes;
				w->own[in[k] * t->organisations + part->organisation] +=
					part->tonnes;
			}
			if (i == 0)
				break;
		}
	}
}

static void find_children(struct work *w)
{
	const struct secrecy_table *t = w->t;
	for (size_t i = 1; i < t->territories; i++) {
		w->depth[i] = w->depth[t->parents[i]] + 1;
		w->first[t->parents[i] + 1]++;
	}
	for (size_t i = 0; i < t->territories; i++)
		w->first[i + 1] += w->first[i];
	size_t *next = arena_array(w->arena, size_t, t->territories + 1);
	memcpy(next, w->first, t->territories * sizeof *next);
	for (size_t i = 1; i < t->territories; i++)
		w->children[next[t->parents[i]]++] = i;
}

static void find_sums(struct work *w)
{
	const struct secrecy_table *t = w->t;
	w->sums = arena_array(w->arena, struct sum, t->territories * (w->columns + 1));
	for (size_t i = 0; i < t->territories; i++) {
		struct sum *s = &w->sums[w->sum_count++];
		*s = (struct sum){secrecy_cell(t, i, t->flows), t->flows,
			arena_array(w->arena, size_t, t->flows)};
		for (size_t f = 0; f < t->flows; f++)
			s->members[f] = secrecy_cell(t, i, f);
		size_t count = w->first[i + 1] - w->first[i];
		for (size_t f = 0; count && f < w->columns; f++) {
			s = &w->sums[w->sum_count++];
			*s = (struct sum){
				secrecy_cell(t, i, f), count, arena_array(w->arena, size_t, count)};
			for (size_t c = 0; c < count; c++)
				s->members[c] = secrecy_cell(t, w->children[w->first[i] + c], f);
		}
	}
}

/* ---- Rule 1 ---- */

static bool obeys_the_rule(const double *own, size_t organisations)
{
	double total = 0, most = 0;
	size_t count = 0;
	for (size_t o = 0; o < organisations; o++) {
		total += own[o];
		most = fmax(most, own[o]);
		count += own[o] > 0;
	}
	return count >= SECRECY_LEAST_ORGANISATIONS && most <= SECRECY_MOST_SHARE * total;
}

static void withhold_by_rule(struct work *w)
{
	for (size_t c = 0; c < w->cells; c++)
		w->states[c] =
			w->tonnes[c] <= 0 ? SECRECY_EMPTY
			: obeys_the_rule(w->own + c * w->t->organisations, w->t->organisations)
				? SECRECY_SHOWN
				: SECRECY_PRIMARY;
}

/* ---- Which cell goes next ---- */

static bool is_shown(const struct work *w, size_t cell)
{
	return w->states[cell] == SECRECY_SHOWN;
}

/* Small territories before large ones, a flow before all flows, little before much. */
static bool is_cheaper(const struct work *w, size_t a, size_t b)
{
	size_t depth_a = w->depth[a / w->columns], depth_b = w->depth[b / w->columns];
	bool all_a = a % w->columns == w->t->flows, all_b = b % w->columns == w->t->flows;
	if (depth_a != depth_b)
		return depth_a > depth_b;
	if (all_a != all_b)
		return all_b;
	return w->tonnes[a] != w->tonnes[b] ? w->tonnes[a] < w->tonnes[b] : a < b;
}

enum { NO_CELL = -1 };

static void consider(const struct work *w, size_t cell, ptrdiff_t *best)
{
	if (is_shown(w, cell) && (*best == NO_CELL || is_cheaper(w, cell, (size_t)*best)))
		*best = (ptrdiff_t)cell;
}

static bool withhold(struct work *w, ptrdiff_t cell)
{
	if (cell == NO_CELL)
		return false;
	w->states[cell] = SECRECY_COMPLEMENT;
	return true;
}

/* The cheapest shown term of a sum. */
static bool withhold_in(struct work *w, const struct sum *s)
{
	ptrdiff_t best = NO_CELL;
	for (size_t m = 0; m < s->count; m++)
		consider(w, s->members[m], &best);
	consider(w, s->whole, &best);
	return withhold(w, best);
}

/* ---- No sum has exactly one withheld term ---- */

static bool mend_lone_terms(struct work *w)
{
	bool has_changed = false;
	for (size_t n = 0; n < w->sum_count; n++) {
		const struct sum *s = &w->sums[n];
		size_t withheld = is_withheld(w, s->whole);
		for (size_t m = 0; m < s->count; m++)
			withheld += is_withheld(w, s->members[m]);
		if (withheld == 1)
			has_changed |= withhold_in(w, s);
	}
	return has_changed;
}

/* ---- What remains of a shown cell obeys the rule ----
 *
 * The group of a cell: what no shown cell inside it covers. Of a flow there is one way to cover, down
 * the tree; of all flows three: by flow here, down the tree all flows together, and down the tree one
 * level, then by flow. */

static void take(struct work *w, size_t cell)
{
	w->taken[w->taken_count++] = cell;
}

static void add_to_group(struct work *w, size_t cell)
{
	for (size_t o = 0; o < w->t->organisations; o++)
		w->share[o] += w->own[cell * w->t->organisations + o];
}

static void gather(struct work *w, size_t territory, size_t flow)
{
	size_t cell = secrecy_cell(w->t, territory, flow);
	if (w->states[cell] == SECRECY_EMPTY)
		return;
	if (is_shown(w, cell)) {
		take(w, cell);
		return;
	}
	if (w->first[territory] == w->first[territory + 1])
		add_to_group(w, cell);
	for (size_t c = w->first[territory]; c < w->first[territory + 1]; c++)
		gather(w, w->children[c], flow);
}

/* All flows of a withheld territory, one by one. */
static void gather_flows(struct work *w, size_t territory)
{
	for (size_t f = 0; f < w->t->flows; f++)
		gather(w, territory, f);
}

static void gather_children(struct work *w, size_t territory, size_t flow, bool is_by_flow)
{
	for (size_t c = w->first[territory]; c < w->first[territory + 1]; c++) {
		size_t child = w->children[c], cell = secrecy_cell(w->t, child, flow);
		if (!is_by_flow || is_shown(w, cell))
			gather(w, child, flow);
		else
			gather_flows(w, child);
	}
}

static bool is_group_well(const struct work *w)
{
	double total = 0;
	for (size_t o = 0; o < w->t->organisations; o++)
		total += w->share[o];
	return total <= 0 || obeys_the_rule(w->share, w->t->organisations);
}

enum cover { BY_FLOW, BY_CHILDREN, BY_CHILDREN_THEN_FLOW, COVERS };

/* Withholds until the group obeys; true when something was. */
static bool mend_group(struct work *w, size_t territory, size_t flow, enum cover cover)
{
	size_t cell = secrecy_cell(w->t, territory, flow);
	for (bool has_changed = false; is_shown(w, cell); has_changed = true) {
		memset(w->share, 0, w->t->organisations * sizeof *w->share);
		w->taken_count = 0;
		if (cover == BY_FLOW)
			gather_flows(w, territory);
		else
			gather_children(w, territory, flow, cover == BY_CHILDREN_THEN_FLOW);
		if (is_group_well(w))
			return has_changed;
		ptrdiff_t best = NO_CELL;
		for (size_t n = 0; n < w->taken_count; n++)
			consider(w, w->taken[n], &best);
		if (best == NO_CELL)
			best = (ptrdiff_t)cell;
		withhold(w, best);
	}
	return false;
}

static bool mend_groups(struct work *w)
{
	bool has_changed = false;
	for (size_t i = 0; i < w->t->territories; i++) {
		for (size_t f = 0; f < w->columns; f++)
			has_changed |= mend_group(w, i, f, BY_CHILDREN);
		has_changed |= mend_group(w, i, w->t->flows, BY_FLOW);
		has_changed |= mend_group(w, i, w->t->flows, BY_CHILDREN_THEN_FLOW);
	}
	return has_changed;
}

/* ---- The attack fails ----
 *
 * Withheld cells that no sum links are attacked apart: the programs stay small. */

static size_t root_of(size_t *link, size_t i)
{
	while (link[i] != i)
		i = link[i] = link[link[i]];
	return i;
}

/* link[]: cells of one component have one root. */
static size_t *link_cells(struct work *w)
{
	size_t *link = arena_array(w->arena, size_t, w->cells);
	for (size_t c = 0; c < w->cells; c++)
		link[c] = c;
	for (size_t n = 0; n < w->sum_count; n++) {
		const struct sum *s = &w->sums[n];
		ptrdiff_t last = is_withheld(w, s->whole) ? (ptrdiff_t)s->whole : NO_CELL;
		for (size_t m = 0; m < s->count; m++) {
			if (!is_withheld(w, s->members[m]))
				continue;
			if (last != NO_CELL)
				link[root_of(link, (size_t)last)] = root_of(link, s->members[m]);
			last = (ptrdiff_t)s->members[m];
		}
	}
	return link;
}

static bool touches(const struct sum *s, size_t cell)
{
	for (size_t m = 0; m < s->count; m++)
		if (s->members[m] == cell)
			return true;
	return s->whole == cell;
}

/* A cell was bracketed: the cheapest shown term of its sums goes, or of any sum of its component. */
static bool withhold_near(struct work *w, const size_t *cells, size_t count, size_t found)
{
	ptrdiff_t best = NO_CELL;
	for (size_t pass = 0; pass < 2 && best == NO_CELL; pass++)
		for (size_t n = 0; n < w->sum_count; n++) {
			const struct sum *s = &w->sums[n];
			bool is_near = false;
			for (size_t c = 0; c < count && !is_near; c++)
				is_near = (pass == 1 || c == found) && touches(s, cells[c]);
			for (size_t m = 0; is_near && m <= s->count; m++)
				consider(w, m < s->count ? s->members[m] : s->whole, &best);
		}
	return withhold(w, best);
}

static bool is_in(const size_t *cells, size_t count, const size_t *place, size_t cell)
{
	return place[cell] < count && cells[place[cell]] == cell;
}

/* A sum as an attacker has it: the withheld terms of it, and what they come to. */
static void add_sum(const struct work *w, struct arena *a, const struct sum *s, const size_t *cells,
	size_t count, const size_t *place, struct attack *at)
{
	size_t terms = is_in(cells, count, place, s->whole);
	for (size_t m = 0; m < s->count; m++)
		terms += is_in(cells, count, place, s->members[m]);
	if (!terms)
		return;
	struct attack_sum *out = &at->sums[at->sum_count++];
	out->cells = arena_array(a, size_t, terms);
	out->signs = arena_array(a, double, terms);
	for (size_t m = 0; m <= s->count; m++) {
		size_t cell = m < s->count ? s->members[m] : s->whole;
		double sign = m < s->count ? 1 : -1;
		if (!is_in(cells, count, place, cell))
			continue;
		out->cells[out->count] = place[cell];
		out->signs[out->count++] = sign;
		out->value += sign * w->tonnes[cell];
	}
}

/* The component's cells as an attack; false when GLPK fails. `found` is a cell of it that is
 * bracketed, or the count of them when none is. */
static bool attack_component(struct work *w, struct arena *a, const size_t *cells, size_t count,
	size_t *place, size_t *found, struct err *e)
{
	size_t k = w->t->organisations;
	struct attack at = {.cells = count, .organisations = k};
	at.tonnes = arena_array(a, double, count);
	at.own = arena_array(a, double, count *k);
	at.is_sensitive = arena_array(a, bool, count);
	at.sums = arena_array(a, struct attack_sum, w->sum_count);
	for (size_t c = 0; c < count; c++) {
		place[cells[c]] = c;
		at.tonnes[c] = w->tonnes[cells[c]];
		at.is_sensitive[c] = w->states[cells[c]] == SECRECY_PRIMARY;
		memcpy(at.own + c * k, w->own + cells[c] * k, k * sizeof *at.own);
	}
	for (size_t n = 0; n < w->sum_count; n++)
		add_sum(w, a, &w->sums[n], cells, count, place, &at);
	return attack_find(a, &at, found, e);
}

static bool mend_brackets(struct work *w, bool *has_changed, struct err *e)
{
	size_t *link = link_cells(w), *place = arena_array(w->arena, size_t, w->cells);
	size_t *cells = arena_array(w->arena, size_t, w->cells);
	bool *is_done = arena_array(w->arena, bool, w->cells); /* or withheld in this very pass */
	struct arena *a = arena_new();
	bool ok = true;
	for (size_t c = 0; c < w->cells; c++)
		is_done[c] = !is_withheld(w, c);
	for (size_t first = 0; first < w->cells && ok; first++) {
		if (is_done[first])
			continue;
		size_t count = 0, found = 0;
		for (size_t c = first; c < w->cells; c++)
			if (!is_done[c] && root_of(link, c) == root_of(link, first)) {
				cells[count++] = c;
				is_done[c] = true;
			}
		if (w->proved[first] == count)
			continue;
		ok = attack_component(w, a, cells, count, place, &found, e);
		if (ok && found == count)
			w->proved[first] = count;
		else if (ok && withhold_near(w, cells, count, found))
			*has_changed = true;
		else if (ok)
			ok = err_set(e, ERR_SYSTEM,
				"secret statistique : plus rien à retenir, et une case se devine "
				"encore");
		arena_reset(a);
	}
	arena_free(a);
	return ok;
}

bool secrecy_protect(struct arena *a, const struct secrecy_table *t,
	const enum secrecy_state **states, struct err *e)
{
	size_t columns = t->flows + 1, cells = t->territories * columns;
	struct work w = {
		.arena = a,
		.t = t,
		.cells = cells,
		.columns = columns,
		.tonnes = arena_array(a, double, cells),
		.own = arena_array(a, double, cells * t->organisations + 1),
		.depth = arena_array(a, size_t, t->territories + 1),
		.first = arena_array(a, size_t, t->territories + 2),
		.children = arena_array(a, size_t, t->territories + 1),
		.states = arena_array(a, enum secrecy_state, cells + 1),
		.proved = arena_array(a, size_t, cells + 1),
		.share = arena_array(a, double, t->organisations + 1),
		.taken = arena_array(a, size_t, cells + 1),
	};
	add_parts(&w);
	find_children(&w);
	find_sums(&w);
	withhold_by_rule(&w);
	for (bool has_changed = true; has_changed;) {
		while (mend_lone_terms(&w) || mend_groups(&w))
			;
		has_changed = false;
		if (!mend_brackets(&w, &has_changed, e))
			return false;
	}
	*states = w.states;
	return true;
}
