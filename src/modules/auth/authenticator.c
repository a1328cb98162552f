/*
 * Tells who is behind an access token, an API key or a cookie, and before that what these say by
 * themselves.
 */
#include <string.h>

#include "cookie.h"
#include "core/authenticator.h"
#include "core/security.h"
#include "internal.h"
#include "modules/keys.h"
#include "modules/users.h"
#include "shown.h"

/* The client learns nothing of why; what is known stays for the log. */
static enum app_err refuse(struct ctx *c, const char *cause)
{
	ctx_recover(c);
	enum app_err err = ctx_fail_code(c, APP_UNAUTHENTICATED, "invalid_token",
					 "Could not validate credentials");
	c->failure.cause = cause;
	return err;
}

/* ---- access tokens ---- */

static enum app_err verify(struct ctx *c, const struct credentials *credentials, struct token *ret)
{
	enum app_err err = token_verify(c, credentials->text, credentials->len, ret);
	return err == APP_UNAUTHENTICATED ? refuse(c, c->failure.cause) : err;
}

static struct user_claim claim_of(const struct token *token)
{
	return (struct user_claim){ .user_id = token->user_id,
				    .token_version = token->version,
				    .session_id = token->session_id };
}

/* A token is of a session, or of an API key. */
static enum app_err actor_of(struct ctx *c, const struct token *token, struct actor *ret)
{
	const struct key_token of_key = { .key_id = token->key_id,
					  .user_id = token->user_id,
					  .version = token->version };
	return token->key_id ? keys_actor_by_token(c, &of_key, ret)
			     : users_actor(c, claim_of(token), ret);
}

enum app_err auth_access_look(struct ctx *c, const char *text, struct token *ret,
			      int64_t *ret_proven_us)
{
	struct actor actor;
	enum app_err err = token_verify(c, text, strlen(text), ret);
	if (!err)
		err = actor_of(c, ret, &actor);
	if (!err)
		*ret_proven_us = actor.proven_us;
	if (err != APP_UNAUTHENTICATED && err != APP_NOT_FOUND)
		return err;
	ctx_recover(c);
	return APP_NOT_FOUND;
}

static enum app_err authenticate_token(struct ctx *c, const struct credentials *credentials,
				       struct actor *ret)
{
	struct token token;
	enum app_err err = verify(c, credentials, &token);
	if (err)
		return err;
	err = actor_of(c, &token, ret);
	if (err == APP_NOT_FOUND)
		return refuse(c, "the account is gone or inactive, or the session or the key has "
				 "ended");
	return err;
}

/* ---- API keys, see modules/keys.h ---- */

/* RFC 6750 has keys come as bearer tokens, too, and no token begins as a key does. */
static bool is_key(const struct credentials *credentials)
{
	return credentials->scheme == CREDENTIALS_KEY ||
	       (credentials->scheme == CREDENTIALS_BEARER &&
		key_claim_is_meant(credentials->text, credentials->len));
}

static enum app_err read_key(struct ctx *c, const struct credentials *credentials,
			     struct key_claim *ret)
{
	if (key_claim_read(credentials->text, credentials->len, ret))
		return APP_OK;
	return refuse(c, "the API key was not copied whole, or is none");
}

static enum app_err authenticate_key(struct ctx *c, const struct credentials *credentials,
				     struct actor *ret)
{
	struct key_claim claim;
	enum app_err err = read_key(c, credentials, &claim);
	if (err)
		return err;
	err = keys_actor(c, &claim, ret);
	if (err == APP_NOT_FOUND)
		return refuse(c, "there is no such API key, it has expired, or its account is gone "
				 "or inactive");
	return err;
}

/* ---- cookies ---- */

static enum app_err read_cookie(struct ctx *c, const struct credentials *credentials,
				struct user_cookie *ret)
{
	return auth_cookie_read(credentials, ret)
		       ? APP_OK
		       : refuse(c, "the cookie is none of ours, or there are two");
}

static enum app_err authenticate_cookie(struct ctx *c, const struct credentials *credentials,
					struct actor *ret)
{
	struct user_cookie cookie;
	enum app_err err = read_cookie(c, credentials, &cookie);
	if (err)
		return err;
	err = users_actor_by_cookie(c, &cookie, ret);
	if (err == APP_NOT_FOUND)
		return refuse(c, "the account is gone or inactive, or the session is over");
	return err;
}

/* ---- any of them ---- */

static enum app_err screen(struct ctx *c, const struct credentials *credentials)
{
	struct token token;
	struct key_claim claim;
	struct user_cookie cookie;
	if (credentials->scheme == CREDENTIALS_OTHER)
		return ctx_fail(c, APP_UNAUTHENTICATED, "Not authenticated");
	if (credentials->scheme == CREDENTIALS_COOKIE)
		return read_cookie(c, credentials, &cookie);
	return is_key(credentials) ? read_key(c, credentials, &claim)
				   : verify(c, credentials, &token);
}

static enum app_err authenticate(struct ctx *c, const struct credentials *credentials,
				 struct actor *ret)
{
	if (credentials->scheme == CREDENTIALS_OTHER)
		return ctx_fail(c, APP_UNAUTHENTICATED, "Not authenticated");
	if (credentials->scheme == CREDENTIALS_COOKIE)
		return authenticate_cookie(c, credentials, ret);
	return is_key(credentials) ? authenticate_key(c, credentials, ret)
				   : authenticate_token(c, credentials, ret);
}

static enum app_err confirm_token(struct ctx *c)
{
	const struct user_claim claim = { .user_id = c->actor.user_id,
					  .token_version = c->actor.token_version,
					  .session_id = c->actor.session_id };
	return users_actor(c, claim, &c->actor);
}

static enum app_err confirm(struct ctx *c)
{
	enum app_err err = c->actor.key_id ? keys_confirm(c) : confirm_token(c);
	if (err == APP_NOT_FOUND)
		return refuse(c, "the account was deleted, deactivated or signed out, or its key "
				 "deleted, while its request was worked on");
	return err;
}

const struct authenticator auth_authenticator = {
	.screen = screen,
	.authenticate = authenticate,
	.confirm = confirm,
	.cookie_name = auth_cookie_name,
};
