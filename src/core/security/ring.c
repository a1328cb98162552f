/* The ring of keys: what a key is made of, and how the ring is read while it is changed. */
#include "ring.h"

#include <assert.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "internal.h"

#define ID_PURPOSE "token key id"
#define PAIR_PURPOSE "token key ed25519"

enum { ID_BYTES = 8, HEADER_ROOM = 64 };

/* ---- a key ---- */

static void set_id(struct token_key *key, const crypto_auth_hmacsha256_state *root)
{
	unsigned char bytes[crypto_auth_hmacsha256_BYTES];
	security_derive(root, ID_PURPOSE, bytes);
	assert(str_base64url_room(ID_BYTES) == sizeof(key->id));
	str_base64url(bytes, ID_BYTES, key->id);
	sodium_memzero(bytes, sizeof(bytes));
}

/* One spelling: who reads a token compares it. */
static void set_head(struct token_key *key)
{
	char header[HEADER_ROOM];
	int len = snprintf(header, sizeof(header),
			   "{\"alg\":\"%s\",\"kid\":\"%s\",\"typ\":\"JWT\"}",
			   key->signing == SIGNING_EDDSA ? "EdDSA" : "HS256", key->id);
	assert(len > 0 && str_base64url_room((size_t)len) + 1 <= sizeof(key->head));
	key->head_len = str_base64url(header, (size_t)len, key->head);
	key->head[key->head_len++] = '.';
}

static void set_pair(struct token_key *key, const crypto_auth_hmacsha256_state *root)
{
	unsigned char seed[crypto_auth_hmacsha256_BYTES];
	static_assert(sizeof(seed) == crypto_sign_SEEDBYTES, "a derived key is a seed");
	security_derive(root, PAIR_PURPOSE, seed);
	crypto_sign_seed_keypair(key->public, key->secret, seed);
	sodium_memzero(seed, sizeof(seed));
}

void token_key_make(const struct security *security, const crypto_auth_hmacsha256_state *root,
		    int64_t signs_from, struct token_key *ret)
{
	*ret = (struct token_key){ .signing = security->signing,
				   .signs_from = signs_from,
				   .over_at = INT64_MAX };
	if (ret->signing == SIGNING_EDDSA)
		set_pair(ret, root);
	else
		ret->mac = *root;
	set_id(ret, root);
	set_head(ret);
}

/* ---- the ring ---- */

/*
 * Who counts himself in and finds that the other one is read by now has looked at nothing: the one
 * that he counted himself in may be written.
 */
const struct ring *ring_hold(struct security *security)
{
	struct rings *rings = &security->rings;
	for (;;) {
		unsigned at = atomic_load(&rings->current);
		struct ring_slot *slot = &rings->slots[at];
		atomic_fetch_add(&slot->readers, 1);
		if (atomic_load(&rings->current) == at)
			return &slot->ring;
		atomic_fetch_sub(&slot->readers, 1);
	}
}

static struct ring_slot *slot_of(const struct ring *ring)
{
	return (struct ring_slot *)((uintptr_t)ring - offsetof(struct ring_slot, ring));
}

void ring_release(const struct ring *ring)
{
	atomic_fetch_sub(&slot_of(ring)->readers, 1);
}

/* Nobody holds it for longer than a signature takes. */
static void await_readers(struct ring_slot *slot)
{
	while (atomic_load(&slot->readers))
		sched_yield();
}

void ring_replace(struct security *security, const struct ring *ring)
{
	struct rings *rings = &security->rings;
	pthread_mutex_lock(&rings->lock);
	unsigned before = atomic_load(&rings->current);
	struct ring_slot *next = &rings->slots[!before];
	await_readers(next);
	next->ring = *ring;
	atomic_store(&rings->current, !before);
	await_readers(&rings->slots[before]);
	sodium_memzero(&rings->slots[before].ring, sizeof(rings->slots[before].ring));
	pthread_mutex_unlock(&rings->lock);
}

const struct token_key *ring_signer(const struct ring *ring, int64_t now_s)
{
	const struct token_key *signer = ring->count ? &ring->keys[0] : NULL;
	for (size_t i = 1; i < ring->count; i++)
		if (ring->keys[i].signs_from <= now_s)
			signer = &ring->keys[i];
	return signer;
}

const struct token_key *ring_find(const struct ring *ring, const char *text, size_t len)
{
	for (const struct token_key *key = ring->keys; key < ring->keys + ring->count; key++)
		if (len > key->head_len && !memcmp(text, key->head, key->head_len))
			return key;
	return NULL;
}
