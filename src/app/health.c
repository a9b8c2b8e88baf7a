#include "answer.h"
#include "routes.h"

bool health_get(struct request *rq, struct reply *rp, struct err *e)
{
	struct rows rows;
	if (!ask(rq, "health_get", NULL, 0, &rows, e))
		return false;
	struct jout *j = reply_json(rp);
	jout_open(j, '{');
	jout_kv_text(j, "status", "ok");
	jout_kv_text(j, "version", RECIRCUIT_VERSION);
	jout_key(j, "schema"), rows_json_value(&rows, 0, 0, j);
	jout_key(j, "database"), rows_json_value(&rows, 0, 1, j);
	jout_close(j);
	return true;
}
