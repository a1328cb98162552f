/*
 * The public keys of access tokens as a JWK Set (RFC 7517 §5, RFC 8037 §2), for other services that
 * verify our tokens. It holds no secret: where tokens are signed with HS256 it is empty.
 */
#include "base/arena.h"
#include "internal.h"
#include "signing.h"

#define ONLY(text) \
	.required = true, .choices = (const char *const[]) \
	{ \
		text, NULL \
	}

SCHEMA(auth_jwk,
	FIELD(struct auth_jwk, kty, ONLY("OKP")),
	FIELD(struct auth_jwk, crv, ONLY("Ed25519")),
	FIELD(struct auth_jwk, alg, ONLY("EdDSA")),
	FIELD(struct auth_jwk, use, ONLY("sig")),
	FIELD(struct auth_jwk, kid, .required = true, .doc = "As it stands in the header of tokens",
	      .example = "\"obyrrzT04gE\""),
	FIELD(struct auth_jwk, x, .required = true, .doc = "The public key in base64url",
	      .example = "\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\""));

SCHEMA(auth_jwks, FIELD(struct auth_jwks, keys, .required = true, .object = &auth_jwk_schema));

static enum app_err get_jwks(struct ctx *c, const struct nothing *in, struct auth_jwks *ret)
{
	(void)in;
	struct public_key public[KEYRING_MOST];
	size_t count = keyring_public(c, public);
	struct auth_jwk *keys = arena_zero(c->arena, (count + 1) * sizeof(*keys));
	for (size_t i = 0; i < count; i++)
		keys[i] = (struct auth_jwk){ .kty = "OKP",
					     .crv = "Ed25519",
					     .alg = "EdDSA",
					     .use = "sig",
					     .kid = arena_strdup(c->arena, public[i].id),
					     .x = arena_strdup(c->arena, public[i].x) };
	ret->keys = (struct array){ .items = keys, .count = count };
	return APP_OK;
}

OPERATION_FN(get_jwks, struct nothing, struct auth_jwks)

const struct operation auth_get_jwks = {
	.name = "auth.jwks",
	.summary = "Get the public keys of access tokens",
	.doc = "A JWK Set (RFC 7517) with those whose tokens are taken, and the one that signs "
	       "next. Empty where `auth.signing` is hs256. May be kept for five minutes.",
	.kind = QUERY,
	.access = ACCESS_PUBLIC,
	.out = &auth_jwks_schema,
	.light = true,
	RUN(get_jwks),
};
