/*
 * Accounts: what other modules and the command line may use of the users module. Everything else
 * about accounts is its operations (users.list, users.get, …).
 */
#ifndef CROFT_MODULES_USERS_H
#define CROFT_MODULES_USERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/ctx.h"
#include "core/digest.h"
#include "core/model.h"
#include "core/module.h"
#include "core/op.h"
#include "core/records.h"
#include "core/schema.h"

extern const struct module users_module;

/* An account as the API shows it. */
struct user {
	int64_t id;
	const char *username;
	const char *email;
	/* NULL: not given. */
	const char *full_name;
	bool is_active;
	bool is_superuser;
	/* Of const char *: the names of its roles; what is stored is the next. */
	struct array roles;
	int64_t role_bits;
	struct instant created_at, updated_at;
	const char *kind;
};
extern const struct schema user_schema;
/* A service is a program: it has API keys, and nothing to sign in with. */
#define USER_PERSON "person"
#define USER_SERVICE "service"
bool user_kind_is_service(const char *kind);
/* For relations, such as the author of a post. */
extern const struct model user_model;

/* What it takes to check a sign-in. Never leaves the server. */
struct user_credentials {
	int64_t id;
	const char *username;
	const char *email;
	/* NULL: no password is set, so nobody can sign in. */
	const char *password_hash;
	bool is_active;
	/* Sessions that live by another one are over, with all their tokens. */
	int64_t token_version;
	bool is_superuser;
	/* When its owner was last known to read its e-mail; unless GIVEN, never. */
	struct maybe_instant verified_at;
	const char *kind;
};

/*
 * Finds a person, active or not, by username or e-mail in any case and form. Nobody, or a service:
 * APP_NOT_FOUND. Texts live in the arena. What is mailed goes to the address that is stored, never
 * to the login that found it.
 */
enum app_err users_find(struct ctx *c, const char *login, struct user_credentials *ret) MUST_USE;

/* What a token says of whom it is for. */
struct user_claim {
	int64_t user_id, token_version, session_id;
};
/*
 * The actor behind it: its account, if that is active, and the session is of that account and
 * version and has not ended; else APP_NOT_FOUND. Runs with every signed-in request, and again
 * inside the write of a command, so it is one look-up by primary keys.
 */
enum app_err users_actor(struct ctx *c, struct user_claim claim, struct actor *ret) MUST_USE;

/* What a cookie says: of a session that was begun by one. */
struct user_cookie {
	int64_t session_id;
	/* Of its secret; compared by the database, since nobody can choose the bytes of a hash. */
	unsigned char hash[DIGEST_BYTES];
};
/*
 * The same by a cookie, which has no time of its own: the session must not be over, either.
 */
enum app_err users_actor_by_cookie(struct ctx *c, const struct user_cookie *cookie,
				   struct actor *ret) MUST_USE;

/*
 * Replaces a hash by a stronger one of the same password; tokens stay alive. Does nothing when the
 * password was changed meanwhile. Only inside a write.
 */
enum app_err users_replace_hash(struct ctx *c, int64_t id, const char *old_hash,
				const char *new_hash) MUST_USE;

/*
 * Inside a write that changes the role of the bit: another ETag for all accounts that hold it, and
 * without the role where it is gone.
 */
enum app_err users_touch_role(struct ctx *c, int64_t bit, bool is_gone) MUST_USE;

/*
 * Creates the superuser named in the settings [first_superuser] unless some account is one already.
 * A password that is not set there is made up and printed once to stderr, never to the log.
 */
enum app_err users_ensure_first_superuser(struct ctx *c) MUST_USE;

/* ---- for whoever manages accounts ---- */

/* To see all of them, and to change those that may no more than oneself. */
extern const struct permission users_read;
extern const struct permission users_manage;
/* Inside a write: APP_FORBIDDEN unless whoever acts may all that the account may. */
enum app_err user_check_reach(struct ctx *c, int64_t user_id) MUST_USE;

/* ---- for whoever shows that he reads the e-mail of an account ---- */

/*
 * What the account has now; inside a write nobody else changes it until that is done. Nobody:
 * APP_NOT_FOUND.
 */
enum app_err users_credentials(struct ctx *c, int64_t id, struct user_credentials *ret) MUST_USE;
/* What usernames, or e-mails, that are the same have in common, in the arena. */
const char *users_name_key(struct ctx *c, const char *name);

struct user_password {
	/* The input's, for the fault. */
	const char *field;
	const char *text;
	/* Of the account it is for. */
	const char *username, *email;
};
/*
 * Checks and hashes it into the arena: one that is easily guessed is a fault of its field. The
 * names may change before the hash is stored: the write that does so checks again, by the names
 * that the row has then. Slow: lane POOL_HASH only.
 */
enum app_err user_password_hash(struct ctx *c, const struct user_password *password,
				const char **ret_hash) MUST_USE;
/*
 * Gives it that password, whose hash this is, signs it out everywhere, and its e-mail is verified.
 * Only inside a write.
 */
enum app_err users_recover(struct ctx *c, int64_t id, const char *password,
			   const char *hash) MUST_USE;

/*
 * Whether it is that of whoever asks, whose account *ret then is; else a fault of the body's
 * current_password, which counts and is noted as one at a sign-in: after some of them APP_TOO_MANY.
 * As slow as that: lane POOL_HASH only.
 */
enum app_err user_check_current(struct ctx *c, const char *password,
				struct user_credentials *ret) MUST_USE;
/*
 * In the write, by the version that the account had when its current password was checked. Another
 * one means that the session is over: that is what the caller is told.
 */
enum app_err user_check_unchanged(struct ctx *c, int64_t token_version) MUST_USE;

