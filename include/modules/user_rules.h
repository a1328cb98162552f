/*
 * What a username, an e-mail, a name and a password may be, and how an account is named: for the
 * schemas of all inputs that have one.
 */
#ifndef CROFT_MODULES_USER_RULES_H
#define CROFT_MODULES_USER_RULES_H

#include "core/field.h"

#define USERNAME_RULES .min_len = 3, .max_len = 50, .pattern = "^[A-Za-z0-9][A-Za-z0-9_.-]*$"
enum { EMAIL_LEN_MAX = 254 };
#define EMAIL_RULES .max_len = EMAIL_LEN_MAX, .format = FORMAT_EMAIL
/* A username or an e-mail, which is the longer one. */
#define LOGIN_LENGTH .min_len = 1, .max_len = EMAIL_LEN_MAX
#define LOGIN_RULES .required = true, LOGIN_LENGTH, .doc = "Username or e-mail"
#define USER_ID_RULES .in = IN_PATH, .required = true, .doc = "Id of the account"
/*
 * No control characters, those beyond ASCII included, and no ends of lines: names end up in mail
 * headers, in lists and on terminals.
 */
#define ONE_LINE_PATTERN "^[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*$"
#define FULL_NAME_RULES .nullable = true, .max_len = 200, .pattern = ONE_LINE_PATTERN
/* In code points. */
enum { PASSWORD_CHARACTERS_MIN = 8, PASSWORD_CHARACTERS_MAX = 128 };
#define PASSWORD_RULES \
	.secret = true, .min_len = PASSWORD_CHARACTERS_MIN, .max_len = PASSWORD_CHARACTERS_MAX, \
	.format = FORMAT_PASSWORD
/* Of one that is compared, whatever the rules were when it was set. */
#define CURRENT_PASSWORD_LENGTH \
	.secret = true, .min_len = 1, .max_len = PASSWORD_CHARACTERS_MAX, .format = FORMAT_PASSWORD
#define CURRENT_PASSWORD_RULES .required = true, CURRENT_PASSWORD_LENGTH
/* The rules of the users module that no schema can say. */
#define PASSWORD_WORDS \
	"Not with the username, the name of the e-mail or that of this service in it, none of " \
	"the 10,000 commonest, and not one character over and over"

#endif
