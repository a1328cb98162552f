/*
 * schema_bind() and schema_bind_flat(): the order of the sources, and what a body is as a whole.
 * Their parts are bind_pairs.c's and bind_members.c's, and values are converted in bind_text.c and
 * bind_body.c.
 */
#include <string.h>

#include "base/arena.h"
#include "internal.h"

static void fault_json(struct binder *b, const struct json_tree *tree)
{
	struct place body = { .name = "body" };
	struct place at = { .up = &body, .index = tree->why_at };
	struct subject s = { .at = &at, .echo = "{}" };
	fault_add(b, &s, "json_invalid", fault_ctx(b, "error", tree->why), "JSON decode error");
}

static void fault_no_object(struct binder *b, struct json_node top)
{
	struct place at = { .name = "body" };
	struct subject s = { .at = &at, .node = top, .secret = echo_has_secrets(b) };
	fault_add(b, &s, "model_attributes_type", NULL,
		  "Input should be a valid dictionary or object to extract fields from");
}

/*
 * An operation that takes a body gets one, as in FastAPI: a client that forgets it, or sends null,
 * did not mean a change of nothing. What the command line leaves out is an object without members.
 */
static bool needs_a_body(const struct schema *schema, bool flat)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *field = &schema->fields[i];
		if (flat ? field->in != NOT_INPUT && field->required && !field->preset
			 : field->in == IN_BODY && !field->relation)
			return true;
	}
	return false;
}

struct body {
	const char *text;
	size_t len;
	bool flat;
	const struct input *others;
	void *ret;
};

static void bind_object_or_none(struct binder *b, const struct body *body, struct json_node object)
{
	struct place at = { .name = "body" };
	struct members m = {
		.schema = b->schema,
		.object = object,
		.at = &at,
		.base = body->ret,
		.flat = body->flat,
		.others = body->others,
	};
	if (!object.item && needs_a_body(b->schema, body->flat))
		fault_missing(b, &at, NULL);
	else
		bind_members(b, &m);
}

static void bind_body(struct binder *b, const struct body *body)
{
	AUTO(json_tree) tree = { 0 };
	if (!body->text || !body->len) {
		bind_object_or_none(b, body, (struct json_node){ 0 });
		return;
	}
	if (!json_tree_read(&tree, b->c->arena, body->text, body->len)) {
		fault_json(b, &tree);
		return;
	}
	struct json_node top = json_tree_top(&tree);
	/* As in FastAPI, null is no body. */
	enum json_kind kind = json_node_kind(top);
	if (kind == JSON_NULL)
		bind_object_or_none(b, body, (struct json_node){ 0 });
	else if (kind == JSON_OBJECT)
		bind_object_or_none(b, body, top);
	else
		fault_no_object(b, top);
}

static enum app_err binder_finish(struct binder *b, void *ret)
{
	enum app_err err = faults_finish(b);
	if (err)
		memset(ret, 0, b->schema->size);
	return err;
}

enum app_err schema_bind(struct ctx *c, const struct schema *schema, const struct input *input,
			 void *ret)
{
	struct binder b = { .c = c, .schema = schema };
	struct body body = {
		.text = input->body, .len = input->body_len, .others = input, .ret = ret
	};
	memset(ret, 0, schema->size);
	bind_pairs(&b, IN_PATH, input, ret);
	bind_pairs(&b, IN_QUERY, input, ret);
	bind_pairs(&b, IN_HEADER, input, ret);
	/* An input has a form or a body. All fields are bound when that of the body are. */
	bind_pairs(&b, IN_FORM, input, ret);
	bind_body(&b, &body);
	return binder_finish(&b, ret);
}

enum app_err schema_bind_flat(struct ctx *c, const struct schema *schema, const char *json,
			      size_t len, void *ret)
{
	struct binder b = { .c = c, .schema = schema };
	struct body body = { .text = json, .len = len, .flat = true, .ret = ret };
	memset(ret, 0, schema->size);
	bind_body(&b, &body);
	return binder_finish(&b, ret);
}
