/* What the files of the auth module share. */
#ifndef CROFT_SRC_MODULES_AUTH_INTERNAL_H
#define CROFT_SRC_MODULES_AUTH_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/limit.h"
#include "core/service.h"
#include "modules/auth.h"

/* ---- settings ---- */

enum auth_switch { AUTH_AUTO = 0, AUTH_ON, AUTH_OFF };

struct auth_options {
	/* how long an access token lives */
	int64_t access_minutes;
	/* enum auth_switch: whether POST /auth/token answers */
	int64_t password_grant;
	/* whether nobody signs in before his e-mail is confirmed */
	bool require_verified;
	/* how long a session lives, and how long if nobody refreshes it */
	int64_t session_days, session_idle_days;
	/* whether browsers sign in by cookie */
	bool cookies;
	/* of one account at once */
	int64_t sessions_most;
	/* in which a refresh token that was used gives its successor again */
	int64_t refresh_grace_seconds;
};
/* section "auth", beside core/security's */
extern const struct option_group auth_option_group;

/* Tokens live that long at most. */
enum { ACCESS_MINUTES_MAX = 1440 };

/* ---- inputs and outputs ---- */

/* A sign-in whose password was right: made by a prepare function, used in the transaction. */
struct auth_proof {
	int64_t user_id;
	int64_t token_version;
	const char *old_hash;
	/* NULL: the old one is as strong as today's settings ask for */
	const char *new_hash;
};

struct auth_login {
	const char *login;
	const char *password;

	struct auth_proof proof;
};

/*
 * The same as a form: with the names of RFC 6749 §4.3.2, or ours. One of the first two is given.
 */
struct auth_login_form {
	const char *username;
	const char *login;
	const char *password;
	const char *grant_type;
	const char *scope;
	const char *client_id;
	const char *client_secret;

	struct auth_proof proof;
};

/*
 * RFC 6749 §4.3.2, §4.4.2 and §6: by its type the two after it are given, or the third, or a client
 * by the last three.
 */
struct auth_grant {
	const char *grant_type;
	const char *username;
	const char *password;
	const char *refresh_token;
	const char *scope;
	const char *client_id;
	const char *client_secret;
	/* the header: RFC 6749 §2.3.1 */
	const char *authorization;

	struct auth_proof proof;
};

/* RFC 6749 §5.1 */
struct auth_token {
	const char *access_token;
	const char *token_type;
	/* seconds */
	int64_t expires_in;
	const char *refresh_token;
	/* seconds, unless it is used before */
	int64_t refresh_expires_in;
};

/* The same by any grant: a client has no refresh token (RFC 6749 §4.4.3). */
struct auth_granted {
	const char *access_token;
	const char *token_type;
	int64_t expires_in;
	const char *refresh_token;
	struct maybe_int refresh_expires_in;
};

struct auth_refresh {
	const char *refresh_token;
};

struct auth_session_ref {
	int64_t session_id;
};

/* ---- the second factor: see factor.h ---- */

struct auth_factor {
	bool is_on;
	struct maybe_instant confirmed_at;
	int64_t recovery_codes_left;
};

struct auth_factor_begin {
	const char *current_password;
};

struct auth_factor_secret {
	/* the same in three forms: to type, to open, to look at */
	const char *secret, *uri, *qr_svg;
};

struct auth_factor_code {
	const char *code;
};

struct auth_factor_proof {
	const char *current_password;
	const char *code;
};

struct auth_recovery_codes {
	/* of texts */
	struct array recovery_codes;
};

struct auth_second_step {
	const char *mfa_token;
	const char *code;
};

struct auth_factor_of {
	const char *login;
};

extern const struct schema auth_factor_schema;
extern const struct schema auth_factor_begin_schema;
extern const struct schema auth_factor_secret_schema;
extern const struct schema auth_factor_code_schema;
extern const struct schema auth_factor_proof_schema;
extern const struct schema auth_recovery_codes_schema;
extern const struct schema auth_second_step_schema;
extern const struct schema auth_factor_of_schema;

extern const struct schema auth_login_schema;
extern const struct schema auth_login_form_schema;
extern const struct schema auth_grant_schema;
extern const struct schema auth_token_schema;
extern const struct schema auth_granted_schema;
extern const struct schema auth_refresh_schema;
extern const struct schema auth_sessions_schema;
extern const struct schema auth_session_ref_schema;
extern const struct schema auth_account_schema;
extern const struct schema auth_metadata_schema;

