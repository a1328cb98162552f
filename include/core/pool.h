/*
 * The worker pool: threads for work that blocks or burns CPU and so must not run on an event loop.
 * Work is queued in lanes. Each has threads of its own, so that none can take those that others
 * wait for, and a bound on how many jobs may wait; among the jobs that wait, clients take turns.
 */
#ifndef CROFT_CORE_POOL_H
#define CROFT_CORE_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

struct pool;

enum pool_lane {
	/* Anything that blocks, or takes CPU time within known bounds. */
	POOL_WORK,
	/* Password hashing: each job holds tens of MiB and a core. */
	POOL_HASH,
	/* Queries that a client made dear. */
	POOL_READ,
	/* What must be answered however much else waits. */
	POOL_VITAL,
	POOL_LANES,
};

struct pool_options {
	/* Most jobs of a lane that run at once, and its threads; at least one. */
	int64_t running[POOL_LANES];
	/* Most jobs of a lane that wait; 0: only what can start at once. */
	int64_t waiting[POOL_LANES];
	/* Most of these of one client; 0: no bound of its own. */
	int64_t waiting_each[POOL_LANES];
};

/* How many jobs of a lane run and wait at the moment. */
struct pool_load {
	int64_t running, waiting;
};

/*
 * Owned by the submitter and untouched by the pool once run() has been called; run() may free it.
 */
struct pool_job {
	void (*run)(struct pool_job *job);
	/*
	 * Whose job it is, as a hash. Clients take turns, and while others wait each has one job
	 * running. Two that share the low six bits share a turn. 0: nobody's, with no bound but the
	 * lane's.
	 */
	uint64_t client;
	/* The pool's own. */
	struct pool_job *next;
};

/*
 * Starts the threads. They block all signals. NULL when the system does not give that many threads.
 */
struct pool *pool_new(const struct pool_options *options) MUST_USE;
/*
 * Runs everything that is queued, refusing new work meanwhile, then stops the threads. NULL is
 * fine.
 */
void pool_drop(struct pool *pool);

/*
 * Queues the job, or returns APP_UNAVAILABLE when the lane or the client's part of it is full (the
 * job is then not run).
 */
enum app_err pool_submit(struct pool *pool, enum pool_lane lane, struct pool_job *job) MUST_USE;

/* Whether a job of this client submitted now would be refused: asked before more is done for it. */
bool pool_is_full(struct pool *pool, enum pool_lane lane, uint64_t client);

void pool_look(struct pool *pool, enum pool_lane lane, struct pool_load *ret_load);

#endif
