/*
 * The steps of an operation, where its own functions are called. On which thread and in which order
 * is call.c's.
 */
#include "internal.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "core/app.h"
#include "core/audit.h"

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

/* ---- commands ---- */

/* What was sent, without secrets; NULL: nothing was, or it is not to be kept. */
static const char *change_of(struct ctx *c, const struct operation *op, const void *in)
{
	struct buf change;
	const struct audit_options *options = config_group(c->app->config, &audit_option_group);
	if (op->audit != AUDIT_INPUT || !op->in || !options->change_bytes)
		return NULL;
	buf_init(&change, c->arena);
	schema_render_input_within(op->in, in, (size_t)options->change_bytes, &change);
	return change.len > strlen("{}") ? buf_text(&change) : NULL;
}

static enum app_err leave_row(struct ctx *c, const struct operation *op, const void *in)
{
	if (op->audit == AUDIT_NONE || !c->app->keeps_audit)
		return APP_OK;
	return audit_write(c, &(struct audit_entry){ .operation = op->name,
						     .outcome = "ok",
						     .subject = c->touched,
						     .change = change_of(c, op, in) });
}

/* One within another leaves a row of its own; what it was about, the outer one may be, too. */
enum app_err op_command(struct ctx *c, const struct operation *op, void *in, void *out)
{
	const struct touched outer = c->touched;
	c->touched = (struct touched){ 0 };
	memset(out, 0, op->out ? op->out->size : sizeof(struct nothing));
	enum app_err err = run_whole(c, op, in, out);
	if (!err)
		err = leave_row(c, op, in);
	if (outer.table)
		c->touched = outer;
	return err;
}
