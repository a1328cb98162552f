/* What the two files of the pool share: pool.c lends, keeper.c opens and closes. */
#ifndef CROFT_CORE_DB_POSTGRES_POOL_H
#define CROFT_CORE_DB_POSTGRES_POOL_H

#include "internal.h"

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
	/* the connection that came back last was given up because the server did not answer */
	_Atomic bool silent;
};

/* Starts the thread; 0, or the error number. */
int postgres_keeper_start(struct postgres_pool *pool) MUST_USE;
/*
 * Takes over a connection that was just opened; called with the lock held, or before there are
 * threads.
 */
void postgres_pool_add(struct postgres_pool *pool, struct postgres_conn *conn);
void postgres_conns_close(struct postgres_conn *list);

#endif
