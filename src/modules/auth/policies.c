/* Decisions of the auth module that need neither HTTP nor SQL. */
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
