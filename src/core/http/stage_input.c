/*
 * The stage that makes the operation's input of path, query, headers and body, by its schema.
 */
#include "answers.h"
#include "body.h"
#include "exchange.h"
#include "form.h"
#include "parse/pairs.h"
#include "stage.h"
#include "wire.h"

static enum app_err bind_pairs(struct http_exchange *x, const struct schema *schema,
			       struct input *input)
{
	const struct router_path *path = &x->path;
	enum app_err err = APP_OK;
	if (path->query)
		err = pairs_read(&x->c, "query", path->query, path->query_len, &input->query);
	if (!err && schema_uses(schema, IN_FORM))
		err = form_read_fields(x, &input->form);
	return err;
}

static enum app_err input_bind(struct http_exchange *x)
{
	const struct schema *schema = op_in(x->op);
	struct input input = { .path = x->path_pairs };
	enum app_err err = bind_pairs(x, schema, &input);
	if (err)
		return err;
	if (x->body.len && schema_uses(schema, IN_BODY) && !schema_uses(schema, IN_FORM)) {
		input.body = x->body.data;
		input.body_len = x->body.len;
	}
	if (schema_uses(schema, IN_HEADER))
		input.headers = wire_headers(x, schema);
	return schema_bind(&x->c, schema, &input, x->call.in);
}

/*
 * A raw handler of an operation takes its parameters and no others; its body, and requests without
 * operation, are its own.
 */
static bool is_bound(const struct route *route)
{
	const struct operation *op = route->op;
	return op && !(route->handle &&
		       (schema_uses(op_in(op), IN_BODY) || schema_uses(op_in(op), IN_FORM)));
}

enum stage_result stage_bind_input(struct http_exchange *x)
{
	if (!is_bound(x->route))
		return STAGE_NEXT;
	x->call = (struct op_call){
		.c = &x->c,
		.op = x->op,
		.in = arena_raw(&x->arena, op_in(x->op)->size),
	};
	enum app_err err = input_bind(x);
	if (!err)
		err = body_bound(x);
	return err ? stage_fail(x, err) : STAGE_NEXT;
}

/* An operation without parameters refuses any. */
void answers_of_bind_input(const struct router_entry *entry, struct answers *answers)
{
	if (is_bound(entry->route))
		answers->fails |= answers_bit(APP_INVALID);
}
