/*
 * What has a document of its own: each version of the API, and each path below which modules are
 * mounted. What is mounted stands by itself: nothing else has a path there.
 */
#include "internal.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/module.h"

bool router_is_of(const struct router_entry *entry, const struct router_scope *scope)
{
	const char *mount = entry->module->mount;
	if (mount || scope->mount)
		return mount && scope->mount && str_eq(mount, scope->mount);
	return !entry->version || entry->version == scope->version;
}

/* ---- listing them ---- */

static bool is_listed(const struct router_scope *scopes, size_t count, const char *mount)
{
	for (size_t i = 0; i < count; i++)
		if (scopes[i].mount && str_eq(scopes[i].mount, mount))
			return true;
	return false;
}

static struct router_scope version_scope(struct arena *arena, int version)
{
	return (struct router_scope){
		.name = arena_printf(arena, "v%d", version),
		.prefix = arena_printf(arena, HTTP_VERSIONS_PREFIX "%d", version),
		.version = version,
	};
}

struct router_scope *router_list_scopes(struct arena *arena, const struct module *const *modules,
					size_t *ret_count)
{
	size_t last = (size_t)router_count_versions(modules), most = last;
	for (const struct module *const *module = modules; *module; module++)
		most += (*module)->mount != NULL;
	struct router_scope *scopes = arena_zero(arena, most * sizeof(*scopes));
	size_t count = 0;
	while (count < last) {
		scopes[count] = version_scope(arena, (int)count + 1);
		count++;
	}
	for (; *modules; modules++) {
		const char *mount = (*modules)->mount;
		if (mount && !is_listed(scopes, count, mount))
			scopes[count++] = (struct router_scope){ mount, mount, 0, mount };
	}
	*ret_count = count;
	return scopes;
}

/* ---- what is mounted ---- */

static const char *path_fault(const char *mount)
{
	size_t len = strlen(mount);
	if (mount[0] != '/' || len == 1 || mount[len - 1] == '/' || strchr(mount, '{'))
		return "it is words behind slashes, such as \"/shop\"";
	if (str_eq(mount, "/api") || str_starts(mount, "/api/"))
		return "the API is there; take another path";
	return NULL;
}

static const char *module_fault(const struct module *module)
{
	if (module->version || module->versions)
		return "what is mounted is of no version; leave out .version and .versions";
	if (module->start || module->stop)
		return "start hooks run for the main application only; what it keeps is a service "
		       "(.services)";
	return path_fault(module->mount);
}

static const char *route_fault(const struct route *route)
{
	if (route->root)
		return "its module is mounted, so its path is below that; leave out .root";
	if (route->version || route->last_version)
		return "its module is mounted, and so of no version; leave out .version and "
		       ".last_version";
	return NULL;
}

static enum app_err check_routes(struct ctx *c, const struct module *module)
{
	for (const struct route *route = module->routes; !route_is_end(route); route++) {
		const struct router_entry entry = { .module = module, .route = route };
		const char *what = route_fault(route);
		if (what)
			return router_fault(c, &entry, "%s", what);
	}
	return APP_OK;
}

enum app_err router_check_mounts(struct ctx *c, const struct module *const *modules)
{
	enum app_err err = APP_OK;
	for (; !err && *modules; modules++) {
		if (!(*modules)->mount)
			continue;
		const char *what = module_fault(*modules);
		if (what)
			return ctx_fail(c, APP_INVALID, "Module %s, mount %s: %s", (*modules)->name,
					(*modules)->mount, what);
		err = check_routes(c, *modules);
	}
	return err;
}

/* ---- what is beside it ---- */

/* Whether a path may be both: a parameter may be any word. */
static bool is_below(const struct router_entry *entry, const char *mount)
{
	for (size_t i = 0; *mount; i++) {
		size_t len = strcspn(++mount, "/");
		const struct router_part *part = &entry->parts[i];
		if (i == entry->part_count)
			return false;
		if (!part->is_param && (part->len != len || memcmp(part->text, mount, len) != 0))
			return false;
		mount += len;
	}
	return true;
}

/* A route of something else below the mount of this one, or NULL. */
static const struct router_entry *find_clash(const struct router_entry *entries, size_t count,
					     const struct module *module)
{
	for (size_t i = 0; i < count; i++) {
		const char *mount = entries[i].module->mount;
		bool is_its_own = mount && str_eq(mount, module->mount);
		if (!is_its_own && is_below(&entries[i], module->mount))
			return &entries[i];
	}
	return NULL;
}

enum app_err router_check_clashes(struct ctx *c, const struct router_entry *entries, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct module *module = entries[i].module;
		const struct router_entry *other = module->mount
							   ? find_clash(entries, count, module)
							   : NULL;
		if (other)
			return ctx_fail(c, APP_INVALID,
					"Module %s, mount %s: module %s has the route %s %s there",
					module->name, module->mount, other->module->name,
					route_method_name(other->route->method), other->path);
	}
	return APP_OK;
}