/* An account that whoever reads the e-mail makes for himself. */
struct user_registration {
	const char *username, *email, *full_name, *password_hash;
};
/* Only inside a write. A name or an e-mail that somebody has is APP_CONFLICT. */
enum app_err users_register(struct ctx *c, const struct user_registration *in,
			    struct user *ret) MUST_USE;
/* Its e-mail is verified. Only inside a write. */
enum app_err users_verify(struct ctx *c, int64_t id, struct user *ret) MUST_USE;
/*
 * Its e-mail is that one, and verified, and the one that it had is told; one that another has is
 * APP_CONFLICT. Only inside a write that has read what it was before.
 */
enum app_err users_move(struct ctx *c, const struct user_credentials *before, const char *email,
			struct user *ret) MUST_USE;

/* ---- sessions: what a sign-in begins, and its tokens live by ---- */

struct user_session {
	int64_t id;
	int64_t user_id;
	/* What its access tokens say; see struct user_claim. */
	int64_t token_version;
	/* Random, of this session alone: for signatures that no other session's are. */
	const char *seed;
	/* Of the refresh token that is good. */
	int64_t generation;
	/* The sign-in, or the last refresh. */
	struct instant seen_at;
	/* It lives no longer; and if nobody refreshes it, no longer than that. */
	struct instant expires_at, over_at;
	/* Who signed in, as the client told; NULL: it did not. */
	const char *agent, *address;
	struct instant created_at;
};
extern const struct schema user_session_schema;

/* How long sessions live, and how many. */
struct user_session_rules {
	int64_t idle_us, lifetime_us;
	/* Of an account at once: the oldest ends for another. */
	int64_t most;
};

/*
 * Begins one for an account whose password was just proven, of the client in c->client. Forgets
 * some that were over long ago. APP_NOT_FOUND, which is not recorded: the account is not any more
 * what it was at that version. Only inside a write, as its first step.
 */
enum app_err users_session_start(struct ctx *c, int64_t user_id, int64_t token_version,
				 const struct user_session_rules *rules,
				 struct user_session *ret) MUST_USE;
/*
 * The session, if it lives and its account may still be signed in; else APP_NOT_FOUND, which is not
 * recorded. Inside a write nobody else renews it until that is done.
 */
enum app_err users_session_find(struct ctx *c, int64_t id, struct user_session *ret) MUST_USE;
/* It was refreshed: another generation, and another end of idleness. Only inside a write. */
enum app_err users_session_renew(struct ctx *c, const struct user_session *session,
				 const struct user_session_rules *rules,
				 struct user_session *ret) MUST_USE;
/*
 * Who is signed in there has just proven again who he is. One that has ended is APP_NOT_FOUND. Only
 * inside a write.
 */
enum app_err users_session_prove(struct ctx *c, int64_t id) MUST_USE;
/* It lives by a cookie, whose secret has that hash. Only inside a write. */
enum app_err users_session_set_cookie(struct ctx *c, int64_t id,
				      const unsigned char hash[DIGEST_BYTES]) MUST_USE;
/*
 * Another end of idleness for one that lives by a cookie; of another one APP_NOT_FOUND, which is
 * not recorded. Only inside a write.
 */
enum app_err users_session_stay(struct ctx *c, const struct user_session *session,
				const struct user_session_rules *rules,
				struct user_session *ret) MUST_USE;
/* Ends it; `why` is a word of the table. Only inside a write. */
enum app_err users_session_end(struct ctx *c, int64_t id, const char *why) MUST_USE;
/* The same if it is that account's and has not ended; else APP_NOT_FOUND. */
enum app_err users_session_end_of(struct ctx *c, int64_t user_id, int64_t id,
				  const char *why) MUST_USE;
/* The same of all that the account has. */
enum app_err users_session_end_all(struct ctx *c, int64_t user_id, const char *why) MUST_USE;

/* What the setting for the most of an account may be at most. */
enum { USER_SESSIONS_MOST = 100 };
/* Those of an account that live, newest first: of struct user_session. */
enum app_err users_session_list(struct ctx *c, int64_t user_id, struct array *ret) MUST_USE;

/* ---- accounts of another system ---- */

enum { USERS_IMPORT_MAX = 200000 };

struct users_import {
	enum records_form form;
	const char *text;
	size_t len;
	/* All is looked at, and nothing hashed or written. */
	bool is_dry;
	/* Told how many of the passwords are hashed. */
	void (*tell)(void *arg, int64_t done, int64_t total);
	void *arg;
};

struct users_imported {
	/* How many there are in it. */
	int64_t accounts, superusers;
	/* Those that came with a hash, and those whose password was, or would be, hashed. */
	int64_t with_hash, with_password;
	/* What is wrong with lines; then nothing was written. */
	struct records_faults faults;
};

/*
 * Makes an account of each record of the text, USERS_IMPORT_MAX at most: all of them, or none.
 * docs/moving-in.md tells the columns. APP_INVALID: ret->faults has what is wrong, by its line.
 * Passwords are hashed one after the other, each at the cost of a sign-in. In one write, for which
 * others wait.
 */
enum app_err users_import(struct ctx *c, const struct users_import *what,
			  struct users_imported *ret) MUST_USE;

/* An account by its login: gives a struct user. */
struct user_login {
	/* Username or e-mail, in any case and form. */
	const char *login;
};
extern const struct operation users_find_by_login;

/* Of its operations those that others have a use for. */
extern const struct operation users_create;
extern const struct operation users_create_service;
extern const struct operation users_list;
extern const struct operation users_set_password;
extern const struct operation users_update;
extern const struct operation users_set_roles;

#endif
