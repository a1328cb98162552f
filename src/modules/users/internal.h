/* What the files of the users module share: inputs, schemas, operations and rules. */
#ifndef CROFT_SRC_MODULES_USERS_INTERNAL_H
#define CROFT_SRC_MODULES_USERS_INTERNAL_H

#include "core/list.h"
#include "modules/user_notices.h"
#include "modules/user_rules.h"
#include "modules/users.h"

/* ---- settings ---- */

struct first_superuser_options {
	const char *username;
	const char *email;
	/* empty: made up at first start */
	const char *password;
};
extern const struct option_group first_superuser_option_group;

/* Of them; see struct option_group. */
void users_check_first_superuser(struct config_check *check, const void *values);

/* ---- inputs and outputs: members after the blank line are filled in by the server ---- */

struct user_list {
	struct list_query list;
};

enum { USER_POSTS_MAX = 20 };

/* A row of the list: an account, and its posts where they are included. */
struct user_listed {
	struct user user;
	/* of struct user_post, newest first */
	struct array posts;
};

struct user_post {
	int64_t id;
	const char *title;
	const char *status;
	struct instant created_at;
};

struct user_recent {
	struct maybe_int limit;
	struct maybe_int days;
};

struct user_recent_list {
	/* of struct user, newest first */
	struct array items;
};

/* Accounts that were created on a day. */
struct user_day {
	/* in UTC */
	struct date day;
	int64_t count;
};

enum { USER_STATS_DAYS = 7 };

struct user_stats {
	int64_t total, active, superusers, new_7_days;
	/* 0 without any */
	double average_age_days;
	/* of struct user_day: USER_STATS_DAYS, today last */
	struct array by_day;
};

struct user_ref {
	int64_t user_id;
};

struct user_create {
	const char *username;
	const char *email;
	const char *full_name;
	const char *password;
	bool is_active;
	bool is_superuser;
	/* of const char *: names; .items NULL: those of the settings */
	struct array roles;

	/* NULL: no password given */
	const char *password_hash;
	int64_t token_version;
	int64_t role_bits;
	/* ABSENT: nobody knows whether its owner reads its e-mail */
	struct maybe_instant verified_at;
};

/* Each password takes a moment of a worker that others want, too. */
enum { USER_BATCH_MAX = 100, USER_BATCH_PASSWORDS_MAX = 20 };

struct user_batch {
	/* of struct user_create */
	struct array items;
};

struct user_delete {
	int64_t user_id;
	const char *if_match;
	/* by its prepare function, which has looked at if_match then */
	bool is_emptied;
};

struct user_update {
	int64_t user_id;
	const char *if_match;
	struct maybe_text username;
	struct maybe_text email;
	struct maybe_text full_name;
	struct maybe_text password;
	struct maybe_bool is_active;
	struct maybe_bool is_superuser;

	/* ABSENT: the password stays */
	struct maybe_text password_hash;
	/* ABSENT: so do the sessions */
	struct maybe_int token_version;
	/* when its e-mail was last shown to be its owner's; IS_NULL: never */
	struct maybe_instant verified_at;
};

struct user_update_me {
	const char *if_match;
	struct maybe_text full_name;
};

struct user_change_password {
	const char *current_password;
	const char *new_password;

	/* of the account whose current password was checked */
	int64_t token_version;
	const char *password_hash;
};

struct user_leave {
	const char *current_password;

	/* of the account whose current password was checked */
	int64_t token_version;
};

struct user_set_password {
	const char *login;
	const char *password;

	int64_t user_id;
	const char *password_hash;
};

struct user_reset_password {
	int64_t user_id;
	const char *password;

	const char *password_hash;
};

extern const struct schema user_credentials_schema;
extern const struct schema user_list_schema;
extern const struct schema user_listed_page_schema;
extern const struct schema user_recent_schema;
extern const struct schema user_recent_list_schema;
extern const struct schema user_stats_schema;
extern const struct schema user_ref_schema;
extern const struct schema user_create_schema;
extern const struct schema user_batch_schema;
extern const struct schema user_update_schema;
extern const struct schema user_delete_schema;
extern const struct schema user_update_me_schema;
extern const struct schema user_change_password_schema;
extern const struct schema user_leave_schema;
extern const struct schema user_login_schema;
extern const struct schema user_set_password_schema;
extern const struct schema user_reset_password_schema;

/* For lists: the accounts with what may be included. */
extern const struct model user_listed_model;
/* What no client sees of an account. */
extern const struct model user_credentials_model;

/* ---- operations, beside those in modules/users.h ---- */

extern const struct operation users_recent;
extern const struct operation users_stats;
extern const struct operation users_get;
extern const struct operation users_me;
extern const struct operation users_create_batch;
extern const struct operation users_update_me;
extern const struct operation users_delete;
extern const struct operation users_change_password;
extern const struct operation users_deactivate_me;
extern const struct operation users_delete_me;
extern const struct operation users_reset_password;

extern const struct route users_routes[];

/* ---- policies ---- */

bool user_is_self(const struct actor *actor, int64_t user_id);
/* Whether the change deactivates or demotes. */
bool user_update_takes_rights(const struct user_update *in);
/* Whether tokens handed out before the change must die with it. */
bool user_update_ends_sessions(const struct user_update *in);
/*
 * Whether the password contains the word, in any case and form. Words under three letters do not
 * count. The arena gets folded copies of both.
 */
bool user_password_contains(struct arena *arena, const char *password, const char *word);

/* Words of one length, sorted by their bytes, one right behind the other. */
struct user_common_words {
	size_t len, count;
	const char *words;
};
/* The 10,000 commonest passwords, folded. Ends with a zero row. */
extern const struct user_common_words user_common_words[];
/* Whether text_fold() of the password, which is `key`, is one of them. Allocates nothing. */
bool user_password_is_common(const char *key, size_t len);
/* Whether it is one character over and over, which the list of the commonest leaves out. */
bool user_password_repeats_one(const char *key, size_t len);

/* ---- token_version.c ---- */

/* The token version of an account that is made or signed out: random, so that none comes twice. */
int64_t user_token_version_new(void);

struct backup_change;
/* Signs everybody out. */
extern const struct backup_change users_on_restore;

/* ---- notices ---- */

extern const struct user_notice user_notice_password;
/* It was set with the code of a letter. */
extern const struct user_notice user_notice_recovered;
/* user_notice_send() with what an operation has of the account. */
void user_tell(struct ctx *c, const struct user *owner, const struct user_notice *notice);
/*
 * Whether the e-mail is another than the account has, and not the same in another form: then that
 * is told at the one it has.
 */
bool user_tell_moved(struct ctx *c, const struct user_credentials *before, const char *email);

/* ---- passwords ---- */

/*
 * What is wrong with one that is short in NFC, is guessed first, or has a name of its owner, or of
 * the service, in it; NULL: nothing.
 */
const char *user_password_fault(struct arena *arena, const struct user_password *password,
				const char *service);
/* One that is easily guessed is a fault of its field. */
enum app_err user_password_check(struct ctx *c, const struct user_password *password) MUST_USE;

/* ---- last_superuser.c ---- */

/*
 * Refuses to go on in a write that takes the account, or its rights, when nobody else could give
 * them back.
 */
enum app_err user_check_not_last(struct ctx *c, int64_t user_id) MUST_USE;

/* ---- made-up rows ---- */

struct seed_kind;
extern const struct seed_kind users_seed;

#endif
