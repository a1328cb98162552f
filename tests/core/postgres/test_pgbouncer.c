/*
 * PostgreSQL behind a pgbouncer in transaction mode: the session is another's in a moment, so
 * nothing may depend on it.
 */
#include "core/db/store.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "dates.h"
#include "lost.h"
#include "support/pgbouncer.h"
#include "testing/await.h"

/* threaded */

enum { CROWD = 6, ROUNDS = 30 };

static struct store store;
static char direct[POSTGRES_URL_ROOM], through[POSTGRES_URL_ROOM];

static void open_with(struct db_options options)
{
	store_is_postgres = true;
	postgres_database(direct);
	pgbouncer_start(direct, through);
	options.url = through;
	store_open_with(&store, options);
}

static int teardown(void **state)
{
	(void)state;
	store_close(&store);
	return 0;
}

/* ---- many at once ---- */

struct program_of {
	struct app app;
	int number;
	_Atomic int *failed;
};

static enum app_err run_in_a_savepoint(struct ctx *c, void *arg)
{
	AUTO(db_tx) tx = { 0 };
	const int *number = arg;
	enum app_err err = db_exec(c, "INSERT INTO a VALUES ($1)", BIND(*number), NULL);
	if (!err)
		err = db_tx_begin(c, &tx);
	if (!err)
		err = db_exec(c, "INSERT INTO a VALUES (0)", BIND(), NULL);
	return err; /* the inner row goes */
}

/*
 * Statements of its own, in an order of its own, so that a name that another has given would be
 * found out.
 */
static void *work_along(void *arg)
{
	struct program_of *p = arg;
	AUTO(arena) arena = { 0 };
	arena_init(&arena, 0);
	for (int i = 0; i < ROUNDS; i++) {
		AUTO(db_rows) rows = { 0 };
		struct ctx c;
		bool has_row = false;
		ctx_init(&c, &p->app, &arena);
		int64_t value = p->number * 1000 + (i * p->number) % 7;
		const char *sql = arena_printf(&arena, "SELECT $1 + %lld", (long long)value);
		enum app_err err = db_query(&c, sql, BIND(1), &rows);
		if (!err)
			err = db_rows_next(&rows, &has_row);
		if (err || !has_row || db_column_int(&rows, 0) != value + 1)
			(*p->failed)++;
		if (db_write(&c, run_in_a_savepoint, &p->number))
			(*p->failed)++;
	}
	return NULL;
}

static void two_programs_with_many_threads_get_in_nobodys_way(void **state)
{
	(void)state;
	open_with((struct db_options){ .pool_max = 8, .acquire_ms = 60000 });
	store_do(&store, "CREATE TABLE a (b bigint)");
	struct db *other;
	must(db_open(&store.scene.c,
		     &(struct db_options){ .url = through, .pool_max = 8, .acquire_ms = 60000 },
		     &other));
	struct program_of programs[CROWD];
	pthread_t threads[CROWD];
	_Atomic int failed = 0;
	for (int i = 0; i < CROWD; i++) {
		programs[i] = (struct program_of){ store.scene.app, i + 1, &failed };
		programs[i].app.db = i % 2 ? other : store.db;
		pthread_create(&threads[i], NULL, work_along, &programs[i]);
	}
	for (int i = 0; i < CROWD; i++)
		pthread_join(threads[i], NULL);
	db_close(other);
	assert_int_equal(failed, 0);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM a"), CROWD * ROUNDS);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM a WHERE b = 0"), 0);
}

/* ---- what others find ---- */

/* Asks both server connections: each twice, at the same time. */
static void others_find(const char *sql, const char *value)
{
	PGconn *conns[2];
	for (int i = 0; i < 2; i++) {
		conns[i] = PQconnectdb(through);
		PQclear(PQexec(conns[i], "BEGIN"));
		PGresult *result = PQexec(conns[i], sql);
		if (PQntuples(result) != 1)
			fail_msg("%s: %s", sql, PQerrorMessage(conns[i]));
		assert_string_equal(PQgetvalue(result, 0, 0), value);
		PQclear(result);
	}
	for (int i = 0; i < 2; i++)
		PQfinish(conns[i]);
}

