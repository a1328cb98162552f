/*
 * The stage that reads what a client wishes of a change besides its input: that it is only tried
 * (Prefer: dry-run). What only reads has no such wishes. A wish that cannot be met refuses the
 * change, for it would be one that nobody wanted.
 */
#include "answer_add.h"
#include "answers.h"
#include "exchange.h"
#include "stage.h"

/* The operation that is asked to change something; NULL: a raw handler is. */
static const struct operation *command_of(const struct route *route, const struct operation *op)
{
	return route->handle ? NULL : op;
}

static bool is_change(const struct route *route, const struct operation *op)
{
	return route->method != GET && !(command_of(route, op) && op->kind == QUERY);
}

bool when_wished(const struct http_exchange *x)
{
	return x->head.prefer && is_change(x->route, x->op);
}

static enum app_err take_preference(struct http_exchange *x, const struct operation *op)
{
	if (x->head.prefer == PREFER_UNCLEAR)
		return ctx_fail_code(&x->c, APP_BAD_REQUEST, "unclear_preference",
				     "Prefer cannot be read: its quotes are closed, and dry-run "
				     "has no value");
	if (!op || !op_may_be_tried(op))
		return ctx_fail_code(&x->c, APP_BAD_REQUEST, "dry_run_refused",
				     "This cannot be tried: leave out Prefer: dry-run");
	x->call.tries = true;
	answer_add_header(x, "Preference-Applied", "dry-run");
	return APP_OK;
}

enum stage_result stage_take_wishes(struct http_exchange *x)
{
	enum app_err err = take_preference(x, command_of(x->route, x->op));
	return err ? stage_fail(x, err) : STAGE_NEXT;
}

void answers_of_take_wishes(const struct router_entry *entry, struct answers *answers)
{
	const struct operation *op = command_of(entry->route, entry->route->op);
	answers->tried = op && op_may_be_tried(op);
}
