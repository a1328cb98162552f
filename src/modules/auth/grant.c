/*
 * The token endpoint of OAuth2 (RFC 6749 §4.3, §4.4, §6): a form that trades a password, an API key
 * or a refresh token for tokens. What is wrong is a 400 with one of its errors, or of a client a
 * 401, so that libraries of others understand it.
 */
#include "base/str.h"
#include "client.h"
#include "core/app.h"
#include "factor.h"
#include "internal.h"
#include "modules/users.h"

#define GRANTS "The grant types are client_credentials, password and refresh_token"

static bool is_refresh(const struct auth_grant *in)
{
	return str_eq(in->grant_type, "refresh_token");
}

static bool is_of_client(const struct auth_grant *in)
{
	return str_eq(in->grant_type, "client_credentials");
}

static enum app_err refuse_password(struct ctx *c)
{
	return ctx_fail_code(c, APP_BAD_REQUEST, "invalid_grant", AUTH_WRONG_CREDENTIALS);
}

static enum app_err prepare_refresh(struct ctx *c, const struct auth_grant *in)
{
	if (!in->refresh_token)
		return ctx_fail_code(c, APP_BAD_REQUEST, "invalid_request",
				     "The grant type refresh_token takes a refresh_token");
	return auth_refresh_prepare(c, in->refresh_token);
}

static enum app_err prove(struct ctx *c, struct auth_grant *in)
{
	bool proven;
	enum app_err err = auth_prove(c, in->username, in->password, &in->proof, &proven);
	if (err == APP_UNAUTHENTICATED) {
		ctx_recover(c);
		return ctx_fail_code(c, APP_BAD_REQUEST, "invalid_grant", AUTH_NOT_VERIFIED);
	}
	if (err)
		return err;
	if (proven)
		return factor_demand(c, &in->proof, APP_BAD_REQUEST);
	return refuse_password(c);
}

static enum app_err prepare_password(struct ctx *c, struct auth_grant *in)
{
	const struct auth_options *options = config_group(c->app->config, &auth_option_group);
	if (!auth_password_grant_is_on(options, c->app->options->environment))
		return ctx_fail_code(c, APP_BAD_REQUEST, "unsupported_grant_type",
				     "The password grant is switched off: use /auth/login");
	if (!in->username || !in->password)
		return ctx_fail_code(c, APP_BAD_REQUEST, "invalid_request",
				     "The grant type password takes a username and a password");
	return prove(c, in);
}

static enum app_err prepare_token(struct ctx *c, struct auth_grant *in, struct auth_granted *ret)
{
	(void)ret;
	if (is_of_client(in))
		return client_check(c, in);
	if (is_refresh(in))
		return prepare_refresh(c, in);
	if (str_eq(in->grant_type, "password"))
		return prepare_password(c, in);
	return ctx_fail_code(c, APP_BAD_REQUEST, "unsupported_grant_type", GRANTS);
}

PREPARE_FN(prepare_token, struct auth_grant, struct auth_granted)

static enum app_err token_of_session(struct ctx *c, const struct auth_grant *in,
				     struct auth_token *ret)
{
	if (is_refresh(in))
		return auth_refresh(c, in->refresh_token, ret);
	enum app_err err = auth_sign_in(c, &in->proof, ret);
	return err == APP_NOT_FOUND ? refuse_password(c) : err;
}

static enum app_err token(struct ctx *c, const struct auth_grant *in, struct auth_granted *ret)
{
	struct auth_token given;
	if (is_of_client(in))
		return client_give_token(c, in, ret);
	enum app_err err = token_of_session(c, in, &given);
	if (err)
		return err;
	*ret = (struct auth_granted){ .access_token = given.access_token,
				      .token_type = given.token_type,
				      .expires_in = given.expires_in,
				      .refresh_token = given.refresh_token,
				      .refresh_expires_in = { GIVEN, given.refresh_expires_in } };
	return APP_OK;
}

OPERATION_FN(token, struct auth_grant, struct auth_granted)

const struct operation auth_token = {
	.name = "auth.token",
	.summary = "Get tokens as OAuth2 has it",
	.doc = "With a refresh token (RFC 6749 §6) as `/auth/refresh-token` does, or with a "
	       "password (§4.3), for clients that can only do that, such as the interactive docs. "
	       "Where `auth.password_grant` is off, as in production by default, a password is a "
	       "400 with the error `unsupported_grant_type`. Of an account with a second factor it "
	       "is the error `mfa_required` with an `mfa_token`, which `/auth/second-factor` "
	       "takes. A program does it with an API key (`client_credentials`, §4.4): the key is "
	       "the secret, what it begins with, its number included, the name of the client, in "
	       "the form or by Basic. The token may what the key may, and ends with it; a client "
	       "that is not known, or not any more, is a 401 with the error `invalid_client`.",
	.kind = COMMAND,
	.access = ACCESS_PUBLIC,
	.in = &auth_grant_schema,
	.out = &auth_granted_schema,
	.fails_with = { APP_UNAUTHENTICATED },
	PREPARE(prepare_token),
	/* a password may be hashed */
	.prepare_lane = POOL_HASH,
	.gives_secret = true,
	RUN(token),
};