extern const struct operation auth_login;
extern const struct operation auth_login_form;
extern const struct operation auth_token;
extern const struct operation auth_refresh_token;
extern const struct operation auth_revoke;
extern const struct operation auth_introspect;
extern const struct permission auth_introspecting;
extern const struct operation auth_get_metadata;
extern const struct operation auth_logout;
extern const struct operation auth_logout_all;
extern const struct operation auth_list_sessions;
extern const struct operation auth_end_session;

/* ---- what a session gives ---- */

struct user_session;
struct user_session_rules;
struct user_session_rules auth_session_rules(const struct ctx *c);
/* The access token and the refresh token that it has now. */
enum app_err auth_give_tokens(struct ctx *c, const struct user_session *session,
			      struct auth_token *ret) MUST_USE;
/*
 * A refresh token that is not good is APP_BAD_REQUEST with the code "invalid_grant". Before the
 * write, because it does one of its own: ends the session of one that was used long before.
 */
enum app_err auth_refresh_prepare(struct ctx *c, const char *text) MUST_USE;
/* Inside it: the tokens that come for it. */
enum app_err auth_refresh(struct ctx *c, const char *text, struct auth_token *ret) MUST_USE;
/*
 * The session of a refresh token that we have signed, and whether it is good for tokens now;
 * APP_NOT_FOUND, which is not recorded, where there is none that lives. Changes nothing.
 */
enum app_err auth_refresh_look(struct ctx *c, const char *text, struct user_session *ret,
			       bool *ret_is_good) MUST_USE;

extern const struct operation auth_second_step;
extern const struct operation auth_get_factor;
extern const struct operation auth_begin_factor;
extern const struct operation auth_confirm_factor;
extern const struct operation auth_end_factor;
extern const struct operation auth_print_recovery_codes;
extern const struct route auth_routes[];

#define AUTH_WRONG_CREDENTIALS "Incorrect username or password"
#define AUTH_NOT_VERIFIED "The e-mail of this account is to be confirmed first: ask for a letter"

/*
 * Fills `ret` when the login may sign in with the password; *ret_proven says whether it may. As
 * slow as a hash: lane POOL_HASH only.
 */
enum app_err auth_prove(struct ctx *c, const char *login, const char *password,
			struct auth_proof *ret, bool *ret_proven) MUST_USE;
/* The same, or the failure that a sign-in answers: a second factor is asked for, too. */
enum app_err auth_prove_or_refuse(struct ctx *c, const char *login, const char *password,
				  struct auth_proof *ret) MUST_USE;
/* It is not right, or not any more. */
enum app_err auth_refuse_login(struct ctx *c) MUST_USE;
/* For the log and the audit: one was refused, of which account (0: none), and a word of why. */
void auth_tell_refused(struct ctx *c, int64_t user_id, const char *why);
/*
 * Begins a session for whose proof this is: only inside a write. APP_NOT_FOUND, which is not
 * recorded: the account has changed since.
 */
enum app_err auth_begin_session(struct ctx *c, const struct auth_proof *proof,
				struct user_session *ret) MUST_USE;
/* The same, and its tokens. */
enum app_err auth_sign_in(struct ctx *c, const struct auth_proof *proof,
			  struct auth_token *ret) MUST_USE;

/* ---- policies ---- */

/*
 * Whether POST /auth/token hands out tokens for passwords: as the setting says, and by itself not
 * in production.
 */
bool auth_password_grant_is_on(const struct auth_options *options, int64_t environment);
struct user_credentials;
/*
 * Whether the account must wait for its e-mail to be confirmed. A superuser need not: somebody must
 * be able to change the setting, or the e-mail.
 */
bool auth_must_verify(const struct auth_options *options, const struct user_credentials *user);

/* Of the settings; see struct option_group. */
void auth_check_options(struct config_check *check, const void *values);

/* ---- attempts.c ---- */

/* How long it is known from where an account has signed in. */
enum { AUTH_KNOWN_DAYS = 90 };

/* Who has tried which login in vain, and from where it was signed in with. */
struct auth_attempts {
	struct limit_table *failures, *known;
};
SERVICE_DECLARE(auth_attempts);

/* ---- authenticator.c ---- */

/*
 * Any flaw of a token or a key is APP_UNAUTHENTICATED with code "invalid_token". screen() knows
 * what it says alone: a token that it is ours and not past its time, a key that it was copied
 * whole.
 */
extern const struct authenticator auth_authenticator;

#endif
