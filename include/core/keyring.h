/*
 * The keys that sign access tokens, each with an id that stands in the header of its tokens
 * ("kid"). Without another the one that follows from auth.secret signs. Others are drawn at random
 * and kept sealed, wherever their owner keeps them: what is here knows no database.
 */
#ifndef CROFT_CORE_KEYRING_H
#define CROFT_CORE_KEYRING_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/ctx.h"

enum {
	/* The one that signs, or will, and two before it. */
	KEYRING_MOST = 3,
	/* 11 characters and the NUL */
	KEY_ID_ROOM = 12,
	/* A text of letters, digits, - and _. */
	KEY_SEALED_ROOM = 97,
	/*
	 * How long the tokens of a key are taken after another has begun to sign, in seconds: a
	 * day, which no token outlives, and what clocks may differ.
	 */
	KEY_TOKENS_LIVE_S = 24 * 60 * 60 + 60,
};

struct kept_key {
	char id[KEY_ID_ROOM];
	/* Empty: it is the one that follows from auth.secret. */
	char sealed[KEY_SEALED_ROOM];
	/* In seconds since 1970; it does until the next one does. */
	int64_t signs_from;
};

/* The key that follows from auth.secret, which signs from the beginning of time. */
enum app_err keyring_own(struct ctx *c, struct kept_key *ret) MUST_USE;
/* Draws a key. */
enum app_err keyring_draw(struct ctx *c, int64_t signs_from, struct kept_key *ret) MUST_USE;
/* When the tokens of a key are over, before which another begins to sign at that time. */
int64_t keyring_over(int64_t next_signs_from);

/*
 * From now on these sign and verify, in order of signs_from, in place of those that did; none: the
 * one that follows from auth.secret. All or none: APP_CONFLICT when one of them cannot be opened,
 * was sealed for another id or there are too many, and the ring stays as it was. Any thread may.
 */
enum app_err keyring_set(struct ctx *c, const struct kept_key *keys, size_t count) MUST_USE;

struct public_key {
	char id[KEY_ID_ROOM];
	/* The key of Ed25519 in base64url, as RFC 8037 §2 has it. */
	char x[44];
};
/*
 * The public keys of those whose tokens are taken, and soon will be. Returns how many; none where
 * tokens are signed with HS256, whose keys are secret.
 */
size_t keyring_public(struct ctx *c, struct public_key ret[KEYRING_MOST]);

#endif
