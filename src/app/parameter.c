#include "answer.h"
#include "routes.h"

bool parameter_list(struct request *rq, struct reply *rp, struct err *e)
{
	struct rows rows;
	if (!ask(rq, "parameter_list", NULL, 0, &rows, e))
		return false;
	struct jout *j = reply_json(rp);
	jout_open(j, '{');
	rows_as_list(&rows, "parameters", j);
	jout_close(j);
	return true;
}
