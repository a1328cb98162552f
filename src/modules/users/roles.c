/*
 * The roles of accounts: shown in answers, given and taken. And who may touch which account: nobody
 * who is no superuser touches one that may more than he does, nor makes one that would.
 */
#include "roles.h"
#include "core/log.h"
#include "core/model.h"
#include "internal.h"

/* ---- shown ---- */

static struct user *user_at(void *rows, size_t i, size_t size)
{
	return (void *)((char *)rows + i * size);
}

enum app_err users_show(struct ctx *c, void *rows, size_t count, size_t size)
{
	struct role_names names = { 0 };
	enum app_err err = APP_OK;
	int64_t bits = 0;
	for (size_t i = 0; i < count; i++)
		bits |= user_at(rows, i, size)->role_bits;
	if (bits)
		err = roles_names_read(c, &names);
	for (size_t i = 0; !err && i < count; i++)
		user_at(rows, i, size)->roles = roles_names(c, &names,
							    user_at(rows, i, size)->role_bits);
	return err;
}

enum app_err users_show_one(struct ctx *c, struct user *user)
{
	return users_show(c, user, 1, sizeof(*user));
}

/* ---- who may ---- */

static bool is_above_all(const struct actor *actor)
{
	return actor->kind == ACTOR_SYSTEM || (actor->kind == ACTOR_USER && actor->is_superuser);
}

enum app_err user_check_superuser(struct ctx *c)
{
	return is_above_all(&c->actor)
		       ? op_check_proof(c, PROVEN_LATELY_S)
		       : ctx_fail(c, APP_FORBIDDEN, "Only a superuser may make another one");
}

enum app_err user_check_reach(struct ctx *c, int64_t user_id)
{
	struct user user;
	if (is_above_all(&c->actor))
		return APP_OK;
	enum app_err err = model_get_where(c, &user_model, user_id, NULL, &user);
	if (err)
		return err;
	if (user.is_superuser)
		return ctx_fail(c, APP_FORBIDDEN,
				"Only a superuser may change the account of another one");
	return roles_check_reach(c, user.role_bits);
}

/* ---- given ---- */

enum app_err user_role_bits(struct ctx *c, const struct array *names, int64_t *ret_bits)
{
	if (!names->items)
		return roles_of_new_accounts(c, ret_bits);
	enum app_err err = op_authorize(c, ACCESS_USER, &roles_give);
	if (!err)
		err = op_check_proof(c, PROVEN_LATELY_S);
	return err ? err : roles_find(c, "roles", names, ret_bits);
}

static enum app_err set_roles(struct ctx *c, const struct user_set_roles *in, struct user *ret)
{
	struct user_write_roles row = { 0 };
	enum app_err err = roles_begin(c);
	if (!err)
		err = user_check_reach(c, in->user_id);
	if (!err)
		err = roles_find(c, "roles", &in->roles, &row.role_bits);
	if (!err)
		err = model_update(c, &user_model, in->user_id, &user_write_roles_schema, &row,
				   &(struct model_match){ .if_match = in->if_match }, ret);
	if (err)
		return err;
	log_info(c, "roles given", LOG_INT("user_id", ret->id), LOG_INT("by", c->actor.user_id),
		 LOG_INT("role_bits", ret->role_bits));
	return users_show_one(c, ret);
}

OPERATION_FN(set_roles, struct user_set_roles, struct user)

const struct operation users_set_roles = {
	.name = "users.set_roles",
	.summary = "Give an account its roles",
	.doc = "These and no others. You need all permissions of the roles that it has and gets; "
	       "the account has them with its next request.",
	.kind = COMMAND,
	.access = ACCESS_WITH(&roles_give),
	.proven_s = PROVEN_LATELY_S,
	.in = &user_set_roles_schema,
	.out = &user_schema,
	RUN(set_roles),
};

/* ---- for the roles module ---- */

static const char SQL_TOUCH[] =
	"UPDATE users SET role_bits = role_bits & $1, updated_at ="
	" CASE WHEN updated_at < $2 THEN $2 ELSE updated_at + 1 END WHERE (role_bits & $3) <> 0";

enum app_err users_touch_role(struct ctx *c, int64_t bit, bool is_gone)
{
	int64_t stays = is_gone ? ~bit : -1;
	return db_exec(c, SQL_TOUCH, BIND(stays, ctx_now(c), bit), NULL);
}
