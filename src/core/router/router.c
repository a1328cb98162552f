/*
 * The tree of routes. Built once at start, then only read. Matching walks one node per path segment
 * and steps back when a fixed word led nowhere; it allocates only for parameters and for an Allow
 * list.
 */
#include "core/router.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/module.h"
#include "core/schema.h"
#include "internal.h"

struct router_node {
	const char *text; /* the word; unused in the node of a parameter */
	size_t len;
	struct router_node *next;                        /* the next word under the same parent */
	struct router_node *words;                       /* the words one level below */
	struct router_node *param;                       /* any other segment one level below */
	const struct router_entry *entries[OPTIONS + 1]; /* by method */
};

struct router {
	struct arena arena; /* everything below lives here */
	struct router_node root;
	struct router_entry *entries;
	size_t count;
};

/* ---- building ---- */

static struct router_node *find_word(const struct router_node *node, const char *text, size_t len)
{
	for (struct router_node *word = node->words; word; word = word->next) {
		if (word->len == len && memcmp(word->text, text, len) == 0)
			return word;
	}
	return NULL;
}

static struct router_node *add_word(struct arena *arena, struct router_node *node,
				    const struct router_part *part)
{
	struct router_node *word = find_word(node, part->text, part->len);

	if (word)
		return word;
	word = arena_zero(arena, sizeof(*word));
	word->text = part->text;
	word->len = part->len;
	word->next = node->words;
	node->words = word;
	return word;
}

static struct router_node *add_part(struct arena *arena, struct router_node *node,
				    const struct router_part *part)
{
	if (!part->is_param)
		return add_word(arena, node, part);
	if (!node->param)
		node->param = arena_zero(arena, sizeof(*node->param));
	return node->param;
}

static enum app_err add_entry(struct ctx *c, struct router *router,
			      const struct router_entry *entry)
{
	struct router_node *node = &router->root;

	for (size_t i = 0; i < entry->part_count; i++)
		node = add_part(&router->arena, node, &entry->parts[i]);
	const struct router_entry **place = &node->entries[entry->route->method];
	if (*place)
		return ctx_fail(c, APP_INVALID,
				"Module %s, route %s %s: module %s has the same route (%s)",
				entry->module->name, route_method_name(entry->route->method),
				entry->route->path, (*place)->module->name, (*place)->path);
	*place = entry;
	return APP_OK;
}

/* Routes may share an operation, but its name is what `croft run` and the documents know it by. */
static enum app_err check_name(struct ctx *c, const struct router *router,
			       const struct router_entry *entry)
{
	const struct operation *op = entry->route->op;

	for (size_t i = 0; op && i < router->count; i++) {
		const struct operation *other = router->entries[i].route->op;
		if (other && other != op && str_eq(other->name, op->name))
			return ctx_fail(
				c, APP_INVALID,
				"Module %s, route %s %s: another operation is named %s, too",
				entry->module->name, route_method_name(entry->route->method),
				entry->route->path, op->name);
	}
	return APP_OK;
}

static enum app_err add_routes(struct ctx *c, struct router *router, const struct module *module)
{
	for (const struct route *route = module->routes; route && route->path; route++) {
		struct router_entry *entry = &router->entries[router->count];
		enum app_err err = route_check(c, &router->arena, module, route, entry);
		if (!err)
			err = check_name(c, router, entry);
		if (err)
			return err;
		entry->id = router->count++;
		err = add_entry(c, router, entry);
		if (err)
			return err;
	}
	return APP_OK;
}

static size_t count_routes(const struct module *const *modules)
{
	size_t count = 0;

	for (; *modules; modules++) {
		for (const struct route *route = (*modules)->routes; route && route->path; route++)
			count++;
	}
	return count;
}

enum app_err router_new(struct ctx *c, const struct module *const *modules, struct router **ret)
{
	struct router *router = mem_new(1, sizeof(*router));
	enum app_err err = APP_OK;

	arena_init(&router->arena, 0);
	router->entries = arena_zero(&router->arena,
				     (count_routes(modules) + 1) * sizeof(*router->entries));
	for (; !err && *modules; modules++)
		err = add_routes(c, router, *modules);
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

/* ---- matching ---- */

/* A search under way. */
struct seek {
	const struct router_path *path;
	enum http_method method;
	const struct router_entry *found;
	unsigned methods; /* bit per method that the path has, seen so far */
};

static void look_at(const struct router_node *node, struct seek *seek)
{
	seek->found = node->entries[seek->method];
	for (unsigned method = GET; method <= OPTIONS; method++)
		seek->methods |= node->entries[method] ? 1u << method : 0;
}

/*
 * Depth first, words before the parameter. A node without the method does not end the search, but
 * its methods count.
 */
static void look_below(const struct router_node *node, size_t depth, struct seek *seek)
{
	if (depth == seek->path->count) {
		look_at(node, seek);
		return;
	}
	const struct router_segment *segment = &seek->path->segments[depth];
	const struct router_node *word = find_word(node, segment->text, segment->len);
	if (word)
		look_below(word, depth + 1, seek);
	if (!seek->found && node->param)
		look_below(node->param, depth + 1, seek);
}

static const struct input_pair *params_of(struct arena *arena, const struct router_entry *entry,
					  const struct router_path *path)
{
	static const struct input_pair none[1];

	if (entry->param_count == 0)
		return none;
	struct input_pair *pairs = arena_zero(arena, (entry->param_count + 1) * sizeof(*pairs)),
			  *at = pairs;
	for (size_t i = 0; i < entry->part_count; i++) {
		const struct router_part *part = &entry->parts[i];
		if (!part->is_param)
			continue;
		at->name = arena_strndup(arena, part->text, part->len);
		at->value = path->segments[i].text;
		at->value_len = path->segments[i].len;
		at++;
	}
	return pairs;
}

static const char *allow_list(struct arena *arena, unsigned methods)
{
	struct buf text;

	methods |= 1u << OPTIONS | (methods & 1u << GET ? 1u << HEAD : 0);
	buf_init(&text, arena);
	for (enum http_method method = GET; method <= OPTIONS; method++) {
		if (methods & 1u << method)
			buf_printf(&text, "%s%s", text.len ? ", " : "", route_method_name(method));
	}
	return buf_text(&text);
}

enum router_result router_match(const struct router *router, struct arena *arena,
				enum http_method method, const struct router_path *path,
				struct router_match *ret)
{
	struct seek seek = { .path = path, .method = method == HEAD ? GET : method };

	*ret = (struct router_match){ 0 };
	look_below(&router->root, 0, &seek);
	if (!seek.methods)
		return ROUTER_NOT_FOUND;
	if (path->trailing_slash)
		return seek.found ? ROUTER_SLASH : ROUTER_NOT_FOUND;
	if (seek.found) {
		ret->entry = seek.found;
		ret->params = params_of(arena, seek.found, path);
		return ROUTER_FOUND;
	}
	ret->allow = allow_list(arena, seek.methods);
	return method == OPTIONS ? ROUTER_OPTIONS : ROUTER_METHOD_NOT_ALLOWED;
}
