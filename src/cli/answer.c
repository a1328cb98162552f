/* Asking an operation and reading its answer; see answer.h. */
#include "answer.h"

#include "base/buf.h"
#include "base/str.h"
#include "cli.h"
#include "core/op.h"

int answer_ask(struct ctx *c, const struct operation *op, const struct buf *input, struct buf *out,
	       struct json_tree *ret)
{
	enum app_err err = op_run(c, op, input->data, input->len, out);
	if (!err && ret && !json_tree_read(ret, c->arena, out->data, out->len))
		err = ctx_fail_cause(c, APP_INTERNAL, "the answer is no JSON: %s", ret->why);
	return err ? cli_failure(c, err, op->name) : CLI_OK;
}

/* .item is NULL when it has none. */
static struct json_node member(struct json_node object, const char *name)
{
	struct json_node at = json_node_first(object);
	while (at.item && !str_eq(json_node_name(at), name))
		at = json_node_next(at);
	return at;
}

const char *answer_text(struct json_node object, const char *name)
{
	struct json_node at = member(object, name);
	if (!at.item)
		return "";
	switch (json_node_kind(at)) {
	case JSON_TEXT: return json_node_text(at);
	case JSON_BOOL: return json_node_is_true(at) ? "yes" : "no";
	default: return "";
	}
}

int64_t answer_int(struct json_node object, const char *name)
{
	struct json_node at = member(object, name);
	int64_t value = 0;
	return at.item && !json_node_int(at, &value) ? value : 0;
}

struct json_node answer_items(struct json_node object)
{
	struct json_node items = member(object, "items");
	return items.item ? json_node_first(items) : items;
}

void answer_add_texts(struct json_node object, const char *name, struct buf *out)
{
	struct json_node at = member(object, name);
	if (at.item)
		at = json_node_first(at);
	if (!at.item)
		buf_add_char(out, '-');
	for (const char *before = ""; at.item; at = json_node_next(at), before = " ")
		buf_printf(out, "%s%s", before, json_node_text(at));
}

void answer_say_line(struct json_node value)
{
	AUTO(buf) line = { 0 };
	json_printable(value.span->at, value.span->len, &line);
	buf_add_char(&line, '\n');
	cli_print(&line);
}
