/*
 * A write that is made again and again: the ticker asks the database's writer for it, never for two
 * at once, and for the next one at once while there is more to do.
 */
#include "core/db_round.h"

#include "core/app.h"
#include "core/log.h"
#include "core/ticker.h"

/* A failure is told once, until it goes well again. */
static void tell(struct db_round *round, enum app_err err)
{
	if (err && !round->failing)
		log_failure(&round->own.c, LOG_LEVEL_ERROR, round->work->failure, err);
	round->failing = err != APP_OK;
}

static void round_end(struct db_round *round, bool more)
{
	ctx_own_auto(&round->own);
	pthread_mutex_lock(&round->lock);
	round->under_way = false;
	if (more && !round->stopping)
		ticker_wake(round->tick);
	/* Under the lock: the round is gone as soon as it can be seen that the write has ended. */
	pthread_cond_signal(&round->ended);
	pthread_mutex_unlock(&round->lock);
}

/* On the writer's thread. */
static void write_done(struct db_write *write, enum app_err err)
{
	struct db_round *round = write->arg;
	tell(round, err);
	round_end(round, !err && round->work->ends(round->of, &round->own.c));
}

static enum app_err write_look(struct ctx *c, void *arg, bool *ret_due)
{
	const struct db_round *round = arg;
	*ret_due = true;
	return round->work->look ? round->work->look(c, round->of, ret_due) : APP_OK;
}

static enum app_err write_run(struct ctx *c, void *arg)
{
	const struct db_round *round = arg;
	return round->work->run(c, round->of);
}

static void look(void *arg)
{
	struct db_round *round = arg;
	pthread_mutex_lock(&round->lock);
	bool begins = !round->under_way && !round->stopping;
	round->under_way = round->under_way || begins;
	pthread_mutex_unlock(&round->lock);
	if (!begins)
		return;
	struct ctx *c = &round->own.c;
	ctx_own_init(&round->own, round->app);
	c->actor.kind = ACTOR_SYSTEM;
	round->write = (struct db_write){ .c = c,
					  .look = write_look,
					  .run = write_run,
					  .arg = round,
					  .done = write_done,
					  .again = true };
	/* a writer that is busy is asked again the next time */
	if (!round->work->begins(round->of, c) || db_write_submit(round->app->db, &round->write))
		round_end(round, false);
}

void db_round_start(struct db_round *round, struct app *app, const struct db_round_work *work,
		    void *of)
{
	*round = (struct db_round){ .app = app, .work = work, .of = of };
	pthread_mutex_init(&round->lock, NULL);
	pthread_cond_init(&round->ended, NULL);
	round->tick = ticker_add(app->ticker, work->every_ms, look, round);
	ticker_wake(round->tick);
}

void db_round_stop(struct db_round *round)
{
	if (!round->tick)
		return;
	pthread_mutex_lock(&round->lock);
	round->stopping = true;
	while (round->under_way)
		pthread_cond_wait(&round->ended, &round->lock);
	pthread_mutex_unlock(&round->lock);
	ticker_remove(round->tick);
	pthread_cond_destroy(&round->ended);
	pthread_mutex_destroy(&round->lock);
}
