/* SHA-256, as lower-case hexadecimal. */
#ifndef RECIRCUIT_DIGEST_H
#define RECIRCUIT_DIGEST_H

#include <stddef.h>

void digest_sha256(const void *data, size_t len, char hex[static 65]);

#endif
