/* Decisions of the auth module that need neither HTTP nor SQL. */
#include "base/app_name.h"
#include "base/str.h"
#include "cookie.h"
#include "core/app.h"
#include "internal.h"
#include "modules/users.h"

bool auth_password_grant_is_on(const struct auth_options *options, int64_t environment)
{
	if (options->password_grant == AUTH_AUTO)
		return environment != ENV_PRODUCTION;
	return options->password_grant == AUTH_ON;
}

bool auth_must_verify(const struct auth_options *options, const struct user_credentials *user)
{
	return options->require_verified && !user->is_superuser && user->verified_at.is != GIVEN;
}

/* Browsers refuse the prefix over plain http. */
const char *auth_cookie_name(const struct app *app)
{
	const struct auth_options *options = config_group(app->config, &auth_option_group);
	if (!options->cookies)
		return NULL;
	return app->options->environment == ENV_LOCAL ? APP_NAME : "__Host-" APP_NAME;
}

struct cookie auth_cookie_of(const struct ctx *c)
{
	return (struct cookie){ .name = auth_cookie_name(c->app),
				.is_plain = c->app->options->environment == ENV_LOCAL };
}

/* Nobody here speaks https, so somebody in front must, and is to be named. */
void auth_check_options(struct config_check *check, const void *values)
{
	const struct auth_options *options = values;
	const char *environment = config_check_text(check, "app.environment");
	const char *proxies = config_check_text(check, "server.trusted_proxies");
	if (options->cookies && environment && str_eq(environment, "production") && proxies &&
	    !*proxies)
		config_check_fault(check, "cookies",
				   "without a proxy that speaks https, which "
				   "server.trusted_proxies names, no browser sends them");
}
