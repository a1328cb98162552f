/* Field tables of the accounts module. */
#include "internal.h"
#include "modules/user_rules.h"

/* The code of a letter is a secret until it was used. */
#define TOKEN_RULES \
	.required = true, .secret = true, .min_len = 1, .max_len = 100, .doc = "Out of the letter"

#define NAME_FIELDS(owner) \
	FIELD(owner, username, .required = true, USERNAME_RULES, .example = "\"ada\""), \
		FIELD(owner, full_name, FULL_NAME_RULES)
#define NEW_PASSWORD_FIELD(owner) \
	FIELD(owner, password, .required = true, PASSWORD_RULES, .doc = PASSWORD_WORDS)
#define ADDRESS_RULES .required = true, EMAIL_RULES, .example = "\"ada@example.com\""

SCHEMA(account_address, FIELD(struct account_address, email, ADDRESS_RULES));

SCHEMA(account_notice, FIELD(struct account_notice, message, .required = true));

SCHEMA(account_reset,
	FIELD(struct account_reset, token, TOKEN_RULES),
	FIELD(struct account_reset, new_password, .required = true, PASSWORD_RULES,
	      .doc = PASSWORD_WORDS));

SCHEMA(account_token, FIELD(struct account_token, token, TOKEN_RULES));

SCHEMA(account_register,
	NAME_FIELDS(struct account_register),
	FIELD(struct account_register, email, ADDRESS_RULES),
	NEW_PASSWORD_FIELD(struct account_register));

/* In one_time_tokens, so it is all that there is of it. */
SCHEMA(account_pending,
	FIELD(struct account_pending, username, .required = true),
	FIELD(struct account_pending, email, .required = true),
	FIELD(struct account_pending, full_name, .required = true, .nullable = true),
	FIELD(struct account_pending, password_hash, .required = true));

SCHEMA(account_accept,
	FIELD(struct account_accept, token, TOKEN_RULES),
	NAME_FIELDS(struct account_accept),
	NEW_PASSWORD_FIELD(struct account_accept));

SCHEMA(account_move,
	FIELD(struct account_move, current_password, CURRENT_PASSWORD_RULES),
	FIELD(struct account_move, email, ADDRESS_RULES));

SCHEMA(account_verified,
	FIELD(struct account_verified, username, .required = true),
	FIELD(struct account_verified, email, .required = true));
