/* Statistical confidentiality: which cells of a table of tonnes may be shown, so that nobody learns an
 * organisation's own figures, by subtraction or otherwise. docs/model.md has the argument.
 *
 *	struct secrecy_table t = {.parents = ..., .territories = n, .flows = k, .organisations = m,
 *		.parts = ..., .part_count = ...};
 *	const enum secrecy_state *states;
 *	if (!secrecy_protect(a, &t, &states, e)) ...
 *	states[secrecy_cell(&t, territory, flow)]
 *
 * The table has a row for each territory of a tree (the first is its root, parents come before their
 * children) and a column for each flow, then one for all flows together. Every parent is the sum of
 * its children, the last column the sum of the others: these are the sums an attacker has.
 *
 *	1. A cell of fewer than three organisations, or one of which makes more than 85 %, is withheld.
 *	2. So are others, the least useful first, until
 *	   - no sum has exactly one withheld term;
 *	   - what remains of a shown cell once all shown cells inside it are taken away obeys rule 1;
 *	   - linear programs, the attacker's own, cannot bracket a cell of rule 1 within 15 % of what it
 *	     is, even for an organisation that knows all its own lines, nor determine any withheld cell.
 *
 * The last step is the proof: it ends only when the attack has failed on every cell. */
#ifndef RECIRCUIT_SECRECY_H
#define RECIRCUIT_SECRECY_H

#include "arena.h"
#include "err.h"

#include <stdbool.h>
#include <stddef.h>

enum { SECRECY_LEAST_ORGANISATIONS = 3 };
#define SECRECY_MOST_SHARE 0.85 /* of a cell, by one organisation */
#define SECRECY_WIDTH      0.15 /* at least so far from it may a cell of rule 1 be, both ways */
#define SECRECY_LEFT       0.01 /* the least width left to a cell withheld for others' sake, of it */

enum secrecy_state {
	SECRECY_EMPTY, /* no line at all: nobody's figure */
	SECRECY_SHOWN,
	SECRECY_PRIMARY,   /* withheld by rule 1 */
	SECRECY_COMPLEMENT /* withheld so that others stay so */
};

/* What one organisation brings to one leaf. */
struct secrecy_part {
	size_t territory, flow, organisation; /* indices; the territory has no children */
	double tonnes;                        /* > 0 */
};

struct secrecy_table {
	const size_t *parents; /* of each territory; that of the first is not read */
	size_t territories, flows, organisations;
	const struct secrecy_part *parts;
	size_t part_count;
};

/* The cell of a territory and a flow; flow == t->flows is all flows together. */
size_t secrecy_cell(const struct secrecy_table *t, size_t territory, size_t flow);

must_use bool secrecy_protect(struct arena *a, const struct secrecy_table *t,
	const enum secrecy_state **states, struct err *e);

#endif
