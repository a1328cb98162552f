/* The lanes of the worker pool: their bounds, their order, and what a full one answers. */
#include "gate.h"
#include "support/rows.h"

enum { MANY = 2000 };

static void lane_bound_holds(void **state)
{
	(void)state;
	static struct gate_job hash_jobs[MANY], work_jobs[MANY];
	struct gate hash, work;
	gate_init(&hash);
	gate_init(&work);
	struct pool *pool = pool_new(&(struct pool_options){
		.threads = 4, .running[POOL_HASH] = 2, .waiting = { MANY, MANY } });
	jobs_init(hash_jobs, MANY, &hash, run_quick);
	jobs_init(work_jobs, MANY, &work, run_quick);
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(pool_submit(pool, POOL_HASH, &hash_jobs[i].job), APP_OK);
		assert_int_equal(pool_submit(pool, POOL_WORK, &work_jobs[i].job), APP_OK);
	}
	pool_drop(pool);
	assert_int_equal(hash.ran, MANY);
	assert_int_equal(work.ran, MANY);
	assert_true(hash.most <= 2);
	assert_true(work.most <= 4);
	gate_done(&hash);
	gate_done(&work);
}

static void lane_bound_is_reached(void **state)
{
	(void)state;
	struct gate_job jobs[5];
	struct gate gate;
	gate_init(&gate);
	struct pool *pool = pool_new(&(struct pool_options){
		.threads = 4, .running[POOL_HASH] = 2, .waiting[POOL_HASH] = 3 });
	jobs_init(jobs, 5, &gate, run_gated);
	submit_all(pool, POOL_HASH, jobs, 5);
	sem_take(&gate.started);
	sem_take(&gate.started);
	struct pool_load load;
	pool_look(pool, POOL_HASH, &load);
	assert_int_equal(load.running, 2);
	assert_int_equal(load.waiting, 3);
	open_for(&gate, 5);
	pool_drop(pool);
	assert_int_equal(gate.ran, 5);
	assert_int_equal(gate.most, 2);
	gate_done(&gate);
}

static void full_lane_refuses(void **state)
{
	(void)state;
	struct gate_job jobs[4];
	struct gate gate;
	gate_init(&gate);
	struct pool *pool = pool_new(&(struct pool_options){ .threads = 1, .waiting = { 2, 2 } });
	jobs_init(jobs, 4, &gate, run_gated);
	submit_all(pool, POOL_WORK, jobs, 3);
	assert_int_equal(pool_submit(pool, POOL_WORK, &jobs[3].job), APP_UNAVAILABLE);
	struct pool_load load;
	pool_look(pool, POOL_WORK, &load);
	assert_int_equal(load.refused, 1);
	open_for(&gate, 4);
	pool_drop(pool);
	assert_int_equal(gate.ran, 3);
	gate_done(&gate);
}

static void full_lane_leaves_the_other_open(void **state)
{
	(void)state;
	struct gate_job jobs[3];
	struct gate gate;
	gate_init(&gate);
	struct pool *pool = pool_new(&(struct pool_options){ .threads = 1, .waiting = { 1, 1 } });
	jobs_init(jobs, 3, &gate, run_gated);
	submit_all(pool, POOL_WORK, jobs, 2);
	assert_int_equal(pool_submit(pool, POOL_HASH, &jobs[2].job), APP_OK);
	open_for(&gate, 3);
	pool_drop(pool);
	assert_int_equal(gate.ran, 3);
	gate_done(&gate);
}

static void no_waiting_room(void **state)
{
	(void)state;
	struct gate_job jobs[3];
	struct gate gate;
	gate_init(&gate);
	struct pool *pool = pool_new(&(struct pool_options){ .threads = 2 });
	jobs_init(jobs, 3, &gate, run_gated);
	submit_all(pool, POOL_WORK, jobs, 2);
	assert_int_equal(pool_submit(pool, POOL_WORK, &jobs[2].job), APP_UNAVAILABLE);
	open_for(&gate, 3);
	while (pool_submit(pool, POOL_WORK, &jobs[2].job) == APP_UNAVAILABLE)
		sched_yield();
	pool_drop(pool);
	assert_int_equal(gate.ran, 3);
	gate_done(&gate);
}

