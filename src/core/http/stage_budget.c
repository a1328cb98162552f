/*
 * The stage that bounds what a QUERY takes of its event loop, and what becomes of one that took
 * more: see place.h.
 */
#include "core/log.h"
#include "exchange.h"
#include "loop.h"
#include "mark.h"
#include "place.h"
#include "server.h"
#include "stage.h"

enum { SERVER_DEAR_US = 20000 /* of waiting for a database server */ };

/* ---- before the query ---- */

/* Who asks is found out anew there, but until the job has its client it must be known. */
static enum stage_result begin_in_lane(struct http_exchange *x, bool again)
{
	log_debug(&x->c, "a long read has a thread of its own", LOG_BOOL("again", again));
	mark_undo(x);
	x->stage = x->mark.stage;
	return place_on_worker(x, POOL_READ);
}

/* Where it is dear already it goes at once; elsewhere it begins, and its cost is watched. */
enum stage_result stage_budget_query(struct http_exchange *x)
{
	struct http_server *server = x->server;
	budget_begin(&x->budget, x->c.clock, server->options.loop_budget_us);
	if (x->place == IN_LANE)
		return STAGE_NEXT;
	x->shape = dear_shape(&server->dear, x->op, x->path.query, x->path.query_len);
	if (dear_is(&server->dear, x->shape))
		return begin_in_lane(x, false);
	if (x->place == ON_LOOP)
		x->c.budget = &x->budget;
	return STAGE_NEXT;
}

/* ---- after it, and after the stages of modules before it ---- */

static void begin_again(struct http_exchange *x)
{
	dear_note(&x->server->dear, x->shape, true);
	x->shape = 0;
	(void)begin_in_lane(x, true);
}

/*
 * Some steps of a query are long and ask for no budget, so that one that was not stopped may have
 * been dear, too.
 */
static bool was_dear(struct http_exchange *x)
{
	struct budget *budget = &x->budget;
	if (x->server->db_blocks)
		return x->c.clock->monotonic_us(x->c.clock) - budget->began_us >= SERVER_DEAR_US;
	return x->place == IN_LANE ? budget_is_long_over(budget) : budget_is_over(budget);
}

static bool is_cut(struct http_exchange *x)
{
	if (!x->c.budget || !x->budget.is_over)
		return false;
	begin_again(x);
	return true;
}

/* The query has all of its budget before it, whatever its stages took. */
bool stages_were_cut(struct http_exchange *x)
{
	if (is_cut(x))
		return true;
	if (loop_bounds_query(x))
		budget_begin(&x->budget, x->c.clock, x->server->options.loop_budget_us);
	return false;
}

bool query_was_cut(struct http_exchange *x)
{
	if (is_cut(x))
		return true;
	if (x->shape)
		dear_note(&x->server->dear, x->shape, was_dear(x));
	x->c.budget = NULL;
	return false;
}
