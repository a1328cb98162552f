/*
 * The stages between the body and the work: how long it may take, and which thread does it.
 */
#include "exchange.h"
#include "loop.h"
#include "mark.h"
#include "peer.h"
#include "place.h"
#include "server.h"
#include "stage.h"

enum {
	BIND_ON_LOOP = 6 * 1024, /* bytes of a body; 1 KiB takes up to 75 us to bind */
	VITAL_SECONDS = 1,
};

/*
 * From here on the client waits for us: what is still at work when its time is up is stopped, and
 * so told.
 */
enum stage_result stage_set_deadline(struct http_exchange *x)
{
	bool is_vital = x->op && x->op->vital;
	int64_t seconds = is_vital ? VITAL_SECONDS : x->server->options.total_seconds;
	peer_enter(x->peer, PEER_WORK, 0);
	x->c.asked_us = x->c.clock->monotonic_us(x->c.clock);
	x->c.deadline_us = x->c.asked_us + SECONDS_US(seconds);
	return STAGE_NEXT;
}

/*
 * What may block or is large goes to a worker: of the vital what may block, but not what a client
 * can make large.
 */
enum stage_result stage_choose_thread(struct http_exchange *x)
{
	const struct operation *op = x->op;
	bool may_block = loop_would_block(x) || !loop_runs_stages(x);
	mark_set(x);
	if (x->body.len > BIND_ON_LOOP)
		return place_on_worker(x, POOL_WORK);
	if (may_block || (op && op->vital && !op->light))
		return place_on_worker(x, place_lane(x));
	return STAGE_NEXT;
}
