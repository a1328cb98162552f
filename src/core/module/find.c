/* Looks for what one of the modules has, one after the other: not for the path of a request. */
#include "core/module.h"

#include "base/str.h"

static const struct operation *routes_find(const struct route *routes, const char *name)
{
	for (const struct route *route = routes; !route_is_end(route); route++)
		if (op_is_runnable(route->op) && str_eq(route->op->name, name))
			return route->op;
	return NULL;
}

const struct operation *module_find_operation(const struct module *const *modules, const char *name)
{
	for (; *modules; modules++) {
		const struct operation *found = routes_find((*modules)->routes, name);
		if (found)
			return found;
		const struct operation *const *op = (*modules)->operations;
		for (; op && *op; op++)
			if (op_is_runnable(*op) && str_eq((*op)->name, name))
				return *op;
	}
	return NULL;
}

const struct authenticator *modules_authenticator(const struct module *const *modules)
{
	while (*modules && !(*modules)->authenticator)
		modules++;
	return *modules ? (*modules)->authenticator : NULL;
}
