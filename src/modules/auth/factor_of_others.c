/*
 * Ending the second factor of somebody who has lost the device and all recovery codes: by who runs
 * the server, and by who manages accounts.
 */
#include "core/model.h"
#include "factor.h"
#include "modules/users.h"

/* ---- auth.end_factor_of ---- */

static enum app_err end_factor_of(struct ctx *c, const struct auth_factor_of *in,
				  struct nothing *ret)
{
	(void)ret;
	struct user_credentials user;
	enum app_err err = users_find(c, in->login, &user);
	return err ? err : factor_turn_off(c, user.id);
}

OPERATION_FN(end_factor_of, struct auth_factor_of, struct nothing)

const struct operation auth_end_factor_of = {
	.name = "auth.end_factor_of",
	.summary = "End the second factor of an account",
	.doc = "Finds the account by username or e-mail. For people who have lost their device "
	       "and their recovery codes; be sure who asks.",
	.kind = COMMAND,
	.access = ACCESS_SUPERUSER,
	.in = &auth_factor_of_schema,
	RUN(end_factor_of),
};

/* ---- auth.reset_factor ---- */

static enum app_err reset_factor(struct ctx *c, const struct auth_account *in, struct nothing *ret)
{
	(void)ret;
	struct user user;
	enum app_err err = model_get(c, &user_model, in->user_id, &user);
	if (err)
		return err;
	/* whoever has no more than his token */
	if (user.id == c->actor.user_id)
		return ctx_fail(c, APP_CONFLICT,
				"You turn off your own with your password and a code");
	err = user_check_reach(c, user.id);
	return err ? err : factor_turn_off(c, user.id);
}

OPERATION_FN(reset_factor, struct auth_account, struct nothing)

const struct operation auth_reset_factor = {
	.name = "auth.reset_factor",
	.summary = "End the second factor of an account by its id",
	.doc = "For people who have lost their device and their recovery codes; be sure who asks. "
	       "The owner is told by letter. You need all that the account may.",
	.kind = COMMAND,
	.access = ACCESS_WITH(&users_manage),
	.people_only = true,
	.proven_s = PROVEN_LATELY_S,
	.in = &auth_account_schema,
	.fails_with = { APP_CONFLICT },
	RUN(reset_factor),
};
