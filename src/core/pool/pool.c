/*
 * The worker pool: one mutex, one condition, a queue a lane. A job that may start at once is given a worker
 * in the very call that submits it ("ready"); all others wait until a running job ends and makes place. So
 * the bounds hold exactly, however late a worker wakes up. Used through core/pool.h; knows nothing of jobs.
 */
#include "core/pool.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

struct lane {
	struct pool_job *first, *last; /* the ready ones, then the waiting ones */
	int64_t ready; /* queued, with a worker on its way; counted as running too */
	int64_t waiting;
	int64_t running;
	int64_t running_max, waiting_max;
	int64_t refused;
};

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t work; /* a job became ready, or the pool is stopping */
	struct lane lanes[POOL_LANES];
	int64_t idle;  /* workers without a job, not even a ready one */
	int turn;      /* the lane that is asked first for the next job */
	bool stopping; /* nothing new is accepted */
	pthread_t *threads;
	int64_t thread_count, named;
};

static void lane_push(struct lane *lane, struct pool_job *job)
{
	job->next = NULL;
	if (lane->first)
		lane->last->next = job;
	else
		lane->first = job;
	lane->last = job;
}

static struct pool_job *lane_pop(struct lane *lane)
{
	struct pool_job *job = lane->first;
	lane->first = job->next;
	return job;
}

static bool may_start(const struct pool *pool, const struct lane *lane)
{
	return pool->idle > 0 && lane->running < lane->running_max;
}

/* Gives an idle worker to the next job of the lane. */
static void lane_start_one(struct pool *pool, struct lane *lane)
{
	pool->idle--;
	lane->running++;
	lane->ready++;
}

enum app_err pool_submit(struct pool *pool, enum pool_lane lane_id, struct pool_job *job)
{
	struct lane *lane = &pool->lanes[lane_id];
	enum app_err err = APP_OK;
	pthread_mutex_lock(&pool->lock);
	if (!pool->stopping && may_start(pool, lane)) {
		/* Nothing waits in this lane, or it would have started: the job is first in line. */
		assert(!lane->waiting);
		lane_push(lane, job);
		lane_start_one(pool, lane);
		pthread_cond_signal(&pool->work);
	} else if (!pool->stopping && lane->waiting < lane->waiting_max) {
		lane_push(lane, job);
		lane->waiting++;
	} else {
		lane->refused++;
		err = APP_UNAVAILABLE;
	}
	pthread_mutex_unlock(&pool->lock);
	return err;
}

/*
 * A job has ended: lets at most one waiting job start. More is never possible, since a job that could have
 * started before would have. The worker that calls this takes a ready job next, so none is woken.
 */
static void start_next(struct pool *pool)
{
	for (int i = 0; i < POOL_LANES; i++) {
		int id = (pool->turn + i) % POOL_LANES;
		struct lane *lane = &pool->lanes[id];
		if (!lane->waiting || !may_start(pool, lane))
			continue;
		lane->waiting--;
		lane_start_one(pool, lane);
		pool->turn = (id + 1) % POOL_LANES;
		return;
	}
}

static struct lane *ready_lane(struct pool *pool)
{
	for (int i = 0; i < POOL_LANES; i++) {
		if (pool->lanes[i].ready)
			return &pool->lanes[i];
	}
	return NULL;
}

/* Runs one ready job of the lane; the lock is held before and after. */
static void run_one(struct pool *pool, struct lane *lane)
{
	struct pool_job *job = lane_pop(lane);
	lane->ready--;
	pthread_mutex_unlock(&pool->lock);
	job->run(job);
	pthread_mutex_lock(&pool->lock);
	lane->running--;
	pool->idle++;
	start_next(pool);
}

static void *worker(void *arg)
{
	struct pool *pool = arg;
	pthread_mutex_lock(&pool->lock);
	char name[16];
	snprintf(name, sizeof(name), "croft-pool-%d", (int)(++pool->named % 1000));
	pthread_setname_np(pthread_self(), name);
	for (;;) {
		struct lane *lane = ready_lane(pool);
		if (lane)
			run_one(pool, lane);
		else if (pool->stopping)
			break;
		else
			pthread_cond_wait(&pool->work, &pool->lock);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

static void lane_init(struct lane *lane, const struct pool_options *options, int id,
		      int64_t threads)
{
	int64_t running = options->running[id], waiting = options->waiting[id];
	lane->running_max = running > 0 && running < threads ? running : threads;
	lane->waiting_max = waiting > 0 ? waiting : 0;
}

/* Signals belong to the main thread: a worker inherits a mask that blocks them all. */
static void start_threads(struct pool *pool, int64_t wanted)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (pool->thread_count < wanted &&
	       pthread_create(&pool->threads[pool->thread_count], NULL, worker, pool) == 0)
		pool->thread_count++;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct pool *pool_new(const struct pool_options *options)
{
	int64_t wanted = options->threads > 1 ? options->threads : 1;
	struct pool *pool = mem_new(1, sizeof(*pool));
	pool->threads = mem_new((size_t)wanted, sizeof(*pool->threads));
	pool->idle = wanted;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->work, NULL);
	for (int i = 0; i < POOL_LANES; i++)
		lane_init(&pool->lanes[i], options, i, wanted);
	start_threads(pool, wanted);
	if (pool->thread_count == wanted)
		return pool;
	pool_drop(pool);
	return NULL;
}

void pool_drop(struct pool *pool)
{
	if (!pool)
		return;
	pthread_mutex_lock(&pool->lock);
	pool->stopping = true;
	pthread_cond_broadcast(&pool->work);
	pthread_mutex_unlock(&pool->lock);
	for (int64_t i = 0; i < pool->thread_count; i++)
		pthread_join(pool->threads[i], NULL);
	pthread_cond_destroy(&pool->work);
	pthread_mutex_destroy(&pool->lock);
	free(pool->threads);
	free(pool);
}

void pool_look(struct pool *pool, enum pool_lane lane_id, struct pool_load *ret_load)
{
	const struct lane *lane = &pool->lanes[lane_id];
	pthread_mutex_lock(&pool->lock);
	ret_load->running = lane->running;
	ret_load->waiting = lane->waiting;
	ret_load->refused = lane->refused;
	pthread_mutex_unlock(&pool->lock);
}
