/*
 * Running an operation: who may, and the whole path from JSON to JSON on one thread. HTTP uses the same parts
 * in its pipeline (core/http/pipeline.c), spread over the threads that suit each.
 */
#include "core/op.h"

#include "base/arena.h"
#include "core/app.h"
#include "core/db.h"

enum app_err op_authorize_actor(struct ctx *c, const struct operation *op)
{
	const struct actor *actor = &c->actor;
	if (actor->kind == ACTOR_SYSTEM)
		return APP_OK;
	switch (op->access) {
	case ACCESS_PUBLIC: return APP_OK;
	case ACCESS_USER:
	case ACCESS_SUPERUSER:
		if (actor->kind != ACTOR_USER)
			return app_fail(c, APP_UNAUTHENTICATED, "Not authenticated");
		if (op->access == ACCESS_SUPERUSER && !actor->is_superuser)
			return app_fail(c, APP_FORBIDDEN, "Only a superuser may do this");
		return APP_OK;
	case ACCESS_DENY: break;
	}
	return app_fail(c, APP_FORBIDDEN, "Nobody may do this");
}

enum app_err op_authorize_input(struct ctx *c, const struct operation *op, const void *in)
{
	if (!op->policy || c->actor.kind == ACTOR_SYSTEM)
		return APP_OK;
	enum app_err err = op->policy(&c->actor, in);
	if (err)
		return app_fail(c, err, "%s", app_err_text(err));
	return APP_OK;
}

static const struct schema nothing_schema = { .name = "nothing", .size = sizeof(struct nothing) };

const struct schema *op_in(const struct operation *op)
{
	return op->in ? op->in : &nothing_schema;
}

bool op_wants_prepare(const struct operation *op, const void *in)
{
	return op->prepare && (!op->wants_prepare || op->wants_prepare(in));
}

void *op_out_new(struct ctx *c, const struct operation *op)
{
	return arena_zero(c->arena, op->out ? op->out->size : sizeof(struct nothing));
}

struct op_call {
	const struct operation *op;
	void *in, *out;
};

static enum app_err op_call_run(struct ctx *c, void *arg)
{
	struct op_call *call = arg;
	return call->op->run(c, call->in, call->out);
}

enum app_err op_prepare(struct ctx *c, const struct operation *op, void *in, void *out)
{
	bool before = c->reads_primary;
	c->reads_primary = true;
	enum app_err err = op->prepare(c, in, out);
	c->reads_primary = before;
	return err;
}

/* What a query reads is of one state of the database; inside a write it is that of the write anyway. */
static enum app_err op_query(struct ctx *c, struct op_call *call)
{
	if (c->db)
		return op_call_run(c, call);
	db_reads_begin(c->app->db);
	enum app_err err = op_call_run(c, call);
	db_reads_end(c->app->db);
	return err;
}

static enum app_err op_execute(struct ctx *c, struct op_call *call)
{
	const struct operation *op = call->op;
	if (op_wants_prepare(op, call->in)) {
		enum app_err err = op_prepare(c, op, call->in, call->out);
		if (err)
			return err;
	}
	return op->kind == COMMAND ? db_write(c, op_call_run, call) : op_query(c, call);
}

enum app_err op_run(struct ctx *c, const struct operation *op, const char *json, size_t len,
		    struct buf *out)
{
	const char *outer = c->operation;
	c->operation = op->name;
	struct op_call call = { .op = op, .out = op_out_new(c, op) };
	enum app_err err = op_authorize_actor(c, op);
	if (!err) {
		const struct schema *in = op_in(op);
		call.in = arena_zero(c->arena, in->size);
		err = schema_bind_flat(c, in, json, len, call.in);
	}
	if (!err)
		err = op_authorize_input(c, op, call.in);
	if (!err)
		err = op_execute(c, &call);
	if (!err && op->out)
		schema_render(op->out, call.out, out);
	c->operation = outer;
	return err;
}
