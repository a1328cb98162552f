/*
 * What is asked of all modules together, before any of them is started. Their routes are looked at
 * by the router.
 */
#include "core/module.h"

#include "base/ctx.h"
#include "core/authenticator.h"

/* One that has a part of it would let in whom it should not. */
static bool is_whole(const struct authenticator *authenticator)
{
	return authenticator->screen && authenticator->authenticate && authenticator->confirm;
}

enum app_err modules_check(struct ctx *c, const struct module *const *modules)
{
	const struct module *who = NULL;
	for (; *modules; modules++) {
		const struct module *module = *modules;
		if (!module->authenticator)
			continue;
		if (!is_whole(module->authenticator))
			return ctx_fail(c, APP_INVALID,
					"The authenticator of module %s has not all of screen, "
					"authenticate and confirm",
					module->name);
		if (who)
			return ctx_fail(
				c, APP_INVALID,
				"Modules %s and %s both have an authenticator: one module has it",
				who->name, module->name);
		who = module;
	}
	return APP_OK;
}
