/* What is kept where others may read it: sealed, so that only who knows auth.secret can open it. */
#ifndef CROFT_SRC_CORE_SECURITY_SEAL_H
#define CROFT_SRC_CORE_SECURITY_SEAL_H

#include <sodium.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

struct security;

enum { SEAL_BYTES = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES };

/* `ret` has room for SEAL_BYTES more. What is sealed for one purpose opens for no other. */
void seal_close(const struct security *security, const char *purpose, const void *bytes, size_t len,
		unsigned char *ret);
/* `ret` has room for SEAL_BYTES fewer. False: it was not sealed like that with this secret. */
bool seal_open(const struct security *security, const char *purpose, const unsigned char *sealed,
	       size_t len, unsigned char *ret) MUST_USE;

#endif
