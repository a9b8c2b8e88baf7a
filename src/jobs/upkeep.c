#include "upkeep.h"

#include "clock.h"
#include "log.h"

enum { PERIOD_S = 3600 };

bool upkeep_do(struct arena *a, struct db *db, struct upkeep *u, struct err *e)
{
	struct rows rows;
	if (clock_seconds() < u->next_s)
		return true;
	if (!db_query(a, db, "idempotency_purge", NULL, 0, &rows, e))
		return false;
	if (rows_int(&rows, 0, 0)) /* there may be more: next turn */
		log_event(LOG_INFO, "keys_purged", "count=%s", rows_text(&rows, 0, 0));
	else
		u->next_s = clock_seconds() + PERIOD_S;
	return true;
}
