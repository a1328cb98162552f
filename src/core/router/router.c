/*
 * The tree of routes. Built once at start, then only read. Matching walks one node per path segment
 * and steps back when a fixed word led nowhere; it allocates only for parameters and for an Allow
 * list.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "core/module.h"

struct node {
	/* the word; unused in the node of a parameter */
	const char *text;
	size_t len;
	/* the next word under the same parent */
	struct node *next;
	/* one level below: the words, and what stands for any other segment */
	struct node *words, *param;
	/* by method */
	const struct router_entry *entries[OPTIONS + 1];
};

struct router {
	/* all that is below lives here */
	struct arena arena;
	struct node root;
	struct router_entry *entries;
	size_t count;
	/* of what has no route */
	const struct router_stages *rest;
};

/* ---- building ---- */

static struct node *word_find(const struct node *node, const char *text, size_t len)
{
	for (struct node *word = node->words; word; word = word->next)
		if (word->len == len && memcmp(word->text, text, len) == 0)
			return word;
	return NULL;
}

static struct node *word_add(struct arena *arena, struct node *node, const struct router_part *part)
{
	struct node *word = arena_zero(arena, sizeof(*word));
	word->text = part->text;
	word->len = part->len;
	word->next = node->words;
	node->words = word;
	return word;
}

/* The node of the part below this one, made when it is the first. */
static struct node *node_below(struct arena *arena, struct node *node,
			       const struct router_part *part)
{
	if (!part->is_param) {
		struct node *word = word_find(node, part->text, part->len);
		return word ? word : word_add(arena, node, part);
	}
	if (!node->param)
		node->param = arena_zero(arena, sizeof(*node->param));
	return node->param;
}

static enum app_err tree_add(struct ctx *c, struct router *router, const struct router_entry *entry)
{
	struct node *node = &router->root;
	for (size_t i = 0; i < entry->part_count; i++)
		node = node_below(&router->arena, node, &entry->parts[i]);
	const struct router_entry **place = &node->entries[entry->route->method];
	if (*place)
		return router_fault(c, entry, "module %s has the same route (%s)",
				    (*place)->module->name, (*place)->path);
	*place = entry;
	return APP_OK;
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

static enum app_err add_route(struct ctx *c, struct router *router, const struct module *module,
			      const struct route *route)
{
	struct router_entry *entry = &router->entries[router->count];
	enum app_err err = router_read_route(c, &router->arena, module, route, entry);
	if (!err)
		err = check_name(c, router, entry);
	if (!err)
		err = tree_add(c, router, entry);
	router->count++;
	return err;
}

static enum app_err add_routes(struct ctx *c, struct router *router, const struct module *module)
{
	enum app_err err = APP_OK;
	for (const struct route *route = module->routes; !err && !route_is_end(route); route++)
		err = add_route(c, router, module, route);
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

enum app_err router_new(struct ctx *c, const struct module *const *modules, struct router **ret)
{
	struct router *router = mem_new(1, sizeof(*router));
	enum app_err err = APP_OK;
	arena_init(&router->arena, 0);
	router->entries = arena_zero(&router->arena,
				     (count_routes(modules) + 1) * sizeof(*router->entries));
	for (const struct module *const *module = modules; !err && *module; module++)
		err = add_routes(c, router, *module);
	if (!err)
		err = router_check_operations(c, modules, router->entries, router->count);
	if (!err)
		err = router_check_schemas(c, router->entries, router->count);
	if (!err)
		err = add_stages(c, router, modules);
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

const struct router_stages *router_stages_of_the_rest(const struct router *router)
{
	return router->rest;
}

/* ---- matching ---- */

/* A search under way. */
struct search {
	const struct router_path *path;
	enum http_method method;
	const struct router_entry *found;
	/* a bit for each method that the path has, seen so far */
	unsigned methods;
};

static void search_end(struct search *search, const struct node *node)
{
	search->found = node->entries[search->method];
	for (unsigned method = GET; method <= OPTIONS; method++)
		search->methods |= node->entries[method] ? 1u << method : 0;
}

/*
 * Depth first, words before the parameter. A node without the method does not end the search, but
 * its methods count.
 */
static void search_below(struct search *search, const struct node *node, size_t depth)
{
	if (depth == search->path->count) {
		search_end(search, node);
		return;
	}
	const struct router_segment *segment = &search->path->segments[depth];
	const struct node *word = word_find(node, segment->text, segment->len);
	if (word)
		search_below(search, word, depth + 1);
	if (!search->found && node->param)
		search_below(search, node->param, depth + 1);
}

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
	struct search search = { .path = path, .method = method == HEAD ? GET : method };
	*ret = (struct router_match){ 0 };
	search_below(&search, &router->root, 0);
	if (!search.methods)
		return ROUTER_NOT_FOUND;
	if (path->trailing_slash)
		return ROUTER_SLASH;
	if (search.found) {
		ret->entry = search.found;
		ret->params = params_of(arena, search.found, path);
		return ROUTER_FOUND;
	}
	ret->allow = allow_text(arena, search.methods);
	return method == OPTIONS ? ROUTER_OPTIONS : ROUTER_METHOD_NOT_ALLOWED;
}
