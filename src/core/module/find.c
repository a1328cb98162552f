/* Looks for what one of the modules has, one after the other: not for the path of a request. */
#include "core/module.h"

#include "base/str.h"

bool modules_keep_audit(const struct module *const *modules)
{
	for (; *modules; modules++)
		if ((*modules)->keeps_audit)
			return true;
	return false;
}

static const struct operation *next_of_routes(struct module_operations *all,
					      const struct route *routes)
{
	while (routes && !route_is_end(&routes[all->routes])) {
		const struct operation *op = routes[all->routes++].op;
		if (op)
			return op;
	}
	return NULL;
}

static const struct operation *next_of_list(struct module_operations *all,
					    const struct operation *const *list)
{
	const struct operation *op = list ? list[all->operations] : NULL;
	all->operations += op ? 1 : 0;
	return op;
}

const struct operation *module_operation_next(struct module_operations *all)
{
	for (; *all->modules; all->modules++, all->routes = all->operations = 0) {
		const struct operation *op = next_of_routes(all, (*all->modules)->routes);
		op = op ? op : next_of_list(all, (*all->modules)->operations);
		if (op)
			return op;
	}
	return NULL;
}

const struct operation *module_find_operation(const struct module *const *modules, const char *name)
{
	struct module_operations all = { .modules = modules };
	for (const struct operation *op; (op = module_operation_next(&all));)
		if (op_is_runnable(op) && str_eq(op->name, name))
			return op;
	return NULL;
}

const struct authenticator *modules_authenticator(const struct module *const *modules)
{
	while (*modules && !(*modules)->authenticator)
		modules++;
	return *modules ? (*modules)->authenticator : NULL;
}
