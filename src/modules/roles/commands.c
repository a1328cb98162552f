/*
 * Writes of the roles module. Whoever is no superuser touches only roles whose permissions he has,
 * before the change and after it, so that nobody raises himself or others above himself.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/app.h"
#include "core/log.h"
#include "internal.h"
#include "modules/keys.h"
#include "modules/users.h"

/* ---- lists of permissions ---- */

/* One that the role had already may stay, though no module declares it any more. */
static bool is_known(struct ctx *c, const char *name, const char *before)
{
	return str_eq(name, "*") || module_find_permission(c->app->modules, name) ||
	       role_names_one(before, name);
}

/* The names as they are stored: each once, and none beside "*". */
static enum app_err list_make(struct ctx *c, const struct array *names, const char *before,
			      const char **ret)
{
	const char *const *name = names->items;
	struct buf list;
	buf_init(&list, c->arena);
	for (size_t i = 0; i < names->count; i++) {
		if (!is_known(c, name[i], before))
			return schema_fault(c, "body", "permissions",
					    "no module declares the permission '%s'", name[i]);
		if (str_eq(name[i], "*")) {
			*ret = "*";
			return APP_OK;
		}
		if (!role_names_one(buf_text(&list), name[i]))
			buf_printf(&list, "%s%s", list.len ? " " : "", name[i]);
	}
	*ret = buf_text(&list);
	return APP_OK;
}

/* ---- roles.create ---- */

/* The least that is free: bits are few. */
static enum app_err free_id(struct ctx *c, int64_t *ret)
{
	struct array rows;
	enum app_err err = roles_read(c, &rows);
	if (err)
		return err;
	const struct role_row *row = rows.items;
	int64_t id = 1;
	for (size_t i = 0; i < rows.count && row[i].id == id; i++)
		id++;
	if (id > ROLES_MAX)
		return ctx_fail(c, APP_CONFLICT, "There are %d roles, and no more than that",
				ROLES_MAX);
	*ret = id;
	return APP_OK;
}

static enum app_err create_role(struct ctx *c, const struct role_create *in, struct role *ret)
{
	struct role_write write = { .id.is = GIVEN,
				    .name = { GIVEN, in->name },
				    .permissions.is = GIVEN };
	struct role_row row;
	enum app_err err = roles_begin(c);
	if (!err)
		err = list_make(c, &in->permissions, "", &write.permissions.value);
	if (!err)
		err = role_check_within(c, write.permissions.value);
	if (!err)
		err = free_id(c, &write.id.value);
	if (!err)
		err = model_insert(c, &role_model, &role_write_schema, &write, &row);
	if (!err)
		err = roles_touch(c);
	if (err)
		return err;
	log_info(c, "role created", LOG_TEXT("role", row.name),
		 LOG_TEXT("permissions", row.permissions), LOG_INT("by", c->actor.user_id));
	role_show(c, &row, ret);
	return APP_OK;
}

OPERATION_FN(create_role, struct role_create, struct role)

const struct operation roles_create = {
	.name = "roles.create",
	.summary = "Create a role",
	.doc = "With permissions that you have yourself. There are 62 roles at most.",
	.kind = COMMAND,
	.access = ACCESS_WITH(&roles_manage),
	.proven_s = PROVEN_LATELY_S,
	.in = &role_create_schema,
	.out = &role_schema,
	.fails_with = { APP_CONFLICT },
	RUN(create_role),
};

/* ---- roles.update ---- */

/* The role, if the one who acts may touch it; it stays as it is until the write is done. */
static enum app_err find_to_change(struct ctx *c, int64_t id, struct role_row *ret)
{
	enum app_err err = roles_begin(c);
	if (!err)
		err = model_get(c, &role_model, id, ret);
	return err ? err : role_check_within(c, ret->permissions);
}

static enum app_err write_of(struct ctx *c, const struct role_update *in,
			     const struct role_row *before, struct role_write *ret)
{
	*ret = (struct role_write){ .name = in->name };
	if (!in->permissions.items)
		return APP_OK;
	ret->permissions.is = GIVEN;
	enum app_err err = list_make(c, &in->permissions, before->permissions,
				     &ret->permissions.value);
	return err ? err : role_check_within(c, ret->permissions.value);
}

static enum app_err update_role(struct ctx *c, const struct role_update *in, struct role *ret)
{
	struct role_row before, row;
	struct role_write write;
	enum app_err err = find_to_change(c, in->role_id, &before);
	if (!err)
		err = write_of(c, in, &before, &write);
	if (!err)
		err = model_update(
			c, &role_model, in->role_id, &role_write_schema, &write,
			&(struct model_match){ .if_match = in->if_match, .before = &before }, &row);
	/* accounts show the names of their roles */
	if (!err && !str_eq(row.name, before.name))
		err = users_touch_role(c, role_bit(&row), false);
	if (!err)
		err = roles_touch(c);
	if (err)
		return err;
	log_info(c, "role changed", LOG_TEXT("role", row.name),
		 LOG_TEXT("permissions", row.permissions), LOG_INT("by", c->actor.user_id));
	role_show(c, &row, ret);
	return APP_OK;
}

OPERATION_FN(update_role, struct role_update, struct role)

const struct operation roles_update = {
	.name = "roles.update",
	.summary = "Change a role",
	.doc = "Members that are absent stay as they are. You need all permissions that it has and "
	       "gets. Accounts that hold it have the change with their next request.",
	.kind = COMMAND,
	.access = ACCESS_WITH(&roles_manage),
	.proven_s = PROVEN_LATELY_S,
	.in = &role_update_schema,
	.out = &role_schema,
	.fails_with = { APP_CONFLICT },
	RUN(update_role),
};

/* ---- roles.delete ---- */

static enum app_err delete_role(struct ctx *c, const struct role_delete *in, struct nothing *ret)
{
	(void)ret;
	struct role_row row;
	enum app_err err = find_to_change(c, in->role_id, &row);
	if (!err)
		err = model_delete(
			c, &role_model, in->role_id,
			&(struct model_match){ .if_match = in->if_match, .before = &row });
	if (!err)
		err = users_touch_role(c, role_bit(&row), true);
	if (!err)
		err = keys_lose_role(c, role_bit(&row));
	if (!err)
		err = roles_touch(c);
	if (err)
		return err;
	log_info(c, "role deleted", LOG_TEXT("role", row.name), LOG_INT("by", c->actor.user_id));
	return APP_OK;
}

OPERATION_FN(delete_role, struct role_delete, struct nothing)

const struct operation roles_delete = {
	.name = "roles.delete",
	.summary = "Delete a role",
	.doc = "Accounts that hold it lose it at once. You need all permissions that it has.",
	.kind = COMMAND,
	.access = ACCESS_WITH(&roles_manage),
	.proven_s = PROVEN_LATELY_S,
	.in = &role_delete_schema,
	RUN(delete_role),
};
