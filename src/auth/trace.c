#include "trace.h"

#include "jout.h"

static const char *json_of(struct arena *a, const char *const *details)
{
	struct buf b;
	struct jout j;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	jout_open(&j, '{');
	for (; *details; details += 2)
		if (details[1])
			jout_kv_text(&j, details[0], details[1]);
	jout_close(&j);
	return b.data;
}

bool trace_account(struct arena *a, struct db *db, const char *organisation, const char *action,
	const char *const *details, struct err *e)
{
	const char *entry[] = {action, json_of(a, details), "{}"};
	return db_query(a, db, "audit_act", &organisation, 1, NULL, e) &&
	       db_query(a, db, "audit_append", entry, 3, NULL, e);
}
