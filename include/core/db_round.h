/*
 * A write that is made again and again, beside those of requests: each so often the ticker asks
 * whether there is something to write, and has the database's writer do it. Of one round there are
 * never two at once.
 */
#ifndef CROFT_CORE_DB_ROUND_H
#define CROFT_CORE_DB_ROUND_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "core/db.h"

struct tick;

struct db_round_work {
	/* On the ticker, without the database: whether there is something to write. */
	bool (*begins)(void *of, struct ctx *c);
	/* NULL, or what db_write.look is asked. */
	enum app_err (*look)(struct ctx *c, void *of, bool *ret_due);
	/* Inside the write, and again if its work was undone. */
	db_write_fn *run;
	/* It is committed; whether another is to follow at once. */
	bool (*ends)(void *of, struct ctx *c);
	int64_t every_ms;
	/* What the log says when it fails. */
	const char *failure;
};

struct db_round {
	struct app *app;
	/* NULL: it was not started */
	struct tick *tick;
	const struct db_round_work *work;
	void *of;
	/* of the write that is under way */
	struct ctx_own own;
	struct db_write write;
	/* told in the log */
	bool failing;
	/* guards the two below */
	pthread_mutex_t lock;
	/* a write has */
	pthread_cond_t ended;
	bool under_way, stopping;
};
/* Its functions are given `of`. In a process with a ticker. */
void db_round_start(struct db_round *round, struct app *app, const struct db_round_work *work,
		    void *of);
/* No write is under way when this is done. Of one that was not started nothing is to be stopped. */
void db_round_stop(struct db_round *round);

#endif
