/*
 * Writes of the users module that set a password: by its owner, who must know the old one, by
 * whoever manages accounts, and by whoever has the code of a letter. Each ends every session of the
 * account, but for the one in which its owner does so. A stronger hash of the same password, which
 * a sign-in stores, ends none.
 */
#include "base/str.h"
#include "core/audit.h"
#include "core/log.h"
#include "core/model.h"
#include "core/security.h"
#include "internal.h"
#include "modules/auth.h"
#include "roles.h"
#include "services.h"
#include "session_rows.h"

/* The input's field that a password came in, and how its owner is told. */
struct password_given {
	const char *field, *text;
	const struct user_notice *notice;
};

/*
 * Stores the hash and ends all sessions. Judged by the names that the account has now that its row
 * is changed, and so cannot be renamed.
 */
static enum app_err store_password(struct ctx *c, int64_t user_id, struct user_update *in,
				   const struct password_given *given)
{
	struct user user;
	in->token_version = (struct maybe_int){ GIVEN, user_token_version_new() };
	enum app_err err = model_update(c, &user_model, user_id, &user_update_schema, in, NULL,
					&user);
	if (!err)
		err = user_password_check(c, &(struct user_password){ .field = given->field,
								      .text = given->text,
								      .username = user.username,
								      .email = user.email });
	if (!err)
		user_tell(c, &user, given->notice);
	return err;
}

/* ---- users.change_password ---- */

/* Whoever has found a token may be who tries, so it has the trace of a sign-in that was refused. */
static enum app_err refuse_current(struct ctx *c, int64_t user_id)
{
	log_warn(c, "a current password was wrong", LOG_INT("user_id", user_id));
	audit_note(c, c->operation, APP_UNAUTHENTICATED, (struct touched){ "users", user_id });
	return schema_fault(c, "body", "current_password", "this is not the current password");
}

enum app_err user_check_current(struct ctx *c, const char *password, struct user_credentials *ret)
{
	struct user_credentials user;
	bool matches = false;
	enum app_err err = model_get(c, &user_credentials_model, c->actor.user_id, &user);
	if (!err)
		err = auth_attempt_check(c, user.username);
	if (!err)
		err = password_verify(c, user.password_hash, password, &matches);
	if (err)
		return err;
	auth_attempt_note(c, user.username, matches);
	if (!matches)
		return refuse_current(c, user.id);
	*ret = user;
	return APP_OK;
}

static enum app_err prepare_change_password(struct ctx *c, struct user_change_password *in,
					    struct nothing *ret)
{
	(void)ret;
	struct user_credentials user;
	enum app_err err = user_check_current(c, in->current_password, &user);
	if (err)
		return err;
	if (str_eq(password_composed(c->arena, in->new_password),
		   password_composed(c->arena, in->current_password)))
		return schema_fault(c, "body", "new_password",
				    "the new password must differ from the current one");
	in->token_version = user.token_version;
	return user_password_hash(c,
				  &(struct user_password){ .field = "new_password",
							   .text = in->new_password,
							   .username = user.username,
							   .email = user.email },
				  &in->password_hash);
}

PREPARE_FN(prepare_change_password, struct user_change_password, struct nothing)

enum app_err user_check_unchanged(struct ctx *c, int64_t token_version)
{
	const struct model_where same = { .sql = "token_version = $1",
					  .binds = BIND(token_version) };
	struct user user;
	enum app_err err = model_get_where(c, &user_model, c->actor.user_id, &same, &user);
	if (err != APP_NOT_FOUND)
		return err;
	ctx_recover(c);
	return ctx_fail(c, APP_CONFLICT, "The account was changed meanwhile: sign in again");
}

static enum app_err change_password(struct ctx *c, const struct user_change_password *in,
				    struct nothing *ret)
{
	(void)ret;
	enum app_err err = user_check_unchanged(c, in->token_version);
	struct user_update row = { .password_hash = { GIVEN, in->password_hash } };
	if (!err)
		err = store_password(c, c->actor.user_id, &row,
				     &(struct password_given){ "new_password", in->new_password,
							       &user_notice_password });
	if (!err)
		err = session_keep(c, c->actor.session_id, row.token_version.value);
	if (err)
		return err;
	log_info(c, "password changed", LOG_INT("user_id", c->actor.user_id));
	return APP_OK;
}

OPERATION_FN(change_password, struct user_change_password, struct nothing)

