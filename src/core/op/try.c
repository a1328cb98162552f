/* A dry run: an operation as it would go, of which nothing stays. */
#include "core/op.h"

struct attempt {
	const struct operation *op;
	const char *json;
	size_t len;
	struct buf *out;
};

/* Leaves the inner transaction open: its end is the undoing. */
static enum app_err attempt_run(struct ctx *c, void *arg)
{
	const struct attempt *attempt = arg;
	AUTO(db_tx) tx = { 0 };
	enum app_err err = db_tx_begin(c, &tx);
	return err ? err : op_run(c, attempt->op, attempt->json, attempt->len, attempt->out);
}

enum app_err op_try(struct ctx *c, const struct operation *op, const char *json, size_t len,
		    struct buf *out)
{
	if (op->kind == QUERY)
		return op_run(c, op, json, len, out);
	return db_write_slow(c, attempt_run, &(struct attempt){ op, json, len, out });
}
