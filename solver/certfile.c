#include "certfile.h"

static void write_table(struct jout *j, const char *key, const double *v, const size_t size[3])
{
	jout_key(j, key);
	jout_open(j, '[');
	for (size_t x = 0; x < size[0]; x++) {
		jout_open(j, '[');
		for (size_t y = 0; y < size[1]; y++) {
			jout_open(j, '[');
			for (size_t z = 0; z < size[2]; z++)
				jout_real(j, *v++);
			jout_close(j);
		}
		jout_close(j);
	}
	jout_close(j);
}

void certfile_write(struct jout *j, const struct model *m, const struct certificate *c)
{
	jout_open(j, '{');
	write_table(j, "price", c->price, (size_t[]){m->flows, m->years, m->points});
	if (c->share)
		write_table(j, "share", c->share, (size_t[]){m->sites, m->flows, m->years});
	jout_close(j);
}

static const double *read_table(
	struct arena *a, const struct jin *at, const char *key, const size_t size[3])
{
	static const double LARGEST = 1e18;
	double *table = arena_array(a, double, size[0] * size[1] * size[2]), *v = table;
	struct jin outer = jin_array(at, key, size[0], size[0]);
	for (size_t x = 0; x < outer.count && !jin_failed(at); x++) {
		struct jin middle = jin_item(&outer, x);
		if (middle.count != size[1])
			jin_fail(&middle, "%zu valeurs au lieu de %zu", middle.count, size[1]);
		for (size_t y = 0; y < size[1] && !jin_failed(at); y++) {
			struct jin inner = jin_item(&middle, y);
			if (inner.count != size[2])
				jin_fail(
					&inner, "%zu valeurs au lieu de %zu", inner.count, size[2]);
			for (size_t z = 0; z < size[2] && !jin_failed(at); z++) {
				struct jin value = jin_item(&inner, z);
				*v++ = jin_value_real(&value, -LARGEST, LARGEST);
			}
		}
	}
	return table;
}

struct certificate certfile_read(struct arena *a, const struct jin *at, const struct model *m)
{
	return (struct certificate){
		.price = read_table(a, at, "price", (size_t[]){m->flows, m->years, m->points}),
		.share = jin_has(at, "share") ? read_table(a, at, "share",
							(size_t[]){m->sites, m->flows, m->years})
					      : NULL};
}
