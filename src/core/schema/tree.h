/*
 * A JSON text that passed the gate, as a cJSON tree walked side by side with the places of its values in the
 * text. Lives in one scope: AUTO(parse_tree). Used by the binder; never leaves core/schema.
 */
#ifndef CROFT_SCHEMA_TREE_H
#define CROFT_SCHEMA_TREE_H

#include "base/arena.h"
#include "gate.h"

struct cJSON;

/* One value: what cJSON made of it, and where it stands in the text. Numbers are read from the text only. */
struct node {
	const struct cJSON *item; /* NULL: no value */
	const struct json_span *span;
};

struct parse_tree {
	struct cJSON *root; /* NULL until read */
	struct arena nodes; /* and texts of cJSON's, such as a password */
	struct gate gate;
};

void parse_tree_auto(struct parse_tree *tree); /* wipes it */

/* Reads the text into the tree; it must outlive it. On false tree->gate says what is wrong. */
bool parse_tree_read(struct parse_tree *tree, struct arena *arena, const char *text,
		     size_t len) MUST_USE;

struct node parse_tree_top(const struct parse_tree *tree);
/* The first value inside an array or object, and the one after; .item is NULL at the end. */
struct node node_first(struct node parent);
struct node node_next(struct node at);
size_t node_count(struct node parent);

#endif
