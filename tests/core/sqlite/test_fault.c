/*
 * Faults: another process in the way, a full disk, a disk that fails, and kill -9 while threads
 * write. What was acknowledged must be there afterwards, and the file must be whole.
 */
#include "core/db/store.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

static struct store store;

#define SQL_T "CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, data TEXT) STRICT"
#define SQL_ADD "INSERT INTO t (data) VALUES (printf('%500s', 'x'))"
#define SQL_ADD_LARGE "INSERT INTO t (data) VALUES (printf('%1000000s', 'x'))"

static int setup(void **state)
{
	(void)state;
	store_open_with(&store, (struct db_options){ .busy_ms = 20 });
	store_do(&store, SQL_T);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	store_close(&store);
	return 0;
}

static void is_whole(struct store *s)
{
	assert_string_equal(store_text(s, "PRAGMA integrity_check"), "ok");
}

static void must_be_busy(enum app_err err)
{
	assert_int_equal(err, APP_UNAVAILABLE);
	store_says_text(&store, err, "busy");
	assert_int_equal(store.scene.c.failure.retry_after_s, 1);
}

/* ---- another process in the way ---- */

static void foreign_writer_makes_us_busy(void **state)
{
	(void)state;
	sqlite3 *foreign;
	assert_int_equal(sqlite3_open(scene_path(&store.scene, "t.db"), &foreign), SQLITE_OK);
	assert_int_equal(sqlite3_exec(foreign, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	must_be_busy(store_try(&store, SQL_ADD));
	assert_int_equal(store_int(&store, "SELECT count(*) FROM t"), 0);
	assert_int_equal(sqlite3_exec(foreign, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	store_do(&store, SQL_ADD);
	sqlite3_close(foreign);
}

static void own_lock_keeps_a_second_writer_out(void **state)
{
	(void)state;
	int fd = open(scene_path(&store.scene, "t.db-lock"), O_RDWR | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	must_be_busy(store_try(&store, SQL_ADD));
	close(fd);
	store_do(&store, SQL_ADD);
}

static enum app_err add_patiently(struct ctx *c)
{
	enum app_err err;
	do {
		ctx_recover(c);
		err = db_write(c, script_run, SQL_ADD);
	} while (err == APP_UNAVAILABLE);
	return err;
}

enum { TURNS = 150 };

/* The body of a second process: its own writer on the same file. */
static int write_turns(const char *url)
{
	struct scene scene;
	scene_open(&scene);
	struct db *db;
	const struct db_options options = store_patient((struct db_options){ .url = url });
	if (db_open(&scene.c, &options, &db))
		return 1;
	scene.app.db = db;
	int failed = db_write(&scene.c, script_run, SQL_T) != APP_OK;
	for (int i = 0; i < TURNS; i++) {
		failed += add_patiently(&scene.c) != APP_OK;
		scene_next(&scene);
	}
	db_close(db);
	scene_close(&scene);
	return failed;
}

static void two_processes_take_turns(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	const char *url = arena_printf(&scene.arena, "sqlite:%s/both.db", scene.folder);
	pid_t child = fork();
	if (!child)
		_exit(write_turns(url));
	assert_int_equal(write_turns(url), 0);
	int status = -1;
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
	struct store s;
	store_open_with(&s, (struct db_options){ .url = url });
	assert_int_equal(store_int(&s, "SELECT count(*) FROM t"), 2 * TURNS);
	is_whole(&s);
	store_close(&s);
	scene_close(&scene);
}

/* ---- a full disk ---- */

static void full_disk_is_told_and_survived(void **state)
{
	(void)state;
	store_do(&store, SQL_ADD);
	store_do(&store, "PRAGMA max_page_count = 50");
	enum app_err err = store_try(&store, SQL_ADD_LARGE);
	assert_int_equal(err, APP_STORAGE_FULL);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM t"), 1);
	store_do(&store, "PRAGMA max_page_count = 100000");
	store_do(&store, SQL_ADD_LARGE);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM t"), 2);
	is_whole(&store);
}

static void full_disk_fails_the_whole_commit(void **state)
{
	(void)state;
	store_do(&store, "PRAGMA max_page_count = 50");
	const char *const sql[] = { SQL_ADD, SQL_ADD_LARGE, SQL_ADD };
	const enum app_err results[] = { APP_STORAGE_FULL, APP_STORAGE_FULL, APP_OK };
	store_share_commit(&store, COUNT_OF(sql), sql, results);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM t"), 1);
	is_whole(&store);
}

/* ---- a disk that fails ---- */

/*
 * From now on a write into the log fails with EBADF, which SQLite takes for an I/O error: those
 * that have it open may only read it. One that opens it anew may write.
 */
static void log_fails(void)
{
	const char *log = scene_path(&store.scene, "t.db-wal");
	int readable = open(log, O_RDONLY | O_CLOEXEC), found = 0;
	assert_true(readable >= 0);
	for (int fd = 3; fd < 1024; fd++) {
		char link[64], path[512];
		snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		ssize_t len = fd == readable ? -1 : readlink(link, path, sizeof(path) - 1);
		if (len < 0 || (size_t)len != strlen(log) || memcmp(path, log, (size_t)len) != 0)
			continue;
		assert_int_equal(dup3(readable, fd, O_CLOEXEC), fd);
		found++;
	}
	assert_true(found > 0);
	close(readable);
}

static void failing_disk_replaces_the_connection(void **state)
{
	(void)state;
	store_do(&store, SQL_ADD);
	log_fails();
	enum app_err err = store_try(&store, SQL_ADD_LARGE);
	assert_int_equal(err, APP_UNAVAILABLE);
	assert_true(db_outcome_is_unknown(&store.scene.c));
	store_says_cause(&store, "I/O error");
	assert_int_equal(db_stats(store.db).reopened, 0);
	store_do(&store, SQL_ADD_LARGE);
	assert_int_equal(db_stats(store.db).reopened, 1);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM t"), 2);
	store_do(&store, SQL_ADD);
	assert_int_equal(db_stats(store.db).reopened, 1);
	is_whole(&store);
}

static void failing_disk_fails_all_of_a_commit(void **state)
{
	(void)state;
	struct gate gate;
	struct job holder, jobs[40];
	gate_hold(&store, &gate, &holder);
	for (int i = 0; i < 40; i++)
		must(job_submit(&store, &jobs[i], &gate,
				"INSERT INTO t (data) VALUES (printf('%20000s', 'x'))"));
	log_fails();
	gate_release(&gate, &holder, 40);
	for (int i = 0; i < 40; i++) {
		assert_int_equal(jobs[i].result, APP_UNAVAILABLE);
		assert_true(db_outcome_is_unknown(&jobs[i].c));
		arena_done(&jobs[i].arena);
	}
	assert_int_equal(store_int(&store, "SELECT count(*) FROM t"), 0);
	store_do(&store, SQL_ADD);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM t"), 1);
	is_whole(&store);
}

/* ---- kill -9 ---- */

enum { KILL_ROUNDS = 12, KILL_THREADS = 8 };

struct ack {
	int32_t thread, number;
};

struct killed_worker {
	struct app *app;
	int32_t round, thread;
	int pipe;
};

struct ledger_row {
	int32_t round, thread, number;
};

static enum app_err run_ledger(struct ctx *c, void *arg)
{
	const struct ledger_row *row = arg;
	return db_exec(c,
		       "INSERT INTO ledger (round, thread, number, data) "
		       "VALUES ($1, $2, $3, printf('%300s', 'x'))",
		       BIND(row->round, row->thread, row->number), NULL);
}

/* Writes until it is killed, and acknowledges each row once db_write() says it is durable. */
static void *killed_main(void *arg)
{
	struct killed_worker *w = arg;
	AUTO(arena) arena;
	arena_init(&arena, 0);
	for (int32_t number = 1;; number++) {
		struct ctx c;
		ctx_init(&c, w->app, &arena);
		struct ledger_row row = { w->round, w->thread, number };
		if (db_write(&c, run_ledger, &row))
			_exit(3);
		struct ack ack = { w->thread, number };
		if (write(w->pipe, &ack, sizeof(ack)) != sizeof(ack))
			_exit(4);
		arena_reset(&arena);
	}
	return NULL;
}

static void be_killed(const char *url, int32_t round, int pipe)
{
	struct scene scene;
	memset(&scene, 0, sizeof(scene));
	arena_init(&scene.arena, 0);
	ctx_init(&scene.c, &scene.app, &scene.arena);
	if (db_open(&scene.c, &(struct db_options){ .url = url }, &scene.app.db))
		_exit(2);
	struct killed_worker workers[KILL_THREADS];
	pthread_t threads[KILL_THREADS];
	for (int32_t i = 0; i < KILL_THREADS; i++) {
		workers[i] = (struct killed_worker){ &scene.app, round, i, pipe };
		pthread_create(&threads[i], NULL, killed_main, &workers[i]);
	}
	for (;;)
		pause();
}

/*
 * Kills the writer after some acknowledgements; `last` gets the last acknowledged number of each
 * thread.
 */
static void kill_round(const char *url, int32_t round, int32_t last[KILL_THREADS])
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (!child) {
		close(ends[0]);
		be_killed(url, round, ends[1]);
	}
	close(ends[1]);
	int kill_after = 1 + (round * 7919) % 1500;
	struct ack ack;
	memset(last, 0, KILL_THREADS * sizeof(*last));
	for (int got = 0; read(ends[0], &ack, sizeof(ack)) == sizeof(ack);) {
		assert_int_equal(ack.number, last[ack.thread] + 1);
		last[ack.thread] = ack.number;
		if (++got == kill_after)
			kill(child, SIGKILL);
	}
	close(ends[0]);
	int status = 0;
	waitpid(child, &status, 0);
	assert_true(WIFSIGNALED(status));
}

static void nothing_acknowledged_is_lost_by_kill(void **state)
{
	(void)state;
	struct store s;
	store_open(&s);
	store_do(&s,
		 "CREATE TABLE ledger (round INTEGER, thread INTEGER, number INTEGER, data TEXT,"
		 " PRIMARY KEY (round, thread, number)) STRICT");
	const char *url = arena_printf(&s.scene.arena, "sqlite:%s/t.db", s.scene.folder);
	for (int32_t round = 1; round <= KILL_ROUNDS; round++) {
		db_close(s.db);
		int32_t last[KILL_THREADS];
		kill_round(url, round, last);
		must(db_open(&s.scene.c, &(struct db_options){ .url = url }, &s.db));
		s.scene.app.db = s.db;
		for (int32_t thread = 0; thread < KILL_THREADS; thread++) {
			const char *sql = arena_printf(
				&s.scene.arena,
				"SELECT count(*) FROM ledger WHERE round = %d AND"
				" thread = %d AND number <= %d",
				round, thread, last[thread]);
			assert_int_equal(store_int(&s, sql), last[thread]);
		}
		is_whole(&s);
	}
	store_close(&s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
#define FAULT(sentence, fn) { sentence, fn, setup, teardown, NULL }
		FAULT("another program's transaction makes us busy, with Retry-After",
		      foreign_writer_makes_us_busy),
		FAULT("our own lock keeps a second writer out", own_lock_keeps_a_second_writer_out),
		ROW("two processes take turns and lose nothing", two_processes_take_turns),
		FAULT("a full disk is told and survived", full_disk_is_told_and_survived),
		FAULT("a full disk fails the whole commit, and not the next",
		      full_disk_fails_the_whole_commit),
		FAULT("a failing disk replaces the connection",
		      failing_disk_replaces_the_connection),
		FAULT("a failing disk fails all of a commit", failing_disk_fails_all_of_a_commit),
		ROW("kill -9 loses nothing that was acknowledged, twelve times over",
		    nothing_acknowledged_is_lost_by_kill),
	};
	return rows_run("core/sqlite fault", rows, COUNT_OF(rows));
}
