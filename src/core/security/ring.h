/*
 * The ring of keys as the files of core/security use it. Readers hold it for as long as they look
 * at a key and never wait; who changes it waits until the last reader of what was before has let
 * go, and wipes that.
 */
#ifndef CROFT_SRC_CORE_SECURITY_RING_H
#define CROFT_SRC_CORE_SECURITY_RING_H

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdint.h>

#include "core/keyring.h"

enum {
	KEY_BYTES = 32,
	KEY_HEAD_ROOM = 72,
};

struct security;

struct token_key {
	char id[KEY_ID_ROOM];
	/* of its tokens, in base64url with the dot behind it */
	char head[KEY_HEAD_ROOM];
	size_t head_len;
	/* an enum security_signing */
	int64_t signing;
	/* of HS256: keyed, before any data; copied for each token */
	crypto_auth_hmacsha256_state mac;
	/* of EdDSA */
	unsigned char public[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
	/* in seconds since 1970; its tokens are refused from the other on */
	int64_t signs_from, over_at;
};

struct ring {
	size_t count;
	struct token_key keys[KEYRING_MOST];
};

struct ring_slot {
	atomic_uint readers;
	struct ring ring;
};

struct rings {
	/* of those who change it */
	pthread_mutex_t lock;
	/* which of the two is read */
	atomic_uint current;
	struct ring_slot slots[2];
};

/* A key of the algorithm that is set, from what it follows from. */
void token_key_make(const struct security *security, const crypto_auth_hmacsha256_state *root,
		    int64_t signs_from, struct token_key *ret);

/* To be given back with ring_release(). */
const struct ring *ring_hold(struct security *security);
void ring_release(const struct ring *ring);
void ring_replace(struct security *security, const struct ring *ring);

/* The key that signs at that time, or NULL: there is none at all. */
const struct token_key *ring_signer(const struct ring *ring, int64_t now_s);
/* The key whose header the text begins with, or NULL. */
const struct token_key *ring_find(const struct ring *ring, const char *text, size_t len);

#endif
