/* SWAP* (Vidal 2022): of two rounds whose sectors overlap, a stop of each goes to the other, each to its best place there,
 * or one goes alone. The best exchange of two rounds is made. Only the three best places of a stop in a round have to be known: the
 * one that leaves spoils two of them at most. */
#ifndef RECIRCUIT_ROUNDS_EXCHANGE_H
#define RECIRCUIT_ROUNDS_EXCHANGE_H

#include "polish.h"

/* Of all pairs of rounds, those that changed since; true when something was gained. */
bool exchange_all(struct polish *d);

#endif
