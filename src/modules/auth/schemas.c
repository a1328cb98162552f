/*
 * Field tables of the auth module. The longest login is an e-mail, the longest password what
 * users.create takes.
 */
#include "internal.h"

#define LOGIN_RULES .required = true, .min_len = 1, .max_len = 254
#define PASSWORD_RULES \
	.required = true, .secret = true, .min_len = 1, .max_len = 128, .format = FORMAT_PASSWORD

SCHEMA(auth_login,
	FIELD(struct auth_login, login, LOGIN_RULES, .doc = "Username or e-mail",
	      .example = "\"ada\""),
	FIELD(struct auth_login, password, PASSWORD_RULES));

SCHEMA(auth_password_grant,
	FIELD(struct auth_password_grant, grant_type, .in = IN_FORM, .preset = "password",
	      .max_len = 100,
	      .doc = "Always \"password\": another is a 400 with the error unsupported_grant_type"),
	FIELD(struct auth_password_grant, username, .in = IN_FORM, LOGIN_RULES,
	      .doc = "Username or e-mail"),
	FIELD(struct auth_password_grant, password, .in = IN_FORM, PASSWORD_RULES),
	FIELD(struct auth_password_grant, scope, .in = IN_FORM, .max_len = 1000,
	      .doc = "Not used: a token may do what its account may do"),
	FIELD(struct auth_password_grant, client_id, .in = IN_FORM, .max_len = 200,
	      .doc = "Not used"),
	FIELD(struct auth_password_grant, client_secret, .in = IN_FORM, .max_len = 200,
	      .secret = true, .format = FORMAT_PASSWORD, .doc = "Not used"));

SCHEMA(auth_token,
	FIELD(struct auth_token, access_token, .required = true,
	      .doc = "Send it as the header Authorization: Bearer …"),
	FIELD(struct auth_token, token_type, .required = true, .example = "\"bearer\""),
	FIELD(struct auth_token, expires_in, .required = true, MIN(1),
	      .doc = "Seconds it is good for"));
