/* The worker pool: jobs run once, dropping drains, threads are as they should be. */
#include "core/pool.h"

#include <signal.h>
#include <stdlib.h>

#include "gate.h"
#include "testing/rows.h"

enum { MANY = 2000 };

static void every_job_runs_once(void **state)
{
	(void)state;
	static struct gate_job jobs[MANY];
	struct gate gate;
	gate_init(&gate);
	struct pool *pool = pool_new(
		&(struct pool_options){ .running = { 2, 2 }, .waiting = { MANY, MANY } });
	assert_non_null(pool);
	jobs_init(jobs, MANY, &gate, run_quick);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(pool_submit(pool, i % 3 ? POOL_WORK : POOL_HASH, &jobs[i].job),
				 APP_OK);
	pool_drop(pool);
	assert_int_equal(gate.ran, MANY);
	assert_true(gate.most <= 4);
	gate_done(&gate);
}

static atomic_int freed;

static void run_and_free(struct pool_job *job)
{
	free(job);
	atomic_fetch_add(&freed, 1);
}

static void jobs_may_free_themselves(void **state)
{
	(void)state;
	struct pool *pool = pool_new(
		&(struct pool_options){ .running = { 3 }, .waiting = { MANY, 0 } });
	for (int i = 0; i < MANY; i++) {
		struct pool_job *job = calloc(1, sizeof(*job));
		assert_non_null(job);
		job->run = run_and_free;
		assert_int_equal(pool_submit(pool, POOL_WORK, job), APP_OK);
	}
	pool_drop(pool);
	assert_int_equal(freed, MANY);
}

/* Submits until the pool, being dropped meanwhile, refuses. */
static void run_until_refused(struct pool_job *job)
{
	struct gate *gate = ((struct gate_job *)job)->gate;
	int accepted = 0;
	sem_post(&gate->started);
	for (;;) {
		struct pool_job *extra = calloc(1, sizeof(*extra));
		extra->run = run_and_free;
		if (pool_submit(gate->pool, POOL_WORK, extra) != APP_OK) {
			free(extra);
			break;
		}
		accepted++;
		sched_yield();
	}
	atomic_store(&gate->ran, accepted);
}

static void dropping_refuses_and_drains(void **state)
{
	(void)state;
	struct gate_job job;
	struct gate gate;
	gate_init(&gate);
	atomic_store(&freed, 0);
	gate.pool = pool_new(
		&(struct pool_options){ .running = { 2 }, .waiting = { INT64_MAX, 0 } });
	jobs_init(&job, 1, &gate, run_until_refused);
	submit_all(gate.pool, POOL_WORK, &job, 1);
	sem_take(&gate.started);
	pool_drop(gate.pool);
	assert_int_equal(freed, gate.ran);
	gate_done(&gate);
}

struct submitter {
	pthread_t thread;
	struct gate *gate;
	struct gate_job jobs[500];
	int accepted;
};

static void *submit_many(void *arg)
{
	struct submitter *s = arg;
	jobs_init(s->jobs, 500, s->gate, run_quick);
	for (int i = 0; i < 500; i++) {
		enum pool_lane lane = i & 1 ? POOL_HASH : POOL_WORK;
		s->accepted += pool_submit(s->gate->pool, lane, &s->jobs[i].job) == APP_OK;
	}
	return NULL;
}

static void many_submitters(void **state)
{
	(void)state;
	static struct submitter submitters[4];
	struct gate gate;
	gate_init(&gate);
	gate.pool = pool_new(&(struct pool_options){ .running = { 3, 1 }, .waiting = { 50, 50 } });
	int accepted = 0;
	for (int i = 0; i < 4; i++) {
		submitters[i].gate = &gate;
		assert_int_equal(
			pthread_create(&submitters[i].thread, NULL, submit_many, &submitters[i]),
			0);
	}
	for (int i = 0; i < 4; i++) {
		pthread_join(submitters[i].thread, NULL);
		accepted += submitters[i].accepted;
	}
	pool_drop(gate.pool);
	assert_int_equal(gate.ran, accepted);
	assert_true(gate.most <= 4);
	gate_done(&gate);
}

struct thread_facts {
	struct pool_job job;
	char name[16];
	bool blocks_term;
};

static void run_facts(struct pool_job *job)
{
	struct thread_facts *facts = (struct thread_facts *)job;
	pthread_getname_np(pthread_self(), facts->name, sizeof(facts->name));
	sigset_t mask;
	pthread_sigmask(SIG_SETMASK, NULL, &mask);
	facts->blocks_term = sigismember(&mask, SIGTERM) == 1;
}

static void threads_are_named(void **state)
{
	(void)state;
	struct thread_facts facts = { .job.run = run_facts };
	struct pool *pool = pool_new(&(struct pool_options){ .running = { 1 } });
	assert_int_equal(pool_submit(pool, POOL_WORK, &facts.job), APP_OK);
	pool_drop(pool);
	assert_memory_equal(facts.name, "croft-pool-", strlen("croft-pool-"));
	assert_true(facts.blocks_term);
	sigset_t mask;
	pthread_sigmask(SIG_SETMASK, NULL, &mask);
	assert_int_equal(sigismember(&mask, SIGTERM), 0);
}

static void strange_options(void **state)
{
	(void)state;
	pool_drop(NULL);
	struct gate gate;
	struct gate_job job;
	gate_init(&gate);
	struct pool *pool = pool_new(&(struct pool_options){
		.running = { 0, -5 }, .waiting = { -1, -1 }, .waiting_each = { -1, -1 } });
	assert_non_null(pool);
	jobs_init(&job, 1, &gate, run_quick);
	submit_all(pool, POOL_HASH, &job, 1);
	pool_drop(pool);
	assert_int_equal(gate.ran, 1);
	gate_done(&gate);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("every job runs once", every_job_runs_once),
		ROW("jobs may free themselves", jobs_may_free_themselves),
		ROW("dropping refuses new work and runs what is queued",
		    dropping_refuses_and_drains),
		ROW("many threads submit at once", many_submitters),
		ROW("workers have names and leave signals to others", threads_are_named),
		ROW("no pool, no threads and bounds too low are put right", strange_options),
	};
	return rows_run("core/pool", rows, COUNT_OF(rows));
}
