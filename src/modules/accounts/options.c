/* The settings of the accounts module, a part of section [auth]. */
#include "core/app.h"
#include "internal.h"

OPTION_GROUP(account_option_group, "auth", struct account_options,
	     "Letters with which one gets into an account.",
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
