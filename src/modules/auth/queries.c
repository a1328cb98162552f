/*
 * Tells who is behind a bearer token. The HTTP pipeline calls it once per request that carries one,
 * and looks at the token alone before that when asking the database has to wait.
 */
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

static enum app_err verify(struct ctx *c, const char *text, size_t len, struct token *ret)
{
	enum app_err err = token_verify(c, text, len, ret);
	return err == APP_UNAUTHENTICATED ? refuse(c, c->failure.cause) : err;
}

enum app_err auth_check_token(struct ctx *c, const char *text, size_t len)
{
	struct token token;
	return verify(c, text, len, &token);
}

enum app_err auth_authenticate(struct ctx *c, const char *text, size_t len, struct actor *ret)
{
	struct token token;
	enum app_err err = verify(c, text, len, &token);
	if (err)
		return err;
	err = users_actor(c, token.user_id, token.version, ret);
	if (err == APP_NOT_FOUND)
		return refuse(c, "the account is gone, inactive or has signed out everywhere");
	return err;
}

enum app_err auth_confirm(struct ctx *c)
{
	bool exists;
	enum app_err err = users_exists(c, c->actor.user_id, &exists);
	if (err || exists)
		return err;
	return refuse(c, "the account was deleted while its request was worked on");
}
