#include "herd.h"

#include "chance.h"

#include <string.h>

enum { LIKE = 5, SPARED = 4 };

static const double WITHIN = 0.2; /* share of plans within capacities that is sought */
static const double HARDER = 1.2, SOFTER = 0.85;
static const double FINE_LEAST = 0.1, FINE_MOST = 1e5; /* times the dearest km */
static const double SAME_COST = 1e-6;

static void flock_init(struct flock *f, struct arena *a, const struct vrp *v)
{
	struct genome *g = arena_array(a, struct genome, HERD_ROOM);
	for (size_t n = 0; n < HERD_ROOM; n++) {
		genome_init(&g[n], a, v);
		f->member[n] = &g[n];
		f->slot[n] = n;
	}
}

void herd_init(struct herd *h, struct arena *a, const struct vrp *v, const struct fleet *f)
{
	double longest = 0, heaviest = 0;
	*h = (struct herd){.v = v,
		.fine_least = FINE_LEAST * f->most_per_km,
		.fine_most = FINE_MOST * f->most_per_km};
	flock_init(&h->fit, a, v);
	flock_init(&h->unfit, a, v);
	genome_init(&h->best, a, v);
	h->best.cost = INFINITY;
	for (size_t i = 1; i < v->places; i++) {
		longest = fmax(longest, vrp_km(v, 0, i));
		heaviest = fmax(heaviest, v->load[i]);
	}
	h->fine = fmin(
		fmax(f->most_per_km * longest / fmax(heaviest, 1e-9), h->fine_least), h->fine_most);
	for (size_t n = 0; n < HERD_RECENT; n++)
		h->recent[n] = true;
}

void herd_clear(struct herd *h)
{
	h->fit.count = h->unfit.count = 0;
}

static double cost_of(const struct herd *h, const struct genome *g)
{
	return g->cost + h->fine * g->excess;
}

/* The member with all that belongs to it goes to another rank; those between move up or down. */
static void move_to(struct flock *f, size_t from, size_t to)
{
	struct genome *g = f->member[from];
	size_t slot = f->slot[from];
	for (; from > to; from--) {
		f->member[from] = f->member[from - 1];
		f->slot[from] = f->slot[from - 1];
	}
	for (; from < to; from++) {
		f->member[from] = f->member[from + 1];
		f->slot[from] = f->slot[from + 1];
	}
	f->member[to] = g;
	f->slot[to] = slot;
}

/* Mean difference from those most like it. */
static double difference(const struct flock *f, size_t n)
{
	float least[LIKE];
	size_t count = 0;
	for (size_t m = 0; m < f->count; m++) {
		if (m == n)
			continue;
		float apart = f->apart[f->slot[n]][f->slot[m]];
		size_t k = count < LIKE ? count++ : LIKE;
		for (; k && least[k - 1] > apart; k--)
			if (k < LIKE)
				least[k] = least[k - 1];
		if (k < LIKE)
			least[k] = apart;
	}
	double sum = 0;
	for (size_t k = 0; k < count; k++)
		sum += (double)least[k];
	return count ? sum / (double)count : 1;
}

static bool is_twin(const struct flock *f, size_t n)
{
	for (size_t m = 0; m < f->count; m++)
		if (m != n && f->apart[f->slot[n]][f->slot[m]] <= 0)
			return true;
	return false;
}

static void judge(struct flock *f)
{
	double apart[HERD_ROOM];
	for (size_t n = 0; n < f->count; n++)
		apart[n] = difference(f, n);
	double last = f->count > 1 ? (double)(f->count - 1) : 1;
	double spared = f->count > SPARED ? 1 - SPARED / (double)f->count : 0;
	for (size_t n = 0; n < f->count; n++) {
		size_t rank = 0;
		for (size_t m = 0; m < f->count; m++)
			rank += apart[m] > apart[n] || (apart[m] >= apart[n] && m < n);
		f->fitness[n] = (double)n / last + spared * (double)rank / last;
	}
}

static void cull(struct flock *f)
{
	while (f->count > HERD_LEAST) {
		size_t worst = 0;
		bool is_twin_worst = false;
		judge(f);
		for (size_t n = 1; n < f->count; n++) {
			bool twin = is_twin(f, n);
			if (twin > is_twin_worst ||
				(twin == is_twin_worst &&
					(!worst || f->fitness[n] > f->fitness[worst]))) {
				worst = n;
				is_twin_worst = twin;
			}
		}
		move_to(f, worst, f->count - 1);
		f->count--;
	}
}

bool herd_add(struct herd *h, const struct genome *g)
{
	bool is_fit = g->excess <= SAME_COST;
	struct flock *f = is_fit ? &h->fit : &h->unfit;
	size_t n = f->count++, rank = n, slot = f->slot[n];
	genome_copy(f->member[n], g, h->v);
	for (size_t m = 0; m < n; m++)
		f->apart[slot][f->slot[m]] = f->apart[f->slot[m]][slot] =
			(float)genome_distance(g, f->member[m], h->v);
	while (rank && cost_of(h, f->member[rank - 1]) > cost_of(h, g))
		rank--;
	move_to(f, n, rank);
	if (f->count == HERD_ROOM)
		cull(f);
	h->is_stale = true;
	if (!is_fit || g->cost >= h->best.cost - SAME_COST)
		return false;
	genome_copy(&h->best, g, h->v);
	return true;
}

void herd_note(struct herd *h, bool is_fit)
{
	h->recent[h->noted++ % HERD_RECENT] = is_fit;
}

const struct genome *herd_pick(struct herd *h, uint64_t *random)
{
	if (h->is_stale) {
		judge(&h->fit);
		judge(&h->unfit);
		h->is_stale = false;
	}
	const struct genome *best = NULL;
	double least = INFINITY;
	for (int n = 0; n < 2; n++) {
		size_t k = chance_below(random, h->fit.count + h->unfit.count);
		bool is_fit = k < h->fit.count;
		const struct flock *f = is_fit ? &h->fit : &h->unfit;
		k -= is_fit ? 0 : h->fit.count;
		if (f->fitness[k] < least) {
			least = f->fitness[k];
			best = f->member[k];
		}
	}
	return best;
}

void herd_adapt(struct herd *h)
{
	double within = 0;
	for (size_t n = 0; n < HERD_RECENT; n++)
		within += h->recent[n] / (double)HERD_RECENT;
	if (within < WITHIN - 0.05)
		h->fine = fmin(h->fine * HARDER, h->fine_most);
	else if (within > WITHIN + 0.05)
		h->fine = fmax(h->fine * SOFTER, h->fine_least);
	struct flock *f = &h->unfit;
	for (size_t n = 1; n < f->count; n++) {
		size_t rank = n;
		while (rank && cost_of(h, f->member[rank - 1]) > cost_of(h, f->member[n]))
			rank--;
		move_to(f, n, rank);
	}
	h->is_stale = true;
}
