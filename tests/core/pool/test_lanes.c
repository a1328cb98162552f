/* The lanes of the worker pool: their bounds, their order, and what a full one answers. */
#include "gate.h"
#include "testing/rows.h"

enum { MANY = 2000 };

static void lane_bound_holds(void **state)
{
	(void)state;
	static struct gate_job hash_jobs[MANY], work_jobs[MANY];
	struct gate hash, work;
	gate_init(&hash);
	gate_init(&work);
	struct pool *pool = pool_new(
		&(struct pool_options){ .running = { 4, 2 }, .waiting = { MANY, MANY } });
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
	struct pool *pool = pool_new(
		&(struct pool_options){ .running = { 4, 2 }, .waiting[POOL_HASH] = 3 });
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
	struct pool *pool = pool_new(
		&(struct pool_options){ .running = { 1, 1 }, .waiting = { 2, 2 } });
	jobs_init(jobs, 4, &gate, run_gated);
	submit_all(pool, POOL_WORK, jobs, 3);
	assert_int_equal(pool_submit(pool, POOL_WORK, &jobs[3].job), APP_UNAVAILABLE);
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
	struct pool *pool = pool_new(
		&(struct pool_options){ .running = { 1, 1 }, .waiting = { 1, 1 } });
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
	struct pool *pool = pool_new(&(struct pool_options){ .running = { 2 } });
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
	struct pool *pool = pool_new(
		&(struct pool_options){ .running = { 1, 2 }, .waiting = { 10, 10 } });
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

static void a_held_lane_does_not_hold_the_other(void **state)
{
	(void)state;
	struct gate_job work_jobs[5], hash_job;
	struct gate gate, hash;
	gate_init(&gate);
	gate_init(&hash);
	struct pool *pool = pool_new(
		&(struct pool_options){ .running = { 1, 1 }, .waiting = { 4, 4 } });
	jobs_init(work_jobs, 5, &gate, run_gated);
	jobs_init(&hash_job, 1, &hash, run_gated);
	submit_all(pool, POOL_WORK, work_jobs, 5);
	submit_all(pool, POOL_HASH, &hash_job, 1);
	sem_take(&hash.started);
	assert_int_equal(atomic_load(&gate.ran), 0);
	open_for(&hash, 1);
	open_for(&gate, 5);
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
	atomic_store(&ordered, 0);
	struct pool *pool = pool_new(
		&(struct pool_options){ .running = { 1, 1 }, .waiting = { 100, 0 } });
	jobs_init(jobs, 100, NULL, run_ordered);
	submit_all(pool, POOL_WORK, jobs, 100);
	pool_drop(pool);
	assert_int_equal(ordered, 100);
	for (int i = 0; i < 100; i++)
		assert_int_equal(order[i], i);
}

/* ---- clients ---- */

enum { FIRST_CLIENT = 7, SECOND_CLIENT = 8, SAME_TURN = FIRST_CLIENT + 64 };

/* A lane with one worker, which a job of `client` holds until the gate opens. */
static struct pool *pool_held(struct gate *gate, struct gate_job *holder, uint64_t client,
			      const struct pool_options *options)
{
	gate_init(gate);
	atomic_store(&ordered, 0);
	struct pool *pool = pool_new(options);
	jobs_init(holder, 1, gate, run_gated);
	holder->job.client = client;
	submit_all(pool, POOL_READ, holder, 1);
	sem_take(&gate->started);
	return pool;
}

static void let_go(struct pool *pool, struct gate *gate)
{
	open_for(gate, 1);
	pool_drop(pool);
	gate_done(gate);
}

/* Numbers 0–2 are of one client and came first, 3–5 of another. */
static void clients_take_turns(void **state)
{
	(void)state;
	static const int want[6] = { 3, 0, 4, 1, 5, 2 };
	struct gate gate;
	struct gate_job holder, jobs[6];
	struct pool *pool = pool_held(&gate, &holder, FIRST_CLIENT,
				      &(struct pool_options){ .waiting[POOL_READ] = 6 });
	jobs_init(jobs, 6, NULL, run_ordered);
	for (int i = 0; i < 6; i++)
		jobs[i].job.client = i < 3 ? FIRST_CLIENT : SECOND_CLIENT;
	submit_all(pool, POOL_READ, jobs, 6);
	let_go(pool, &gate);
	for (int i = 0; i < 6; i++)
		assert_int_equal(order[i], want[i]);
}

/*
 * Two workers, one held by a client that also waits: the other worker serves those who have none
 * first.
 */
static void who_has_a_job_running_waits_longer(void **state)
{
	(void)state;
	struct gate gate, second;
	struct gate_job holder, blocker, jobs[4];
	struct pool *pool = pool_held(
		&gate, &holder, FIRST_CLIENT,
		&(struct pool_options){ .running[POOL_READ] = 2, .waiting[POOL_READ] = 4 });
	gate_init(&second);
	jobs_init(&blocker, 1, &second, run_gated);
	submit_all(pool, POOL_READ, &blocker, 1);
	sem_take(&second.started);
	jobs_init(jobs, 4, NULL, run_ordered);
	for (int i = 0; i < 4; i++)
		jobs[i].job.client = i < 2 ? FIRST_CLIENT : SECOND_CLIENT;
	submit_all(pool, POOL_READ, jobs, 4);
	open_for(&second, 1);
	/* The last two are the first client's own, which nobody else wants any more. */
	while (atomic_load(&ordered) < 4)
		sched_yield();
	assert_int_equal(order[0] + order[1], 2 + 3);
	let_go(pool, &gate);
	gate_done(&second);
}

static void a_client_fills_its_part_only(void **state)
{
	(void)state;
	struct gate gate;
	struct gate_job holder, jobs[5];
	struct pool *pool = pool_held(
		&gate, &holder, FIRST_CLIENT,
		&(struct pool_options){ .waiting[POOL_READ] = 4, .waiting_each[POOL_READ] = 2 });
	jobs_init(jobs, 5, NULL, run_ordered);
	for (int i = 0; i < 3; i++)
		jobs[i].job.client = i == 1 ? SAME_TURN : FIRST_CLIENT;
	submit_all(pool, POOL_READ, jobs, 2);
	assert_int_equal(pool_submit(pool, POOL_READ, &jobs[2].job), APP_UNAVAILABLE);
	jobs[3].job.client = SECOND_CLIENT;
	submit_all(pool, POOL_READ, &jobs[3], 2);
	let_go(pool, &gate);
	assert_int_equal(ordered, 4);
}

static void nobodys_jobs_have_the_whole_lane(void **state)
{
	(void)state;
	struct gate gate;
	struct gate_job holder, jobs[5];
	struct pool *pool = pool_held(
		&gate, &holder, 0,
		&(struct pool_options){ .waiting[POOL_READ] = 4, .waiting_each[POOL_READ] = 1 });
	jobs_init(jobs, 5, NULL, run_ordered);
	submit_all(pool, POOL_READ, jobs, 4);
	assert_int_equal(pool_submit(pool, POOL_READ, &jobs[4].job), APP_UNAVAILABLE);
	let_go(pool, &gate);
	assert_int_equal(ordered, 4);
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
		ROW("a lane that is held up does not hold up the other",
		    a_held_lane_does_not_hold_the_other),
		ROW("a lane is first in, first out", lane_is_first_in_first_out),
		ROW("clients take turns, however many jobs one has", clients_take_turns),
		ROW("a client whose job runs is behind those who have none",
		    who_has_a_job_running_waits_longer),
		ROW("a client fills its part of a lane only", a_client_fills_its_part_only),
		ROW("jobs of nobody have the whole lane", nobodys_jobs_have_the_whole_lane),
	};
	return rows_run("core/pool/lanes", rows, COUNT_OF(rows));
}
