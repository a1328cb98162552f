/*
 * The tree of routes, a level for each segment of a path. Finding one walks a node for each segment
 * and steps back when a fixed word led nowhere. Knows nothing of what the routes do.
 */
#include "tree.h"

#include <string.h>

#include "base/arena.h"

/* ---- building ---- */

static struct router_node *word_find(const struct router_node *node, const char *text, size_t len)
{
	for (struct router_node *word = node->words; word; word = word->next)
		if (word->len == len && memcmp(word->text, text, len) == 0)
			return word;
	return NULL;
}

static struct router_node *word_add(struct arena *arena, struct router_node *node,
				    const struct router_part *part)
{
	struct router_node *word = arena_zero(arena, sizeof(*word));
	word->text = part->text;
	word->len = part->len;
	word->next = node->words;
	node->words = word;
	return word;
}

/* The node of the part below this one, made when it is the first. */
static struct router_node *node_below(struct arena *arena, struct router_node *node,
				      const struct router_part *part)
{
	if (!part->is_param) {
		struct router_node *word = word_find(node, part->text, part->len);
		return word ? word : word_add(arena, node, part);
	}
	if (!node->param)
		node->param = arena_zero(arena, sizeof(*node->param));
	return node->param;
}

const struct router_entry *router_tree_add(struct arena *arena, struct router_node *root,
					   const struct router_entry *entry)
{
	struct router_node *node = root;
	for (size_t i = 0; i < entry->part_count; i++)
		node = node_below(arena, node, &entry->parts[i]);
	const struct router_entry **place = &node->entries[entry->route->method];
	if (*place)
		return *place;
	*place = entry;
	return NULL;
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

static void search_end(struct search *search, const struct router_node *node)
{
	search->found = node->entries[search->method];
	for (unsigned method = GET; method <= OPTIONS; method++)
		search->methods |= node->entries[method] ? 1u << method : 0;
}

/*
 * Depth first, words before the parameter. A node without the method does not end the search, but
 * its methods count.
 */
static void search_below(struct search *search, const struct router_node *node, size_t depth)
{
	if (depth == search->path->count) {
		search_end(search, node);
		return;
	}
	const struct router_segment *segment = &search->path->segments[depth];
	const struct router_node *word = word_find(node, segment->text, segment->len);
	if (word)
		search_below(search, word, depth + 1);
	if (!search->found && node->param)
		search_below(search, node->param, depth + 1);
}

const struct router_entry *router_tree_find(const struct router_node *root, enum http_method method,
					    const struct router_path *path, unsigned *ret_methods)
{
	struct search search = { .path = path, .method = method };
	search_below(&search, root, 0);
	*ret_methods = search.methods;
	return search.found;
}
