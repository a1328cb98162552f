/* Field tables of the accounts module. */
#include "internal.h"
#include "modules/user_rules.h"

/* The code of a letter is a secret until it was used. */
#define TOKEN_RULES \
	.required = true, .secret = true, .min_len = 1, .max_len = 100, .doc = "Out of the letter"

SCHEMA(account_address,
	FIELD(struct account_address, email, .required = true, EMAIL_RULES,
	      .example = "\"ada@example.com\""));

SCHEMA(account_notice, FIELD(struct account_notice, message, .required = true));

SCHEMA(account_reset,
	FIELD(struct account_reset, token, TOKEN_RULES),
	FIELD(struct account_reset, new_password, .required = true, PASSWORD_RULES,
	      .doc = PASSWORD_WORDS));
