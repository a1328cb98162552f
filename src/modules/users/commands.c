/*
 * Writes of the users module: making, changing and deleting accounts. Passwords are commands of
 * their own, in password_commands.c. Each is a `prepare` function where it hashes (slow, so before
 * the transaction), a function that runs inside the transaction, and the operation that names both.
 */
#include "core/log.h"
#include "core/model.h"
#include "internal.h"
#include "roles.h"
#include "services.h"

/* ---- users.create ---- */

static bool create_has_password(const void *in)
{
	return ((const struct user_create *)in)->password != NULL;
}

static enum app_err prepare_create(struct ctx *c, struct user_create *in, struct user *ret)
{
	(void)ret;
	return user_password_hash(c,
				  &(struct user_password){ .field = "password",
							   .text = in->password,
							   .username = in->username,
							   .email = in->email },
				  &in->password_hash);
}

PREPARE_FN(prepare_create, struct user_create, struct user)

static enum app_err create_user(struct ctx *c, const struct user_create *in, struct user *ret)
{
	struct user_create row = *in;
	row.token_version = user_token_version_new();
	enum app_err err = in->is_superuser ? user_check_superuser(c) : APP_OK;
	if (!err)
		err = roles_begin(c);
	if (!err)
		err = user_role_bits(c, &in->roles, &row.role_bits);
	if (!err)
		err = model_insert(c, &user_model, &user_create_schema, &row, ret);
	if (err)
		return err;
	log_info(c, "account created", LOG_INT("user_id", ret->id), LOG_INT("by", c->actor.user_id),
		 LOG_BOOL("is_superuser", ret->is_superuser));
	return users_show_one(c, ret);
}

OPERATION_FN(create_user, struct user_create, struct user)

const struct operation users_create = {
	.name = "users.create",
	.summary = "Create an account",
	.doc = "Username and e-mail must be free, whatever their case and form.",
	.kind = COMMAND,
	.access = ACCESS_WITH(&users_manage),
	.in = &user_create_schema,
	.out = &user_schema,
	.fails_with = { APP_CONFLICT },
	PREPARE(prepare_create),
	.wants_prepare = create_has_password,
	.prepare_lane = POOL_HASH,
	RUN(create_user),
};

/* ---- users.update and users.update_me ---- */

static bool update_has_password(const void *in)
{
	return ((const struct user_update *)in)->password.is == GIVEN;
}

static enum app_err prepare_update(struct ctx *c, struct user_update *in, struct user *ret)
{
	(void)ret;
	struct user_credentials user;
	enum app_err err = model_get(c, &user_credentials_model, in->user_id, &user);
	if (!err)
		err = user_check_person(c, user.kind);
	if (err)
		return err;
	bool renamed = in->username.is == GIVEN, moved = in->email.is == GIVEN;
	in->password_hash.is = GIVEN;
	return user_password_hash(
		c,
		&(struct user_password){ .field = "password",
					 .text = in->password.value,
					 .username = renamed ? in->username.value : user.username,
					 .email = moved ? in->email.value : user.email },
		&in->password_hash.value);
}

PREPARE_FN(prepare_update, struct user_update, struct user)

/*
 * Refuses to take the account or its rights from whoever asks, and from the last who could give
 * them back.
 */
static enum app_err check_removal(struct ctx *c, int64_t user_id)
{
	if (user_is_self(&c->actor, user_id))
		return ctx_fail(c, APP_CONFLICT,
				"You cannot delete, deactivate or demote your own account");
	enum app_err err = user_check_not_last(c, user_id);
	/* whoever asks may have lost the right while standing in line */
	return err ? err : op_authorize_again(c, ACCESS_USER, &users_manage);
}

/* The names are those of now, and stay: another change may have come between the hash and this. */
static enum app_err finish_new_password(struct ctx *c, const struct user_update *in,
					const struct user *user)
{
	if (in->password_hash.is != GIVEN)
		return APP_OK;
	enum app_err err = user_password_check(c,
					       &(struct user_password){ .field = "password",
									.text = in->password.value,
									.username = user->username,
									.email = user->email });
	if (!err)
		user_tell(c, user, &user_notice_password);
	return err;
}

/* Nobody has shown to read a new e-mail, and whoever reads the old one is told. */
static enum app_err note_new_email(struct ctx *c, struct user_update *row)
{
	struct user_credentials before;
	if (row->email.is != GIVEN)
		return APP_OK;
	enum app_err err = users_credentials(c, row->user_id, &before);
	if (!err)
		err = user_check_person(c, before.kind);
	if (err)
		return err;
	if (user_tell_moved(c, &before, row->email.value))
		row->verified_at.is = IS_NULL;
	return APP_OK;
}

/* With one of these somebody signs in as the account, and stays when an API key is gone. */
static bool changes_who_signs_in(const struct user_update *in)
{
	return in->email.is == GIVEN || in->password.is == GIVEN;
}

