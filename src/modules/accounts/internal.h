/* What the files of the accounts module share. */
#ifndef CROFT_SRC_MODULES_ACCOUNTS_INTERNAL_H
#define CROFT_SRC_MODULES_ACCOUNTS_INTERNAL_H

#include "core/mailer.h"
#include "core/one_time.h"
#include "modules/users.h"

/* ---- settings ---- */

/* What it takes to make an account of one's own; each lets in what those before it do. */
enum registration { REGISTRATION_CLOSED = 0, REGISTRATION_INVITE, REGISTRATION_OPEN };

struct account_options {
	/* enum registration */
	int64_t registration;
	/* how long the code of a letter is good for that confirms an e-mail, or invites */
	int64_t verify_minutes, invite_minutes;
	/* how long the code of a letter is good for that sets a new password */
	int64_t reset_minutes;
	/* how long nobody gets a second letter of one kind */
	int64_t letter_pause_seconds;
};
/* section "auth", beside that of the auth module */
extern const struct option_group account_option_group;
const struct account_options *account_options(struct ctx *c);
/* APP_FORBIDDEN unless accounts may be made in that way. */
enum app_err account_check_registration(struct ctx *c, enum registration way) MUST_USE;

/* ---- inputs and outputs: members after the blank line are filled in by the server ---- */

struct account_address {
	const char *email;
};

/* The same whoever asked, and whether or not there is such an account. */
struct account_notice {
	const char *message;
};

struct account_reset {
	const char *token;
	const char *new_password;

	const char *password_hash;
};

struct account_verify {
	const char *token;
	/* of an account that is to be made; NULL: there is one */
	const char *password;

	const char *password_hash;
};

/* Without a password: whoever reads the letter chooses that. */
struct account_register {
	const char *username;
	const char *email;
	const char *full_name;
};

/* With the token of an invitation, which knows the address. */
struct account_accept {
	const char *token;
	const char *username;
	const char *full_name;
	const char *password;

	const char *password_hash;
};

struct account_move {
	const char *current_password;
	const char *email;

	/* whose current password was checked */
	struct user_credentials user;
};

/* The account that a letter was for. */
struct account_verified {
	const char *username;
	const char *email;
};

extern const struct schema account_address_schema;
extern const struct schema account_verify_schema;
extern const struct schema account_pending_schema;
extern const struct schema account_register_schema;
extern const struct schema account_accept_schema;
extern const struct schema account_move_schema;
extern const struct schema account_verified_schema;
extern const struct schema account_notice_schema;
extern const struct schema account_reset_schema;

extern const struct permission accounts_inviting;
extern const struct operation accounts_register;
extern const struct operation accounts_verify;
extern const struct operation accounts_resend;
extern const struct operation accounts_accept;
extern const struct operation accounts_move;
extern const struct operation accounts_restore_password;
extern const struct operation accounts_reset_password;

extern const struct route accounts_routes[];

/* ---- letters ---- */

/* All that there are; letters.c has their texts. */
enum account_letter {
	LETTER_RESET,
	/* an account is to be made, or there is one already */
	LETTER_REGISTER,
	LETTER_KNOWN,
	LETTER_VERIFY,
	LETTER_INVITE,
	/* to the new address */
	LETTER_MOVE,
};

struct account_facts {
	/* of the account; NULL: there is none yet */
	const char *username;
	/* NULL: the letter has none */
	const char *code;
	/* how long that is good for */
	int64_t minutes;
};
void account_letter_write(struct ctx *c, enum account_letter kind, const char *to,
			  const struct account_facts *facts, struct letter *ret);

/*
 * What an account is known again by after a letter about it was written: its e-mail and its
 * password, neither of which may have changed meanwhile. In the arena.
 */
const char *account_stamp(struct ctx *c, const struct user_credentials *user);
/* Whether the account may be acted for with what was made when it had this stamp. */
bool account_is_same(struct ctx *c, const struct user_credentials *user, const char *stamp);

/* By username or e-mail; that there is none is no failure. */
enum app_err account_find(struct ctx *c, const char *login, struct user_credentials *ret,
			  bool *ret_there) MUST_USE;

/* The last for a purpose and a subject is good, whatever data it was for. */
struct account_code {
	const char *purpose;
	/* 0: there is no account yet */
	int64_t user_id;
	/* NULL: the account */
	const char *subject;
	const char *data;
	int64_t minutes, pause_s;

	char text[ONE_TIME_ROOM];
	/* not within the pause */
	bool is_made;
};
/* In a write of its own. */
enum app_err account_code_make(struct ctx *c, struct account_code *code) MUST_USE;

/* A registration that waits, as one_time_tokens has it; nobody gets a letter within the pause. */
enum app_err account_write_pending(struct ctx *c, const char *data, struct letter *ret) MUST_USE;

/*
 * To the owner of an address that somebody gave for an account, which nobody else is told. Not to
 * one that is inactive, nor within the pause.
 */
enum app_err account_write_known(struct ctx *c, const struct user_credentials *owner,
				 struct letter *ret) MUST_USE;

/* ---- what the code of a letter finishes, by its purpose ---- */

/* "register" was that of registrations which waited with the hash of a password. */
#define PURPOSE_REGISTER "registration"
#define PURPOSE_VERIFY "verify"
#define PURPOSE_MOVE "move"

/* In the write that used the code up; that of a registration takes the hash of a password. */
typedef enum app_err account_finish(struct ctx *c, const struct one_time *token,
				    const char *password_hash, struct account_verified *ret);
account_finish account_finish_register;
account_finish account_finish_verify;
account_finish account_finish_move;

/* Before that write: the hash of the password that the reader of the letter has chosen. */
enum app_err account_prepare_register(struct ctx *c, const struct one_time *token,
				      struct account_verify *in) MUST_USE;

#endif
