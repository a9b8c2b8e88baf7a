/* Other sets of platforms: some are taken away, and what pays best for all flows together takes their place.
 *
 *	regroup(&search, is_over, context);		search.best may have become better
 *
 * One by one, flows do not leave a site that others still pay for, nor open one that only pays for several. Once it is
 * decided which sites are platforms, though, their cost is spent and flows have nothing to do with each other. So
 * platforms go, one, or two at a time; then sites come in, as long as what all flows save there, each by its best
 * path at today's prices, exceeds what the site costs. The likeliest few are priced exactly. At the end
 * each flow is searched on at true costs. */
#ifndef RECIRCUIT_SOLVER_REGROUP_H
#define RECIRCUIT_SOLVER_REGROUP_H

#include "search.h"

void regroup(struct search *s, bool (*is_over)(void *context), void *context);

#endif
