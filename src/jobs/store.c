#include "store.h"

#include "account.h"
#include "economy.h"
#include "network.h"
#include "planfile.h"

#include <math.h>

enum { ID = 0 }; /* first column of points and sites */

const char *store_action(double before, double now)
{
	if (now == before)
		return "keep";
	if (before <= 0)
		return "open";
	if (now <= 0)
		return "close";
	return now > before ? "expand" : "shrink";
}

static void write_lines(struct buf *b, const char *run, const struct network *net,
	const struct account *acc, const struct instance *in)
{
	for (size_t s = 0; s < net->sites; s++)
		for (size_t k = 0; k < net->flows; k++) {
			double before = 0;
			for (size_t t = 0; t < net->years; t++) {
				size_t at = (s * net->flows + k) * net->years + t;
				double now = acc->capacity[at], tonnes = acc->load[at];
				bool is_idle = now <= 0 && before <= 0 && tonnes <= 0;
				const char *action = store_action(before, now);
				before = now;
				if (is_idle)
					continue;
				buf_printf(b, "%s\t%s\t%s\t%d\t", run, rows_text(&in->sites, s, ID),
					net->flow[k].id, net->first_year + (int)t);
				if (now > 0)
					buf_printf(b, "%.6f", now);
				else
					buf_puts(b, "\\N");
				buf_printf(b, "\t%.6f\t%s\n", tonnes, action);
			}
		}
}

static void write_shipments(struct buf *b, const char *run, const struct network *net,
	const struct plan *p, const struct instance *in)
{
	for (size_t n = 0; n < p->shipment_count; n++) {
		const struct shipment *s = &p->shipments[n];
		if (s->tonnes <= 0)
			continue;
		buf_printf(b, "%s\t%d\t%s\t%s\t%s\t%.9g\t%.3f\n", run,
			net->first_year + (int)s->year, net->flow[s->flow].id,
			rows_text(&in->points, s->point, ID), rows_text(&in->sites, s->site, ID),
			s->tonnes, network_km(net, s->point, s->site));
	}
}

bool store_plan(struct arena *a, struct db *db, const char *id, const struct instance *in,
	const struct jin *answer, struct err *e)
{
	struct network net;
	struct model m;
	struct account acc;
	if (!network_read(a, in->network.data, in->network.len, &net, e))
		return false;
	economy_model(a, &net, &m);
	struct jin at = jin_object(answer, "plan");
	struct plan p = planfile_read(a, &at, &m);
	if (jin_failed(answer))
		return false;
	account_make(a, &net, &p, &acc);
	struct buf lines, shipments;
	buf_init(&lines, a, BUF_NO_LIMIT);
	buf_init(&shipments, a, BUF_NO_LIMIT);
	write_lines(&lines, id, &net, &acc, in);
	write_shipments(&shipments, id, &net, &p, in);
	return db_query(a, db, "plan_receive", NULL, 0, NULL, e) &&
	       db_copy_in(db,
		       "COPY line_in (run, site, flow, year, level_t, tonnes, action) FROM STDIN",
		       lines.data, lines.len, e) &&
	       db_copy_in(db,
		       "COPY shipment_in (run, year, flow, point, site, tonnes, km) FROM STDIN",
		       shipments.data, shipments.len, e) &&
	       db_query(a, db, "plan_keep", NULL, 0, NULL, e);
}
