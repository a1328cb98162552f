/* Tells who is behind a bearer token, and before that what the token says by itself. */
#include <string.h>

#include "core/authenticator.h"
#include "core/security.h"
#include "internal.h"
#include "modules/users.h"

/* The client learns nothing of why; what is known stays for the log. */
static enum app_err refuse(struct ctx *c, const char *cause)
{
	ctx_recover(c);
	enum app_err err = ctx_fail_code(c, APP_UNAUTHENTICATED, "invalid_token",
					 "Could not validate credentials");
	c->failure.cause = cause;
	return err;
}

static enum app_err verify(struct ctx *c, const struct credentials *credentials, struct token *ret)
{
	if (credentials->scheme != CREDENTIALS_BEARER)
		return ctx_fail(c, APP_UNAUTHENTICATED, "Not authenticated");
	enum app_err err = token_verify(c, credentials->text, credentials->len, ret);
	return err == APP_UNAUTHENTICATED ? refuse(c, c->failure.cause) : err;
}

static enum app_err screen(struct ctx *c, const struct credentials *credentials)
{
	struct token token;
	return verify(c, credentials, &token);
}

static struct user_claim claim_of(const struct token *token)
{
	return (struct user_claim){ .user_id = token->user_id,
				    .token_version = token->version,
				    .session_id = token->session_id };
}

enum app_err auth_access_look(struct ctx *c, const char *text, struct token *ret)
{
	struct actor actor;
	enum app_err err = token_verify(c, text, strlen(text), ret);
	if (!err)
		err = users_actor(c, claim_of(ret), &actor);
	if (err != APP_UNAUTHENTICATED && err != APP_NOT_FOUND)
		return err;
	ctx_recover(c);
	return APP_NOT_FOUND;
}

static enum app_err authenticate(struct ctx *c, const struct credentials *credentials,
				 struct actor *ret)
{
	struct token token;
	enum app_err err = verify(c, credentials, &token);
	if (err)
		return err;
	err = users_actor(c, claim_of(&token), ret);
	if (err == APP_NOT_FOUND)
		return refuse(c, "the account is gone or inactive, or the session has ended");
	return err;
}

static enum app_err confirm(struct ctx *c)
{
	const struct user_claim claim = { .user_id = c->actor.user_id,
					  .token_version = c->actor.token_version,
					  .session_id = c->actor.session_id };
	enum app_err err = users_actor(c, claim, &c->actor);
	if (err == APP_NOT_FOUND)
		return refuse(c, "the account was deleted, deactivated or signed out while its "
				 "request was worked on");
	return err;
}

const struct authenticator auth_authenticator = {
	.screen = screen,
	.authenticate = authenticate,
	.confirm = confirm,
};
