/*
 * What people do to their own account to be gone: deactivate it, or delete it with all that is
 * theirs. Either takes the current password, since a token alone may be somebody else's by now.
 */
#include "core/log.h"
#include "core/model.h"
#include "internal.h"

static enum app_err prepare_leave(struct ctx *c, struct user_leave *in, struct nothing *ret)
{
	(void)ret;
	struct user_credentials user;
	enum app_err err = user_check_current(c, in->current_password, &user);
	if (!err)
		in->token_version = user.token_version;
	return err;
}

PREPARE_FN(prepare_leave, struct user_leave, struct nothing)

static enum app_err check_leave(struct ctx *c, void *arg)
{
	const struct user_leave *in = arg;
	enum app_err err = user_check_unchanged(c, in->token_version);
	return err ? err : user_check_not_last(c, c->actor.user_id);
}

/* ---- users.deactivate_me ---- */

static enum app_err deactivate_me(struct ctx *c, const struct user_leave *in, struct nothing *ret)
{
	(void)ret;
	struct user_leave leave = *in;
	const struct user_update gone = { .is_active = { GIVEN, false },
					  .token_version = { GIVEN, user_token_version_new() } };
	struct user user;
	enum app_err err = check_leave(c, &leave);
	if (!err)
		err = model_update(c, &user_model, c->actor.user_id, &user_update_schema, &gone,
				   NULL, &user);
	if (err)
		return err;
	log_info(c, "account deactivated by its owner", LOG_INT("user_id", user.id));
	return APP_OK;
}

OPERATION_FN(deactivate_me, struct user_leave, struct nothing)

const struct operation users_deactivate_me = {
	.name = "users.deactivate_me",
	.summary = "Deactivate your own account",
	.doc = "Signs you out everywhere. Whoever manages accounts can make it active again; until "
	       "then nobody signs in with it, and its posts stay. The last active superuser "
	       "cannot.",
	.kind = COMMAND,
	.access = ACCESS_USER,
	.people_only = true,
	.in = &user_leave_schema,
	.fails_with = { APP_CONFLICT },
	PREPARE(prepare_leave),
	.prepare_lane = POOL_HASH,
	/* the current password */
	.no_dry_run = true,
	RUN(deactivate_me),
};

/* ---- users.delete_me ---- */

/*
 * Of an account that has written very much what is its own is deleted a few rows at a time. It
 * stays active meanwhile: the write at the end looks at it again, and cut off in between it is for
 * its owner to delete it again.
 */
static enum app_err prepare_delete_me(struct ctx *c, struct user_leave *in, struct nothing *ret)
{
	bool has_many;
	enum app_err err = prepare_leave(c, in, ret);
	if (!err)
		err = model_has_many_children(c, &user_model, c->actor.user_id, &has_many);
	if (err || !has_many)
		return err;
	err = db_write(c, check_leave, in);
	return err ? err : model_delete_children(c, &user_model, c->actor.user_id);
}

PREPARE_FN(prepare_delete_me, struct user_leave, struct nothing)

static enum app_err delete_me(struct ctx *c, const struct user_leave *in, struct nothing *ret)
{
	(void)ret;
	struct user_leave leave = *in;
	enum app_err err = check_leave(c, &leave);
	if (!err)
		err = model_delete(c, &user_model, c->actor.user_id, NULL);
	if (err)
		return err;
	log_info(c, "account deleted by its owner", LOG_INT("user_id", c->actor.user_id));
	return APP_OK;
}

OPERATION_FN(delete_me, struct user_leave, struct nothing)

const struct operation users_delete_me = {
	.name = "users.delete_me",
	.summary = "Delete your own account",
	.doc = "For good, with its tokens and posts: a great many posts go by and by. Where that "
	       "is cut off (503), delete it again. The last active superuser cannot.",
	.kind = COMMAND,
	.access = ACCESS_USER,
	.people_only = true,
	.in = &user_leave_schema,
	.fails_with = { APP_CONFLICT },
	PREPARE(prepare_delete_me),
	.prepare_lane = POOL_HASH,
	/* the current password */
	.no_dry_run = true,
	RUN(delete_me),
};
