/*
 * Hands gated text to cJSON and walks the result. The only caller of cJSON's parser. cJSON never prints, and its
 * numbers (doubles, cut at 63 characters) are never used.
 */
#include "tree.h"

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"

void parse_tree_auto(struct parse_tree *tree)
{
	cJSON_Delete(tree->root);
	tree->root = NULL;
}

/* A copy for cJSON in which numbers too long for it are 0; they are read from the original. */
static const char *hide_long_numbers(const struct gate *gate, size_t len)
{
	char *copy = arena_strndup(gate->arena, gate->start, len);
	for (size_t i = 0; i < gate->nodes; i++) {
		const struct json_span *span = &gate->spans[i];
		if (span->len <= GATE_NUMBER_MAX || (*span->at != '-' && !str_is_digit(*span->at)))
			continue;
		char *number = copy + (span->at - gate->start);
		memset(number, ' ', span->len);
		*number = '0';
	}
	return copy;
}

bool parse_tree_read(struct parse_tree *tree, struct arena *arena, const char *text, size_t len)
{
	struct gate *gate = &tree->gate;
	gate_init(gate, arena, text, len);
	gate->keep_spans = true;
	if (!gate_run(gate))
		return false;
	if (gate->has_long_number)
		text = hide_long_numbers(gate, len);
	tree->root = cJSON_ParseWithLength(text, len);
	/* What passed the gate is valid and within cJSON's limits: only memory can be short. */
	if (!tree->root)
		mem_out(len);
	return true;
}

struct node parse_tree_top(const struct parse_tree *tree)
{
	return (struct node){ tree->root, tree->gate.spans };
}

struct node node_first(struct node parent)
{
	return (struct node){ parent.item->child, parent.span + 1 };
}

struct node node_next(struct node at)
{
	return (struct node){ at.item->next, at.span + at.span->nodes };
}

size_t node_count(struct node parent)
{
	size_t count = 0;
	for (const cJSON *item = parent.item->child; item; item = item->next)
		count++;
	return count;
}
