/* The tree of routes, built once and then only read: what matching walks. */
#ifndef CROFT_SRC_CORE_ROUTER_TREE_H
#define CROFT_SRC_CORE_ROUTER_TREE_H

#include <stddef.h>

#include "core/router.h"

/* Zeroed, the root of an empty one. */
struct router_node {
	/* the word; unused in the node of a parameter */
	const char *text;
	size_t len;
	/* the next word under the same parent */
	struct router_node *next;
	/* one level below: the words, and what stands for any other segment */
	struct router_node *words, *param;
	/* by method */
	const struct router_entry *entries[OPTIONS + 1];
};

/* NULL, or the one that has its place already. Nodes live in the arena. */
const struct router_entry *router_tree_add(struct arena *arena, struct router_node *root,
					   const struct router_entry *entry);
/* NULL: none. *ret_methods: a bit for each method that the path has; 0: there is no such path. */
const struct router_entry *router_tree_find(const struct router_node *root, enum http_method method,
					    const struct router_path *path, unsigned *ret_methods);

#endif
