/* The settings of the accounts module, a part of section [auth]. */
#include "core/app.h"
#include "internal.h"

static const char *const registrations[] =
	CHOICES([REGISTRATION_CLOSED] = "closed", [REGISTRATION_INVITE] = "invite",
		[REGISTRATION_OPEN] = "open");

OPTION_GROUP(account_option_group, "auth", struct account_options,
	     "Letters with which one gets into an account.",
	     OPTION(struct account_options, registration, .preset = "invite",
		    .choices = registrations,
		    .doc = "Who makes an account for himself. invite: whoever was sent an "
			   "invitation. open: everybody with an address. closed: nobody."),
	     OPTION(struct account_options, verify_minutes, .preset = "1440", .min = 1,
		    .max = 10080, .unit = UNIT_MINUTES,
		    .doc = "How long the code in a letter is good that confirms an e-mail."),
	     OPTION(struct account_options, invite_minutes, .preset = "10080", .min = 1,
		    .max = 43200, .unit = UNIT_MINUTES, .doc = "How long an invitation is good."),
	     OPTION(struct account_options, reset_minutes, .preset = "60", .min = 1, .max = 1440,
		    .unit = UNIT_MINUTES,
		    .doc = "How long the code in a letter is good that sets a new password."),
	     OPTION(struct account_options, letter_pause_seconds, .preset = "60", .max = 86400,
		    .unit = UNIT_SECONDS,
		    .doc = "For how long nobody is sent a second letter of the same kind, whoever "
			   "asks for it."));

const struct account_options *account_options(struct ctx *c)
{
	return config_group(c->app->config, &account_option_group);
}

enum app_err account_check_registration(struct ctx *c, enum registration way)
{
	const int64_t most = account_options(c)->registration;
	if (most >= (int64_t)way)
		return APP_OK;
	return ctx_fail_code(c, APP_FORBIDDEN, "registration_closed",
			     most == REGISTRATION_INVITE ? "Accounts are by invitation only"
							 : "Nobody makes an account here");
}
