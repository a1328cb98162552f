/*
 * The stage that reads what a client wishes of a change besides its input: that it is done once,
 * however often it is sent (Idempotency-Key), that it is only tried (Prefer: dry-run). What only
 * reads has no such wishes. A wish that cannot be met refuses the change, for it would be one that
 * nobody wanted.
 */
#include "answer_add.h"
#include "answers.h"
#include "core/idempotency.h"
#include "exchange.h"
#include "parse/key.h"
#include "result.h"
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
	return (x->head.prefer || x->head.value[GUARD_IDEMPOTENCY_KEY]) &&
	       is_change(x->route, x->op);
}

static enum app_err take_key(struct http_exchange *x, const struct operation *op)
{
	const char *header = x->head.value[GUARD_IDEMPOTENCY_KEY];
	char key[KEY_ROOM];
	if (!header)
		return APP_OK;
	if (!key_read(header, key))
		return ctx_fail_code(&x->c, APP_BAD_REQUEST, "broken_idempotency_key",
				     "Idempotency-Key is 1 to %d printable characters of ASCII, in "
				     "quotes or without",
				     KEY_MAX);
	if (!op || !idempotency_takes_key(op))
		return ctx_fail_code(&x->c, APP_BAD_REQUEST, "idempotency_key_refused",
				     "The answer of this is kept for nobody: leave out "
				     "Idempotency-Key");
	struct idempotency_once *once = arena_zero(&x->arena, sizeof(*once));
	once->key = arena_strdup(&x->arena, key);
	once->answers = result_answer;
	x->call.once = once;
	return APP_OK;
}

static enum app_err take_preference(struct http_exchange *x, const struct operation *op)
{
	if (!x->head.prefer)
		return APP_OK;
	if (x->head.prefer == PREFER_UNCLEAR)
		return ctx_fail_code(&x->c, APP_BAD_REQUEST, "unclear_preference",
				     "Prefer cannot be read: its quotes are closed, and dry-run "
				     "has no value");
	if (!op || !op_may_be_tried(op))
		return ctx_fail_code(&x->c, APP_BAD_REQUEST, "dry_run_refused",
				     "This cannot be tried: leave out Prefer: dry-run");
	x->call.tries = true;
	x->call.once = NULL;
	answer_add_header(x, "Preference-Applied", "dry-run");
	return APP_OK;
}

enum stage_result stage_take_wishes(struct http_exchange *x)
{
	const struct operation *op = command_of(x->route, x->op);
	enum app_err err = take_key(x, op);
	if (!err)
		err = take_preference(x, op);
	return err ? stage_fail(x, err) : STAGE_NEXT;
}

void answers_of_take_wishes(const struct router_entry *entry, struct answers *answers)
{
	const struct operation *op = command_of(entry->route, entry->route->op);
	answers->keyed = op && idempotency_takes_key(op);
	answers->tried = op && op_may_be_tried(op);
}
