/*
 * The pool of connections: lending them, and taking them back. Whoever needs one only ever waits,
 * and never longer than it was told, whatever a name server or a firewall does: the keeper opens
 * them (keeper.c).
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "pool.h"

enum {
	PING_AFTER_MS = 1000, /* idle for longer: asked whether it still works before it is lent */
	PING_MS = 1000,
};

/* ---- making and dropping ---- */

static void locks_init(struct postgres_pool *pool)
{
	thread_cond_init(&pool->freed);
	thread_cond_init(&pool->wanted);
	pthread_mutex_init(&pool->lock, NULL);
}

static enum app_err pool_first(struct ctx *c, struct postgres_pool *pool)
{
	char why[POSTGRES_WHY_ROOM];
	struct postgres_conn *conn = postgres_conn_open(&pool->place, pool->use.options, why);
	if (!conn)
		return ctx_fail(c, APP_UNAVAILABLE, "PostgreSQL at %s cannot be reached: %s",
				pool->place.shown, why);
	postgres_pool_add(pool, conn);
	return APP_OK;
}

enum app_err postgres_pool_new(struct ctx *c, const struct postgres_pool_use *use,
			       struct postgres_place *place, struct postgres_pool **ret_pool)
{
	struct postgres_pool *pool = mem_new(1, sizeof(*pool));
	pool->use = *use;
	pool->place = *place;
	*place = (struct postgres_place){ 0 };
	locks_init(pool);
	enum app_err err = use->first_must_work ? pool_first(c, pool) : APP_OK;
	if (!err) {
		int failed = postgres_keeper_start(pool);
		if (failed)
			err = ctx_fail(c, APP_UNAVAILABLE,
				       "cannot start the database's connection thread: %s",
				       strerror(failed));
	}
	if (err) {
		postgres_pool_drop(pool);
		return err;
	}
	*ret_pool = pool;
	return APP_OK;
}

void postgres_pool_drop(struct postgres_pool *pool)
{
	if (!pool)
		return;
	pthread_mutex_lock(&pool->lock);
	pool->stopping = true;
	pthread_cond_broadcast(&pool->wanted);
	pthread_mutex_unlock(&pool->lock);
	if (pool->keeper_runs)
		pthread_join(pool->keeper, NULL);
	postgres_conns_close(pool->idle);
	pthread_cond_destroy(&pool->freed);
	pthread_cond_destroy(&pool->wanted);
	pthread_mutex_destroy(&pool->lock);
	postgres_place_done(&pool->place);
	free(pool);
}

/* ---- lending ---- */

/*
 * While the server is away nobody waits longer than acquire_ms after it went: those who come later
 * are told at once, or they would wait in line for their turn to wait.
 */
static int64_t patience(const struct postgres_pool *pool, int64_t until_us)
{
	if (pool->open || !pool->away_us)
		return until_us;
	int64_t end_us = pool->away_us + MILLISECONDS_US(pool->use.options->acquire_ms);
	return end_us < until_us ? end_us : until_us;
}

static struct postgres_conn *idle_wait(struct postgres_pool *pool, int64_t until_us)
{
	pthread_mutex_lock(&pool->lock);
	while (!pool->idle && clock_monotonic_us() < patience(pool, until_us)) {
		pool->waiting++;
		pthread_cond_signal(&pool->wanted);
		thread_wait(&pool->freed, &pool->lock, patience(pool, until_us));
		pool->waiting--;
	}
	struct postgres_conn *conn = pool->idle;
	if (conn) {
		pool->idle = conn->next;
		/*
		 * The keeper took this one for enough when it looked; it was not when more than one
		 * waits.
		 */
		if (!pool->idle && pool->waiting)
			pthread_cond_signal(&pool->wanted);
	}
	pthread_mutex_unlock(&pool->lock);
	return conn;
}

/*
 * A server that went away has closed the socket or said goodbye, which is seen without asking it.
 */
static bool is_alive(struct postgres_conn *conn, int64_t until_us)
{
	struct pollfd fd = { .fd = PQsocket(conn->handle), .events = POLLIN };
	int64_t now_us = clock_monotonic_us(), ask_until_us = now_us + MILLISECONDS_US(PING_MS);
	if (ask_until_us > until_us)
		ask_until_us = until_us;
	if (conn->opened_us < conn->pool->fresh_us || !postgres_conn_settle(conn, ask_until_us) ||
	    poll(&fd, 1, 0) != 0)
		return false;
	if (now_us - conn->idle_us < MILLISECONDS_US(PING_AFTER_MS))
		return true;
	return postgres_conn_answers(conn, "", ask_until_us);
}

struct postgres_conn *postgres_pool_take(struct postgres_pool *pool, int64_t until_us)
{
	for (;;) {
		struct postgres_conn *conn = idle_wait(pool, until_us);
		if (!conn || is_alive(conn, until_us))
			return conn;
		conn->lost = true;
		postgres_pool_give(conn);
	}
}

void postgres_pool_give(struct postgres_conn *conn)
{
	struct postgres_pool *pool = conn->pool;
	conn->idle_us = clock_monotonic_us();
	if (conn->replanned)
		pool->fresh_us = conn->idle_us;
	bool keep = !conn->lost && !conn->stale && conn->opened_us >= pool->fresh_us &&
		    (conn->ending || PQtransactionStatus(conn->handle) == PQTRANS_IDLE) &&
		    conn->idle_us - conn->opened_us <
			    SECONDS_US(pool->use.options->recycle_seconds);
	pool->silent = conn->silent;
	if (!keep)
		postgres_conn_close(conn);
	pthread_mutex_lock(&pool->lock);
	if (keep) {
		conn->next = pool->idle;
		pool->idle = conn;
		pthread_cond_signal(&pool->freed);
	} else {
		pool->open--;
		pool->replaced++;
		pthread_cond_signal(&pool->wanted);
	}
	pthread_mutex_unlock(&pool->lock);
}

bool postgres_pool_is_down(struct postgres_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	bool down = pool->open == 0 && pool->down;
	pthread_mutex_unlock(&pool->lock);
	return down;
}

int64_t postgres_pool_replaced(struct postgres_pool *pool)
{
	if (!pool)
		return 0;
	pthread_mutex_lock(&pool->lock);
	int64_t replaced = pool->replaced;
	pthread_mutex_unlock(&pool->lock);
	return replaced;
}

/*
 * While every connection is out none comes back to tell; the keeper, which began to open one more
 * when somebody waited for it, is not answered either.
 */
static bool is_silent(struct postgres_pool *pool)
{
	int64_t most_us = MILLISECONDS_US(pool->use.options->acquire_ms) / 2;
	pthread_mutex_lock(&pool->lock);
	bool hangs = pool->opening_us && clock_monotonic_us() - pool->opening_us > most_us;
	pthread_mutex_unlock(&pool->lock);
	return hangs || pool->silent;
}

enum app_err postgres_fail_none(struct ctx *c, struct postgres_pool *pool)
{
	if (!postgres_pool_is_down(pool))
		return is_silent(pool) ? postgres_fail_silent(c) : db_fail_busy(c);
	return ctx_fail_retry(c, APP_UNAVAILABLE, DB_RETRY_S,
			      "the database cannot be reached; try again in a moment");
}
