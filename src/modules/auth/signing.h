/* Keys that sign tokens: what the files of the auth module share of them. */
#ifndef CROFT_SRC_MODULES_AUTH_SIGNING_H
#define CROFT_SRC_MODULES_AUTH_SIGNING_H

#include "core/keyring.h"
#include "core/service.h"
#include "modules/auth.h"

extern const struct schema auth_key_schema;
extern const struct schema auth_keys_schema;
extern const struct schema auth_rotate_schema;

/* The table auth_keys, in order of signs_from; one row more than a ring has means too many. */
struct auth_kept {
	size_t count;
	struct kept_key keys[KEYRING_MOST + 1];
};
enum app_err auth_keys_read(struct ctx *c, struct auth_kept *ret) MUST_USE;

/* RFC 8037 §2 */
struct auth_jwk {
	const char *kty, *crv, *alg, *use, *kid, *x;
};

/* RFC 7517 §5 */
struct auth_jwks {
	/* of struct auth_jwk */
	struct array keys;
};

extern const struct schema auth_jwk_schema;
extern const struct schema auth_jwks_schema;

/* How long others may keep the public keys, in seconds. A new key waits for longer. */
enum { JWKS_KEPT_S = 300 };

extern const struct operation auth_get_jwks;

/* Keeps the ring of this process as the table has it: see key_service.c. */
extern const struct service auth_keyring_service;

#endif
