/* Rounds of a census that the programme takes from as it needs them.
 *
 *	listed_price(&m, &list)			reduced costs by m.dual; the least
 *	listed_add(&m, &list, is_out, most)	those of negative reduced cost join the programme, the least first
 *	listed_strike(&list, gap)		what no better plan can use leaves the list
 */
#ifndef RECIRCUIT_ROUNDS_LISTED_H
#define RECIRCUIT_ROUNDS_LISTED_H

#include "master.h"

struct listed {
	struct column *round;
	uint32_t *place; /* [round] column of the programme, from 1; 0: it is not there */
	size_t count;
};

double listed_price(struct master *m, struct listed *list);
/* is_out: [round] is passed over; may be null. `below`: reduced costs that count. */
size_t listed_add(
	struct master *m, struct listed *list, const bool *is_out, double below, size_t most);
void listed_strike(struct listed *list, double gap);
/* For another programme, which holds none of them. */
void listed_withdraw(struct listed *list);

#endif
