/*
 * The threads that run writes, and the queue in front of them. There are half as many as the pool
 * has connections, so that reads always find some. A write that was not begun within acquire_ms of
 * being queued fails with 503: the clerk, a thread of its own, sees to that even when all others
 * are stuck.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "internal.h"

struct postgres_writer {
	struct postgres *postgres;
	pthread_t *threads, clerk;
	int64_t count;
	bool clerk_runs;
	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t wake, clerk_wake;
	struct db_queue queue;
	bool clerk_idle; /* nothing waited when it looked: to be woken by the next write */
};

/* The database whose writes this thread runs; the thread ends before that database does. */
static _Thread_local const struct postgres *writer_of;

/* NULL when nothing waits and the thread is to end. Whoever gets a write answers it. */
static struct db_write *writer_take(struct postgres_writer *w)
{
	pthread_mutex_lock(&w->lock);
	while (!w->queue.first && !w->queue.closed)
		pthread_cond_wait(&w->wake, &w->lock);
	struct db_write *write = db_queue_take(&w->queue, 1);
	pthread_mutex_unlock(&w->lock);
	return write;
}

static void *writer_main(void *arg)
{
	struct postgres_writer *w = arg;
	struct db_write *write;
	writer_of = w->postgres;
	while ((write = writer_take(w))) {
		postgres_commit(w->postgres, write);
		db_signals_tell(w->postgres->db, db_signals_of(write, NULL));
		db_write_done(write);
	}
	return NULL;
}

/* ---- the clerk ---- */

/* Called and left with the lock held. */
static void oldest_refuse(struct postgres_writer *w)
{
	struct db_write *write = db_queue_take(&w->queue, 1);
	pthread_mutex_unlock(&w->lock);
	write->err = postgres_fail_none(write->c, w->postgres->primary);
	db_write_done(write);
	pthread_mutex_lock(&w->lock);
}

static void clerk_wait(struct postgres_writer *w, int64_t until_us)
{
	w->clerk_idle = !w->queue.first;
	if (w->clerk_idle)
		pthread_cond_wait(&w->clerk_wake, &w->lock);
	else
		thread_wait(&w->clerk_wake, &w->lock, until_us);
	w->clerk_idle = false;
}

static void *clerk_main(void *arg)
{
	struct postgres_writer *w = arg;
	int64_t wait_us = MILLISECONDS_US(w->postgres->options->acquire_ms);
	writer_of = w->postgres;
	pthread_mutex_lock(&w->lock);
	while (!w->queue.closed) {
		int64_t until_us = w->queue.first ? w->queue.first->since_us + wait_us : INT64_MAX;
		if (clock_monotonic_us() < until_us)
			clerk_wait(w, until_us);
		else
			oldest_refuse(w);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

/* ---- the queue ---- */

enum app_err postgres_submit(struct db *db, struct db_write *write)
{
	struct postgres_writer *w = ((struct postgres *)db->state)->writer;
	pthread_mutex_lock(&w->lock);
	bool added = db_queue_add(&w->queue, write, db->options.queue);
	if (added) {
		pthread_cond_signal(&w->wake);
		if (w->clerk_idle)
			pthread_cond_signal(&w->clerk_wake);
	}
	pthread_mutex_unlock(&w->lock);
	return added ? APP_OK : db_queue_refuse(write->c);
}

bool postgres_is_writer(const struct db *db)
{
	return writer_of == db->state;
}

int64_t postgres_waiting(struct postgres *p)
{
	pthread_mutex_lock(&p->writer->lock);
	int64_t waiting = p->writer->queue.waiting;
	pthread_mutex_unlock(&p->writer->lock);
	return waiting;
}

static int threads_start(struct postgres_writer *w, int64_t wanted)
{
	int failed = 0;
	while (!failed && w->count < wanted) {
		failed = thread_start(&w->threads[w->count], "db-writer", writer_main, w);
		w->count += !failed;
	}
	if (!failed)
		failed = thread_start(&w->clerk, "db-clerk", clerk_main, w);
	w->clerk_runs = !failed;
	return failed;
}

enum app_err postgres_writer_start(struct ctx *c, struct postgres *p)
{
	int64_t wanted = p->options->pool_max / 2 > 1 ? p->options->pool_max / 2 : 1;
	struct postgres_writer *w = mem_new(1, sizeof(*w));
	w->postgres = p;
	w->threads = mem_new((size_t)wanted, sizeof(*w->threads));
	db_queue_init(&w->queue);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->wake, NULL);
	thread_cond_init(&w->clerk_wake);
	p->writer = w;
	int failed = threads_start(w, wanted);
	if (failed)
		return ctx_fail(c, APP_UNAVAILABLE,
				"cannot start the database's writer threads: %s", strerror(failed));
	return APP_OK;
}

void postgres_writer_stop(struct postgres *p)
{
	struct postgres_writer *w = p->writer;
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->queue.closed = true;
	pthread_cond_broadcast(&w->wake);
	pthread_cond_signal(&w->clerk_wake);
	pthread_mutex_unlock(&w->lock);
	if (w->clerk_runs)
		pthread_join(w->clerk, NULL);
	for (int64_t i = 0; i < w->count; i++)
		pthread_join(w->threads[i], NULL);
	pthread_cond_destroy(&w->wake);
	pthread_cond_destroy(&w->clerk_wake);
	pthread_mutex_destroy(&w->lock);
	free(w->threads);
	free(w);
	p->writer = NULL;
}
