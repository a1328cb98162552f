/* What is said of tokens that others show: inputs and answers. */
#ifndef CROFT_SRC_MODULES_AUTH_SHOWN_H
#define CROFT_SRC_MODULES_AUTH_SHOWN_H

#include "base/ctx.h"
#include "core/schema.h"

/* RFC 7009 §2.1, RFC 7662 §2.1 */
struct auth_shown {
	const char *token;
	const char *token_type_hint;
	const char *client_id;
	const char *client_secret;
};

struct auth_revoked {
	bool is_over;
};

/* RFC 7662 §2.2; of one that is not good the first alone. */
struct auth_introspection {
	bool active;
	const char *sub, *username, *client_id, *token_type;
	struct maybe_int iat, exp, sid;
	const char *jti;
	/* RFC 9470 §6.2 */
	struct maybe_int auth_time;
};

extern const struct schema auth_shown_schema;
extern const struct schema auth_revoked_schema;
extern const struct schema auth_introspection_schema;

/*
 * What an access token says that is good, and when its owner proved last who he is; APP_NOT_FOUND,
 * which is not recorded, of any other.
 */
struct token;
enum app_err auth_access_look(struct ctx *c, const char *text, struct token *ret,
			      int64_t *ret_proven_us) MUST_USE;

#endif
