/* Any bytes are a network to refuse, with a reason, or one whose model holds and which, written, reads back the same. */
#include "fuzz.h"

#include "buf.h"
#include "economy.h"
#include "model.h"
#include "network.h"

static const char *write(struct arena *a, const struct network *net, size_t *size)
{
	struct buf b;
	struct jout j;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	network_write(&j, net);
	*size = b.len;
	return b.data;
}

static void read_back(struct arena *a, struct network *net)
{
	struct network again;
	struct err e = {0};
	size_t size, size_again;
	const char *text = write(a, net, &size);
	require(network_read(a, text, size, &again, &e));
	const char *text_again = write(a, &again, &size_again);
	require(size == size_again && memcmp(text, text_again, size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct network net;
	struct err e = {0};
	if (network_read(a, (const char *)data, size, &net, &e)) {
		struct model m;
		economy_model(a, &net, &m);
		if (!model_check(&m, &e))
			require_reason(&e);
		if (!net.lane_km)
			read_back(a, &net);
	} else {
		require_reason(&e);
	}
	arena_free(a);
	return 0;
}
