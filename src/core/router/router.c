/*
 * All routes: built once at start out of the tables of modules, then only read. Matching allocates
 * only for parameters and for an Allow list. The tree that it walks stands in tree.c.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "core/module.h"
#include "tree.h"

struct router {
	/* all that is below lives here */
	struct arena arena;
	struct router_node root;
	struct router_entry *entries;
	size_t count;
	int last_version;
	struct router_scope *scopes;
	size_t scope_count;
	/* of what has no route */
	const struct router_stages *rest;
};

/* ---- building ---- */

static enum app_err add_to_tree(struct ctx *c, struct router *router,
				const struct router_entry *entry)
{
	const struct router_entry *other = router_tree_add(&router->arena, &router->root, entry);
	if (!other)
		return APP_OK;
	return router_fault(c, entry, "module %s has the same route (%s)", other->module->name,
			    other->path);
}

/* Routes may share an operation, but its name is what `croft run` and the documents know it by. */
static enum app_err check_name(struct ctx *c, const struct router *router,
			       const struct router_entry *entry)
{
	const struct operation *op = entry->route->op;
	for (size_t i = 0; op && i < router->count; i++)
		if (router_is_namesake(op, router->entries[i].route->op))
			return router_fault(c, entry, "another operation is named %s, too",
					    op->name);
	return APP_OK;
}

static enum app_err add_entry(struct ctx *c, struct router *router,
			      const struct module *const *modules, const struct router_entry *given)
{
	struct router_entry *entry = &router->entries[router->count];
	*entry = *given;
	enum app_err err = router_read_route(c, &router->arena, entry);
	if (!err)
		err = router_read_retirement(c, &router->arena, modules, entry);
	if (!err)
		err = check_name(c, router, entry);
	if (!err)
		err = add_to_tree(c, router, entry);
	router->count++;
	return err;
}

/* In each version that has it. */
static enum app_err add_route(struct ctx *c, struct router *router,
			      const struct module *const *modules, const struct module *module,
			      const struct route *route)
{
	struct router_entry entry = { .module = module, .route = route };
	enum app_err err = APP_OK;
	if (router_is_whole(module, route))
		return add_entry(c, router, modules, &entry);
	while (!err && entry.version < router->last_version) {
		entry.version++;
		if (router_version_has(modules, module, route, entry.version))
			err = add_entry(c, router, modules, &entry);
	}
	return err;
}

static enum app_err add_routes(struct ctx *c, struct router *router,
			       const struct module *const *modules)
{
	enum app_err err = APP_OK;
	for (const struct module *const *module = modules; !err && *module; module++) {
		const struct route *route = (*module)->routes;
		for (; !err && !route_is_end(route); route++)
			err = add_route(c, router, modules, *module, route);
	}
	return err;
}

static enum app_err add_stages(struct ctx *c, struct router *router,
			       const struct module *const *modules)
{
	size_t count;
	enum app_err err = APP_OK;
	for (size_t i = 0; !err && i < router->count; i++)
		err = router_read_stages(c, &router->arena, modules, &router->entries[i]);
	router->rest = router_gather_stages(&router->arena, modules, NULL, &count);
	return err;
}

static size_t count_routes(const struct module *const *modules)
{
	size_t count = 0;
	for (; *modules; modules++)
		for (const struct route *route = (*modules)->routes; !route_is_end(route); route++)
			count++;
	return count;
}

static enum app_err check_documents(struct ctx *c, const struct router *router)
{
	enum app_err err = router_check_clashes(c, router->entries, router->count);
	for (size_t i = 0; !err && i < router->scope_count; i++)
		err = router_check_schemas(c, router->entries, router->count, &router->scopes[i]);
	return err;
}

static enum app_err check_modules(struct ctx *c, const struct module *const *modules)
{
	enum app_err err = router_check_mounts(c, modules);
	if (!err)
		err = router_check_versions(c, modules);
	return err ? err : router_check_retirements(c, modules);
}

static enum app_err router_fill(struct ctx *c, struct router *router,
				const struct module *const *modules)
{
	enum app_err err = check_modules(c, modules);
	if (err)
		return err;
	router->last_version = router_count_versions(modules);
	router->scopes = router_list_scopes(&router->arena, modules, &router->scope_count);
	size_t most = count_routes(modules) * (size_t)router->last_version;
	router->entries = arena_zero(&router->arena, (most + 1) * sizeof(*router->entries));
	err = add_routes(c, router, modules);
	if (!err)
		err = router_check_operations(c, modules, router->entries, router->count);
	if (!err)
		err = check_documents(c, router);
	return err ? err : add_stages(c, router, modules);
}

enum app_err router_new(struct ctx *c, const struct module *const *modules, struct router **ret)
{
	struct router *router = mem_new(1, sizeof(*router));
	arena_init(&router->arena, 0);
	enum app_err err = router_fill(c, router, modules);
	if (err) {
		router_drop(router);
		return err;
	}
	*ret = router;
	return APP_OK;
}

void router_drop(struct router *router)
{
	if (!router)
		return;
	arena_done(&router->arena);
	free(router);
}

const struct router_entry *router_entries(const struct router *router, size_t *ret_count)
{
	*ret_count = router->count;
	return router->entries;
}

const struct router_scope *router_scopes(const struct router *router, size_t *ret_count)
{
	*ret_count = router->scope_count;
	return router->scopes;
}

const struct router_stages *router_stages_of_the_rest(const struct router *router)
{
	return router->rest;
}

/* ---- matching ---- */

static const struct input_pair *params_of(struct arena *arena, const struct router_entry *entry,
					  const struct router_path *path)
{
	static const struct input_pair none[1];
	if (entry->param_count == 0)
		return none;
	struct input_pair *pairs = arena_zero(arena, (entry->param_count + 1) * sizeof(*pairs));
	struct input_pair *pair = pairs;
	for (size_t i = 0; i < entry->part_count; i++) {
		const struct router_part *part = &entry->parts[i];
		if (!part->is_param)
			continue;
		pair->name = arena_strndup(arena, part->text, part->len);
		pair->value = path->segments[i].text;
		pair->value_len = path->segments[i].len;
		pair++;
	}
	return pairs;
}

static const char *allow_text(struct arena *arena, unsigned methods)
{
	struct buf text;
	methods |= 1u << OPTIONS | (methods & 1u << GET ? 1u << HEAD : 0);
	buf_init(&text, arena);
	for (enum http_method method = GET; method <= OPTIONS; method++)
		if (methods & 1u << method)
			buf_printf(&text, "%s%s", text.len ? ", " : "", route_method_name(method));
	return buf_text(&text);
}

enum router_result router_match(const struct router *router, struct arena *arena,
				enum http_method method, const struct router_path *path,
				struct router_match *ret)
{
	unsigned methods = 0;
	const struct router_entry *found = router_tree_find(
		&router->root, method == HEAD ? GET : method, path, &methods);
	*ret = (struct router_match){ 0 };
	if (!methods)
		return ROUTER_NOT_FOUND;
	if (path->trailing_slash)
		return ROUTER_SLASH;
	if (found) {
		ret->entry = found;
		ret->params = params_of(arena, found, path);
		return ROUTER_FOUND;
	}
	ret->allow = allow_text(arena, methods);
	return method == OPTIONS ? ROUTER_OPTIONS : ROUTER_METHOD_NOT_ALLOWED;
}
