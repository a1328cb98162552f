/*
 * What the files of core/security share. Built by security_new(), constant afterwards but for what
 * is atomic and the ring of keys, so threads may read it.
 */
#ifndef CROFT_SRC_CORE_SECURITY_INTERNAL_H
#define CROFT_SRC_CORE_SECURITY_INTERNAL_H

#include <sodium.h>
#include <stdatomic.h>
#include <stddef.h>

#include "core/security.h"
#include "foreign.h"
#include "ring.h"

enum {
	/* RFC 7518 §3.2 */
	SECRET_MIN_BYTES = 32,
	/* of 32 random hex digits fewer differ once in 10^12 times */
	SECRET_DIFFERENT_MIN = 6,
	ISSUER_MAX_BYTES = 64,
	/* as in libsodium's own hashes */
	DECOY_HASH_BYTES = 32,
	CLAIMS_HEAD_ROOM = 2 * ISSUER_MAX_BYTES + 32,
};

/*
 * What libsodium's functions leave on the stack: a hash of a password begins with the password.
 * They take some 10 KiB; called by the function that called them.
 */
enum { STACK_TOUCHED = 32 * 1024 };

struct security {
	/* keyed with the secret, before any data: whatever we sign or seal with follows from it */
	crypto_auth_hmacsha256_state key;
	/* there is a key */
	bool signs;
	/* an enum security_signing */
	int64_t signing;
	/* of tokens */
	struct rings rings;
	/* under which tokens that were verified are remembered */
	unsigned char known_key[crypto_shorthash_siphashx24_KEYBYTES];
	unsigned long long passes;
	size_t memory_bytes;
	/* what the dearest hash took that was checked, or one of ours; see cost_of() */
	atomic_uint_fast64_t dearest;
	/* the same of hashes of other systems, by their kind; 0: none was met */
	atomic_uint_fast64_t dearest_foreign[FOREIGN_KINDS];
	size_t claims_head_len;
	/* {"iss":"…","aud":"…","sub":" of every token */
	char claims_head[CLAIMS_HEAD_ROOM];
	/* the hash of a password nobody knows */
	char decoy[PASSWORD_HASH_ROOM];
};

/* A key for a purpose of our own, from what a key begins with. */
void security_derive(const crypto_auth_hmacsha256_state *root, const char *purpose,
		     unsigned char ret_key[crypto_auth_hmacsha256_BYTES]);

#endif
