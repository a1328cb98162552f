/*
 * The stage that runs the operation: here, or on the threads that suit it.
 */
#include <string.h>

#include "answer_add.h"
#include "answers.h"
#include "client.h"
#include "conditions.h"
#include "exchange.h"
#include "load.h"
#include "server.h"
#include "stage.h"
#include "unsent.h"
#include "wire.h"

/* On the thread that has ended it. */
static void call_done(struct op_call *call, enum app_err err)
{
	struct http_exchange *x = EXCHANGE_OF(call, call);
	if (!err && call->op->kind == COMMAND)
		exchange_enter(x, EXCHANGE_COMMITTED);
	wire_resume(x, call->is_refused ? load_refuse_busy(x) : err);
}

static enum app_err call_start(struct http_exchange *x)
{
	return op_call_start(&x->call, call_done);
}

static enum stage_result run_elsewhere(struct http_exchange *x)
{
	x->c.budget = NULL; /* of this thread's time, not of the next one's */
	x->hand_over = call_start;
	return STAGE_SUSPEND;
}

static enum stage_result run_here(struct http_exchange *x)
{
	enum app_err err = op_call_run(&x->call);
	if (query_was_cut(x))
		return STAGE_SUSPEND;
	return err ? stage_fail(x, err) : STAGE_NEXT;
}

static enum stage_result run_handler(struct http_exchange *x)
{
	size_t before = x->answer.header_count;
	enum app_err err = x->route->handle(&x->c, x);
	if (answer_is_overfull(x))
		err = answer_refuse_headers(x, before, err);
	return err ? stage_fail(x, err) : STAGE_ANSWERED;
}

enum stage_result stage_run_operation(struct http_exchange *x)
{
	enum app_err err = unsent_admits(x);
	if (!err)
		err = conditions_check_write(x);
	if (err)
		return stage_fail(x, err);
	if (x->route->handle)
		return run_handler(x);
	x->call.out = op_out_new(&x->c, x->op);
	x->call.client = client_key(x);
	return op_call_stays(&x->call) ? run_here(x) : run_elsewhere(x);
}

/*
 * What is named in the path may not be there. A list of what belongs to it is empty then, unless it
 * says that it fails.
 */
static bool names_a_row(const struct route *route)
{
	return strchr(route->path, '{') && !schema_list_field(route->op->in);
}

/* What a raw handler adds is its own affair, and a redirection is held against nothing. */
static bool may_have_etag(const struct route *route)
{
	return route->handle && route->method == GET && route_status(route) < 300;
}

void answers_of_run_operation(const struct router_entry *entry, struct answers *answers)
{
	const struct route *route = entry->route;
	const struct operation *op = route->op;
	answers->part = route->html;
	answers->etag = answers->unchanged = answers->matched = may_have_etag(route);
	if (answers->matched || (op && conditions_has_if_match(op)))
		answers->fails |= answers_bit(APP_PRECONDITION_FAILED);
	if (!op)
		return;
	for (size_t i = 0; i < OP_FAILURES_MAX && op->fails_with[i]; i++)
		answers->fails |= answers_bit(op->fails_with[i]);
	if (names_a_row(route))
		answers->fails |= answers_bit(APP_NOT_FOUND);
}
