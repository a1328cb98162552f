/*
 * Signing in: what a password, and a code where there is a second factor, begins, be it tokens or a
 * cookie; who is behind a token, a cookie or an API key; and the keys that sign tokens. What
 * sessions and API keys are stands in modules/users.h and modules/keys.h.
 */
#ifndef CROFT_MODULES_AUTH_H
#define CROFT_MODULES_AUTH_H

#include "core/module.h"

extern const struct module auth_module;

/* Of which something is shown or ended. */
struct auth_account {
	int64_t user_id;
};

/* ---- keys that sign access tokens ---- */

/* A key as it is told of: never what is secret of it. */
struct auth_key {
	/* "kid" of its tokens */
	const char *kid;
	/* "next", "signs" or "retired" */
	const char *state;
	struct instant signs_from;
	/* once another signs, or will */
	struct maybe_instant taken_until;
};

struct auth_keys {
	/* of struct auth_key */
	struct array keys;
};

struct auth_rotate {
	bool forget;
};

/* Of nothing, struct auth_keys: the key that signs and those whose tokens are still taken. */
extern const struct operation auth_list_keys;
/* Of struct auth_rotate, struct auth_key: the one that was added. */
extern const struct operation auth_rotate_keys;

/* ---- sessions ---- */

/* As it is shown to whose it is, and to who manages accounts. */
struct auth_session {
	int64_t id;
	/* What the client called itself; NULL: nothing. */
	const char *agent;
	/* "": it is not known. */
	const char *address;
	struct instant created_at, last_seen_at;
	/* Unless it is refreshed before. */
	struct instant expires_at;
	/* Of whoever asks. */
	bool is_current;
};

struct auth_sessions {
	/* of struct auth_session, newest first */
	struct array sessions;
};
extern const struct schema auth_session_schema;

/* Of struct auth_account: lists those that live (struct auth_sessions); ends them (nothing). */
extern const struct operation auth_list_sessions_of;
extern const struct operation auth_end_sessions_of;

/* ---- passwords that are guessed ---- */

/*
 * Whether a password for the login may be looked at now; APP_TOO_MANY, be it right or wrong, and
 * whether there is such an account or not.
 */
enum app_err auth_attempt_check(struct ctx *c, const char *login) MUST_USE;
/* One was looked at, and was right or not. */
void auth_attempt_note(struct ctx *c, const char *login, bool is_right);

/* ---- the second factor ---- */

/* Of a login: ends the second factor of its account. For those who have lost theirs. */
extern const struct operation auth_end_factor_of;
/* Of struct auth_account: the same for who manages accounts, if this one may no more than he. */
extern const struct operation auth_reset_factor;

#endif
