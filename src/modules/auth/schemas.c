/* Field tables of the auth module. */
#include "base/app_name.h"
#include "cookie.h"
#include "factor.h"
#include "internal.h"
#include "modules/user_rules.h"

#define REFRESH_TOKEN_RULES .secret = true, .min_len = 1, .max_len = 100

SCHEMA(auth_login,
	FIELD(struct auth_login, login, LOGIN_RULES, .example = "\"ada\""),
	FIELD(struct auth_login, password, CURRENT_PASSWORD_RULES));

/* Taken, as clients of RFC 6749 send them, and of no use here. */
#define SCOPE_FIELD(owner) \
	FIELD(owner, scope, .in = IN_FORM, .max_len = 1000, \
	      .doc = "Not used: a token may do what its account, or its key, may do")

#define UNUSED_FIELDS(owner) \
	SCOPE_FIELD(owner), \
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
	FIELD(struct auth_login_form, password, .in = IN_FORM, CURRENT_PASSWORD_RULES),
	FIELD(struct auth_login_form, grant_type, .in = IN_FORM, .preset = "password",
	      .choices = grant_types),
	UNUSED_FIELDS(struct auth_login_form));

SCHEMA(auth_grant,
	FIELD(struct auth_grant, grant_type, .in = IN_FORM, .preset = "password", .max_len = 100,
	      .doc = "\"client_credentials\", \"password\" or \"refresh_token\": another is a 400 "
		     "with the error unsupported_grant_type"),
	FIELD(struct auth_grant, username, .in = IN_FORM, LOGIN_LENGTH,
	      .doc = "Username or e-mail, with a password"),
	FIELD(struct auth_grant, password, .in = IN_FORM, CURRENT_PASSWORD_LENGTH),
	FIELD(struct auth_grant, refresh_token, .in = IN_FORM, REFRESH_TOKEN_RULES),
	SCOPE_FIELD(struct auth_grant),
	FIELD(struct auth_grant, client_id, .in = IN_FORM, .max_len = 200,
	      .doc = "With client_credentials, unless the header Authorization has it: what an "
		     "API key begins with, its number included, such as " APP_NAME "_12"),
	FIELD(struct auth_grant, client_secret, .in = IN_FORM, .max_len = 200, .secret = true,
	      .format = FORMAT_PASSWORD, .doc = "Likewise: the whole key"),
	FIELD(struct auth_grant, authorization, .in = IN_HEADER, .secret = true,
	      .doc = "Basic, with the two of a client"));

#define ACCESS_TOKEN_FIELDS(owner) \
	FIELD(owner, access_token, .required = true, \
	      .doc = "Send it as the header Authorization: Bearer …"), \
		FIELD(owner, token_type, .required = true, .example = "\"bearer\""), \
		FIELD(owner, expires_in, .required = true, MIN(1), \
		      .doc = "Seconds it is good for")

SCHEMA(auth_token,
	ACCESS_TOKEN_FIELDS(struct auth_token),
	FIELD(struct auth_token, refresh_token, .required = true,
	      .doc = "Send it to /auth/refresh-token for others of both, once"),
	FIELD(struct auth_token, refresh_expires_in, .required = true, MIN(1),
	      .doc = "Seconds it is good for"));

SCHEMA_WITH(auth_granted, (.omit_null = true),
	ACCESS_TOKEN_FIELDS(struct auth_granted),
	FIELD(struct auth_granted, refresh_token, .nullable = true,
	      .doc = "As /auth/login gives one; a client gets none"),
	FIELD(struct auth_granted, refresh_expires_in, .nullable = true, MIN(1),
	      .doc = "Seconds that one is good for"));

SCHEMA(auth_refresh,
	FIELD(struct auth_refresh, refresh_token, .required = true, REFRESH_TOKEN_RULES));

SCHEMA(auth_page,
	FIELD(struct auth_page, csrf_token, .required = true,
	      .doc = "Send it with each change as the header X-CSRF-Token"),
	FIELD(struct auth_page, expires_in, .required = true, MIN(1),
	      .doc = "Seconds until the session is over, unless it is renewed"));

/* ---- the second factor ---- */

#define CODE_RULES \
	.required = true, FACTOR_CODE_LENGTH, \
	.doc = "Six digits from the device, or a recovery code; blanks and hyphens do not count"

SCHEMA(auth_factor,
	FIELD(struct auth_factor, is_on, .required = true),
	FIELD(struct auth_factor, confirmed_at, .required = true, .nullable = true,
	      .doc = "When it was turned on"),
	FIELD(struct auth_factor, recovery_codes_left, .required = true, MIN(0)));

SCHEMA(auth_factor_begin,
	FIELD(struct auth_factor_begin, current_password, CURRENT_PASSWORD_RULES));

SCHEMA(auth_factor_secret,
	FIELD(struct auth_factor_secret, secret, .required = true,
	      .doc = "To type into the device, in base32"),
	FIELD(struct auth_factor_secret, uri, .required = true,
	      .doc = "The same with the names of service and account: otpauth://totp/…"),
	FIELD(struct auth_factor_secret, qr_svg, .required = true,
	      .doc = "That URI as a QR code, an SVG to show as it is"));

SCHEMA(auth_factor_code, FIELD(struct auth_factor_code, code, CODE_RULES));

SCHEMA(auth_factor_proof,
	FIELD(struct auth_factor_proof, current_password, CURRENT_PASSWORD_RULES),
	FIELD(struct auth_factor_proof, code, CODE_RULES));

SCHEMA(auth_recovery_codes,
	FIELD(struct auth_recovery_codes, recovery_codes, .required = true, .item_type = FIELD_TEXT,
	      .doc = "Each is good once; they are shown this once"));

SCHEMA(auth_second_step,
	FIELD(struct auth_second_step, mfa_token, .required = true, .secret = true, .min_len = 1,
	      .max_len = 100, .doc = "Out of the answer to the sign-in"),
	FIELD(struct auth_second_step, code, CODE_RULES));

SCHEMA(auth_factor_of, FIELD(struct auth_factor_of, login, LOGIN_RULES));
