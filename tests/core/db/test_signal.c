/* threaded */
/* Signals of writes: who listens hears of them once they are durable, and before the submitter. */
#include "store.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/syscall.h>

/* Bits that mean nothing to anybody. */
enum { ONE = 1 << 8, TWO = 1 << 9, FOUR = 1 << 10 };

static struct store store;
static struct ear {
	atomic_int calls;
	atomic_uint signals;
	sem_t *entered, *go; /* a call tells that it has begun, and waits; NULL: it does not */
} ear;

static void on_signal(void *arg, unsigned signals)
{
	struct ear *heard = arg;
	if (heard->entered) {
		sem_post(heard->entered);
		sem_wait(heard->go);
	}
	atomic_fetch_or(&heard->signals, signals);
	atomic_fetch_add(&heard->calls, 1);
}

/* SQLite calls this one by its name: a program's own comes before the C library's. */
static atomic_bool sync_fails;
int fdatasync(int fd)
{
	if (sync_fails) {
		errno = EIO;
		return -1;
	}
	return (int)syscall(SYS_fdatasync, fd);
}

static int setup(void **state)
{
	(void)state;
	memset(&ear, 0, sizeof(ear));
	store_open(&store);
	store_do(&store, "CREATE TABLE t (id integer PRIMARY KEY)");
	db_signal_listen(store.db, on_signal, &ear);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	db_signal_unlisten(store.db, on_signal, &ear);
	store_close(&store);
	return 0;
}

static void job_raises(struct job *job, struct gate *gate, unsigned signals, const char *sql)
{
	must(job_submit(&store, job, gate, sql));
	job->raises = signals;
}

static enum app_err raise_one(struct ctx *c, void *arg)
{
	(void)arg;
	db_signal(c, ONE);
	return db_exec(c, "INSERT INTO t VALUES (1)", BIND(), NULL);
}

static void a_write_is_heard_of_once(void **state)
{
	(void)state;
	must(db_write(&store.scene.c, raise_one, NULL));
	assert_int_equal(ear.calls, 1);
	assert_int_equal(ear.signals, ONE);
}

static void a_write_that_raises_nothing_is_not_heard_of(void **state)
{
	(void)state;
	store_do(&store, "INSERT INTO t VALUES (1)");
	assert_int_equal(ear.calls, 0);
}

struct waiting {
	struct db_write write; /* first: on_done() gets its address */
	atomic_bool done;
	sem_t finished;
};

static void on_done(struct db_write *write, enum app_err err)
{
	struct waiting *waiting = (struct waiting *)write;
	assert_int_equal(err, APP_OK);
	atomic_store(&waiting->done, true);
	sem_post(&waiting->finished);
}

/* The listener is held while it is looked: what it hears of is there, and nobody was told yet. */
static void it_is_heard_of_between_the_commit_and_its_answer(void **state)
{
	(void)state;
	sem_t entered, go;
	struct arena arena;
	struct ctx c;
	struct waiting waiting = { .write = { .c = &c, .run = raise_one, .done = on_done } };
	sem_init(&entered, 0, 0);
	sem_init(&go, 0, 0);
	sem_init(&waiting.finished, 0, 0);
	arena_init(&arena, 0);
	ctx_init(&c, &store.scene.app, &arena);
	ear.go = &go;
	ear.entered = &entered;
	must(db_write_submit(store.db, &waiting.write));
	assert_true(await_sem(&entered));
	assert_int_equal(store_int(&store, "SELECT count(*) FROM t"), 1);
	assert_false(atomic_load(&waiting.done));
	sem_post(&go);
	assert_true(await_sem(&waiting.finished));
	assert_int_equal(ear.calls, 1);
	ear.entered = NULL;
	arena_done(&arena);
	sem_destroy(&waiting.finished);
	sem_destroy(&entered);
	sem_destroy(&go);
}

enum { JOBS = 6 };

/* On PostgreSQL each has a commit of its own. */
static void those_that_share_a_commit_are_heard_of_together(void **state)
{
	(void)state;
	static const unsigned raises[JOBS] = { ONE, 0, TWO, ONE, FOUR, TWO };
	struct gate gate;
	struct job holder, jobs[JOBS];
	char sql[JOBS][48];
	gate_hold(&store, &gate, &holder);
	for (int i = 0; i < JOBS; i++) {
		snprintf(sql[i], sizeof(sql[i]), "INSERT INTO t VALUES (%d)", i);
		job_raises(&jobs[i], &gate, raises[i], sql[i]);
	}
	jobs[4].fails = true; /* what it did and raised is undone */
	gate_release(&gate, &holder, JOBS);
	for (int i = 0; i < JOBS; i++) {
		assert_int_equal(jobs[i].result, i == 4 ? APP_FORBIDDEN : APP_OK);
		arena_done(&jobs[i].arena);
	}
	assert_int_equal(ear.signals & (ONE | TWO), ONE | TWO);
	if (!store_is_postgres)
		assert_int_equal(ear.calls, 1);
}

