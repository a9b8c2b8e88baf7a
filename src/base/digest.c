#include "digest.h"

#include <sodium.h>

void digest_sha256(const void *data, size_t len, char hex[static 65])
{
	unsigned char raw[crypto_hash_sha256_BYTES];
	crypto_hash_sha256(raw, data, len);
	sodium_bin2hex(hex, 65, raw, sizeof raw);
}
