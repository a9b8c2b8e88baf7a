#include "crossing.h"

#include <string.h>

bool crossing_has(const struct crossing *c, const struct vrp *v, size_t place)
{
	size_t i = place - v->depots;
	return place >= v->depots && (c->set.word[i / 64] >> (i % 64) & 1);
}

int crossing_count(const struct crossing *c, const struct vrp *v, const struct column *r)
{
	int count = 0;
	bool was_in = false;
	for (uint32_t n = 0; n <= r->length; n++) {
		bool is_in = n < r->length && crossing_has(c, v, r->visit[n]);
		count += is_in != was_in;
		was_in = is_in;
	}
	return count;
}

static bool is_known(const struct crossing *list, size_t count, const struct stops *set)
{
	for (size_t n = 0; n < count; n++)
		if (!memcmp(&list[n].set, set, sizeof *set))
			return true;
	return false;
}

size_t crossing_find(struct arena *a, const struct vrp *v, const double *flow, double by,
	struct crossing *out, size_t most)
{
	size_t found = 0;
	double capacity = v->vehicles[0].capacity[0];
	double *shared = arena_array(a, double, v->places); /* flow between a place and the set */
	for (size_t seed = v->depots; seed < v->places; seed++) {
		struct crossing c = {0};
		double load = 0;
		memset(shared, 0, v->places * sizeof *shared);
		for (size_t next = seed; next;) {
			size_t i = next - v->depots;
			c.set.word[i / 64] |= (uint64_t)1 << (i % 64);

			load += v->load[next * v->dims];
			double border = 0;
			for (size_t p = 0; p < v->places; p++) {
				shared[p] += flow[next * v->places + p];
				if (!crossing_has(&c, v, p))
					border += shared[p];
			}
			c.least = 2 * ceil(load / capacity - 1e-9);
			if (border < c.least - by && found < most && !is_known(out, found, &c.set))
				out[found++] = c;
			next = 0;
			double best = 1e-6;
			for (size_t p = v->depots; p < v->places; p++)
				if (!crossing_has(&c, v, p) && shared[p] > best) {
					best = shared[p];
					next = p;
				}
		}
	}
	return found;
}