static void hashing_leaves_workers_for_work(void **state)
{
	(void)state;
	struct gate_job hash_jobs[10], work_jobs[5];
	struct gate hash, work;
	gate_init(&hash);
	gate_init(&work);
	struct pool *pool = pool_new(&(struct pool_options){
		.threads = 3, .running[POOL_HASH] = 2, .waiting = { 10, 10 } });
	jobs_init(hash_jobs, 10, &hash, run_gated);
	jobs_init(work_jobs, 5, &work, run_gated);
	submit_all(pool, POOL_HASH, hash_jobs, 10);
	submit_all(pool, POOL_WORK, work_jobs, 5);
	/* All work is done while every hashing job is held back. */
	open_for(&work, 5);
	for (int i = 0; i < 5; i++)
		sem_take(&work.started);
	assert_int_equal(atomic_load(&hash.ran), 0);
	sem_take(&hash.started);
	sem_take(&hash.started);
	open_for(&hash, 10);
	pool_drop(pool);
	assert_int_equal(work.ran, 5);
	assert_int_equal(hash.ran, 10);
	assert_int_equal(hash.most, 2);
	gate_done(&hash);
	gate_done(&work);
}

static void lanes_take_turns(void **state)
{
	(void)state;
	struct gate_job first, work_jobs[4], hash_job;
	struct gate gate, hash;
	gate_init(&gate);
	gate_init(&hash);
	struct pool *pool = pool_new(&(struct pool_options){ .threads = 1, .waiting = { 4, 4 } });
	jobs_init(&first, 1, &gate, run_gated);
	jobs_init(work_jobs, 4, &gate, run_gated);
	jobs_init(&hash_job, 1, &hash, run_gated);
	submit_all(pool, POOL_WORK, &first, 1);
	submit_all(pool, POOL_WORK, work_jobs, 4);
	submit_all(pool, POOL_HASH, &hash_job, 1);
	/* Two of the five jobs of the long lane may end; by then the other lane has had its turn. */
	open_for(&gate, 2);
	sem_take(&hash.started);
	assert_true(atomic_load(&gate.ran) <= 2);
	open_for(&hash, 1);
	open_for(&gate, 3);
	pool_drop(pool);
	assert_int_equal(gate.ran, 5);
	gate_done(&gate);
	gate_done(&hash);
}

static int order[100];
static atomic_int ordered;

static void run_ordered(struct pool_job *job)
{
	order[atomic_fetch_add(&ordered, 1)] = ((struct gate_job *)job)->number;
}

static void lane_is_first_in_first_out(void **state)
{
	(void)state;
	struct gate_job jobs[100];
	struct pool *pool = pool_new(&(struct pool_options){ .threads = 1, .waiting = { 100, 0 } });
	jobs_init(jobs, 100, NULL, run_ordered);
	submit_all(pool, POOL_WORK, jobs, 100);
	pool_drop(pool);
	assert_int_equal(ordered, 100);
	for (int i = 0; i < 100; i++)
		assert_int_equal(order[i], i);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a lane never runs more than its bound", lane_bound_holds),
		ROW("a lane runs as many as its bound", lane_bound_is_reached),
		ROW("a full lane refuses, and the job does not run", full_lane_refuses),
		ROW("a full lane leaves the other open", full_lane_leaves_the_other_open),
		ROW("without waiting room only what can start is taken", no_waiting_room),
		ROW("hashing cannot take all workers from work", hashing_leaves_workers_for_work),
		ROW("a long lane does not starve the other", lanes_take_turns),
		ROW("a lane is first in, first out", lane_is_first_in_first_out),
	};
	return rows_run("core/pool/lanes", rows, COUNT_OF(rows));
}
