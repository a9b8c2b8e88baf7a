#include "round.h"

#include "weekly.h"

void round_insert_times(const struct vrp *v, struct round *x, uint32_t p)
{
	uint32_t depot = v->vehicles[x->type].depot, at = p ? x->visit[p - 1] : depot;
	double now = p ? x->ready[p - 1] : round_start(v, x->type);
	for (uint32_t q = p; q < x->length; q++) {
		uint32_t to = x->visit[q];
		now = vrp_later(now + vrp_hours(v, at, to), v->open[to]) + v->service[to];
		if (q > p && x->ready[q] == now)
			break;
		x->ready[q] = now;
		at = to;
	}
	at = p + 1 < x->length ? x->visit[p + 1] : depot;
	double late = p + 1 < x->length ? x->late[p + 1] : round_end(v, x->type);
	for (uint32_t q = p + 1; q--;) {
		uint32_t from = x->visit[q];
		late = vrp_sooner(late - vrp_hours(v, from, at) - v->service[from], v->close[from]);
		if (q < p && x->late[q] == late)
			break;
		x->late[q] = late;
		at = from;
	}
}

void round_drop_idle_trips(const struct vrp *v, struct round *x)
{
	uint32_t n = 0;
	for (uint32_t p = 0; p < x->length; p++) {
		bool is_idle =
			vrp_is_depot(v, x->visit[p]) && (!n || vrp_is_depot(v, x->visit[n - 1]));
		if (!is_idle)
			x->visit[n++] = x->visit[p];
	}
	if (n && vrp_is_depot(v, x->visit[n - 1]))
		n--;
	x->length = n;
}

/* The latest release among the stops of the trip that begins at `from`. */
static double trip_release(const struct vrp *v, const struct round *x, uint32_t from)
{
	double release = 0;
	for (uint32_t p = from; p < x->length && !vrp_is_depot(v, x->visit[p]); p++)
		release = vrp_later(release, v->release[x->visit[p]]);
	return release;
}

static void settle_times(const struct vrp *v, struct round *x)
{
	uint32_t depot = v->vehicles[x->type].depot, at = depot;
	double now = vrp_later(round_start(v, x->type), trip_release(v, x, 0));
	for (uint32_t p = 0; p < x->length; p++) {
		uint32_t to = x->visit[p];
		now = vrp_later(now + vrp_hours(v, at, to), v->open[to]) + v->service[to];
		x->ready[p] = now;
		if (vrp_is_depot(v, to))
			now = vrp_later(now, trip_release(v, x, p + 1));
		at = to;
	}
	double late = round_end(v, x->type);
	at = depot;
	for (uint32_t p = x->length; p--;) {
		uint32_t from = x->visit[p];
		late = vrp_sooner(late - vrp_hours(v, from, at) - v->service[from], v->close[from]);
		x->late[p] = late;
		at = from;
	}
}

void round_settle(const struct vrp *v, struct round *x)
{
	const struct vehicle *b = &v->vehicles[x->type];
	uint32_t at = b->depot;
	x->km = 0;
	x->trips = x->length > 0;
	x->needs = 0;
	for (size_t d = 0; d < v->dims; d++)
		x->load[d] = 0;
	for (uint32_t p = 0; p < x->length; p++) {
		uint32_t to = x->visit[p];
		x->km += vrp_km(v, at, to);
		for (size_t d = 0; d < v->dims; d++)
			x->load[d] += v->load[to * v->dims + d];
		x->trips += vrp_is_depot(v, to);
		x->needs |= v->needs[to];
		at = to;
	}
	if (x->length)
		x->km += vrp_km(v, at, b->depot);
	x->cost = x->length ? b->fixed + b->per_km * x->km : 0;
	if (v->rules && x->length)
		weekly_settle(v, x);
	else if (v->has_time && x->length)
		settle_times(v, x);
}

bool round_can_drive(const struct vrp *v, const struct round *x, const struct vehicle *b)
{
	for (size_t d = 0; d < v->dims; d++)
		if (x->load[d] > b->capacity[d])
			return false;
	return !(x->needs & ~b->skills);
}
