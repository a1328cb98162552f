/* What is said of tokens that others show: inputs and answers. */
#ifndef CROFT_SRC_MODULES_AUTH_SHOWN_H
#define CROFT_SRC_MODULES_AUTH_SHOWN_H

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
	const char *sub, *username, *token_type;
	struct maybe_int iat, exp, sid;
	const char *jti;
};

extern const struct schema auth_shown_schema;
extern const struct schema auth_revoked_schema;
extern const struct schema auth_introspection_schema;

#endif
