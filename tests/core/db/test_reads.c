/*
 * Reads that see one state of the database: from the first of them to the last, and never longer.
 */
#include "core/db/store.h"

#include <sys/stat.h>

static struct store store;

static int setup(void **state)
{
	(void)state;
	store_open(&store);
	store_do(&store, "CREATE TABLE t (id INTEGER PRIMARY KEY)");
	store_do(&store, "INSERT INTO t VALUES (1)");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	store_close(&store);
	return 0;
}

static void rows_are(int64_t count)
{
	assert_int_equal(store_int(&store, "SELECT count(*) FROM t"), count);
}

/* Adds a row on the writer's thread, as another request does: this thread only waits for it. */
static void other_adds(void)
{
	struct gate gate;
	struct job job;
	gate_init(&gate);
	must(job_submit(&store, &job, &gate,
			"INSERT INTO t SELECT coalesce(max(id), 0) + 1 FROM t"));
	sem_wait(&gate.finished);
	assert_int_equal(job.result, APP_OK);
	arena_done(&job.arena);
	gate_done(&gate);
}

static void one_state_is_seen(void **state)
{
	(void)state;
	rows_are(1);
	db_reads_begin(store.db);
	rows_are(1);
	other_adds();
	rows_are(1);
	db_reads_end(store.db);
	rows_are(2);
}

static void the_state_is_that_of_the_first_read(void **state)
{
	(void)state;
	rows_are(1);
	db_reads_begin(store.db);
	other_adds();
	rows_are(2);
	db_reads_end(store.db);
}

static void what_is_begun_twice_ends_with_the_second_end(void **state)
{
	(void)state;
	rows_are(1);
	db_reads_begin(store.db);
	db_reads_begin(store.db);
	rows_are(1);
	db_reads_end(store.db);
	other_adds();
	rows_are(1);
	db_reads_end(store.db);
	rows_are(2);
}

static void a_write_of_ones_own_is_seen(void **state)
{
	(void)state;
	rows_are(1);
	db_reads_begin(store.db);
	rows_are(1);
	store_do(&store, "INSERT INTO t VALUES (2)");
	rows_are(2);
	other_adds();
	rows_are(2);
	db_reads_end(store.db);
	rows_are(3);
}

static void the_first_reads_of_a_thread_see_one_state_too(void **state)
{
	(void)state;
	db_reads_begin(store.db);
	rows_are(1);
	other_adds();
	rows_are(1);
	db_reads_end(store.db);
	rows_are(2);
}

static void a_write_is_seen_once_rows_of_before_are_closed(void **state)
{
	(void)state;
	rows_are(1);
	db_reads_begin(store.db);
	{
		AUTO(db_rows) rows = { 0 };
		must(db_query(&store.scene.c, "SELECT id FROM t", BIND(), &rows));
		store_do(&store, "INSERT INTO t VALUES (2)");
		/* on SQLite this thread still looks at the state of before */
		rows_are(store_is_postgres ? 2 : 1);
	}
	rows_are(2);
	db_reads_end(store.db);
}

static void an_end_too_many_does_no_harm(void **state)
{
	(void)state;
	db_reads_end(store.db);
	rows_are(1);
	db_reads_begin(store.db);
	rows_are(1);
	db_reads_end(store.db);
	db_reads_end(store.db);
	other_adds();
	rows_are(2);
}

static void a_read_that_failed_does_not_end_it(void **state)
{
	(void)state;
	rows_are(1);
	db_reads_begin(store.db);
	rows_are(1);
	{
		AUTO(db_rows) rows = { 0 };
		assert_int_equal(db_query(&store.scene.c, "SELECT nothing FROM t", BIND(), &rows),
				 APP_INTERNAL);
		ctx_recover(&store.scene.c);
	}
	other_adds();
	/* there the failure has ended the transaction, and the next read begins another */
	rows_are(store_is_postgres ? 2 : 1);
	other_adds();
	rows_are(store_is_postgres ? 2 : 1);
	db_reads_end(store.db);
	rows_are(3);
}

/* The log could not start over while somebody looks at an old state of the file. */
static void nothing_is_held_afterwards(void **state)
{
	(void)state;
	if (store_is_postgres)
		skip(); /* has no log of this kind */
	rows_are(1);
	db_reads_begin(store.db);
	rows_are(1);
	db_reads_end(store.db);
	int64_t before = db_stats(store.db).checkpoints;
	other_adds();
	AWAIT(db_stats(store.db).checkpoints > before);
	struct stat log;
	assert_int_equal(stat(scene_path(&store.scene, "t.db-wal"), &log), 0);
	assert_int_equal(log.st_size, 0);
}

static void memory_goes_on_as_before(void **state)
{
	(void)state;
	if (store_is_postgres)
		skip();
	struct store memory = { 0 };
	store_open_with(&memory, (struct db_options){ .url = "sqlite::memory:" });
	store_do(&memory, "CREATE TABLE t (id INTEGER PRIMARY KEY)");
	assert_int_equal(store_int(&memory, "SELECT count(*) FROM t"), 0);
	db_reads_begin(memory.db);
	assert_int_equal(store_int(&memory, "SELECT count(*) FROM t"), 0);
	store_do(&memory, "INSERT INTO t VALUES (1)");
	assert_int_equal(store_int(&memory, "SELECT count(*) FROM t"), 1);
	db_reads_end(memory.db);
	store_close(&memory);
}

#define CASE(sentence, fn) \
	{ \
		sentence, fn, setup, teardown, NULL \
	}

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE("reads see one state of the file until they end", one_state_is_seen),
		CASE("the state is that of the first read", the_state_is_that_of_the_first_read),
		CASE("what was begun twice ends with the second end",
		     what_is_begun_twice_ends_with_the_second_end),
		CASE("a write in between is seen by the reads after it",
		     a_write_of_ones_own_is_seen),
		CASE("the first reads of a thread see one state, too",
		     the_first_reads_of_a_thread_see_one_state_too),
		CASE("a write is seen as soon as the rows that were open before it are closed",
		     a_write_is_seen_once_rows_of_before_are_closed),
		CASE("an end too many does no harm", an_end_too_many_does_no_harm),
		CASE("a read that failed does not end the state",
		     a_read_that_failed_does_not_end_it),
		CASE("nothing is held once they have ended", nothing_is_held_afterwards),
		CASE("a database in memory goes on as before", memory_goes_on_as_before),
	};
	return store_run("core/db/reads", rows, COUNT_OF(rows), NULL, NULL);
}
