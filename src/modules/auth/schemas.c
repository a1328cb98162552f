/*
 * Field tables of the auth module. The longest login is an e-mail, the longest password what
 * users.create takes.
 */
#include "internal.h"

#define LOGIN_LENGTH .min_len = 1, .max_len = 254
#define LOGIN_RULES .required = true, LOGIN_LENGTH
#define PASSWORD_RULES \
	.required = true, .secret = true, .min_len = 1, .max_len = 128, .format = FORMAT_PASSWORD

SCHEMA(auth_login,
	FIELD(struct auth_login, login, LOGIN_RULES, .doc = "Username or e-mail",
	      .example = "\"ada\""),
	FIELD(struct auth_login, password, PASSWORD_RULES));

/* Taken, as clients of RFC 6749 send them, and of no use here. */
#define UNUSED_FIELDS(owner) \
	FIELD(owner, scope, .in = IN_FORM, .max_len = 1000, \
	      .doc = "Not used: a token may do what its account may do"), \
		FIELD(owner, client_id, .in = IN_FORM, .max_len = 200, .doc = "Not used"), \
		FIELD(owner, client_secret, .in = IN_FORM, .max_len = 200, .secret = true, \
		      .format = FORMAT_PASSWORD, .doc = "Not used")

static const char *const grant_types[] = CHOICES("password");

static void login_form_check(struct arena *arena, void *form, struct check_faults *faults)
{
	(void)arena;
	const struct auth_login_form *in = form;
	if (!in->username == !in->login)
		schema_check_fault(faults, "username", "give either username or login");
}

SCHEMA_WITH(auth_login_form, (.check = login_form_check),
	FIELD(struct auth_login_form, username, .in = IN_FORM, LOGIN_LENGTH,
	      .doc = "Username or e-mail"),
	FIELD(struct auth_login_form, login, .in = IN_FORM, LOGIN_LENGTH,
	      .doc = "The same: give one of the two"),
	FIELD(struct auth_login_form, password, .in = IN_FORM, PASSWORD_RULES),
	FIELD(struct auth_login_form, grant_type, .in = IN_FORM, .preset = "password",
	      .choices = grant_types),
	UNUSED_FIELDS(struct auth_login_form));

SCHEMA(auth_password_grant,
	FIELD(struct auth_password_grant, grant_type, .in = IN_FORM, .preset = "password",
	      .max_len = 100,
	      .doc = "Always \"password\": another is a 400 with the error unsupported_grant_type"),
	FIELD(struct auth_password_grant, username, .in = IN_FORM, LOGIN_RULES,
	      .doc = "Username or e-mail"),
	FIELD(struct auth_password_grant, password, .in = IN_FORM, PASSWORD_RULES),
	UNUSED_FIELDS(struct auth_password_grant));

SCHEMA(auth_token,
	FIELD(struct auth_token, access_token, .required = true,
	      .doc = "Send it as the header Authorization: Bearer …"),
	FIELD(struct auth_token, token_type, .required = true, .example = "\"bearer\""),
	FIELD(struct auth_token, expires_in, .required = true, MIN(1),
	      .doc = "Seconds it is good for"));
