/*
 * Which versions of the API have which routes. A version has what the one before it had, but for
 * what it replaces by a route of its own and for what ended: so a change of three operations is
 * three rows, and all others are there without being written twice.
 */
#include "internal.h"

#include <string.h>

#include "core/module.h"

enum { VERSION_MAX = 99 };

static int first_version(const struct module *module, const struct route *route)
{
	int version = route->version ? route->version : module->version;
	return version ? version : 1;
}

bool router_is_whole(const struct module *module, const struct route *route)
{
	return route->root || module->mount;
}

int router_count_versions(const struct module *const *modules)
{
	int last = 1;
	for (; *modules; modules++) {
		const struct route *route = (*modules)->routes;
		for (; !route_is_end(route); route++)
			if (!router_is_whole(*modules, route) &&
			    first_version(*modules, route) > last)
				last = first_version(*modules, route);
	}
	return last;
}

/* ---- which has what ---- */

/* What parameters are called makes no other path. */
static bool is_same_path(const char *a, const char *b)
{
	while (*a && *b) {
		if (*a != *b)
			return false;
		bool are_params = *a == '{';
		a += are_params ? strcspn(a, "/") : 1;
		b += are_params ? strcspn(b, "/") : 1;
	}
	return *a == *b;
}

static bool is_same_place(const struct route *a, const struct route *b)
{
	return a->method == b->method && a->path && b->path && is_same_path(a->path, b->path);
}

/* Whether a version up to this one has a route of its own in the place of that of before. */
static bool is_replaced(const struct module *const *modules, const struct route *route, int first,
			int version)
{
	for (; *modules; modules++) {
		const struct route *other = (*modules)->routes;
		for (; !route_is_end(other); other++) {
			int others = first_version(*modules, other);
			if (others > first && others <= version &&
			    !router_is_whole(*modules, other) && is_same_place(route, other))
				return true;
		}
	}
	return false;
}

bool router_version_has(const struct module *const *modules, const struct module *module,
			const struct route *route, int version)
{
	int first = first_version(module, route);
	bool has_ended = route->last_version && version > route->last_version;
	return version >= first && !has_ended && !is_replaced(modules, route, first, version);
}

/* ---- whether they can be ---- */

static bool can_be(int version)
{
	return version >= 1 && version <= VERSION_MAX;
}

/* A last version that has another route in its place has not this one. */
static enum app_err check_place(struct ctx *c, const struct module *const *modules,
				const struct router_entry *entry)
{
	const struct route *route = entry->route;
	int first = first_version(entry->module, route);
	for (int version = first + 1; version <= route->last_version; version++)
		if (is_replaced(modules, route, first, version))
			return router_fault(c, entry,
					    ".last_version is %d, and version %d has a route of "
					    "its own in this place; leave that out",
					    route->last_version, version);
	return APP_OK;
}

static enum app_err check_ends(struct ctx *c, const struct module *const *modules,
			       const struct router_entry *entry, int last)
{
	const struct route *route = entry->route;
	int first = first_version(entry->module, route);
	if (!route->last_version)
		return APP_OK;
	if (route->last_version < first)
		return router_fault(c, entry,
				    ".last_version is %d, and it begins with version %d only",
				    route->last_version, first);
	if (route->last_version >= last)
		return router_fault(c, entry,
				    ".last_version is %d, and there is no version after it that "
				    "could be without it; leave that out",
				    route->last_version);
	return check_place(c, modules, entry);
}

static enum app_err check_route(struct ctx *c, const struct module *const *modules,
				const struct module *module, const struct route *route, int last)
{
	const struct router_entry entry = { .module = module, .route = route };
	if (route->root && (route->version || route->last_version))
		return router_fault(c, &entry,
				    "its path is whole, and so of no version; leave out .root, or "
				    ".version and .last_version");
	if (route->version && !can_be(route->version))
		return router_fault(c, &entry, ".version is %d: it is from 1 to %d", route->version,
				    VERSION_MAX);
	return check_ends(c, modules, &entry, last);
}

static enum app_err check_module(struct ctx *c, const struct module *const *modules,
				 const struct module *module, int last)
{
	enum app_err err = APP_OK;
	if (module->version && !can_be(module->version))
		return ctx_fail(c, APP_INVALID, "Module %s: .version is %d: it is from 1 to %d",
				module->name, module->version, VERSION_MAX);
	for (const struct route *route = module->routes; !err && !route_is_end(route); route++)
		err = check_route(c, modules, module, route, last);
	return err;
}

/*
 * The first version has routes that its document shows, or it would be one of nothing: that of the
 * documents themselves begins with it, too, and is hidden.
 */
static bool begins_with(const struct module *module, const struct route *route, int version)
{
	return !router_is_whole(module, route) && first_version(module, route) == version &&
	       (version > 1 || !route->hidden);
}

static bool any_begins_with(const struct module *const *modules, int version)
{
	for (; *modules; modules++) {
		const struct route *route = (*modules)->routes;
		for (; !route_is_end(route); route++)
			if (begins_with(*modules, route, version))
				return true;
	}
	return false;
}

/* One that changes nothing is a slip of whoever numbered them. */
static enum app_err check_gaps(struct ctx *c, const struct module *const *modules, int last)
{
	for (int version = 1; version < last; version++)
		if (!any_begins_with(modules, version))
			return ctx_fail(c, APP_INVALID,
					"Routes: there is a version %d, and no route begins with "
					"version %d; number them without a gap",
					last, version);
	return APP_OK;
}

enum app_err router_check_versions(struct ctx *c, const struct module *const *modules)
{
	int last = router_count_versions(modules);
	enum app_err err = APP_OK;
	for (const struct module *const *module = modules; !err && *module; module++)
		err = check_module(c, modules, *module, last);
	return err ? err : check_gaps(c, modules, last);
}
