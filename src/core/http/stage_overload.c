/*
 * The stage that turns requests away when there is no room for them: before their bodies are read
 * and the database is asked who sends them, so that refusing costs little and what was taken goes
 * on at its best rate.
 */
#include "answers.h"
#include "body.h"
#include "client.h"
#include "core/app.h"
#include "core/db.h"
#include "exchange.h"
#include "load.h"
#include "loop.h"
#include "server.h"
#include "stage.h"

/* Whether it will be handed to another thread. */
static bool will_wait(const struct http_exchange *x)
{
	const struct operation *op = x->op;
	if (op && op->vital)
		return false;
	return !loop_runs_stages(x) || loop_would_block(x) || (op && !op_stays(op));
}

/* A lane that every call goes through is asked now; others when the input is known. */
static bool lane_is_full(const struct http_exchange *x)
{
	const struct operation *op = x->op;
	return op && op_always_prepares(op) &&
	       pool_is_full(x->server->app->pool, op->prepare_lane, client_key(x));
}

/* Only of a body that will be counted; what comes in chunks is counted as it comes. */
static bool bodies_are_full(const struct http_exchange *x)
{
	return x->head.content_length > BODY_FREE &&
	       atomic_load_explicit(&x->server->body_held, memory_order_relaxed) +
			       x->head.content_length >
		       x->server->options.body_memory;
}

enum stage_result stage_refuse_overload(struct http_exchange *x)
{
	long waiting = atomic_load_explicit(&x->server->waiting, memory_order_relaxed);
	bool busy = will_wait(x) && (waiting >= x->server->options.max_waiting || lane_is_full(x));
	if (busy || bodies_are_full(x))
		return stage_fail(x, load_refuse_busy(x));
	return STAGE_NEXT;
}

void answers_of_refuse_overload(const struct router_entry *entry, struct answers *answers)
{
	(void)entry;
	answers->fails |= answers_bit(APP_UNAVAILABLE);
	/* as one connection too many is */
	answers->fails_early |= answers_bit(APP_UNAVAILABLE);
}
