/*
 * The permissions of all modules: their numbers, and whether those that operations ask for are
 * among them. Who has which is for the authenticator.
 */
#include "base/ctx.h"
#include "base/str.h"
#include "core/crud.h"
#include "core/op.h"
#include "core/permission.h"
#include "internal.h"

const struct permission *module_permission_next(struct module_permissions *all)
{
	for (; *all->modules; all->modules++, all->count = 0) {
		const struct permission *const *list = (*all->modules)->permissions;
		if (list && list[all->count])
			return list[all->count++];
	}
	return NULL;
}

const struct permission *module_find_permission(const struct module *const *modules,
						const char *name)
{
	struct module_permissions all = { .modules = modules };
	const struct permission *at = module_permission_next(&all);
	while (at && !str_eq(at->name, name))
		at = module_permission_next(&all);
	return at;
}

/* One that has its number is left alone: threads of another server may look at it. */
void modules_number_permissions(const struct module *const *modules)
{
	struct module_permissions all = { .modules = modules };
	uint16_t number = 0;
	for (const struct permission *at; (at = module_permission_next(&all));)
		if (*at->number != ++number)
			*at->number = number;
}

/* ---- what is declared ---- */

static bool name_is_fine(const char *name)
{
	size_t len = 0;
	bool part_begins = true, has_dot = false;
	for (; name && name[len] && len <= PERMISSION_NAME_MAX; len++) {
		char letter = name[len];
		bool is_small = letter >= 'a' && letter <= 'z';
		bool goes_on = is_small || letter == '_' || (letter >= '0' && letter <= '9');
		if (part_begins ? !is_small : !goes_on && letter != '.')
			return false;
		part_begins = letter == '.';
		has_dot |= part_begins;
	}
	return has_dot && !part_begins && len <= PERMISSION_NAME_MAX;
}

static bool is_declared(const struct module *const *modules, const struct permission *permission)
{
	struct module_permissions all = { .modules = modules };
	const struct permission *at = module_permission_next(&all);
	while (at && at != permission)
		at = module_permission_next(&all);
	return at;
}

/* Neither by another module nor by this one a second time. `all` has just gone to it. */
static enum app_err check_single(struct ctx *c, const struct module *const *modules,
				 const struct module_permissions *all,
				 const struct permission *permission)
{
	struct module_permissions first = { .modules = modules };
	const struct permission *at = module_permission_next(&first);
	while (!str_eq(at->name, permission->name))
		at = module_permission_next(&first);
	if (first.modules == all->modules && first.count == all->count)
		return APP_OK;
	return ctx_fail(c, APP_INVALID, "Module %s, permission %s: module %s has one of that name",
			(*all->modules)->name, permission->name, (*first.modules)->name);
}

static enum app_err check_words(struct ctx *c, const struct module *module,
				const struct permission *permission)
{
	if (!name_is_fine(permission->name))
		return ctx_fail(c, APP_INVALID,
				"Module %s, permission '%s': a name is small letters, digits and "
				"underscores with dots between, such as %s.edit, of %d characters "
				"at most",
				module->name, permission->name ? permission->name : "",
				module->name, PERMISSION_NAME_MAX);
	if (!permission->doc)
		return ctx_fail(c, APP_INVALID,
				"Module %s, permission %s: nobody knows what it is for; say what "
				"it lets one do",
				module->name, permission->name);
	return APP_OK;
}

static enum app_err check_all_declared(struct ctx *c, const struct module *const *modules)
{
	struct module_permissions all = { .modules = modules };
	enum app_err err = APP_OK;
	int count = 0;
	for (const struct permission *at; !err && (at = module_permission_next(&all));) {
		err = check_words(c, *all.modules, at);
		if (!err)
			err = check_single(c, modules, &all, at);
		if (!err && ++count > PERMISSIONS_MAX)
			err = ctx_fail(c, APP_INVALID,
				       "Module %s, permission %s: there are more than %d of them",
				       (*all.modules)->name, at->name, PERMISSIONS_MAX);
	}
	return err;
}

/* ---- what is asked for ---- */

static enum app_err check_asked(struct ctx *c, const struct module *const *modules,
				const struct operation *op, const struct permission *permission)
{
	if (!permission || is_declared(modules, permission))
		return APP_OK;
	return ctx_fail(c, APP_INVALID,
			"Operation %s asks for the permission %s, which no module declares: add it "
			"to .permissions of the module",
			op->name, permission->name);
}

enum app_err permissions_check(struct ctx *c, const struct module *const *modules)
{
	struct module_operations all = { .modules = modules };
	enum app_err err = check_all_declared(c, modules);
	for (const struct operation *op; !err && (op = module_operation_next(&all));) {
		err = check_asked(c, modules, op, op->permission);
		if (!err && op->crud)
			err = check_asked(c, modules, op, op->crud->manage);
	}
	if (!err)
		modules_number_permissions(modules);
	return err;
}
