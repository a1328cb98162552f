/*
 * The worker pool: threads for work that blocks or burns CPU and so must not run on an event loop. Work is
 * queued in lanes, each with a bound on how many of its jobs run at once and how many may wait.
 */
#ifndef CROFT_CORE_POOL_H
#define CROFT_CORE_POOL_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

struct pool;

enum pool_lane {
	POOL_WORK, /* anything that blocks */
	POOL_HASH, /* password hashing: each job holds tens of MiB and a core */
	POOL_LANES,
};

struct pool_options {
	int64_t threads; /* all workers; at least one is started */
	int64_t running
		[POOL_LANES]; /* most jobs of a lane that run at once; 0: as many as threads */
	int64_t waiting
		[POOL_LANES]; /* most jobs of a lane that wait; 0: only what can start at once */
};

/* What a lane is doing, for metrics. */
struct pool_load {
	int64_t running, waiting;
	int64_t refused; /* since the start */
};

/* Owned by the submitter and untouched by the pool once run() has been called; run() may free it. */
struct pool_job {
	void (*run)(struct pool_job *job);
	struct pool_job *next; /* the pool's */
};

/* Starts the threads. They block all signals. NULL when the system does not give that many threads. */
struct pool *pool_new(const struct pool_options *options) MUST_USE;
/* Runs everything that is queued, refusing new work meanwhile, then stops the threads. NULL is fine. */
void pool_drop(struct pool *pool);

/* Queues the job, or returns APP_UNAVAILABLE when the lane is full (the job is then not run). */
enum app_err pool_submit(struct pool *pool, enum pool_lane lane, struct pool_job *job) MUST_USE;

void pool_look(struct pool *pool, enum pool_lane lane, struct pool_load *ret_load);

#endif