static enum app_err raise_and_fail(struct ctx *c, void *arg)
{
	enum app_err err = raise_one(c, arg);
	return err ? err : ctx_fail(c, APP_FORBIDDEN, "no");
}

static void what_fails_alone_is_not_heard_of(void **state)
{
	(void)state;
	assert_int_equal(db_write(&store.scene.c, raise_and_fail, NULL), APP_FORBIDDEN);
	assert_int_equal(ear.calls, 0);
}

static enum app_err raise_in_two_parts(struct ctx *c, void *arg)
{
	must(db_write(c, raise_one, arg));
	AUTO(db_tx) tx = { 0 };
	must(db_tx_begin(c, &tx));
	db_signal(c, TWO);
	must(db_exec(c, "INSERT INTO t VALUES (2)", BIND(), NULL));
	return db_tx_commit(&tx);
}

static void what_a_part_of_a_write_raises_is_heard_of(void **state)
{
	(void)state;
	must(db_write(&store.scene.c, raise_in_two_parts, NULL));
	assert_int_equal(ear.calls, 1);
	assert_int_equal(ear.signals, ONE | TWO);
}

static enum app_err undo_a_part(struct ctx *c, void *arg)
{
	(void)arg;
	{
		AUTO(db_tx) tx = { 0 };
		must(db_tx_begin(c, &tx));
		db_signal(c, TWO);
	}
	return raise_one(c, arg);
}

static void what_is_left_when_a_part_is_undone_is_heard_of(void **state)
{
	(void)state;
	must(db_write(&store.scene.c, undo_a_part, NULL));
	assert_int_equal(ear.signals, ONE);
}

static void the_commit_fails(bool fails)
{
	if (!store_is_postgres)
		sync_fails = fails;
	else if (fails)
		store_do(&store,
			 "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
			 " PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;"
			 "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON t DEFERRABLE INITIALLY"
			 " DEFERRED FOR EACH ROW EXECUTE FUNCTION die()");
}

static void what_may_have_been_committed_is_heard_of(void **state)
{
	(void)state;
	the_commit_fails(true);
	assert_int_equal(db_write(&store.scene.c, raise_one, NULL), APP_UNAVAILABLE);
	the_commit_fails(false);
	assert_true(db_outcome_is_unknown(&store.scene.c));
	assert_int_equal(ear.calls, 1);
	assert_int_equal(ear.signals, ONE);
}

static void all_who_listen_hear_until_they_do_not(void **state)
{
	(void)state;
	struct ear other = { 0 };
	db_signal_listen(store.db, on_signal, &other);
	must(db_write(&store.scene.c, raise_one, NULL));
	assert_int_equal(other.calls, 1);
	db_signal_unlisten(store.db, on_signal, &other);
	store_do(&store, "DELETE FROM t");
	must(db_write(&store.scene.c, raise_one, NULL));
	assert_int_equal(other.calls, 1);
	assert_int_equal(ear.calls, 2);
}

int main(void)
{
	struct CMUnitTest rows[] = {
		ROW("a write is heard of once", a_write_is_heard_of_once),
		ROW("one that raises nothing is not", a_write_that_raises_nothing_is_not_heard_of),
		ROW("it is heard of between its commit and its answer",
		    it_is_heard_of_between_the_commit_and_its_answer),
		ROW("those that share a commit are heard of together",
		    those_that_share_a_commit_are_heard_of_together),
		ROW("what fails alone is not heard of", what_fails_alone_is_not_heard_of),
		ROW("what a part of a write raises is heard of with it",
		    what_a_part_of_a_write_raises_is_heard_of),
		ROW("what is left when a part is undone is heard of, and that alone",
		    what_is_left_when_a_part_is_undone_is_heard_of),
		ROW("what may have been committed is heard of",
		    what_may_have_been_committed_is_heard_of),
		ROW("all who listen hear, until they do not",
		    all_who_listen_hear_until_they_do_not),
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		rows[i].setup_func = setup;
		rows[i].teardown_func = teardown;
	}
	return store_run("core/db signal", rows, COUNT_OF(rows), NULL, NULL);
}
