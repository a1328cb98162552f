/*
 * The steps of an operation, where its own functions are called. On which thread and in which order
 * is call.c's.
 */
#include "internal.h"

#include <string.h>

#include "core/app.h"

/* An answer has all its relations: one that the author forgot to load is no answer. */
static enum app_err run_whole(struct ctx *c, const struct operation *op, void *in, void *out)
{
	enum app_err err = op->run(c, in, out);
	const struct field *lost = !err && op->out ? schema_unloaded(op->out, out) : NULL;
	if (lost)
		err = ctx_fail_cause(c, APP_INTERNAL,
				     "the answer of %s lacks '%s': model_embed() loads it",
				     op->name, lost->name);
	return err;
}

bool op_wants_prepare(const struct operation *op, const void *in)
{
	return op->prepare && (!op->wants_prepare || op->wants_prepare(in));
}

bool op_always_prepares(const struct operation *op)
{
	return op->prepare && !op->wants_prepare;
}

enum app_err op_prepare(struct ctx *c, const struct operation *op, void *in, void *out)
{
	bool before = c->reads_primary;
	c->reads_primary = true;
	enum app_err err = op->prepare(c, in, out);
	c->reads_primary = before;
	return err;
}

enum app_err op_query(struct ctx *c, const struct operation *op, void *in, void *out)
{
	if (c->db)
		return run_whole(c, op, in, out);
	db_reads_begin(c->app->db);
	enum app_err err = run_whole(c, op, in, out);
	db_reads_end(c->app->db);
	return err;
}

enum app_err op_command(struct ctx *c, const struct operation *op, void *in, void *out)
{
	memset(out, 0, op->out ? op->out->size : sizeof(struct nothing));
	return run_whole(c, op, in, out);
}