static void nothing_of_ours_is_left_for_others(void **state)
{
	(void)state;
	open_with((struct db_options){
		.pool_max = 4, .query_ms = 4321, .write_ms = 4321, .lock_ms = 432 });
	store_do(&store, "CREATE TABLE a (b bigint)");
	db_reads_begin(store.db);
	store_int(&store, "SELECT count(*) FROM a");
	store_int(&store, "SELECT count(*) + 1 FROM a");
	db_reads_end(store.db);
	store_int(&store, "SELECT count(*) FROM a");
	store_do(&store, "INSERT INTO a VALUES (1)");
	others_find("SELECT count(*) FROM pg_prepared_statements", "0");
	others_find("SHOW default_transaction_read_only", "off");
	others_find("SHOW statement_timeout", "0");
	others_find("SHOW lock_timeout", "0");
	others_find("SELECT count(*) FROM pg_settings WHERE source = 'session' AND name NOT IN"
		    " ('client_encoding', 'DateStyle', 'TimeZone', 'application_name',"
		    " 'standard_conforming_strings')",
		    "0");
	others_find("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'", "0");
	postgres_sql(through, "INSERT INTO a VALUES (2)");
	assert_int_equal(store_int(&store, "SELECT sum(b) FROM a"), 3);
}

/* ---- what holds there too ---- */

static enum app_err run_read_flush(struct ctx *c, void *arg)
{
	AUTO(db_rows) rows = { 0 };
	bool there = false;
	enum app_err err = db_query_first(c, "SELECT current_setting('synchronous_commit')", BIND(),
					  &rows, &there);
	if (!err && there)
		*(bool *)arg = strcmp(db_column_text(&rows, 0, NULL), "local") == 0;
	return err;
}

/* The sessions of the server are opened by pgbouncer, after this. */
static void a_write_is_flushed(void **state)
{
	(void)state;
	bool is_local = false;
	postgres_database(direct);
	postgres_sql(direct, "ALTER ROLE croft SET synchronous_commit = off");
	open_with((struct db_options){ 0 });
	enum app_err err = db_write(&store.scene.c, run_read_flush, &is_local);
	postgres_sql(direct, "ALTER ROLE croft RESET synchronous_commit");
	must(err);
	assert_true(is_local);
}

/* The sessions of the server are opened by pgbouncer, after this. */
static void a_date_is_a_date(void **state)
{
	(void)state;
	postgres_database(direct);
	postgres_sql(direct, "ALTER ROLE croft SET DateStyle = 'German'");
	open_with((struct db_options){ 0 });
	dates_are_ours(&store);
	postgres_sql(direct, "ALTER ROLE croft RESET DateStyle");
}

static void reads_see_one_state(void **state)
{
	(void)state;
	open_with((struct db_options){ .pool_max = 4 });
	store_do(&store, "CREATE TABLE a AS SELECT 1 AS b");
	db_reads_begin(store.db);
	assert_int_equal(store_int(&store, "SELECT sum(b) FROM a"), 1);
	postgres_sql(through, "UPDATE a SET b = 2");
	assert_int_equal(store_int(&store, "SELECT sum(b) FROM a"), 1);
	db_reads_end(store.db);
	assert_int_equal(store_int(&store, "SELECT sum(b) FROM a"), 2);
}

static void a_query_changes_nothing(void **state)
{
	(void)state;
	open_with((struct db_options){ .pool_max = 2 });
	store_do(&store, "CREATE TABLE a (b bigint)");
	AUTO(db_rows) rows = { 0 };
	assert_int_equal(
		db_query(&store.scene.c, "INSERT INTO a VALUES (1) RETURNING b", BIND(), &rows),
		APP_INTERNAL);
	store_says_cause(&store, "outside db_write()");
	assert_int_equal(store_int(&store, "SELECT count(*) FROM a"), 0);
}

static void the_server_stops_what_takes_too_long(void **state)
{
	(void)state;
	open_with((struct db_options){ .pool_max = 2, .query_ms = 50, .write_ms = 50 });
	AUTO(db_rows) rows = { 0 };
	assert_int_equal(db_query(&store.scene.c, "SELECT pg_sleep(600)", BIND(), &rows),
			 APP_UNAVAILABLE);
	store_says_text(&store, APP_UNAVAILABLE, "took too long");
	assert_int_equal(store_try(&store, "SELECT pg_sleep(600)"), APP_UNAVAILABLE);
	store_says_text(&store, APP_UNAVAILABLE, "took too long");
	assert_int_equal(store_int_soon(&store, "SELECT 7"), 7);
}

