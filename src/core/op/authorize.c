/*
 * Who may call what: as he was let in, as his account is now, and by when he proved who he is.
 */
#include "internal.h"

#include "core/app.h"
#include "core/authenticator.h"
#include "core/op.h"

enum app_err op_authorize(struct ctx *c, enum op_access access, const struct permission *permission)
{
	const struct actor *actor = &c->actor;
	if (actor->kind == ACTOR_SYSTEM)
		return APP_OK;
	switch (access) {
	case ACCESS_PUBLIC: return APP_OK;
	case ACCESS_USER:
	case ACCESS_SUPERUSER:
		if (actor->kind != ACTOR_USER)
			return ctx_fail(c, APP_UNAUTHENTICATED, "Not authenticated");
		if (access == ACCESS_SUPERUSER && !actor->is_superuser)
			return ctx_fail(c, APP_FORBIDDEN, "Only a superuser may do this");
		if (permission && !actor_may(actor, permission))
			return ctx_fail(c, APP_FORBIDDEN, "You lack the permission %s",
					permission->name);
		return APP_OK;
	case ACCESS_DENY: break;
	}
	return ctx_fail(c, APP_FORBIDDEN, "Nobody may do this");
}

enum app_err op_check_person(struct ctx *c)
{
	return c->actor.key_id
		       ? ctx_fail(c, APP_FORBIDDEN, "An API key may not do this: sign in for it")
		       : APP_OK;
}

enum app_err op_authorize_again(struct ctx *c, enum op_access access,
				const struct permission *permission)
{
	const struct authenticator *authenticator = c->app->authenticator;
	if (c->actor.kind != ACTOR_USER || access == ACCESS_PUBLIC || !authenticator)
		return APP_OK;
	enum app_err err = authenticator->confirm(c);
	return err ? err : op_authorize(c, access, permission);
}

enum app_err op_check_proof(struct ctx *c, int64_t within_s)
{
	const struct actor *actor = &c->actor;
	if (!within_s || actor->kind == ACTOR_SYSTEM || actor->key_id ||
	    ctx_now(c).us - actor->proven_us <= SECONDS_US(within_s))
		return APP_OK;
	enum app_err err = ctx_fail_code(c, APP_UNAUTHENTICATED, "insufficient_user_authentication",
					 "Prove again who you are, then ask for this once more");
	c->failure.max_age_s = within_s;
	return err;
}

enum app_err op_admit(struct ctx *c, const struct operation *op)
{
	enum app_err err = op_authorize(c, op->access, op->permission);
	if (!err && op->people_only)
		err = op_check_person(c);
	return err ? err : op_check_proof(c, op->proven_s);
}

enum app_err op_admit_again(struct ctx *c, const struct operation *op)
{
	enum app_err err = op_authorize_again(c, op->access, op->permission);
	return err ? err : op_check_proof(c, op->proven_s);
}
