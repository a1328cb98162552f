/* The signatures of tokens, by either algorithm. */
#ifndef CROFT_SRC_CORE_SECURITY_SIGNATURE_H
#define CROFT_SRC_CORE_SECURITY_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "ring.h"

enum {
	/* The longest in base64url, and the NUL. */
	SIGNATURE_TEXT_ROOM = 87,
};

/* As it stands behind a token's last dot; returns its length. */
size_t signature_make(const struct token_key *key, const char *text, size_t len,
		      char ret[SIGNATURE_TEXT_ROOM]);
/* The length of each of its signatures. */
size_t signature_len(const struct token_key *key);
/*
 * Whether the text ends with a dot and the key's signature of what is before that. It is longer
 * than a signature. In constant time with HS256.
 */
bool signature_is_right(const struct token_key *key, const char *text, size_t len) MUST_USE;

#endif
