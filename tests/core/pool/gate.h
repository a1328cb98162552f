/* Jobs that count themselves and stop at a gate, so that tests of the pool need no sleeps. */
#ifndef CROFT_TESTS_CORE_POOL_GATE_H
#define CROFT_TESTS_CORE_POOL_GATE_H

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "core/pool.h"
#include "testing/rows.h"

/* What the jobs of one row share. */
struct gate {
	sem_t started, open;
	atomic_int running, most, ran;
	struct pool *pool;
};

struct gate_job {
	struct pool_job job;
	struct gate *gate;
	int number;
};

static inline void gate_init(struct gate *gate)
{
	memset(gate, 0, sizeof(*gate));
	sem_init(&gate->started, 0, 0);
	sem_init(&gate->open, 0, 0);
}

static inline void gate_done(struct gate *gate)
{
	sem_destroy(&gate->started);
	sem_destroy(&gate->open);
}

static inline void sem_take(sem_t *sem)
{
	while (sem_wait(sem) != 0)
		;
}

static inline void enter(struct gate *gate)
{
	int now = atomic_fetch_add(&gate->running, 1) + 1;
	int most = atomic_load(&gate->most);
	while (now > most && !atomic_compare_exchange_weak(&gate->most, &most, now))
		;
}

static inline void leave(struct gate *gate)
{
	atomic_fetch_sub(&gate->running, 1);
	atomic_fetch_add(&gate->ran, 1);
}

/* Runs until the gate opens. */
static inline void run_gated(struct pool_job *job)
{
	struct gate *gate = ((struct gate_job *)job)->gate;
	enter(gate);
	sem_post(&gate->started);
	sem_take(&gate->open);
	leave(gate);
}

static inline void run_quick(struct pool_job *job)
{
	struct gate *gate = ((struct gate_job *)job)->gate;
	enter(gate);
	sched_yield();
	leave(gate);
}

static inline void jobs_init(struct gate_job *jobs, int count, struct gate *gate,
			     void (*run)(struct pool_job *))
{
	for (int i = 0; i < count; i++)
		jobs[i] = (struct gate_job){ .job.run = run, .gate = gate, .number = i };
}

static inline void submit_all(struct pool *pool, enum pool_lane lane, struct gate_job *jobs,
			      int count)
{
	for (int i = 0; i < count; i++)
		assert_int_equal(pool_submit(pool, lane, &jobs[i].job), APP_OK);
}

static inline void open_for(struct gate *gate, int count)
{
	for (int i = 0; i < count; i++)
		sem_post(&gate->open);
}

#endif
