/*
 * The pool of connections. A thread of its own, the keeper, opens them: whoever needs one only ever waits, and never
 * longer than it was told, whatever a name server or a firewall does. While the server is away the keeper tries again
 * with growing pauses and says so in the log once.
 */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "core/log.h"
#include "postgres.h"

enum {
	PING_AFTER_MS = 1000, /* idle for longer: asked whether it still works before it is lent */
	PING_MS = 1000,
	FIRST_PAUSE_MS = 50, /* between attempts to reach the server; doubles */
	LONGEST_PAUSE_MS = 2000,
	LOOK_MS = 10000,    /* the keeper's own rhythm */
	SURPLUS_MS = 60000, /* idle for longer: closed when there are more than pool_min */
};

struct postgres_pool {
	struct postgres_pool_use use;
	struct postgres_place place;
	pthread_t keeper;
	bool keeper_runs;
	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t freed, wanted;
	struct postgres_conn *idle; /* the one used last comes first */
	int64_t open, waiting, replaced;
	int64_t pause_ms, next_try_us;
	int64_t away_us; /* since when no connection is open and none could be opened; 0: not so */
	_Atomic int64_t fresh_us; /* a connection opened before it is not lent again */
	bool down, stopping;
};

/* ---- waiting ---- */

void postgres_cond_init(pthread_cond_t *cond)
{
	pthread_condattr_t monotonic;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(cond, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

void postgres_cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t until_us)
{
	struct timespec until = { until_us / 1000000, until_us % 1000000 * 1000 };
	pthread_cond_timedwait(cond, lock, &until);
}

/* ---- the keeper ---- */

static void log_state(struct postgres_pool *pool, const char *why)
{
	AUTO(arena) arena;
	arena_init(&arena, 0);
	struct ctx c;
	ctx_init(&c, pool->use.app, &arena);
	if (why)
		log_warn(&c, "the database server cannot be reached",
			 LOG_TEXT("which", pool->use.name), LOG_TEXT("server", pool->place.shown),
			 LOG_TEXT("why", why));
	else
		log_info(&c, "the database server answers again", LOG_TEXT("which", pool->use.name),
			 LOG_TEXT("server", pool->place.shown));
}

static bool is_old(const struct postgres_pool *pool, const struct postgres_conn *conn,
		   int64_t now_us)
{
	return now_us - conn->opened_us > SECONDS_US(pool->use.options->recycle_seconds) ||
	       (now_us - conn->idle_us > MILLISECONDS_US(SURPLUS_MS) &&
		pool->open > pool->use.options->pool_min);
}

/* Takes the idle connections that have served long enough out of the pool; returns them as a list. */
static struct postgres_conn *old_take(struct postgres_pool *pool)
{
	struct postgres_conn *old = NULL, **at = &pool->idle;
	int64_t now_us = postgres_now();
	while (*at) {
		struct postgres_conn *conn = *at;
		if (!is_old(pool, conn, now_us)) {
			at = &conn->next;
			continue;
		}
		*at = conn->next;
		conn->next = old;
		old = conn;
		pool->open--;
	}
	return old;
}

static void list_close(struct postgres_conn *list)
{
	while (list) {
		struct postgres_conn *next = list->next;
		postgres_conn_close(list);
		list = next;
	}
}

static bool needs_more(const struct postgres_pool *pool)
{
	const struct db_options *options = pool->use.options;
	return pool->open < options->pool_min ||
	       (pool->waiting > 0 && !pool->idle && pool->open < options->pool_max);
}

static void opened_add(struct postgres_pool *pool, struct postgres_conn *conn)
{
	conn->pool = pool;
	conn->next = pool->idle;
	pool->idle = conn;
	pool->open++;
	pool->pause_ms = pool->away_us = 0;
	pthread_cond_signal(&pool->freed);
}

static void open_failed(struct postgres_pool *pool)
{
	pool->pause_ms = pool->pause_ms ? pool->pause_ms * 2 : FIRST_PAUSE_MS;
	if (pool->pause_ms > LONGEST_PAUSE_MS)
		pool->pause_ms = LONGEST_PAUSE_MS;
	pool->next_try_us = postgres_now() + MILLISECONDS_US(pool->pause_ms);
}

/* Called and left with the lock held; opens without it. */
static void keeper_open(struct postgres_pool *pool)
{
	char why[POSTGRES_WHY_ROOM];
	bool was_down = pool->down;
	if (!pool->open && !pool->away_us)
		pool->away_us = postgres_now();
	pthread_mutex_unlock(&pool->lock);
	struct postgres_conn *conn = postgres_conn_open(&pool->place, pool->use.options, why);
	if (conn && was_down)
		log_state(pool, NULL);
	if (!conn && !was_down)
		log_state(pool, why);
	pthread_mutex_lock(&pool->lock);
	pool->down = !conn;
	if (conn)
		opened_add(pool, conn);
	else
		open_failed(pool);
	if (pool->down)
		pthread_cond_broadcast(&pool->freed);
}

static void keeper_tidy(struct postgres_pool *pool)
{
	struct postgres_conn *old = old_take(pool);
	if (!old)
		return;
	pthread_mutex_unlock(&pool->lock);
	list_close(old);
	pthread_mutex_lock(&pool->lock);
}

static void *keeper_main(void *arg)
{
	struct postgres_pool *pool = arg;
	pthread_mutex_lock(&pool->lock);
	while (!pool->stopping) {
		int64_t now_us = postgres_now();
		keeper_tidy(pool);
		if (pool->stopping)
			break;
		if (!needs_more(pool))
			postgres_cond_wait(&pool->wanted, &pool->lock,
					   now_us + MILLISECONDS_US(LOOK_MS));
		else if (now_us < pool->next_try_us)
			postgres_cond_wait(&pool->wanted, &pool->lock, pool->next_try_us);
		else
			keeper_open(pool);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

/* ---- making and dropping ---- */

static void locks_init(struct postgres_pool *pool)
{
	postgres_cond_init(&pool->freed);
	postgres_cond_init(&pool->wanted);
	pthread_mutex_init(&pool->lock, NULL);
}

/* Signals are for the threads that wait for them. */
static int keeper_start(struct postgres_pool *pool)
{
	sigset_t all, old;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	int failed = pthread_create(&pool->keeper, NULL, keeper_main, pool);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pool->keeper_runs = !failed;
	if (!failed)
		pthread_setname_np(pool->keeper, "db-keeper");
	return failed;
}

static enum app_err pool_first(struct ctx *c, struct postgres_pool *pool)
{
	char why[POSTGRES_WHY_ROOM];
	struct postgres_conn *conn = postgres_conn_open(&pool->place, pool->use.options, why);
	if (!conn)
		return app_fail(c, APP_UNAVAILABLE, "PostgreSQL at %s cannot be reached: %s",
				pool->place.shown, why);
	opened_add(pool, conn);
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
		int failed = keeper_start(pool);
		if (failed)
			err = app_fail(c, APP_UNAVAILABLE,
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
	list_close(pool->idle);
	pthread_cond_destroy(&pool->freed);
	pthread_cond_destroy(&pool->wanted);
	pthread_mutex_destroy(&pool->lock);
	postgres_place_done(&pool->place);
	free(pool);
}

/* ---- lending ---- */

/*
 * While the server is away nobody waits longer than acquire_ms after it went: those who come later are told at once,
 * or they would wait in line for their turn to wait.
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
	while (!pool->idle && postgres_now() < patience(pool, until_us)) {
		pool->waiting++;
		pthread_cond_signal(&pool->wanted);
		postgres_cond_wait(&pool->freed, &pool->lock, patience(pool, until_us));
		pool->waiting--;
	}
	struct postgres_conn *conn = pool->idle;
	if (conn) {
		pool->idle = conn->next;
		/* The keeper took this one for enough when it looked; it was not when more than one waits. */
		if (!pool->idle && pool->waiting)
			pthread_cond_signal(&pool->wanted);
	}
	pthread_mutex_unlock(&pool->lock);
	return conn;
}

/* A server that went away has closed the socket or said goodbye, which is seen without asking it. */
static bool is_alive(struct postgres_conn *conn, int64_t until_us)
{
	struct pollfd fd = { .fd = PQsocket(conn->handle), .events = POLLIN };
	if (conn->opened_us < conn->pool->fresh_us || poll(&fd, 1, 0) != 0)
		return false;
	int64_t now_us = postgres_now();
	if (now_us - conn->idle_us < MILLISECONDS_US(PING_AFTER_MS))
		return true;
	int64_t ping_until_us = now_us + MILLISECONDS_US(PING_MS);
	return postgres_conn_do(conn, "", ping_until_us < until_us ? ping_until_us : until_us);
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
	conn->idle_us = postgres_now();
	bool keep = !conn->lost && !conn->stale && conn->opened_us >= pool->fresh_us &&
		    PQtransactionStatus(conn->handle) == PQTRANS_IDLE &&
		    conn->idle_us - conn->opened_us <
			    SECONDS_US(pool->use.options->recycle_seconds);
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

void postgres_pool_renew(struct postgres_pool *pool)
{
	pool->fresh_us = postgres_now();
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
