/* The route table of the auth module. */
#include "internal.h"

const struct route auth_routes[] = ROUTES(
	{ POST, "/auth/login", &auth_login, .form = &auth_login_form, .status = 200 },
	{ POST, "/auth/token", &auth_token, .status = 200, .oauth_errors = true });
