/* The auth module: its descriptor and settings. Listed in src/app/modules.c. */
#include "cookie.h"
#include "internal.h"
#include "modules/users.h"
#include "signing.h"

static const char *const switches[] =
	CHOICES([AUTH_AUTO] = "auto", [AUTH_ON] = "on", [AUTH_OFF] = "off");

OPTION_GROUP_CHECKED(
	auth_option_group, "auth", struct auth_options, "Sign-in and access tokens.",
	auth_check_options,
	OPTION(struct auth_options, access_minutes, .preset = "30", .min = 1,
	       .max = ACCESS_MINUTES_MAX, .unit = UNIT_MINUTES,
	       .doc = "How long an access token is good for, before it must be refreshed."),
	OPTION(struct auth_options, password_grant, .preset = "auto", .choices = switches,
	       .doc = "Whether POST /api/v1/auth/token trades passwords for tokens, as the "
		      "interactive docs do. auto: not in production."),
	OPTION(struct auth_options, require_verified, .preset = "false",
	       .doc = "Whether nobody but a superuser signs in before his e-mail is "
		      "confirmed: by a letter, or by a password that was set with one."),
	OPTION(struct auth_options, session_days, .preset = "30", .min = 1, .max = 3650,
	       .doc = "Days after which one must sign in again, however often the tokens "
		      "were refreshed."),
	OPTION(struct auth_options, session_idle_days, .preset = "7", .min = 1, .max = 3650,
	       .doc = "The same when they were not refreshed in between."),
	OPTION(struct auth_options, cookies, .preset = "false",
	       .doc = "Whether browsers sign in by cookie, at POST /api/v1/auth/cookie. In "
		      "production that takes https: a proxy in server.trusted_proxies."),
	OPTION(struct auth_options, sessions_most, .preset = "10", .min = 1,
	       .max = USER_SESSIONS_MOST,
	       .doc = "Most sessions of one account at once: signing in once more ends the "
		      "oldest."),
	OPTION(struct auth_options, refresh_grace_seconds, .preset = "10", .min = 0, .max = 300,
	       .unit = UNIT_SECONDS,
	       .doc = "How long a refresh token that was used still gives the same "
		      "successor, for an answer that was lost; used later it ends its "
		      "session."));

static const struct operation *const operations[] = OPERATIONS(
	&auth_login_form, &auth_list_keys, &auth_rotate_keys, &auth_end_factor_of);

PERMISSION(auth_introspecting, "auth.introspect",
	   "Ask what a token is good for, as other services do");

static const struct permission *const permissions[] = PERMISSIONS(&auth_introspecting);
static const struct service *const services[] = SERVICES(&auth_keyring_service,
							 &auth_attempts_service);

const struct module auth_module = {
	.name = "auth",
	.doc = "Signing in and access tokens.",
	.options = &auth_option_group,
	.routes = auth_routes,
	.operations = operations,
	.permissions = permissions,
	.services = services,
	.authenticator = &auth_authenticator,
	.stages = auth_stages,
};