static void the_deadline_of_a_request_cancels(void **state)
{
	(void)state;
	open_with((struct db_options){ .pool_max = 1 });
	struct ctx *c = &store.scene.c;
	{
		AUTO(db_rows) rows = { 0 };
		c->deadline_us = c->clock->monotonic_us(c->clock) + 200000;
		assert_int_equal(db_query(c, "SELECT pg_sleep(600)", BIND(), &rows),
				 APP_UNAVAILABLE);
		c->deadline_us = 0;
	}
	assert_int_equal(store_int(&store, "SELECT 7"), 7);
}

/* pgbouncer says it in words of its own (08P01). */
static void a_lost_commit_is_unknown(void **state)
{
	(void)state;
	open_with((struct db_options){ .pool_max = 2 });
	commit_lose(&store);
	assert_int_equal(store_int(&store, "SELECT 7"), 7);
}

static void bouncer_that_is_killed_is_a_503_until_it_is_back(void **state)
{
	(void)state;
	char again[POSTGRES_URL_ROOM];
	open_with((struct db_options){ .pool_max = 2, .acquire_ms = 200 });
	store_do_soon(&store, "CREATE TABLE a (b integer)");
	pgbouncer_stop();
	assert_int_equal(store_try(&store, "INSERT INTO a VALUES (1)"), APP_UNAVAILABLE);
	assert_int_equal(store.scene.c.failure.retry_after_s, 1);
	pgbouncer_start(direct, again);
	AWAIT((ctx_recover(&store.scene.c), db_ping(&store.scene.c)) == APP_OK);
	assert_int_equal(store_int_soon(&store, "SELECT count(*) FROM a"), 0);
}

/* ---- signals ---- */

static void on_signal(void *arg, unsigned signals)
{
	atomic_fetch_add((atomic_int *)arg, (signals & DB_SEARCH) != 0);
}

static enum app_err run_raise(struct ctx *c, void *arg)
{
	(void)arg;
	db_signal(c, DB_SEARCH);
	return APP_OK;
}

static void signals_are_told_but_cannot_be_heard(void **state)
{
	(void)state;
	atomic_int near = 0, far = 0;
	struct store other;
	open_with((struct db_options){ .pool_max = 2 });
	store_log(&store);
	store_open_with(&other, (struct db_options){ .url = direct });
	db_signal_listen(store.db, on_signal, &near);
	db_signal_listen(other.db, on_signal, &far);
	db_signal_others_begin(store.db, NULL);
	db_signal_others_begin(other.db, NULL);
	AWAIT(atomic_load(&far) == 1 && store_logged(&store, "none can listen") == 1);
	must(db_write(&other.scene.c, run_raise, NULL));
	must(db_write(&store.scene.c, run_raise, NULL));
	AWAIT(atomic_load(&far) == 3);
	assert_int_equal(atomic_load(&near), 1);
	assert_int_equal(store_logged(&store, "none can listen"), 1);
	db_signal_others_end(store.db);
	db_signal_others_end(other.db);
	db_signal_unlisten(store.db, on_signal, &near);
	db_signal_unlisten(other.db, on_signal, &far);
	store_close(&other);
}

#define CASE(sentence, fn) \
	{ \
		sentence, fn, NULL, teardown, NULL \
	}

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE("two programs with many threads get in nobody's way",
		     two_programs_with_many_threads_get_in_nobodys_way),
		CASE("nothing of ours is left for the others who use the session",
		     nothing_of_ours_is_left_for_others),
		CASE("a write waits for the disk also where its role does not", a_write_is_flushed),
		CASE("a date is read as such also where its role spells it otherwise",
		     a_date_is_a_date),
		CASE("reads see one state of the database", reads_see_one_state),
		CASE("a query changes nothing", a_query_changes_nothing),
		CASE("the server stops what takes too long", the_server_stops_what_takes_too_long),
		CASE("the deadline of a request cancels its query",
		     the_deadline_of_a_request_cancels),
		CASE("a connection lost during COMMIT leaves the outcome unknown, and says so",
		     a_lost_commit_is_unknown),
		CASE("a pgbouncer that is killed is a 503 until it is back",
		     bouncer_that_is_killed_is_a_503_until_it_is_back),
		CASE("signals are told to others, but cannot be heard, which the log says",
		     signals_are_told_but_cannot_be_heard),
	};
	return rows_run("core/postgres pgbouncer", rows, COUNT_OF(rows));
}
