/* The route table of the auth module. */
#include "cookie.h"
#include "internal.h"
#include "signing.h"
#include "step_up.h"

/* Of a network: people mistype, and behind one address there may be many. */
#define SIGN_IN_LIMIT LIMIT(30, 60)

const struct route auth_routes[] = ROUTES(
	{ POST, "/auth/login", &auth_login, .form = &auth_login_form, .status = 200,
	  .limit = SIGN_IN_LIMIT },
	{ GET, "/.well-known/jwks.json", &auth_get_jwks, .root = true, .kept_s = JWKS_KEPT_S },
	{ POST, "/auth/token", &auth_token, .status = 200, .limit = SIGN_IN_LIMIT,
	  .oauth_errors = true },
	{ POST, "/auth/refresh-token", &auth_refresh_token, .status = 200,
	  .limit = LIMIT(60, 60) },
	{ POST, "/auth/revoke", &auth_revoke, .status = 200, .limit = LIMIT(60, 60),
	  .oauth_errors = true },
	{ POST, "/auth/introspect", &auth_introspect, .status = 200, .oauth_errors = true },
	{ GET, "/.well-known/oauth-authorization-server", &auth_get_metadata, .root = true,
	  .kept_s = JWKS_KEPT_S },
	{ POST, "/auth/logout", &auth_logout, .status = 204 },
	{ POST, "/auth/logout-all", &auth_logout_all, .status = 204 },
	{ POST, "/auth/prove", &auth_prove_again, .status = 204, .limit = LIMIT(10, 60) },
	{ GET, "/auth/sessions", &auth_list_sessions, .status = 200 },
	{ DELETE, "/auth/sessions/{session_id}", &auth_end_session, .status = 204 },
	{ GET, "/users/{user_id}/sessions", &auth_list_sessions_of, .status = 200 },
	{ DELETE, "/users/{user_id}/sessions", &auth_end_sessions_of, .status = 204 },
	{ POST, "/auth/cookie", &auth_login_by_cookie, .status = 200, .limit = SIGN_IN_LIMIT },
	{ GET, "/auth/cookie", &auth_get_page, .status = 200 },
	{ POST, "/auth/cookie/second-factor", &auth_second_step_by_cookie, .status = 200,
	  .limit = SIGN_IN_LIMIT },
	{ POST, "/auth/cookie/renew", &auth_renew_page, .status = 200, .limit = LIMIT(60, 60) },
	{ POST, "/auth/second-factor", &auth_second_step, .status = 200, .limit = SIGN_IN_LIMIT },
	{ GET, "/users/me/second-factor", &auth_get_factor, .status = 200 },
	{ POST, "/users/me/second-factor", &auth_begin_factor, .status = 200,
	  .limit = LIMIT(10, 60) },
	{ POST, "/users/me/second-factor/confirm", &auth_confirm_factor, .status = 200,
	  .limit = LIMIT(10, 60) },
	{ DELETE, "/users/me/second-factor", &auth_end_factor, .status = 204,
	  .limit = LIMIT(10, 60) },
	{ POST, "/users/me/second-factor/recovery-codes", &auth_print_recovery_codes,
	  .status = 200, .limit = LIMIT(10, 60) },
	{ DELETE, "/users/{user_id}/second-factor", &auth_reset_factor, .status = 204 });
