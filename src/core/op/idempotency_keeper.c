/*
 * Deletes the answers that are kept no longer: looks each minute, and while there are any has the
 * writer delete some hundred at a time, so that nobody waits long behind it.
 */
#include <pthread.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/app.h"
#include "core/db.h"
#include "core/idempotency.h"
#include "core/log.h"
#include "core/ticker.h"

enum { LOOK_MS = 60 * 1000, STEP_ROWS = 200 };

struct idempotency_keeper {
	struct db_write step; /* first: step_done() gets its address */
	struct app *app;
	struct tick *tick;
	pthread_mutex_t lock; /* guards the two below */
	pthread_cond_t ended; /* a step has */
	bool under_way, stopping;

	/* of the step under way */
	struct ctx_own own;
	int64_t rows;
};

static const char SQL_DUE[] = "SELECT 1 FROM idempotency WHERE at <= $1 LIMIT 1";
static const char SQL_DELETE[] =
	"DELETE FROM idempotency WHERE (user_id, key) IN (SELECT user_id, key FROM idempotency"
	" WHERE at <= $1 ORDER BY at LIMIT $2)";

static int64_t oldest_us(const struct ctx *c)
{
	const struct idempotency_options *options = config_group(c->app->config,
								 &idempotency_option_group);
	return ctx_now(c).us - SECONDS_US(60) * options->keep_minutes;
}

static enum app_err step_look(struct ctx *c, void *arg, bool *ret_due)
{
	(void)arg;
	int64_t due = 0;
	enum app_err err = db_query_int(c, SQL_DUE, BIND(oldest_us(c)), &due);
	*ret_due = due;
	return err;
}

static enum app_err step_run(struct ctx *c, void *arg)
{
	struct idempotency_keeper *keeper = arg;
	return db_exec(c, SQL_DELETE, BIND(oldest_us(c), STEP_ROWS), &keeper->rows);
}

static void step_done(struct db_write *step, enum app_err err)
{
	struct idempotency_keeper *keeper = (struct idempotency_keeper *)step;
	if (err)
		log_failure(&keeper->own.c, LOG_LEVEL_WARN,
			    "answers that are kept no longer could not be deleted", err);
	ctx_own_auto(&keeper->own);
	pthread_mutex_lock(&keeper->lock);
	keeper->under_way = false;
	if (!err && keeper->rows == STEP_ROWS && !keeper->stopping)
		ticker_wake(keeper->tick);
	/* Under the lock: the keeper is gone as soon as it can be seen that the step has ended. */
	pthread_cond_signal(&keeper->ended);
	pthread_mutex_unlock(&keeper->lock);
}

static void step_begin(struct idempotency_keeper *keeper)
{
	ctx_own_init(&keeper->own, keeper->app);
	keeper->rows = 0;
	keeper->step = (struct db_write){ .c = &keeper->own.c,
					  .run = step_run,
					  .arg = keeper,
					  .look = step_look,
					  .done = step_done,
					  .again = true };
	enum app_err err = db_write_submit(keeper->app->db, &keeper->step);
	if (err)
		step_done(&keeper->step, err);
}

static void look(void *arg)
{
	struct idempotency_keeper *keeper = arg;
	pthread_mutex_lock(&keeper->lock);
	bool begins = !keeper->under_way && !keeper->stopping;
	keeper->under_way = keeper->under_way || begins;
	pthread_mutex_unlock(&keeper->lock);
	if (begins)
		step_begin(keeper);
}

struct idempotency_keeper *idempotency_keeper_start(struct app *app)
{
	struct idempotency_keeper *keeper = mem_new(1, sizeof(*keeper));
	keeper->app = app;
	pthread_mutex_init(&keeper->lock, NULL);
	pthread_cond_init(&keeper->ended, NULL);
	keeper->tick = ticker_add(app->ticker, LOOK_MS, look, keeper);
	ticker_wake(keeper->tick);
	return keeper;
}

void idempotency_keeper_stop(struct idempotency_keeper *keeper)
{
	if (!keeper)
		return;
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
