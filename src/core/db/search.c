/*
 * Bringing full-text indexes up to date from outside of the driver: all at once, and now and then
 * by a thread, for PostgreSQL, where rows that other programs write are on a list.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/mem.h"
#include "core/app.h"
#include "core/db_driver.h"
#include "core/log.h"

enum { LOOK_S = 3 };

struct db_search_keeper {
	struct app *app;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stopping;
};

static enum app_err fail_outside(struct ctx *c)
{
	return ctx_fail_cause(c, APP_INTERNAL, "a full-text index was worked at outside a write");
}

enum app_err db_search_step(struct ctx *c, int64_t *ret_rows)
{
	return c->db ? c->app->db->driver->search_step(c, ret_rows) : fail_outside(c);
}

enum app_err db_search_renew(struct ctx *c)
{
	return c->db ? c->app->db->driver->search_renew(c) : fail_outside(c);
}

static enum app_err run_step(struct ctx *c, void *arg)
{
	return db_search_step(c, arg);
}

/* Each step in an arena of its own: there may be millions of rows. */
static enum app_err step_write(struct ctx *c, int64_t *ret_rows)
{
	AUTO(arena) arena;
	struct ctx own;
	arena_init(&arena, 0);
	ctx_init(&own, c->app, &arena);
	enum app_err err = db_write_slow(&own, run_step, ret_rows);
	if (err == APP_INTERNAL)
		return ctx_fail_cause(c, err, "%s", own.failure.cause ? own.failure.cause : "-");
	return err ? ctx_fail(c, err, "%s", ctx_failure_text(&own, err)) : APP_OK;
}

enum app_err db_search_finish(struct ctx *c)
{
	int64_t rows;
	enum app_err err;
	do {
		rows = 0;
		err = step_write(c, &rows);
	} while (!err && rows);
	return err;
}

/* ---- the thread ---- */

static bool keeper_wait(struct db_search_keeper *keeper)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += LOOK_S;
	pthread_mutex_lock(&keeper->lock);
	int late = 0;
	while (!keeper->stopping && late != ETIMEDOUT)
		late = pthread_cond_timedwait(&keeper->wake, &keeper->lock, &until);
	bool goes_on = !keeper->stopping;
	pthread_mutex_unlock(&keeper->lock);
	return goes_on;
}

static bool is_stopping(struct db_search_keeper *keeper)
{
	pthread_mutex_lock(&keeper->lock);
	bool stopping = keeper->stopping;
	pthread_mutex_unlock(&keeper->lock);
	return stopping;
}

static void keeper_work(struct db_search_keeper *keeper)
{
	AUTO(arena) arena;
	struct ctx c;
	int64_t rows;
	arena_init(&arena, 0);
	ctx_init(&c, keeper->app, &arena);
	enum app_err err;
	do {
		rows = 0;
		err = step_write(&c, &rows);
	} while (!err && rows && !is_stopping(keeper));
	if (err)
		log_failure(&c, LOG_LEVEL_WARN, "full-text indexes could not be brought up to date",
			    err);
}

static void *keeper_main(void *arg)
{
	struct db_search_keeper *keeper = arg;
	do
		keeper_work(keeper);
	while (keeper_wait(keeper));
	db_thread_done(keeper->app->db);
	return NULL;
}

static void keeper_free(struct db_search_keeper *keeper)
{
	pthread_cond_destroy(&keeper->wake);
	pthread_mutex_destroy(&keeper->lock);
	free(keeper);
}

static int thread_start(struct db_search_keeper *keeper)
{
	sigset_t all, old;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	int failed = pthread_create(&keeper->thread, NULL, keeper_main, keeper);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (!failed)
		pthread_setname_np(keeper->thread, "db-search");
	return failed;
}

struct db_search_keeper *db_search_keeper_start(struct app *app)
{
	if (!app->db->driver->may_block)
		return NULL;
	struct db_search_keeper *keeper = mem_new(1, sizeof(*keeper));
	pthread_condattr_t monotonic;
	keeper->app = app;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&keeper->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	pthread_mutex_init(&keeper->lock, NULL);
	int failed = thread_start(keeper);
	if (!failed)
		return keeper;
	AUTO(arena) arena = { 0 };
	struct ctx c;
	ctx_init(&c, app, &arena);
	log_warn(&c, "the thread that keeps full-text indexes cannot be started",
		 LOG_TEXT("why", strerror(failed)));
	keeper_free(keeper);
	return NULL;
}

void db_search_keeper_stop(struct db_search_keeper *keeper)
{
	if (!keeper)
		return;
	pthread_mutex_lock(&keeper->lock);
	keeper->stopping = true;
	pthread_mutex_unlock(&keeper->lock);
	pthread_cond_signal(&keeper->wake);
	pthread_join(keeper->thread, NULL);
	keeper_free(keeper);
}
