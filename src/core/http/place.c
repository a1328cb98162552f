/* Giving a request to a worker, and the moment that it can be begun again from. */
#include "place.h"

#include <string.h>
#include <unistd.h>

#include "base/map.h"
#include "core/app.h"
#include "exchange.h"
#include "pipeline.h"
#include "server.h"
#include "unsent.h"
#include "wire.h"

uint64_t place_client(const struct http_exchange *x)
{
	int64_t user_id = x->c.actor.user_id;
	uint64_t who = user_id ? (uint64_t)user_id : x->client_network;
	/*
	 * Mixed, because the pool tells clients apart by the low bits; and nobody can aim at
	 * another's turn.
	 */
	return who ? map_hash((const char *)&who, sizeof(who)) | 1 << 6 : 0;
}

/* Suspended already: when it is not done here, on to the thread that a stage has chosen. */
static void run_on_worker(struct pool_job *job)
{
	struct http_exchange *x = EXCHANGE_OF(job, job);
	x->place = x->lane == POOL_READ ? IN_LANE : IN_POOL;
	if (pipeline_run(x) == PIPELINE_DONE)
		wire_resume(x, APP_OK);
	else
		wire_hand_over(x);
}

static enum app_err hand_to_worker(struct http_exchange *x)
{
	x->job = (struct pool_job){ .run = run_on_worker, .client = place_client(x) };
	return pool_submit(x->server->app->pool, x->lane, &x->job);
}

enum stage_result place_on_worker(struct http_exchange *x, enum pool_lane lane)
{
	x->lane = lane;
	x->hand_over = hand_to_worker;
	return STAGE_SUSPEND;
}

void place_mark(struct http_exchange *x)
{
	x->mark = (struct exchange_mark){
		.stage = x->stage,
		.arena = arena_mark(&x->arena),
		.footprint = arena_footprint(&x->arena),
		.header_count = x->answer.header_count,
		.c = x->c,
	};
}

size_t place_footprint(const struct http_exchange *x)
{
	return x->mark.stage ? arena_footprint(&x->arena) - x->mark.footprint : 0;
}

void place_undo(struct http_exchange *x)
{
	struct actor actor = x->c.actor;
	if (x->answer.fd > 0)
		close(x->answer.fd);
	unsent_drop(x);
	struct answer begun = { .header_count = x->mark.header_count };
	memcpy(begun.headers, x->answer.headers, sizeof(begun.headers));
	x->answer = begun;
	x->c = x->mark.c;
	x->c.actor = actor;
	x->err = APP_OK;
	x->call = (struct op_call){ 0 };
	arena_rewind(&x->arena, x->mark.arena);
}
