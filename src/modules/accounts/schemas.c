/* Field tables of the accounts module. */
#include "internal.h"
#include "modules/user_rules.h"

/* The code of a letter is a secret until it was used. */
#define TOKEN_RULES \
	.required = true, .secret = true, .min_len = 1, .max_len = 100, .doc = "Out of the letter"

#define NAME_FIELDS(owner) \
	FIELD(owner, username, .required = true, USERNAME_RULES, .example = "\"ada\""), \
		FIELD(owner, full_name, FULL_NAME_RULES)
#define ADDRESS_RULES .required = true, EMAIL_RULES, .example = "\"ada@example.com\""

SCHEMA(account_address, FIELD(struct account_address, email, ADDRESS_RULES));

SCHEMA(account_notice, FIELD(struct account_notice, message, .required = true));

SCHEMA(account_reset,
	FIELD(struct account_reset, token, TOKEN_RULES),
	FIELD(struct account_reset, new_password, .required = true, PASSWORD_RULES,
	      .doc = PASSWORD_WORDS));

SCHEMA(account_verify,
	FIELD(struct account_verify, token, TOKEN_RULES),
	FIELD(struct account_verify, password, PASSWORD_RULES,
	      .doc = "Where the letter makes an account, and nowhere else. " PASSWORD_WORDS));

SCHEMA(account_register,
	NAME_FIELDS(struct account_register),
	FIELD(struct account_register, email, ADDRESS_RULES));

/* The same in one_time_tokens, where it was looked at already. */
SCHEMA_OF(account_pending_schema, "account_pending", struct account_register,
	FIELD(struct account_register, username, .required = true),
	FIELD(struct account_register, email, .required = true),
	FIELD(struct account_register, full_name, .required = true, .nullable = true));

SCHEMA(account_accept,
	FIELD(struct account_accept, token, TOKEN_RULES),
	NAME_FIELDS(struct account_accept),
	FIELD(struct account_accept, password, .required = true, PASSWORD_RULES,
	      .doc = PASSWORD_WORDS));

SCHEMA(account_move,
	FIELD(struct account_move, current_password, CURRENT_PASSWORD_RULES),
	FIELD(struct account_move, email, ADDRESS_RULES));

SCHEMA(account_verified,
	FIELD(struct account_verified, username, .required = true),
	FIELD(struct account_verified, email, .required = true));