const struct operation users_change_password = {
	.name = "users.change_password",
	.summary = "Change your own password",
	.doc = "Signs you out everywhere else: this session goes on.",
	.kind = COMMAND,
	.access = ACCESS_USER,
	.people_only = true,
	.in = &user_change_password_schema,
	PREPARE(prepare_change_password),
	.prepare_lane = POOL_HASH,
	/* the current password */
	.no_dry_run = true,
	RUN(change_password),
};

/* ---- users.set_password ---- */

static enum app_err hash_for(struct ctx *c, const struct user_credentials *user,
			     const char *password, const char **ret_hash)
{
	enum app_err err = user_check_person(c, user->kind);
	return err ? err
		   : user_password_hash(c,
					&(struct user_password){ .field = "password",
								 .text = password,
								 .username = user->username,
								 .email = user->email },
					ret_hash);
}

static enum app_err prepare_set_password(struct ctx *c, struct user_set_password *in,
					 struct nothing *ret)
{
	(void)ret;
	struct user_credentials user;
	enum app_err err = users_find(c, in->login, &user);
	if (err)
		return err;
	in->user_id = user.id;
	return hash_for(c, &user, in->password, &in->password_hash);
}

PREPARE_FN(prepare_set_password, struct user_set_password, struct nothing)

static enum app_err set_for(struct ctx *c, int64_t user_id, const char *password, const char *hash)
{
	struct user_update row = { .password_hash = { GIVEN, hash } };
	enum app_err err = user_check_reach(c, user_id);
	if (!err)
		err = store_password(
			c, user_id, &row,
			&(struct password_given){ "password", password, &user_notice_password });
	if (err)
		return err;
	log_info(c, "password set", LOG_INT("user_id", user_id), LOG_INT("by", c->actor.user_id));
	return APP_OK;
}

static enum app_err set_password(struct ctx *c, const struct user_set_password *in,
				 struct nothing *ret)
{
	(void)ret;
	return set_for(c, in->user_id, in->password, in->password_hash);
}

OPERATION_FN(set_password, struct user_set_password, struct nothing)

const struct operation users_set_password = {
	.name = "users.set_password",
	.summary = "Set the password of an account",
	.doc = "Finds the account by username or e-mail, and signs it out everywhere.",
	.kind = COMMAND,
	.access = ACCESS_WITH(&users_manage),
	.people_only = true,
	.proven_s = PROVEN_LATELY_S,
	.in = &user_set_password_schema,
	PREPARE(prepare_set_password),
	.prepare_lane = POOL_HASH,
	RUN(set_password),
};

/* ---- users.reset_password ---- */

static enum app_err prepare_reset_password(struct ctx *c, struct user_reset_password *in,
					   struct nothing *ret)
{
	(void)ret;
	struct user_credentials user;
	enum app_err err = model_get(c, &user_credentials_model, in->user_id, &user);
	return err ? err : hash_for(c, &user, in->password, &in->password_hash);
}

PREPARE_FN(prepare_reset_password, struct user_reset_password, struct nothing)

static enum app_err reset_password(struct ctx *c, const struct user_reset_password *in,
				   struct nothing *ret)
{
	(void)ret;
	return set_for(c, in->user_id, in->password, in->password_hash);
}

OPERATION_FN(reset_password, struct user_reset_password, struct nothing)

const struct operation users_reset_password = {
	.name = "users.reset_password",
	.summary = "Set the password of an account by its id",
	.doc = "Signs it out everywhere.",
	.kind = COMMAND,
	.access = ACCESS_WITH(&users_manage),
	.people_only = true,
	.proven_s = PROVEN_LATELY_S,
	.in = &user_reset_password_schema,
	PREPARE(prepare_reset_password),
	.prepare_lane = POOL_HASH,
	RUN(reset_password),
};

/* ---- for the auth module ---- */

/* No change of the account: as model_update() does it, updated_at and so its ETag would move. */
static const char SQL_REPLACE_HASH[] =
	"UPDATE users SET password_hash = $1 WHERE id = $2 AND password_hash = $3";

enum app_err users_replace_hash(struct ctx *c, int64_t id, const char *old_hash,
				const char *new_hash)
{
	return db_exec(c, SQL_REPLACE_HASH, BIND(new_hash, id, old_hash), NULL);
}

/* ---- for the accounts module ---- */

enum app_err users_recover(struct ctx *c, int64_t id, const char *password, const char *hash)
{
	struct user_update row = { .password_hash = { GIVEN, hash },
				   .verified_at = { GIVEN, ctx_now(c) } };
	enum app_err err = store_password(
		c, id, &row,
		&(struct password_given){ "new_password", password, &user_notice_recovered });
	if (err)
		return err;
	log_info(c, "password recovered", LOG_INT("user_id", id));
	return APP_OK;
}
