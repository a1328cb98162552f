/*
 * Which thread goes on with a request. A QUERY begins on the event loop that read it, with a
 * budget: once it has taken more, what was done is undone and it begins again in POOL_READ, where
 * those of one client wait for each other and nobody else does. What was dear lately goes there at
 * once. Other work that grows with what clients send or get, and whatever may wait for a database
 * server, goes on in POOL_WORK. So nothing on an event loop is longer than its bound.
 */
#include "exchange.h"

#include <string.h>
#include <unistd.h>

#include "base/map.h"
#include "core/log.h"
#include "core/pool.h"
#include "peers.h"
#include "server.h"

enum {
	BIND_ON_LOOP = 6 * 1024,    /* bytes of a body; 1 KiB takes up to 75 us to bind */
	RENDER_ON_LOOP = 32 * 1024, /* bytes that an operation has read */
	GZIP_ON_LOOP = 32 * 1024,   /* bytes of an answer; 1 KiB takes 13 us to compress */
	VITAL_SECONDS = 1,
	SERVER_DEAR_US = 20000, /* of waiting for a database server */
};

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

/* ---- going on in the pool ---- */

static void place_run(struct http_exchange *x)
{
	if (pipeline_run(x) == PIPELINE_DONE) {
		wire_resume(x, APP_OK);
		return;
	}
	/* suspended already: on to the thread that the operation or the place wants */
	enum app_err err = x->hand_over(x);
	if (err)
		wire_resume(x, load_refuse(x));
}

static void run_in_pool(struct pool_job *job)
{
	struct http_exchange *x = EXCHANGE_OF(job, job);
	x->place = IN_POOL;
	place_run(x);
}

static void run_in_lane(struct pool_job *job)
{
	struct http_exchange *x = EXCHANGE_OF(job, job);
	x->place = IN_LANE;
	place_run(x);
}

static enum app_err hand_over(struct http_exchange *x, enum pool_lane lane,
			      void (*run)(struct pool_job *))
{
	x->job = (struct pool_job){ .run = run, .client = place_client(x) };
	return pool_submit(x->server->app->pool, lane, &x->job);
}

static enum app_err hand_to_pool(struct http_exchange *x)
{
	return hand_over(x, POOL_WORK, run_in_pool);
}

static enum app_err hand_to_vital(struct http_exchange *x)
{
	return hand_over(x, POOL_VITAL, run_in_pool);
}

static enum stage_result go_on_in_pool(struct http_exchange *x)
{
	x->hand_over = hand_to_pool;
	return STAGE_SUSPEND;
}

/* ---- before the work ---- */

/*
 * From here on the client waits for us: what is still at work when its time is up is stopped, and
 * so told.
 */
enum stage_result stage_deadline(struct http_exchange *x)
{
	bool is_vital = x->op && x->op->vital;
	int64_t seconds = is_vital ? VITAL_SECONDS : x->server->options.total_seconds;
	peer_enter(x->peer, PEER_WORK, 0);
	x->c.deadline_us = x->c.clock->monotonic_us(x->c.clock) + SECONDS_US(seconds);
	return STAGE_NEXT;
}

static void mark_set(struct http_exchange *x)
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

/* Whether the request asks the database, be it only who its token belongs to. */
static bool needs_database(const struct http_exchange *x)
{
	return x->op ? !x->op->light : x->route->access != ACCESS_PUBLIC;
}

enum stage_result stage_place(struct http_exchange *x)
{
	mark_set(x);
	if (x->op && x->op->vital) {
		x->hand_over = hand_to_vital;
		return STAGE_SUSPEND;
	}
	bool may_block = x->server->db_blocks && needs_database(x);
	return may_block || x->body.len > BIND_ON_LOOP ? go_on_in_pool(x) : STAGE_NEXT;
}

/* ---- the lane of long reads ---- */

static enum app_err hand_to_lane(struct http_exchange *x)
{
	return hand_over(x, POOL_READ, run_in_lane);
}

/* Who asks stays known. */
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

/* Who asks is found out anew there, but until the job has its client it must be known. */
void place_to_lane(struct http_exchange *x)
{
	x->begun_again = x->c.budget != NULL;
	if (x->begun_again)
		dear_note(&x->server->dear, x->shape, true);
	log_debug(&x->c, "a long read has a thread of its own", LOG_BOOL("again", x->begun_again));
	place_undo(x);
	x->stage = x->mark.stage;
	x->budget.is_over = false;
	x->hand_over = hand_to_lane;
}

bool place_is_over(const struct http_exchange *x)
{
	return x->c.budget && x->budget.is_over;
}

static bool may_be_dear(const struct http_exchange *x)
{
	return x->op && !x->route->handle && x->op->kind == QUERY && !x->op->light && !x->op->vital;
}

/* Where it is dear already it goes at once; elsewhere it begins, and its cost is watched. */
enum stage_result stage_lane(struct http_exchange *x)
{
	if (!may_be_dear(x))
		return STAGE_NEXT;
	budget_begin(&x->budget, x->c.clock, x->server->options.loop_budget_us);
	if (x->place == IN_LANE)
		return STAGE_NEXT;
	x->shape = dear_shape(&x->server->dear, x->op, x->path.query, x->path.query_len);
	if (dear_is(&x->server->dear, x->shape)) {
		place_to_lane(x);
		return STAGE_SUSPEND;
	}
	if (x->place == ON_LOOP)
		x->c.budget = &x->budget;
	return STAGE_NEXT;
}

/*
 * Some steps of a query are long and ask for no budget, so that one that was not stopped may have
 * been dear, too.
 */
void place_note_cost(struct http_exchange *x)
{
	if (!may_be_dear(x) || place_is_over(x) || x->begun_again)
		return;
	struct budget *budget = &x->budget;
	bool was_dear;
	if (x->server->db_blocks)
		was_dear = x->c.clock->monotonic_us(x->c.clock) - budget->began_us >=
			   SERVER_DEAR_US;
	else
		was_dear = x->place == IN_LANE ? budget_is_long_over(budget)
					       : budget_is_over(budget);
	dear_note(&x->server->dear, x->shape, was_dear);
	x->c.budget = NULL;
}

/* ---- after the work ---- */

enum stage_result stage_place_answer(struct http_exchange *x)
{
	size_t read = place_footprint(x);
	enum app_err err = unsent_hold(x);
	if (err)
		return stage_fail(x, err);
	return x->place == ON_LOOP && read > RENDER_ON_LOOP ? go_on_in_pool(x) : STAGE_NEXT;
}

static void run_gzip(struct pool_job *job)
{
	struct http_exchange *x = EXCHANGE_OF(job, job);
	answer_gzip(x);
	wire_resume(x, APP_OK);
}

/* When the pool is full, the answer goes as it is. */
static enum app_err hand_to_gzip(struct http_exchange *x)
{
	if (hand_over(x, POOL_WORK, run_gzip))
		wire_resume(x, APP_OK);
	return APP_OK;
}

enum pipeline_state place_gzip(struct http_exchange *x)
{
	if (x->place != ON_LOOP || x->answer.packed || x->answer.len <= GZIP_ON_LOOP || !x->begun) {
		answer_gzip(x);
		return PIPELINE_DONE;
	}
	x->hand_over = hand_to_gzip;
	return PIPELINE_SUSPEND;
}
