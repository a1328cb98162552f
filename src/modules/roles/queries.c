/* Reads of the roles module: roles, and the permissions that modules declare. */
#include <string.h>

#include "base/arena.h"
#include "core/app.h"
#include "internal.h"

/* ---- a role as it is shown ---- */

void role_show(struct ctx *c, const struct role_row *row, struct role *ret)
{
	const char *list = row->permissions;
	/* a name has a letter at least, and a blank behind it */
	const char **names = arena_zero(c->arena, (strlen(list) / 2 + 1) * sizeof(*names));
	size_t count = 0, len;
	for (const char *name; (name = role_list_next(&list, &len));)
		names[count++] = arena_strndup(c->arena, name, len);
	*ret = (struct role){ .id = row->id,
			      .name = row->name,
			      .permissions = { .items = names, .count = count },
			      .created_at = row->created_at,
			      .updated_at = row->updated_at };
}

/* ---- roles.list ---- */

static enum app_err list_roles(struct ctx *c, const struct nothing *in, struct role_list *ret)
{
	(void)in;
	struct array rows;
	enum app_err err = roles_read(c, &rows);
	if (err)
		return err;
	struct role *roles = arena_zero(c->arena, (rows.count + 1) * sizeof(*roles));
	for (size_t i = 0; i < rows.count; i++)
		role_show(c, (const struct role_row *)rows.items + i, &roles[i]);
	ret->items = (struct array){ .items = roles, .count = rows.count };
	return APP_OK;
}

OPERATION_FN(list_roles, struct nothing, struct role_list)

const struct operation roles_list = {
	.name = "roles.list",
	.summary = "List the roles",
	.doc = "All of them, with their permissions.",
	.kind = QUERY,
	.access = ACCESS_WITH(&roles_see),
	.out = &role_list_schema,
	RUN(list_roles),
};

/* ---- roles.get ---- */

static enum app_err get_role(struct ctx *c, const struct role_ref *in, struct role *ret)
{
	struct role_row row;
	enum app_err err = model_get(c, &role_model, in->role_id, &row);
	if (!err)
		role_show(c, &row, ret);
	return err;
}

OPERATION_FN(get_role, struct role_ref, struct role)

const struct operation roles_get = {
	.name = "roles.get",
	.summary = "Read a role",
	.kind = QUERY,
	.access = ACCESS_WITH(&roles_see),
	.in = &role_ref_schema,
	.out = &role_schema,
	RUN(get_role),
};

/* ---- roles.list_permissions ---- */

static enum app_err list_permissions(struct ctx *c, const struct nothing *in,
				     struct role_permission_list *ret)
{
	(void)in;
	struct role_permission *list = arena_zero(c->arena, PERMISSIONS_MAX * sizeof(*list));
	struct module_permissions all = { .modules = c->app->modules };
	size_t count = 0;
	for (const struct permission *at; (at = module_permission_next(&all));)
		list[count++] = (struct role_permission){ at->name, at->doc };
	ret->items = (struct array){ .items = list, .count = count };
	return APP_OK;
}

OPERATION_FN(list_permissions, struct nothing, struct role_permission_list)

const struct operation roles_list_permissions = {
	.name = "roles.list_permissions",
	.summary = "List the permissions",
	.doc = "All that a role may have.",
	.kind = QUERY,
	.access = ACCESS_WITH(&roles_see),
	.light = true,
	.out = &role_permission_list_schema,
	RUN(list_permissions),
};
