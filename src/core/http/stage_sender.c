/*
 * The stages that settle who is asking, and whether he may ask this at all. Whose body is not
 * wanted is told before it comes.
 */
#include <string.h>

#include "base/str.h"
#include "core/module.h"
#include "exchange.h"
#include "pipeline.h"
#include "server.h"

/* RFC 6750 §2.1: the credentials behind "Bearer ", or NULL. */
static const char *bearer_token(const struct http_exchange *x)
{
	const char *authorization = x->head.value[GUARD_AUTHORIZATION];
	if (!authorization || !str_starts_nocase(authorization, "bearer "))
		return NULL;
	const char *token = authorization + strlen("bearer ");
	return token + strspn(token, " ");
}

/* NULL: none can authenticate. */
static const struct module *token_module(const struct http_exchange *x)
{
	const struct module *const *module = x->server->app->modules;
	while (*module && !(*module)->authenticate)
		module++;
	return *module;
}

/* Finds the account that the token belongs to. */
static enum app_err authenticate_token(struct http_exchange *x, const char *token)
{
	const struct module *module = token_module(x);
	if (!module)
		return ctx_fail_cause(&x->c, APP_UNAUTHENTICATED, "no module can authenticate");
	x->c.reads_primary = true;
	enum app_err err = module->authenticate(&x->c, token, strlen(token), &x->c.actor);
	x->c.reads_primary = false;
	return err;
}

/* What the token says by itself, without the database. */
static enum app_err screen_token(struct http_exchange *x, const char *token)
{
	const struct module *module = token_module(x);
	if (!module || !module->check_token)
		return APP_OK;
	return module->check_token(&x->c, token, strlen(token));
}

static enum stage_result admit(struct http_exchange *x, const char *token)
{
	enum app_err err = token ? authenticate_token(x, token) : APP_OK;
	if (!err)
		err = op_authorize(&x->c, route_access(x->route));
	return err ? stage_fail(x, err) : STAGE_NEXT;
}

/*
 * Whether the token is looked at when the body is in: where the database may block, and where
 * nothing is to come, together with what the request reads.
 */
static bool is_admitted_later(const struct http_exchange *x, const char *token)
{
	return token && (x->server->db_blocks || !exchange_has_body(x));
}

enum stage_result stage_screen_sender(struct http_exchange *x)
{
	const char *token = bearer_token(x);
	if (route_access(x->route) == ACCESS_PUBLIC)
		return STAGE_NEXT;
	if (!is_admitted_later(x, token))
		return admit(x, token);
	enum app_err err = x->server->db_blocks ? screen_token(x, token) : APP_OK;
	return err ? stage_fail(x, err) : STAGE_NEXT;
}

enum stage_result stage_admit_sender(struct http_exchange *x)
{
	const char *token = bearer_token(x);
	if (route_access(x->route) == ACCESS_PUBLIC || !is_admitted_later(x, token))
		return STAGE_NEXT;
	return admit(x, token);
}

void answers_of_admit_sender(const struct route *route, struct answers *answers)
{
	enum op_access access = route_access(route);
	if (access == ACCESS_USER || access == ACCESS_SUPERUSER)
		answers->fails |= answers_bit(APP_UNAUTHENTICATED);
	if (access == ACCESS_SUPERUSER || access == ACCESS_DENY)
		answers->fails |= answers_bit(APP_FORBIDDEN);
}
