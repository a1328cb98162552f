/*
 * Writes that share a commit: what each failure leaves to the others, time budgets, and many
 * threads.
 */
#include "core/db/store.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "core/sqlite/internal.h"

static struct store store;

#define SQL_NOTES "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT"
/* Runs until it is interrupted. */
#define SQL_ENDLESS \
	"INSERT INTO notes (text) WITH RECURSIVE n(x) AS " \
	"(SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT 'n' || x FROM n"
#define SQL_COUNT "SELECT count(*) FROM notes"

static void open_notes(const char *url, int64_t write_ms)
{
	store_open_with(&store, (struct db_options){ .url = url, .write_ms = write_ms });
	store_do(&store, SQL_NOTES);
}

static int setup(void **state)
{
	(void)state;
	open_notes(NULL, 0);
	return 0;
}

static int setup_memory(void **state)
{
	(void)state;
	open_notes("sqlite::memory:", 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	store_close(&store);
	return 0;
}

static enum app_err note_add(struct ctx *c, const char *text)
{
	return db_exec(c, "INSERT INTO notes (text) VALUES ($1)", BIND(text), NULL);
}

static enum app_err run_add(struct ctx *c, void *text)
{
	return note_add(c, text);
}

/* The time of writes that are to be quick, however slow the machine is. */
static int64_t stopped_us(const struct clock *clock)
{
	(void)clock;
	return 1;
}

static const struct clock stopped = { .monotonic_us = stopped_us };

/* ---- sharing a commit ---- */

static void waiting_writes_share_a_commit(void **state)
{
	(void)state;
	struct gate gate;
	struct job holder, jobs[63];
	gate_hold(&store, &gate, &holder);
	int64_t commits = db_stats(store.db).commits;
	char sql[63][64];
	for (int i = 0; i < 63; i++) {
		snprintf(sql[i], sizeof(sql[i]), "INSERT INTO notes (text) VALUES ('n%d')", i);
		must(job_submit(&store, &jobs[i], &gate, sql[i]));
	}
	assert_int_equal(db_stats(store.db).waiting, 63);
	gate_release(&gate, &holder, 63);
	for (int i = 0; i < 63; i++) {
		assert_int_equal(jobs[i].result, APP_OK);
		arena_done(&jobs[i].arena);
	}
	assert_int_equal(store_int(&store, SQL_COUNT), 63);
	assert_int_equal(db_stats(store.db).commits - commits, 2); /* the holder's and theirs */
	assert_int_equal(db_stats(store.db).waiting, 0);
}

static void failing_write_leaves_the_others(void **state)
{
	(void)state;
	const char *const sql[] = {
		"INSERT INTO notes (text) VALUES ('a')",
		"INSERT INTO notes (text) VALUES ('a')",
		"INSERT INTO nowhere VALUES (1)",
		"INSERT INTO notes (text) VALUES ('undone')",
		"INSERT INTO notes (text) VALUES ('b')",
	};
	const enum app_err results[] = { APP_OK, APP_CONFLICT, APP_INTERNAL, APP_FORBIDDEN,
					 APP_OK };
	struct gate gate;
	struct job holder, jobs[COUNT_OF(sql)];
	gate_hold(&store, &gate, &holder);
	for (size_t i = 0; i < COUNT_OF(sql); i++)
		must(job_submit(&store, &jobs[i], &gate, sql[i]));
	jobs[3].fails = true;
	gate_release(&gate, &holder, COUNT_OF(sql));
	for (size_t i = 0; i < COUNT_OF(sql); i++) {
		assert_int_equal(jobs[i].result, results[i]);
		arena_done(&jobs[i].arena);
	}
	assert_string_equal(store_text(&store, "SELECT group_concat(text) FROM notes"), "a,b");
}

/*
 * An interrupted INSERT takes the whole transaction with it: those before it fail, those after it
 * do not.
 */
static void lost_transaction_fails_what_was_in_it(void **state)
{
	(void)state;
	store_close(&store);
	open_notes(NULL, 30);
	const char *const sql[] = {
		"INSERT INTO notes (text) VALUES ('before')",
		SQL_ENDLESS,
		"INSERT INTO notes (text) VALUES ('after')",
	};
	const enum app_err results[] = { APP_UNAVAILABLE, APP_UNAVAILABLE, APP_OK };
	struct gate gate;
	struct job holder, jobs[COUNT_OF(sql)];
	gate_hold(&store, &gate, &holder);
	for (size_t i = 0; i < COUNT_OF(sql); i++) {
		must(job_submit(&store, &jobs[i], &gate, sql[i]));
		if (i != 1)
			jobs[i].c.clock = &stopped;
	}
	gate_release(&gate, &holder, COUNT_OF(sql));
	for (size_t i = 0; i < COUNT_OF(sql); i++)
		assert_int_equal(jobs[i].result, results[i]);
	assert_non_null(strstr(jobs[0].c.failure.text, "undid this one"));
	assert_int_equal(jobs[0].c.failure.retry_after_s, 1);
	assert_non_null(strstr(jobs[1].c.failure.text, "took too long"));
	for (size_t i = 0; i < COUNT_OF(sql); i++)
		arena_done(&jobs[i].arena);
	assert_string_equal(store_text(&store, "SELECT group_concat(text) FROM notes"), "after");
}

/* Fills the disk, ignores that, and goes on. */
static enum app_err run_careless(struct ctx *c, void *arg)
{
	(void)arg;
	enum app_err err = db_exec(c, "INSERT INTO notes (text) VALUES (printf('%1000000s', 'x'))",
				   BIND(), NULL);
	if (err != APP_STORAGE_FULL)
		return APP_INTERNAL;
	ctx_recover(c);
	err = note_add(c, "would be committed alone");
	ctx_recover(c);
	return err ? APP_OK : APP_INTERNAL;
}

static void nothing_is_written_after_the_transaction_is_lost(void **state)
{
	(void)state;
	store_do(&store, "PRAGMA max_page_count = 50");
	assert_int_equal(db_write(&store.scene.c, run_careless, NULL), APP_UNAVAILABLE);
	assert_int_equal(store_int(&store, SQL_COUNT), 0);
	ctx_recover(&store.scene.c);
	must(db_write(&store.scene.c, run_add, "next"));
}

static enum app_err run_loop(struct ctx *c, void *arg)
{
	(void)arg;
	enum app_err err = APP_OK;
	while (!err)
		err = db_exec(c, "UPDATE notes SET text = 'x' WHERE id = 1", BIND(), NULL);
	return err;
}

static void write_of_many_statements_is_stopped(void **state)
{
	(void)state;
	store_close(&store);
	open_notes(NULL, 30);
	assert_int_equal(db_write(&store.scene.c, run_loop, NULL), APP_UNAVAILABLE);
	store_says_text(&store, APP_UNAVAILABLE, "took too long");
	ctx_recover(&store.scene.c);
	store.scene.c.clock = &stopped;
	must(db_write(&store.scene.c, run_add, "next"));
}

/* Longer than write_ms by the clock of the context, in which each look takes a millisecond. */
static _Atomic int64_t ticks;

static int64_t ticking_us(const struct clock *clock)
{
	(void)clock;
	return atomic_fetch_add(&ticks, 1) * 1000 + 1;
}

static const struct clock ticking = { .monotonic_us = ticking_us };

static enum app_err run_hundred(struct ctx *c, void *arg)
{
	(void)arg;
	enum app_err err = APP_OK;
	for (int i = 0; i < 100 && !err; i++)
		err = db_exec(c, "UPDATE notes SET text = 'x' WHERE id = 1", BIND(), NULL);
	return err;
}

static void slow_write_is_not_bound(void **state)
{
	(void)state;
	store_close(&store);
	open_notes(NULL, 30);
	store.scene.c.clock = &ticking;
	assert_int_equal(db_write(&store.scene.c, run_hundred, NULL), APP_UNAVAILABLE);
	ctx_recover(&store.scene.c);
	must(db_write_slow(&store.scene.c, run_hundred, NULL));
}

static void late_write_is_not_run(void **state)
{
	(void)state;
	int64_t writes = db_stats(store.db).writes;
	store.scene.c.deadline_us = 1;
	assert_int_equal(db_write(&store.scene.c, run_add, "late"), APP_UNAVAILABLE);
	assert_int_equal(db_stats(store.db).writes, writes);
}

static void full_queue_refuses(void **state)
{
	(void)state;
	store_close(&store);
	store_open_with(&store, (struct db_options){ .queue = 2 });
	struct gate gate;
	struct job holder, jobs[3];
	gate_hold(&store, &gate, &holder);
	must(job_submit(&store, &jobs[0], &gate, SQL_NOTES));
	must(job_submit(&store, &jobs[1], &gate, "INSERT INTO notes (text) VALUES ('a')"));
	assert_int_equal(job_submit(&store, &jobs[2], &gate, "SELECT 1"), APP_UNAVAILABLE);
	assert_int_equal(jobs[2].c.failure.retry_after_s, 1);
	gate_release(&gate, &holder, 2);
	for (int i = 0; i < 3; i++)
		arena_done(&jobs[i].arena);
	assert_int_equal(store_int(&store, SQL_COUNT), 1);
}

static void close_finishes_the_queue(void **state)
{
	(void)state;
	struct gate gate;
	struct job holder, jobs[20];
	char sql[20][64];
	gate_hold(&store, &gate, &holder);
	for (int i = 0; i < 20; i++) {
		snprintf(sql[i], sizeof(sql[i]), "INSERT INTO notes (text) VALUES ('n%d')", i);
		must(job_submit(&store, &jobs[i], &gate, sql[i]));
	}
	sem_post(&gate.go);
	db_close(store.db);
	gate_release(&gate, &holder, 20);
	for (int i = 0; i < 20; i++) {
		assert_int_equal(jobs[i].result, APP_OK);
		arena_done(&jobs[i].arena);
	}
	must(db_open(&store.scene.c,
		     &(struct db_options){ .url = arena_printf(&store.scene.arena, "sqlite:%s/t.db",
							       store.scene.folder) },
		     &store.db));
	store.scene.app.db = store.db;
	assert_int_equal(store_int(&store, SQL_COUNT), 20);
}

/* ---- many threads ---- */

enum { THREADS = 64, EACH = 20 };

struct worker {
	pthread_t thread;
	struct app *app;
	int number;
	int failed;
	bool reads;
};

static enum app_err run_add_number(struct ctx *c, void *arg)
{
	const char *text = arena_printf(c->arena, "n%d", *(int *)arg);
	return note_add(c, text);
}

static void *worker_main(void *arg)
{
	struct worker *w = arg;
	AUTO(arena) arena;
	arena_init(&arena, 0);
	struct ctx c;
	for (int i = 0; i < EACH; i++) {
		ctx_init(&c, w->app, &arena);
		int number = w->number * EACH + i;
		w->failed += db_write(&c, run_add_number, &number) != APP_OK;
		AUTO(db_rows) rows = { 0 };
		bool has_row = false;
		w->failed += db_query(&c, "SELECT id FROM notes WHERE text = $1",
				      BIND((const char *)arena_printf(&arena, "n%d", number)),
				      &rows) != APP_OK;
		w->failed += db_rows_next(&rows, &has_row) != APP_OK || !has_row;
		db_rows_auto(&rows);
		arena_reset(&arena);
	}
	return NULL;
}

static void threads_write_together(void **state)
{
	int threads = *(int *)*state;
	struct worker workers[THREADS];
	for (int i = 0; i < threads; i++) {
		workers[i] = (struct worker){ .app = &store.scene.app, .number = i };
		pthread_create(&workers[i].thread, NULL, worker_main, &workers[i]);
	}
	for (int i = 0; i < threads; i++) {
		pthread_join(workers[i].thread, NULL);
		assert_int_equal(workers[i].failed, 0);
	}
	assert_int_equal(store_int(&store, SQL_COUNT), threads * EACH);
	assert_int_equal(db_stats(store.db).writes, threads * EACH + 1);
}

static void two_databases_in_turn(void **state)
{
	(void)state;
	struct store other;
	store_open(&other);
	store_do(&other, SQL_NOTES);
	store_do(&other, "INSERT INTO notes (text) VALUES ('theirs')");
	for (int i = 0; i < 3; i++) {
		assert_int_equal(store_int(&store, SQL_COUNT), 0);
		assert_int_equal(store_int(&other, SQL_COUNT), 1);
	}
	struct sqlite *s = store.db->state;
	assert_null(s->readers->reader.next);
	store_close(&other);
}

int main(void)
{
	enum { IN_MEMORY = 3 };
	static int all = THREADS, few = 4;
	struct CMUnitTest rows[] = {
		ROW("writes that wait share one commit", waiting_writes_share_a_commit),
		ROW("a failing write leaves the others of its commit",
		    failing_write_leaves_the_others),
		ROW("a lost transaction fails the writes before it, not those after",
		    lost_transaction_fails_what_was_in_it),
		ROW("a write that ignores a lost transaction writes nothing more",
		    nothing_is_written_after_the_transaction_is_lost),
		ROW("a write of many quick statements is stopped at write_ms",
		    write_of_many_statements_is_stopped),
		ROW("db_write_slow is not bound by write_ms", slow_write_is_not_bound),
		ROW("a write whose deadline passed in the queue is not run", late_write_is_not_run),
		ROW("a full queue refuses with Retry-After", full_queue_refuses),
		ROW("closing finishes what is queued", close_finishes_the_queue),
		ROW("one thread may use two databases in turn", two_databases_in_turn),
		ROW_OF("64 threads write together: all is there", threads_write_together, &all),
		/* in memory: IN_MEMORY rows */
		ROW("in memory: writes that wait share one commit", waiting_writes_share_a_commit),
		ROW("in memory: a failing write leaves the others",
		    failing_write_leaves_the_others),
		ROW_OF("in memory: threads write together", threads_write_together, &few),
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		rows[i].setup_func = i < COUNT_OF(rows) - IN_MEMORY ? setup : setup_memory;
		rows[i].teardown_func = teardown;
	}
	return rows_run("core/sqlite commit", rows, COUNT_OF(rows));
}
