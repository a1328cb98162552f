/*
 * Hands gated text to cJSON and walks the result. The only caller of cJSON's parser. cJSON never
 * prints, and its numbers (doubles, cut at 63 characters) are never used.
 */
#include "core/json.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <pthread.h>

#include "base/mem.h"
#include "base/str.h"
#include "gate.h"

enum {
	NODES_LEAST = 512,
	NODES_MOST = 64 * 1024,
	NODES_PER_BYTE = 8, /* in an ordinary text: a node has 64 bytes */
};

/* ---- cJSON's memory: an arena of the tree, which is wiped ---- */

static pthread_once_t hooks_once = PTHREAD_ONCE_INIT;
static _Thread_local struct arena *nodes; /* of the tree that this thread reads */

static void *node_new(size_t size)
{
	assert(nodes && "cJSON is used past json_tree_read()");
	return arena_raw(nodes, size);
}

static void node_drop(void *node)
{
	(void)node; /* with all others */
}

static void hooks_set(void)
{
	cJSON_InitHooks(&(cJSON_Hooks){ .malloc_fn = node_new, .free_fn = node_drop });
}

static cJSON *parse(struct arena *arena, const char *text, size_t len)
{
	size_t room = len > NODES_MOST ? NODES_MOST : len * NODES_PER_BYTE;
	room = room < NODES_LEAST ? NODES_LEAST : room > NODES_MOST ? NODES_MOST : room;
	arena_init(arena, room);
	pthread_once(&hooks_once, hooks_set);
	nodes = arena;
	cJSON *root = cJSON_ParseWithLength(text, len);
	nodes = NULL;
	return root;
}

void json_tree_auto(struct json_tree *tree)
{
	arena_done(&tree->nodes);
	tree->root = NULL;
}

/*
 * A copy for cJSON, in the arena, in which numbers too long for it are 0; they are read from the
 * original.
 */
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

bool json_tree_read(struct json_tree *tree, struct arena *arena, const char *text, size_t len)
{
	struct gate gate;
	gate_init(&gate, arena, text, len);
	gate_keep(&gate, tree->first_spans, COUNT_OF(tree->first_spans));
	if (!gate_run(&gate)) {
		tree->why = gate.why;
		tree->why_at = gate_fault_offset(&gate);
		return false;
	}
	tree->spans = gate.spans;
	if (gate.has_long_number)
		text = hide_long_numbers(&gate, len);
	tree->root = parse(&tree->nodes, text, len);
	/* What passed the gate is valid and within cJSON's limits: only memory can be short. */
	if (!tree->root)
		mem_out(len);
	return true;
}

struct json_node json_tree_top(const struct json_tree *tree)
{
	return (struct json_node){ tree->root, tree->spans };
}

struct json_node json_node_first(struct json_node parent)
{
	return (struct json_node){ parent.item->child, parent.span + 1 };
}

struct json_node json_node_next(struct json_node at)
{
	return (struct json_node){ at.item->next, at.span + at.span->nodes };
}

size_t json_node_count(struct json_node parent)
{
	size_t count = 0;
	for (const cJSON *item = parent.item->child; item; item = item->next)
		count++;
	return count;
}

enum json_kind json_node_kind(struct json_node node)
{
	switch (*node.span->at) {
	case '{': return JSON_OBJECT;
	case '[': return JSON_ARRAY;
	case '"': return JSON_TEXT;
	case 'n': return JSON_NULL;
	case 't':
	case 'f': return JSON_BOOL;
	default: return JSON_NUMBER;
	}
}

const char *json_node_name(struct json_node member)
{
	return member.item->string;
}

const char *json_node_text(struct json_node text)
{
	return text.item->valuestring;
}

bool json_node_is_true(struct json_node truth)
{
	return *truth.span->at == 't';
}
