/*
 * API keys: what programs show in place of a person's token. A key belongs to an account, has a
 * name and roles of its own, and may what these and its account's let it. What other modules need
 * of them; everything else is their operations (keys.list, keys.create, …).
 */
#ifndef CROFT_MODULES_KEYS_H
#define CROFT_MODULES_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/ctx.h"
#include "core/digest.h"
#include "core/module.h"
#include "core/op.h"

extern const struct module keys_module;

/* Of its operations those that the command line has a use for. */
extern const struct operation keys_create_of;
extern const struct operation keys_list_of;
extern const struct operation keys_revoke;

/* What the text of a key says: its id, and what its row has the same of if it is the right one. */
struct key_claim {
	int64_t id;
	char hash[DIGEST_TEXT_ROOM];
};

/* Whether it begins as keys do, with the name of this program: then it is no access token. */
bool key_claim_is_meant(const char *text, size_t len);
/*
 * Whether it is a key as they are written, told by its checksum without the database: so one that
 * was mistyped or cut off costs no look-up.
 */
bool key_claim_read(const char *text, size_t len, struct key_claim *ret) MUST_USE;

/*
 * The actor behind it: APP_NOT_FOUND where there is no such key, it has expired, or its account is
 * inactive. It is never a superuser. One look-up by primary keys, and the same work whether or not
 * there is a key with that id.
 */
enum app_err keys_actor(struct ctx *c, const struct key_claim *claim, struct actor *ret) MUST_USE;
/* ---- as a client of OAuth2: RFC 6749 §4.4 ---- */

/* What an access token says that was given for a key. */
struct key_token {
	int64_t key_id, user_id;
	/* of its secret, so that no other key with that id takes the token */
	int64_t version;
};

/*
 * The client's name: the key's text up to its secret, "croft_12", which no id of an account is. In
 * the arena.
 */
const char *keys_client_id(struct arena *arena, int64_t key_id);
/*
 * The claim of a client whose secret is the whole key. Where that is not a key, or that of another
 * client, no key has the claim: so it costs the same to look it up.
 */
void key_claim_of_client(const char *client_id, const char *secret, struct key_claim *ret);
/*
 * What a token of the key is to say, and when the key ends (unless GIVEN: never). Else as
 * keys_actor().
 */
enum app_err keys_token(struct ctx *c, const struct key_claim *claim, struct key_token *ret,
			struct maybe_instant *ret_expires_at) MUST_USE;
/* As keys_actor(), of the key that the token was given for: it is looked at each time. */
enum app_err keys_actor_by_token(struct ctx *c, const struct key_token *token,
				 struct actor *ret) MUST_USE;

/* That of the key that acts, as it is now; see struct authenticator. */
enum app_err keys_confirm(struct ctx *c) MUST_USE;

/* Inside a write that deletes the role of the bit: no key has it, nor the next with that bit. */
enum app_err keys_lose_role(struct ctx *c, int64_t bit) MUST_USE;

#endif
