#include "secret.h"

#include "digest.h"

#include <sodium.h>
#include <string.h>

char *secret_new(struct arena *a, const char *prefix)
{
	unsigned char bytes[SECRET_BYTES];
	char text[sodium_base64_ENCODED_LEN(
		SECRET_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
	randombytes_buf(bytes, sizeof bytes);
	sodium_bin2base64(
		text, sizeof text, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *secret = arena_printf(a, "%s%s", prefix, text);
	sodium_memzero(bytes, sizeof bytes);
	sodium_memzero(text, sizeof text);
	return secret;
}

char *secret_hash(struct arena *a, const char *secret)
{
	char hex[65];
	digest_sha256(secret, strlen(secret), hex);
	return arena_printf(a, "\\x%s", hex);
}
