/* What the files of the accounts module share. */
#ifndef CROFT_SRC_MODULES_ACCOUNTS_INTERNAL_H
#define CROFT_SRC_MODULES_ACCOUNTS_INTERNAL_H

#include "core/mailer.h"
#include "core/one_time.h"
#include "modules/users.h"

/* ---- settings ---- */

struct account_options {
	/* how long the code of a letter is good for that sets a new password */
	int64_t reset_minutes;
	/* how long nobody gets a second letter of one kind */
	int64_t letter_pause_seconds;
};
/* section "auth", beside that of the auth module */
extern const struct option_group account_option_group;
const struct account_options *account_options(struct ctx *c);

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

extern const struct schema account_address_schema;
extern const struct schema account_notice_schema;
extern const struct schema account_reset_schema;

extern const struct operation accounts_restore_password;
extern const struct operation accounts_reset_password;

extern const struct route accounts_routes[];

/* ---- letters ---- */

/* All that there are; letters.c has their texts. */
enum account_letter { LETTER_RESET, LETTER_WAS_RESET };

struct account_facts {
	/* of the account */
	const char *username;
	/* NULL: the letter has none */
	const char *code;
	/* how long that is good for */
	int64_t minutes;
};
void account_letter_write(struct ctx *c, enum account_letter kind, const char *to,
			  const struct account_facts *facts, struct letter *ret);

/* A letter that tells of what was done: where none can be sent it is done all the same. */
void account_tell(struct ctx *c, const struct mail_errand *errand);

/*
 * What an account is known again by after a letter about it was written: its e-mail and its
 * password, neither of which may have changed meanwhile. In the arena.
 */
const char *account_stamp(struct ctx *c, const struct user_credentials *user);
/* Whether the account may be acted for with what was made when it had this stamp. */
bool account_is_same(struct ctx *c, const struct user_credentials *user, const char *stamp);

#endif
