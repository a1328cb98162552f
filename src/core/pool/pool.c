/*
 * The worker pool: one mutex, one condition, and for each lane the jobs that a worker is on its way
 * to ("ready") and those that wait, in a queue for each client. A job is made ready by the very
 * call that submits it or by the end of another one, so the bounds hold exactly, however late a
 * worker wakes up. Knows nothing of jobs.
 */
#include "core/pool.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/thread.h"

/* As many as a word has bits: which have jobs is then one word. */
enum { QUEUES = 64 };

struct queue {
	struct pool_job *first, *last;
	int64_t count;
	int64_t running; /* of its jobs, the ready ones too */
};

struct lane {
	struct queue ready;
	struct queue waiting[QUEUES]; /* by client */
	uint64_t has_waiting;         /* bit n: waiting[n] has jobs */
	uint64_t has_running;         /* bit n: a job of waiting[n] runs */
	unsigned turn;                /* the queue that is asked first for the next job */
	int64_t waiting_count, running;
	int64_t running_max, waiting_max, waiting_each_max;
};

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t work; /* a job became ready, or the pool is stopping */
	struct lane lanes[POOL_LANES];
	bool stopping; /* nothing new is accepted */
	pthread_t *threads;
	int64_t thread_count;
};

static void queue_push(struct queue *queue, struct pool_job *job)
{
	job->next = NULL;
	if (queue->first)
		queue->last->next = job;
	else
		queue->first = job;
	queue->last = job;
	queue->count++;
}

static struct pool_job *queue_pop(struct queue *queue)
{
	struct pool_job *job = queue->first;
	queue->first = job->next;
	queue->count--;
	return job;
}

static unsigned queue_number(const struct pool_job *job)
{
	return job->client % QUEUES;
}

/* A worker is on its way to the job; it is counted as running from here on. */
static void job_ready(struct lane *lane, struct pool_job *job)
{
	unsigned number = queue_number(job);
	lane->running++;
	lane->waiting[number].running++;
	lane->has_running |= UINT64_C(1) << number;
	lane->turn = (number + 1) % QUEUES;
	queue_push(&lane->ready, job);
}

static bool may_wait(const struct lane *lane, const struct pool_job *job)
{
	if (lane->waiting_count >= lane->waiting_max)
		return false;
	return !job->client || !lane->waiting_each_max ||
	       lane->waiting[queue_number(job)].count < lane->waiting_each_max;
}

static void job_wait(struct lane *lane, struct pool_job *job)
{
	unsigned number = queue_number(job);
	queue_push(&lane->waiting[number], job);
	lane->has_waiting |= UINT64_C(1) << number;
	lane->waiting_count++;
}

enum app_err pool_submit(struct pool *pool, enum pool_lane lane_id, struct pool_job *job)
{
	struct lane *lane = &pool->lanes[lane_id];
	enum app_err err = APP_OK;
	pthread_mutex_lock(&pool->lock);
	if (!pool->stopping && lane->running < lane->running_max) {
		job_ready(lane, job);
		pthread_cond_signal(&pool->work);
	} else if (!pool->stopping && may_wait(lane, job)) {
		job_wait(lane, job);
	} else {
		err = APP_UNAVAILABLE;
	}
	pthread_mutex_unlock(&pool->lock);
	return err;
}

/* The queue whose turn it is: of those that run nothing, if there are any. */
static unsigned queue_next(const struct lane *lane)
{
	uint64_t able = lane->has_waiting & ~lane->has_running;
	if (!able)
		able = lane->has_waiting;
	uint64_t from_turn = able & (UINT64_MAX << lane->turn);
	return (unsigned)__builtin_ctzll(from_turn ? from_turn : able);
}

/* A job has ended: the next one that waits, if any, is for the worker that calls this. */
static void start_next(struct lane *lane)
{
	if (!lane->has_waiting)
		return;
	unsigned number = queue_next(lane);
	struct queue *queue = &lane->waiting[number];
	struct pool_job *job = queue_pop(queue);
	lane->waiting_count--;
	if (!queue->first)
		lane->has_waiting &= ~(UINT64_C(1) << number);
	job_ready(lane, job);
}

static void job_ended(struct lane *lane, unsigned number)
{
	lane->running--;
	if (!--lane->waiting[number].running)
		lane->has_running &= ~(UINT64_C(1) << number);
}

/* Runs one ready job of the lane; the lock is held before and after. */
static void run_one(struct pool *pool, struct lane *lane)
{
	struct pool_job *job = queue_pop(&lane->ready);
	unsigned number = queue_number(job);
	pthread_mutex_unlock(&pool->lock);
	job->run(job);
	pthread_mutex_lock(&pool->lock);
	job_ended(lane, number);
	start_next(lane);
}

static struct lane *ready_lane(struct pool *pool)
{
	for (int i = 0; i < POOL_LANES; i++) {
		if (pool->lanes[i].ready.first)
			return &pool->lanes[i];
	}
	return NULL;
}

static void *worker(void *arg)
{
	struct pool *pool = arg;
	pthread_mutex_lock(&pool->lock);
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

static int64_t at_least(int64_t value, int64_t least)
{
	return value > least ? value : least;
}

static void lane_init(struct lane *lane, const struct pool_options *options, int id)
{
	lane->running_max = at_least(options->running[id], 1);
	lane->waiting_max = at_least(options->waiting[id], 0);
	lane->waiting_each_max = at_least(options->waiting_each[id], 0);
}

static void start_threads(struct pool *pool, int64_t wanted)
{
	char name[16];
	int failed = 0;
	while (!failed && pool->thread_count < wanted) {
		pthread_t *thread = &pool->threads[pool->thread_count];
		snprintf(name, sizeof(name), "croft-pool-%d",
			 (int)((pool->thread_count + 1) % 1000));
		failed = thread_start(thread, name, worker, pool);
		pool->thread_count += !failed;
	}
}

struct pool *pool_new(const struct pool_options *options)
{
	struct pool *pool = mem_new(1, sizeof(*pool));
	int64_t wanted = 0;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->work, NULL);
	for (int i = 0; i < POOL_LANES; i++) {
		lane_init(&pool->lanes[i], options, i);
		wanted += pool->lanes[i].running_max;
	}
	pool->threads = mem_new((size_t)wanted, sizeof(*pool->threads));
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
	ret_load->waiting = lane->waiting_count;
	pthread_mutex_unlock(&pool->lock);
}

bool pool_is_full(struct pool *pool, enum pool_lane lane_id, uint64_t client)
{
	const struct lane *lane = &pool->lanes[lane_id];
	pthread_mutex_lock(&pool->lock);
	bool full = lane->running >= lane->running_max &&
		    !may_wait(lane, &(struct pool_job){ .client = client });
	pthread_mutex_unlock(&pool->lock);
	return full;
}
