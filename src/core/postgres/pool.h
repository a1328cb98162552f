/*
 * The pool of connections as its files share it: pool.c lends, keeper.c opens and closes; driver.c
 * makes it, and listener.c opens one more in the same way.
 */
#ifndef CROFT_SRC_CORE_POSTGRES_POOL_H
#define CROFT_SRC_CORE_POSTGRES_POOL_H

#include "internal.h"

struct postgres_pool_use {
	const struct db_options *options;
	struct app *app;
	/* "database" or "replica", for the log */
	const char *name;
	bool first_must_work;
};

/* Between attempts to reach the server: it doubles, up to the longest. Zero at first. */
enum { POSTGRES_LONGEST_PAUSE_MS = 2000 };
struct postgres_pause {
	int64_t ms, until_us;
};
void postgres_pause_grow(struct postgres_pause *pause);

struct postgres_pool {
	struct postgres_pool_use use;
	struct postgres_place place;
	pthread_t keeper;
	bool keeper_runs;
	/* guards all below */
	pthread_mutex_t lock;
	pthread_cond_t freed, wanted;
	/* the one used last comes first */
	struct postgres_conn *idle;
	int64_t open, waiting, replaced;
	struct postgres_pause pause;
	/* since when no connection is open and none could be opened; 0: not so */
	int64_t away_us;
	/* a connection opened before it is not lent again */
	_Atomic int64_t fresh_us;
	/* since when the keeper waits for the server to open one more; 0: it does not */
	int64_t opening_us;
	bool down, stopping;
	/* the connection that came back last was given up because the server did not answer */
	_Atomic bool silent;
};

/* Takes the place over. With .first_must_work fails when the server cannot be reached now. */
enum app_err postgres_pool_new(struct ctx *c, const struct postgres_pool_use *use,
			       struct postgres_place *place,
			       struct postgres_pool **ret_pool) MUST_USE;
/* Starts the thread; 0, or the error number. */
int postgres_keeper_start(struct postgres_pool *pool) MUST_USE;
/*
 * Takes over a connection that was just opened; called with the lock held, or before there are
 * threads.
 */
void postgres_pool_add(struct postgres_pool *pool, struct postgres_conn *conn);
void postgres_conns_close(struct postgres_conn *list);

#endif
