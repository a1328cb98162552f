/*
 * Brings full-text indexes up to date in the background, for PostgreSQL, where rows that other
 * programs write are on a list: looks at it once a second and when it is told, and while there
 * are any has the writer work at them, a step at a time. A look only reads; which indexes there are
 * is looked up again when it is told, and now and then. No thread of its own.
 */
#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "core/app.h"
#include "core/db_driver.h"
#include "core/db_signal.h"
#include "core/log.h"
#include "core/ticker.h"

enum {
	LOOK_MS = 1000,
	/* Who was killed before he told, and who made an index by hand, has told nothing. */
	LOOKS_UNTIL_ANEW = 30,
};

struct db_search_keeper {
	struct db_write step; /* first: step_done() gets its address */
	struct app *app;
	struct tick *tick;
	pthread_mutex_t lock; /* guards the seven below */
	pthread_cond_t ended; /* a step has */
	bool under_way;       /* a step is */
	bool again;           /* it may have been too early for what was heard */
	bool anew;            /* there may be other indexes than are known */
	int looks;            /* since these were looked up */
	bool stopping;
	bool failing; /* told in the log */

	/* of the step under way */
	bool looks_anew;
	struct ctx c;
	struct arena arena;
	int64_t rows;
};

static enum app_err step_look(struct ctx *c, void *arg, bool *ret_due)
{
	const struct db_search_keeper *keeper = arg;
	return c->app->db->driver->search_look(c, keeper->looks_anew, ret_due);
}

static enum app_err step_run(struct ctx *c, void *arg)
{
	struct db_search_keeper *keeper = arg;
	return db_search_step(c, &keeper->rows);
}

/* Told once, until it works again. Called with the lock held. */
static void failure_tell(struct db_search_keeper *keeper, enum app_err err)
{
	if (err && !keeper->failing)
		log_failure(&keeper->c, LOG_LEVEL_WARN,
			    "full-text indexes could not be brought up to date", err);
	keeper->failing = err != APP_OK;
}

static void step_done(struct db_write *step, enum app_err err)
{
	struct db_search_keeper *keeper = (struct db_search_keeper *)step;
	pthread_mutex_lock(&keeper->lock);
	failure_tell(keeper, err);
	arena_done(&keeper->arena);
	keeper->under_way = false;
	keeper->anew = keeper->anew || err;
	if (((!err && keeper->rows) || keeper->again) && !keeper->stopping)
		ticker_wake(keeper->tick);
	keeper->again = false;
	/* Under the lock: the keeper is gone as soon as it can be seen that the step has ended. */
	pthread_cond_signal(&keeper->ended);
	pthread_mutex_unlock(&keeper->lock);
}

/* In an arena of its own: there may be millions of rows. */
static void step_begin(struct db_search_keeper *keeper)
{
	arena_init(&keeper->arena, 0);
	ctx_init(&keeper->c, keeper->app, &keeper->arena);
	keeper->rows = 0;
	keeper->step = (struct db_write){ .c = &keeper->c,
					  .run = step_run,
					  .arg = keeper,
					  .look = step_look,
					  .done = step_done,
					  .slow = true };
	enum app_err err = db_write_submit(keeper->app->db, &keeper->step);
	if (err)
		step_done(&keeper->step, err);
}

static void look(void *arg)
{
	struct db_search_keeper *keeper = arg;
	pthread_mutex_lock(&keeper->lock);
	bool begins = !keeper->under_way && !keeper->stopping;
	keeper->under_way = keeper->under_way || begins;
	if (begins) {
		keeper->looks_anew = keeper->anew || ++keeper->looks >= LOOKS_UNTIL_ANEW;
		keeper->looks = keeper->looks_anew ? 0 : keeper->looks;
		keeper->anew = false;
	}
	pthread_mutex_unlock(&keeper->lock);
	if (begins)
		step_begin(keeper);
}

static void on_signal(void *arg, unsigned signals)
{
	struct db_search_keeper *keeper = arg;
	if (!(signals & DB_SEARCH))
		return;
	pthread_mutex_lock(&keeper->lock);
	keeper->again = keeper->under_way;
	keeper->anew = true;
	pthread_mutex_unlock(&keeper->lock);
	ticker_wake(keeper->tick);
}

struct db_search_keeper *db_search_keeper_start(struct app *app)
{
	if (!app->db->driver->search_look)
		return NULL;
	struct db_search_keeper *keeper = mem_new(1, sizeof(*keeper));
	keeper->app = app;
	pthread_mutex_init(&keeper->lock, NULL);
	pthread_cond_init(&keeper->ended, NULL);
	keeper->tick = ticker_add(app->ticker, LOOK_MS, look, keeper);
	ticker_wake(keeper->tick);
	db_signal_listen(app->db, on_signal, keeper);
	return keeper;
}

void db_search_keeper_stop(struct db_search_keeper *keeper)
{
	if (!keeper)
		return;
	db_signal_unlisten(keeper->app->db, on_signal, keeper);
	pthread_mutex_lock(&keeper->lock);
	keeper->stopping = true;
	while (keeper->under_way)
		pthread_cond_wait(&keeper->ended, &keeper->lock);
	pthread_mutex_unlock(&keeper->lock);
	ticker_remove(keeper->tick);
	pthread_cond_destroy(&keeper->ended);
	pthread_mutex_destroy(&keeper->lock);
	free(keeper);
}
