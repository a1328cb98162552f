/*
 * Signing in by cookie: the two steps of login.c and second_step.c, at whose end the browser has
 * a cookie, and its page no tokens but a word.
 */
#include "cookie.h"
#include "core/pool.h"
#include "factor.h"
#include "internal.h"

static enum app_err check_switch(struct ctx *c)
{
	return auth_cookie_name(c->app)
		       ? APP_OK
		       : ctx_fail_code(c, APP_BAD_REQUEST, "cookies_off",
				       "Signing in by cookie is switched off: use /auth/login");
}

/* ---- auth.login_by_cookie ---- */

static enum app_err prepare_by_cookie(struct ctx *c, struct auth_login *in, struct auth_page *ret)
{
	(void)ret;
	enum app_err err = check_switch(c);
	return err ? err : auth_prove_or_refuse(c, in->login, in->password, &in->proof);
}

PREPARE_FN(prepare_by_cookie, struct auth_login, struct auth_page)

static enum app_err by_cookie(struct ctx *c, const struct auth_login *in, struct auth_page *ret)
{
	enum app_err err = auth_sign_in_by_cookie(c, &in->proof, ret);
	return err == APP_NOT_FOUND ? auth_refuse_login(c) : err;
}

OPERATION_FN(by_cookie, struct auth_login, struct auth_page)

const struct operation auth_login_by_cookie = {
	.name = "auth.login_by_cookie",
	.summary = "Sign in by cookie",
	.doc = "As `/auth/login`, for pages of this server: the answer sets a cookie in place of "
	       "giving tokens, and tells the word that changes bring as `X-CSRF-Token`. With a "
	       "second factor the `mfa_token` goes to `/auth/cookie/second-factor`. Where "
	       "`auth.cookies` is off it is a 400 with the code `cookies_off`.",
	.kind = COMMAND,
	.access = ACCESS_PUBLIC,
	.in = &auth_login_schema,
	.out = &auth_page_schema,
	.fails_with = { APP_UNAUTHENTICATED },
	PREPARE(prepare_by_cookie),
	.prepare_lane = POOL_HASH,
	.gives_secret = true,
	RUN(by_cookie),
};

/* ---- auth.second_step_by_cookie ---- */

static enum app_err prepare_code(struct ctx *c, struct auth_second_step *in, struct auth_page *ret)
{
	(void)ret;
	enum app_err err = check_switch(c);
	return err ? err : factor_step_prepare(c, in);
}

PREPARE_FN(prepare_code, struct auth_second_step, struct auth_page)

static enum app_err by_cookie_with_code(struct ctx *c, const struct auth_second_step *in,
					struct auth_page *ret)
{
	struct auth_proof proof;
	enum app_err err = factor_step_take(c, in, &proof);
	if (!err)
		err = factor_step_end(c, &proof, auth_sign_in_by_cookie(c, &proof, ret));
	return err;
}

OPERATION_FN(by_cookie_with_code, struct auth_second_step, struct auth_page)

const struct operation auth_second_step_by_cookie = {
	.name = "auth.second_step_by_cookie",
	.summary = "Sign in by cookie with a code",
	.doc = "The second step of `/auth/cookie`, as `/auth/second-factor` is of `/auth/login`.",
	.kind = COMMAND,
	.access = ACCESS_PUBLIC,
	.in = &auth_second_step_schema,
	.out = &auth_page_schema,
	.fails_with = { APP_UNAUTHENTICATED },
	PREPARE(prepare_code),
	.gives_secret = true,
	RUN(by_cookie_with_code),
};
