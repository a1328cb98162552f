/*
 * The keeper: the thread of a pool that opens its connections and closes those that have served
 * long enough. While the server is away it tries again with growing pauses and says so in the log
 * once.
 */
#include "base/clock.h"
#include "base/thread.h"
#include "core/log.h"
#include "pool.h"

enum {
	FIRST_PAUSE_MS = 50, /* between attempts to reach the server; doubles */
	LOOK_MS = 10000,     /* the keeper's own rhythm */
	SURPLUS_MS = 60000,  /* idle for longer: closed when there are more than pool_min */
};

static void log_state(struct postgres_pool *pool, const char *why)
{
	AUTO(ctx_own) own;
	ctx_own_init(&own, pool->use.app);
	if (why)
		log_warn(&own.c, "the database server cannot be reached",
			 LOG_TEXT("which", pool->use.name), LOG_TEXT("server", pool->place.shown),
			 LOG_TEXT("why", why));
	else
		log_info(&own.c, "the database server answers again",
			 LOG_TEXT("which", pool->use.name), LOG_TEXT("server", pool->place.shown));
}

static bool is_old(const struct postgres_pool *pool, const struct postgres_conn *conn,
		   int64_t now_us)
{
	return now_us - conn->opened_us > SECONDS_US(pool->use.options->recycle_seconds) ||
	       (now_us - conn->idle_us > MILLISECONDS_US(SURPLUS_MS) &&
		pool->open > pool->use.options->pool_min);
}

/*
 * Takes the idle connections that have served long enough out of the pool; returns them as a list.
 */
static struct postgres_conn *old_take(struct postgres_pool *pool)
{
	struct postgres_conn *old = NULL, **at = &pool->idle;
	int64_t now_us = clock_monotonic_us();
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

void postgres_conns_close(struct postgres_conn *list)
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

void postgres_pool_add(struct postgres_pool *pool, struct postgres_conn *conn)
{
	conn->pool = pool;
	conn->next = pool->idle;
	pool->idle = conn;
	pool->open++;
	pool->pause.ms = pool->away_us = 0;
	pool->silent = false;
	pthread_cond_signal(&pool->freed);
}

void postgres_pause_grow(struct postgres_pause *pause)
{
	pause->ms = pause->ms ? pause->ms * 2 : FIRST_PAUSE_MS;
	if (pause->ms > POSTGRES_LONGEST_PAUSE_MS)
		pause->ms = POSTGRES_LONGEST_PAUSE_MS;
	pause->until_us = clock_monotonic_us() + MILLISECONDS_US(pause->ms);
}

/* Called and left with the lock held; opens without it. */
static void keeper_open(struct postgres_pool *pool)
{
	char why[POSTGRES_WHY_ROOM];
	bool was_down = pool->down;
	if (!pool->open && !pool->away_us)
		pool->away_us = clock_monotonic_us();
	pool->opening_us = clock_monotonic_us();
	pthread_mutex_unlock(&pool->lock);
	struct postgres_conn *conn = postgres_conn_open(&pool->place, pool->use.options, why);
	if (conn && was_down)
		log_state(pool, NULL);
	if (!conn && !was_down)
		log_state(pool, why);
	pthread_mutex_lock(&pool->lock);
	pool->opening_us = 0;
	pool->down = !conn;
	if (conn)
		postgres_pool_add(pool, conn);
	else
		postgres_pause_grow(&pool->pause);
	if (pool->down)
		pthread_cond_broadcast(&pool->freed);
}

static void keeper_tidy(struct postgres_pool *pool)
{
	struct postgres_conn *old = old_take(pool);
	if (!old)
		return;
	pthread_mutex_unlock(&pool->lock);
	postgres_conns_close(old);
	pthread_mutex_lock(&pool->lock);
}

static void *keeper_main(void *arg)
{
	struct postgres_pool *pool = arg;
	pthread_mutex_lock(&pool->lock);
	while (!pool->stopping) {
		int64_t now_us = clock_monotonic_us();
		keeper_tidy(pool);
		if (pool->stopping)
			break;
		if (!needs_more(pool))
			thread_wait(&pool->wanted, &pool->lock, now_us + MILLISECONDS_US(LOOK_MS));
		else if (now_us < pool->pause.until_us)
			thread_wait(&pool->wanted, &pool->lock, pool->pause.until_us);
		else
			keeper_open(pool);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

int postgres_keeper_start(struct postgres_pool *pool)
{
	int failed = thread_start(&pool->keeper, "db-keeper", keeper_main, pool);
	pool->keeper_runs = !failed;
	return failed;
}