/* Whether the one who acts may change that of this account. */
static enum app_err check_change(struct ctx *c, const struct user_update *in)
{
	enum app_err err = changes_who_signs_in(in) ? op_check_person(c) : APP_OK;
	if (!err && user_update_takes_rights(in))
		err = check_removal(c, in->user_id);
	if (!err && in->is_superuser.is == GIVEN && in->is_superuser.value)
		err = user_check_promotion(c, in->user_id);
	if (!err && !user_is_self(&c->actor, in->user_id))
		err = user_check_reach(c, in->user_id);
	return err;
}

static enum app_err update_user(struct ctx *c, const struct user_update *in, struct user *ret)
{
	struct user_update row = *in;
	enum app_err err = check_change(c, in);
	if (!err)
		err = note_new_email(c, &row);
	if (err)
		return err;
	if (user_update_ends_sessions(in))
		row.token_version = (struct maybe_int){ GIVEN, user_token_version_new() };
	err = model_update(c, &user_model, in->user_id, &user_update_schema, &row,
			   &(struct model_match){ .if_match = in->if_match }, ret);
	if (!err)
		err = finish_new_password(c, in, ret);
	if (err)
		return err;
	log_info(c, "account changed", LOG_INT("user_id", ret->id), LOG_INT("by", c->actor.user_id),
		 LOG_BOOL("is_active", ret->is_active), LOG_BOOL("is_superuser", ret->is_superuser),
		 LOG_BOOL("new_password", in->password_hash.is == GIVEN));
	return users_show_one(c, ret);
}

OPERATION_FN(update_user, struct user_update, struct user)

const struct operation users_update = {
	.name = "users.update",
	.summary = "Change an account",
	.doc = "Members that are absent stay as they are. You cannot deactivate or demote "
	       "yourself. An API key changes neither e-mail nor password.",
	.kind = COMMAND,
	.access = ACCESS_WITH(&users_manage),
	.proven_s = PROVEN_LATELY_S,
	.in = &user_update_schema,
	.out = &user_schema,
	.fails_with = { APP_CONFLICT },
	PREPARE(prepare_update),
	.wants_prepare = update_has_password,
	.prepare_lane = POOL_HASH,
	RUN(update_user),
};

static enum app_err update_me(struct ctx *c, const struct user_update_me *in, struct user *ret)
{
	return update_user(c,
			   &(struct user_update){ .user_id = c->actor.user_id,
						  .if_match = in->if_match,
						  .full_name = in->full_name },
			   ret);
}

OPERATION_FN(update_me, struct user_update_me, struct user)

const struct operation users_update_me = {
	.name = "users.update_me",
	.summary = "Change your own account",
	.doc = "Members that are absent stay as they are. The e-mail is changed with "
	       "`/users/me/email`, the password with `/users/me/password`.",
	.kind = COMMAND,
	.access = ACCESS_USER,
	.in = &user_update_me_schema,
	.out = &user_schema,
	RUN(update_me),
};

/* ---- users.delete ---- */

static enum app_err deactivate(struct ctx *c, void *arg)
{
	const struct user_delete *in = arg;
	struct user user;
	enum app_err err = op_authorize_again(c, ACCESS_USER, &users_manage);
	return err ? err
		   : update_user(c,
				 &(struct user_update){ .user_id = in->user_id,
							.if_match = in->if_match,
							.is_active = { GIVEN, false } },
				 &user);
}

/*
 * An account that has written very much is deactivated first, and what is its own is deleted a few
 * rows at a time. Cut off in between it stays so until it is deleted again.
 */
static enum app_err prepare_delete(struct ctx *c, struct user_delete *in, struct nothing *ret)
{
	(void)ret;
	bool has_many;
	enum app_err err = model_has_many_children(c, &user_model, in->user_id, &has_many);
	if (err || !has_many)
		return err;
	err = db_write(c, deactivate, in);
	if (err)
		return err;
	in->is_emptied = true;
	return model_delete_children(c, &user_model, in->user_id);
}

PREPARE_FN(prepare_delete, struct user_delete, struct nothing)

static enum app_err delete_user(struct ctx *c, const struct user_delete *in, struct nothing *ret)
{
	(void)ret;
	enum app_err err = check_removal(c, in->user_id);
	if (!err)
		err = user_check_reach(c, in->user_id);
	if (err)
		return err;
	const struct model_match match = { .if_match = in->is_emptied ? NULL : in->if_match };
	err = model_delete(c, &user_model, in->user_id, &match);
	if (err)
		return err;
	log_info(c, "account deleted", LOG_INT("user_id", in->user_id),
		 LOG_INT("by", c->actor.user_id));
	return APP_OK;
}

OPERATION_FN(delete_user, struct user_delete, struct nothing)

const struct operation users_delete = {
	.name = "users.delete",
	.summary = "Delete an account",
	.doc = "For good, with its tokens and posts. You cannot delete yourself. An account with "
	       "more than two hundred posts is deactivated first and loses them by and by; when "
	       "that is cut off (503), delete it again.",
	.kind = COMMAND,
	.access = ACCESS_WITH(&users_manage),
	.proven_s = PROVEN_LATELY_S,
	.in = &user_delete_schema,
	.fails_with = { APP_CONFLICT },
	PREPARE(prepare_delete),
	.prepare_lane = POOL_WORK,
	RUN(delete_user),
};
