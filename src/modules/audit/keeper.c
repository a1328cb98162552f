/*
 * Keeps the audit as long as audit.keep_days says. The ticker asks the database's writer for one
 * short write now and then; while there is more to delete, the next follows when it is done.
 */
#include <pthread.h>

#include "core/app.h"
#include "core/config.h"
#include "core/log.h"
#include "core/ticker.h"
#include "internal.h"

enum { LOOK_MS = 60 * 60 * 1000 };

struct audit_keeper {
	struct app *app;
	struct tick *tick; /* NULL: this is no server, or all is kept */
	int64_t keep_days;
	/* of the write that is under way */
	struct ctx_own own;
	struct audit_purging purging;
	struct db_write write;
	int64_t purged;       /* by writes that followed each other */
	pthread_mutex_t lock; /* guards the two below */
	pthread_cond_t ended; /* a write has */
	bool under_way;
	bool stopping;
};

static void tell(struct audit_keeper *keeper, enum app_err err)
{
	struct ctx *c = &keeper->own.c;
	keeper->purged += err ? 0 : keeper->purging.last;
	if (err)
		log_failure(c, LOG_LEVEL_WARN, "old rows of the audit stay for now", err);
	else if (keeper->purging.more || !keeper->purged)
		return;
	else
		log_info(c, "old rows of the audit were deleted", LOG_INT("count", keeper->purged));
	keeper->purged = 0;
}

/* On the writer's thread. */
static void purge_done(struct db_write *write, enum app_err err)
{
	struct audit_keeper *keeper = write->arg;
	bool more = !err && keeper->purging.more;
	tell(keeper, err);
	ctx_own_auto(&keeper->own);
	pthread_mutex_lock(&keeper->lock);
	keeper->under_way = false;
	if (more && !keeper->stopping)
		ticker_wake(keeper->tick);
	/* Under the lock: the keeper is gone as soon as it can be seen that the write has ended. */
	pthread_cond_signal(&keeper->ended);
	pthread_mutex_unlock(&keeper->lock);
}

static enum app_err purge_some(struct ctx *c, void *arg)
{
	struct audit_keeper *keeper = arg;
	return audit_purge_some(c, &keeper->purging);
}

static void look(void *arg)
{
	struct audit_keeper *keeper = arg;
	pthread_mutex_lock(&keeper->lock);
	bool begins = !keeper->under_way && !keeper->stopping;
	keeper->under_way = keeper->under_way || begins;
	pthread_mutex_unlock(&keeper->lock);
	if (!begins)
		return;
	struct ctx *c = &keeper->own.c;
	ctx_own_init(&keeper->own, keeper->app);
	c->actor.kind = ACTOR_SYSTEM;
	keeper->purging.before.us = ctx_now(c).us - keeper->keep_days * DAY_US;
	keeper->write = (struct db_write){
		.c = c, .run = purge_some, .arg = keeper, .done = purge_done, .again = true
	};
	/* a writer that is busy is asked again the next time */
	keeper->purging.more = false;
	keeper->purging.last = 0;
	if (db_write_submit(keeper->app->db, &keeper->write))
		purge_done(&keeper->write, APP_OK);
}

/* ---- start and stop ---- */

static enum app_err start_keeper(struct ctx *c, struct audit_keeper *keeper)
{
	const struct audit_options *options = config_group(c->app->config, &audit_option_group);
	if (!c->app->ticker || !options->keep_days)
		return APP_OK;
	keeper->app = c->app;
	keeper->keep_days = options->keep_days;
	pthread_mutex_init(&keeper->lock, NULL);
	pthread_cond_init(&keeper->ended, NULL);
	keeper->tick = ticker_add(c->app->ticker, LOOK_MS, look, keeper);
	ticker_wake(keeper->tick);
	return APP_OK;
}

static void stop_keeper(struct ctx *c, struct audit_keeper *keeper)
{
	(void)c;
	if (!keeper->tick)
		return;
	pthread_mutex_lock(&keeper->lock);
	keeper->stopping = true;
	while (keeper->under_way)
		pthread_cond_wait(&keeper->ended, &keeper->lock);
	pthread_mutex_unlock(&keeper->lock);
	ticker_remove(keeper->tick);
	pthread_cond_destroy(&keeper->ended);
	pthread_mutex_destroy(&keeper->lock);
}

SERVICE(audit_keeper, start_keeper, stop_keeper);
