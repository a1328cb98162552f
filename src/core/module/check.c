/*
 * What is asked of all modules together, before any of them is started. Their routes are looked at
 * by the router.
 */
#include "core/module.h"

#include "base/ctx.h"

/* Of what is asked about who signs in. */
static bool is_none_or_all(const struct module *module)
{
	bool authenticates = module->authenticate;
	return authenticates == !!module->screen && authenticates == !!module->confirm;
}

enum app_err modules_check(struct ctx *c, const struct module *const *modules)
{
	const struct module *who = NULL;
	for (; *modules; modules++) {
		const struct module *module = *modules;
		if (!is_none_or_all(module))
			return ctx_fail(c, APP_INVALID,
					"Module %s has not all of screen, authenticate and "
					"confirm: one module has all that is asked about who signs "
					"in",
					module->name);
		if (module->authenticate && who)
			return ctx_fail(
				c, APP_INVALID,
				"Modules %s and %s both have authenticate: one module has it",
				who->name, module->name);
		if (module->authenticate)
			who = module;
	}
	return APP_OK;
}
