/* The services of all modules as one list. */
#include "core/service.h"

#include "base/str.h"
#include "internal.h"

/* What the module lists by that name before `end`, or NULL. */
static const struct service *find_namesake(const struct module *module,
					   const struct service *const *end, const char *name)
{
	const struct service *const *at = module->services;
	for (; at && at != end && *at; at++)
		if (str_eq((*at)->name, name))
			return *at;
	return NULL;
}

/* What is found by its address must be one; and what a fault names must be one, too. */
static enum app_err check_service(struct ctx *c, const struct module *const *modules,
				  const struct module *module, const struct service *const *service)
{
	const char *name = (*service)->name;
	const struct service *other = NULL;
	for (; !other && *modules != module; modules++)
		other = find_namesake(*modules, NULL, name);
	const char *whose = other ? modules[-1]->name : module->name;
	if (!other)
		other = find_namesake(module, service, name);
	if (!other)
		return APP_OK;
	return ctx_fail(c, APP_INVALID,
			other == *service ? "Module %s, service %s: module %s lists it already: "
					    "one module has it, and all may reach it"
					  : "Module %s, service %s: module %s has another one of "
					    "that name",
			module->name, name, whose);
}

enum app_err services_check(struct ctx *c, const struct module *const *modules)
{
	enum app_err err = APP_OK;
	for (const struct module *const *module = modules; !err && *module; module++) {
		const struct service *const *service = (*module)->services;
		for (; !err && service && *service; service++)
			err = check_service(c, modules, *module, service);
	}
	return err;
}

enum app_err modules_add_services(struct ctx *c, const struct module *const *modules,
				  struct services *services)
{
	enum app_err err = services_check(c, modules);
	if (err)
		return err;
	for (; *modules; modules++) {
		const struct service *const *service = (*modules)->services;
		for (; service && *service; service++)
			services_add(services, *service);
	}
	return APP_OK;
}
