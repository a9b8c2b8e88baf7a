/* The figures of an answer file against figures made anew: `recircuit-solve check`.
 *
 *	if (!check_plan(a, m, &plan, &cost, e) || !audit_answer(a, m, net, &plan, &cost, &root, e)) ...
 *
 * Everything that is said of the plan and of the status quo is computed again by check.c (from the
 * model) and account.c (from the network's economics): costs, each component, tonnes, vehicle-km,
 * CO2 and jobs of each year, what each site receives and from where, and the verdict that follows.
 * Nothing here routes a tonne: the file shows the status quo's routes, and its prices prove that
 * they are the cheapest. */
#ifndef RECIRCUIT_SOLVER_AUDIT_H
#define RECIRCUIT_SOLVER_AUDIT_H

#include "jin.h"
#include "network.h"
#include "plan.h"

/* `root` is the answer of FORMAT.md, `p` its plan as read and `cost` what check_plan found. `net` is
 * null for a file of the literature, which has no accounts. Names the first figure that is not what it
 * should be: ERR_INVALID with its path in the file, ERR_INFEASIBLE for what follows from several. */
must_use bool audit_answer(struct arena *a, const struct model *m, const struct network *net,
	const struct plan *p, const struct cost *cost, const struct jin *root, struct err *e);

/* The bound again, from the multipliers of the file alone. *certified is what they prove. Where the
 * file's bound is higher, a search tree must have raised it (its nodes are counted), which cannot be
 * followed from here: *is_whole is then false. */
must_use bool audit_certificate(struct arena *a, const struct model *m, const struct jin *root,
	double *certified, bool *is_whole, struct err *e);

#endif
