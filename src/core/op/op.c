/*
 * Operations: the whole path from JSON to JSON on one thread. How one is run is call.c's.
 */
#include "internal.h"

#include "base/arena.h"

bool op_is_runnable(const struct operation *op)
{
	return op && op->name && op->run;
}

bool op_may_be_tried(const struct operation *op)
{
	return op->kind == COMMAND && op->access != ACCESS_PUBLIC && !op->gives_secret &&
	       !op->no_dry_run;
}

static const struct schema nothing_schema = { .name = "nothing", .size = sizeof(struct nothing) };

const struct schema *op_in(const struct operation *op)
{
	return op->in ? op->in : &nothing_schema;
}

void *op_out_new(struct ctx *c, const struct operation *op)
{
	return arena_zero(c->arena, op->out ? op->out->size : sizeof(struct nothing));
}

enum app_err op_run(struct ctx *c, const struct operation *op, const char *json, size_t len,
		    struct buf *out)
{
	const char *outer = c->operation;
	c->operation = op->name;
	struct op_call call = { .c = c, .op = op, .out = op_out_new(c, op) };
	enum app_err err = op_admit(c, op);
	if (!err) {
		const struct schema *in = op_in(op);
		call.in = arena_zero(c->arena, in->size);
		err = schema_bind_flat(c, in, json, len, call.in);
	}
	if (!err)
		err = op_call_run(&call);
	if (!err && op->out)
		schema_render(op->out, call.out, out);
	if (err)
		err = op_judge(c, op, err);
	c->operation = outer;
	return err;
}
