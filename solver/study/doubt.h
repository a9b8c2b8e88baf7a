/* Groups of regions whose gap alone hides whether a share is stable: those worth a second look.
 *
 *	while ((count = doubt_find(a, &game, &sharing, is_seen, most, list)))
 *		...				look again at list[0..count), mark those seen through, share anew
 *
 * A share is stable for certain when no group pays more than is proved that it must, x(S) <= bound(S)
 * (docs/model.md, Sharing). Often all groups but a few of 2^n pass, so a little more time for these
 * settles the rule. */
#ifndef RECIRCUIT_SOLVER_DOUBT_H
#define RECIRCUIT_SOLVER_DOUBT_H

#include "coalition.h"
#include "sharing.h"

/* The groups that leave open whether a rule is stable, those short by most first, of the rule with the fewest.
 * Rules that `is_seen` groups, or more than `most`, leave open are passed over. `list` has room for most. */
size_t doubt_find(struct arena *a, const struct game *g, const struct sharing *s,
	const bool *is_seen, size_t most, coalition *list);

/* Searches a group again from what is known of it. What was found before stays: its plan where that costs less, its
 * bound where that proves more. players[p] is a region of the network, as in coalition_solve. */
must_use bool doubt_look(struct arena *a, const struct network *net, const size_t *players,
	size_t count, coalition members, const struct task *task, struct outcome *known,
	struct err *e);

#endif
