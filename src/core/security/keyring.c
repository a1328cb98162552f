/* Keys that are drawn, sealed and opened again. What a key is made of is ring.c's. */
#include "core/keyring.h"

#include <assert.h>
#include <string.h>

#include "base/app_name.h"
#include "base/str.h"
#include "core/app.h"
#include "internal.h"
#include "seal.h"

#define SEAL_PURPOSE "seal of a token key"

enum { SEALED_BYTES = KEY_BYTES + SEAL_BYTES };

static_assert(KEY_SEALED_ROOM == (SEALED_BYTES * 4 + 2) / 3 + 1, "a sealed key is such a text");

enum app_err keyring_own(struct ctx *c, struct kept_key *ret)
{
	struct token_key key;
	enum app_err err = security_must_sign(c);
	if (err)
		return err;
	token_key_make(c->app->security, &c->app->security->key, 0, &key);
	*ret = (struct kept_key){ .signs_from = key.signs_from };
	memcpy(ret->id, key.id, sizeof(ret->id));
	sodium_memzero(&key, sizeof(key));
	sodium_stackzero(STACK_TOUCHED);
	return APP_OK;
}

static void make_of_bytes(const struct security *security, const unsigned char bytes[KEY_BYTES],
			  int64_t signs_from, struct token_key *ret)
{
	crypto_auth_hmacsha256_state root;
	crypto_auth_hmacsha256_init(&root, bytes, KEY_BYTES);
	token_key_make(security, &root, signs_from, ret);
	sodium_memzero(&root, sizeof(root));
}

enum app_err keyring_draw(struct ctx *c, int64_t signs_from, struct kept_key *ret)
{
	struct token_key key;
	unsigned char bytes[KEY_BYTES], sealed[SEALED_BYTES];
	enum app_err err = security_must_sign(c);
	if (err)
		return err;
	randombytes_buf(bytes, sizeof(bytes));
	make_of_bytes(c->app->security, bytes, signs_from, &key);
	*ret = (struct kept_key){ .signs_from = signs_from };
	memcpy(ret->id, key.id, sizeof(ret->id));
	seal_close(c->app->security, SEAL_PURPOSE, bytes, sizeof(bytes), sealed);
	str_base64url(sealed, sizeof(sealed), ret->sealed);
	sodium_memzero(bytes, sizeof(bytes));
	sodium_memzero(&key, sizeof(key));
	sodium_stackzero(STACK_TOUCHED);
	return APP_OK;
}

int64_t keyring_over(int64_t next_signs_from)
{
	return next_signs_from + KEY_TOKENS_LIVE_S;
}

static bool open_sealed(const struct security *security, const char *text, struct token_key *ret,
			int64_t signs_from)
{
	unsigned char sealed[SEALED_BYTES], bytes[KEY_BYTES];
	size_t len;
	bool opens = str_base64url_decode(text, strlen(text), sealed, sizeof(sealed), &len) &&
		     len == sizeof(sealed) && seal_open(security, SEAL_PURPOSE, sealed, len, bytes);
	if (opens)
		make_of_bytes(security, bytes, signs_from, ret);
	sodium_memzero(bytes, sizeof(bytes));
	return opens;
}

/* The id follows from the key: one that was put beside another's is found out. */
static bool open_key(const struct security *security, const struct kept_key *kept,
		     struct token_key *ret)
{
	bool opens = true;
	if (*kept->sealed)
		opens = open_sealed(security, kept->sealed, ret, kept->signs_from);
	else
		token_key_make(security, &security->key, kept->signs_from, ret);
	return opens && str_eq(ret->id, kept->id);
}

static bool open_all(const struct security *security, const struct kept_key *keys, size_t count,
		     struct ring *ret)
{
	if (count > KEYRING_MOST)
		return false;
	for (; ret->count < count; ret->count++) {
		struct token_key *key = &ret->keys[ret->count];
		if (!open_key(security, &keys[ret->count], key))
			return false;
		if (ret->count)
			key[-1].over_at = keyring_over(key->signs_from);
	}
	if (!count)
		token_key_make(security, &security->key, 0, &ret->keys[ret->count++]);
	return true;
}

enum app_err keyring_set(struct ctx *c, const struct kept_key *keys, size_t count)
{
	struct security *security = c->app->security;
	struct ring ring = { 0 };
	enum app_err err = security_must_sign(c);
	if (err)
		return err;
	bool opens = open_all(security, keys, count, &ring);
	if (opens)
		ring_replace(security, &ring);
	sodium_memzero(&ring, sizeof(ring));
	sodium_stackzero(STACK_TOUCHED);
	if (opens)
		return APP_OK;
	return ctx_fail(c, APP_CONFLICT,
			"the keys that sign access tokens were sealed with another auth.secret, or "
			"changed: set the secret from before, or run `" APP_NAME
			" auth rotate-keys --forget`, which draws a new key and ends all access "
			"tokens");
}

size_t keyring_public(struct ctx *c, struct public_key ret[KEYRING_MOST])
{
	size_t count = 0;
	int64_t now_s = ctx_now_s(c);
	const struct ring *ring = ring_hold(c->app->security);
	for (size_t i = 0; i < ring->count; i++) {
		const struct token_key *key = &ring->keys[i];
		if (key->signing != SIGNING_EDDSA || key->over_at <= now_s)
			continue;
		memcpy(ret[count].id, key->id, sizeof(key->id));
		str_base64url(key->public, sizeof(key->public), ret[count].x);
		count++;
	}
	ring_release(ring);
	return count;
}
