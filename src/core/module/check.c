/*
 * What is asked of all modules together, before any of them is started. Their routes are looked at
 * by the router.
 */
#include "core/module.h"

#include "base/ctx.h"
#include "core/authenticator.h"
#include "internal.h"

/* One that has a part of it would let in whom it should not. */
static bool is_whole(const struct authenticator *authenticator)
{
	return authenticator->screen && authenticator->authenticate && authenticator->confirm;
}

/* *who: the one that has it among those before, or NULL. */
static enum app_err check_authenticator(struct ctx *c, const struct module *module,
					const struct module **who)
{
	if (!module->authenticator)
		return APP_OK;
	if (!is_whole(module->authenticator))
		return ctx_fail(c, APP_INVALID,
				"The authenticator of module %s has not all of screen, "
				"authenticate and confirm",
				module->name);
	if (*who)
		return ctx_fail(c, APP_INVALID,
				"Modules %s and %s both have an authenticator: one module has it",
				(*who)->name, module->name);
	*who = module;
	return APP_OK;
}

/* A row that forgot its name must not pass for the end. */
static enum app_err check_health(struct ctx *c, const struct module *module)
{
	const struct health_check *check = module->checks;
	for (; check && (check->name || check->check); check++) {
		if (!check->name)
			return ctx_fail(c, APP_INVALID,
					"Module %s, check ?: it has no name; set .name",
					module->name);
		if (!check->check)
			return ctx_fail(c, APP_INVALID,
					"Module %s, check %s: it has no function; set .check",
					module->name, check->name);
	}
	return APP_OK;
}

enum app_err modules_check(struct ctx *c, const struct module *const *modules)
{
	const struct module *who = NULL;
	enum app_err err = APP_OK;
	for (const struct module *const *module = modules; !err && *module; module++) {
		err = check_authenticator(c, *module, &who);
		if (!err)
			err = check_health(c, *module);
	}
	if (!err)
		err = stages_check(c, modules);
	if (!err)
		err = hidden_check(c, modules);
	if (!err)
		err = permissions_check(c, modules);
	return err ? err : services_check(c, modules);
}
