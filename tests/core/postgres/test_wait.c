/*
 * Nobody waits for PostgreSQL without a bound: not behind busy writers, not for a server that
 * stopped answering.
 */
#include "core/db/store.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "core/ticker.h"
#include "testing/postgres.h"

/* threaded */

enum { HOLDERS = 4, CROWD = 64 };

static struct store store;

static void open_with(struct db_options options)
{
	store_is_postgres = true;
	store_open_with(&store, options);
}

static int teardown(void **state)
{
	(void)state;
	store_close(&store);
	return 0;
}

static void is_refused(const struct job *job)
{
	assert_int_equal(job->result, APP_UNAVAILABLE);
	assert_int_equal(job->c.failure.retry_after_s, 1);
}

/* ---- behind busy writers ---- */

static void queued_write_is_refused_in_time(void **state)
{
	(void)state;
	open_with((struct db_options){ .pool_max = 2, .acquire_ms = 100 });
	store_do_soon(&store, "CREATE TABLE a (b integer)");
	struct gate gate, queue;
	struct job holder, jobs[3];
	gate_init(&queue);
	gate_hold(&store, &gate, &holder); /* the only writer */
	for (size_t i = 0; i < COUNT_OF(jobs); i++)
		must(job_submit(&store, &jobs[i], &queue, "INSERT INTO a VALUES (1)"));
	for (size_t i = 0; i < COUNT_OF(jobs); i++)
		assert_true(await_sem(&queue.finished));
	for (size_t i = 0; i < COUNT_OF(jobs); i++) {
		is_refused(&jobs[i]);
		arena_done(&jobs[i].arena);
	}
	assert_int_equal(db_stats(store.db).waiting, 0);
	gate_release(&gate, &holder, 0);
	assert_int_equal(holder.result, APP_OK);
	store_do_soon(&store, "INSERT INTO a VALUES (2)");
	assert_int_equal(store_int_soon(&store, "SELECT sum(b) FROM a"), 2);
	gate_done(&queue);
}

/*
 * Writers that are just fast enough and a clerk that is just too slow: they race for every write.
 */
static void every_write_is_answered_once(void **state)
{
	(void)state;
	open_with((struct db_options){ .pool_max = 4, .acquire_ms = 10 });
	store_do_soon(&store, "CREATE TABLE a (b integer)");
	struct gate gate;
	struct job *jobs = calloc(CROWD, sizeof(*jobs));
	int64_t done = 0;
	gate_init(&gate);
	for (int i = 0; i < CROWD; i++)
		must(job_submit(&store, &jobs[i], &gate,
				"INSERT INTO a SELECT 1 FROM pg_sleep(0.002)"));
	for (int i = 0; i < CROWD; i++)
		assert_true(await_sem(&gate.finished));
	for (int i = 0; i < CROWD; i++) {
		if (jobs[i].result)
			is_refused(&jobs[i]);
		done += !jobs[i].result;
		arena_done(&jobs[i].arena);
	}
	free(jobs);
	gate_done(&gate);
	assert_int_equal(store_int_soon(&store, "SELECT count(*) FROM a"), done);
}

/* ---- a burst ---- */

struct crowd {
	pthread_t threads[CROWD];
	atomic_int inside;
	const char *sql;
	int wanted;
	_Atomic int failed;
};

static struct crowd crowd;

static enum app_err run_until_all_are_in(struct ctx *c, void *arg)
{
	(void)c, (void)arg;
	crowd.inside++;
	for (struct await await = { 0 }; crowd.inside < crowd.wanted && await_more(&await);)
		;
	return crowd.inside < crowd.wanted ? APP_CONFLICT : APP_OK;
}

static void *crowd_main(void *arg)
{
	(void)arg;
	AUTO(arena) arena;
	arena_init(&arena, 0);
	struct ctx c;
	ctx_init(&c, &store.scene.app, &arena);
	enum app_err err;
	if (crowd.sql) {
		AUTO(db_rows) rows = { 0 };
		err = db_query(&c, crowd.sql, BIND(), &rows);
	} else {
		err = db_write(&c, run_until_all_are_in, NULL);
	}
	crowd.failed += err != APP_OK;
	return NULL;
}

static void crowd_start(const char *sql, int count)
{
	crowd.sql = sql;
	crowd.wanted = count;
	crowd.failed = crowd.inside = 0;
	for (int i = 0; i < count; i++)
		pthread_create(&crowd.threads[i], NULL, crowd_main, NULL);
}

static int crowd_end(int count)
{
	for (int i = 0; i < count; i++)
		pthread_join(crowd.threads[i], NULL);
	return crowd.failed;
}

static int crowd_run(const char *sql, int count)
{
	crowd_start(sql, count);
	return crowd_end(count);
}

static void burst_gets_all_its_connections(void **state)
{
	(void)state;
	open_with((struct db_options){ .pool_max = 2 * HOLDERS });
	assert_int_equal(crowd_run(NULL, HOLDERS), 0);
}

/* ---- a server that is away, or does not answer ---- */

static void frozen_server_holds_no_write(void **state)
{
	(void)state;
	open_with((struct db_options){ .pool_max = 4, .acquire_ms = 100, .connect_ms = 300 });
	store_do_soon(&store, "CREATE TABLE a (b integer)");
	struct gate queue;
	struct job jobs[6];
	gate_init(&queue);
	postgres_freeze();
	for (size_t i = 0; i < COUNT_OF(jobs); i++)
		must(job_submit(&store, &jobs[i], &queue, "INSERT INTO a VALUES (1)"));
	bool all = true;
	for (size_t i = 0; i < COUNT_OF(jobs); i++)
		all = await_sem(&queue.finished) && all;
	postgres_thaw();
	assert_true(all);
	for (size_t i = 0; i < COUNT_OF(jobs); i++) {
		is_refused(&jobs[i]);
		arena_done(&jobs[i].arena);
	}
	gate_done(&queue);
	store_do_soon(&store, "INSERT INTO a VALUES (2)");
	assert_int_equal(store_int_soon(&store, "SELECT sum(b) FROM a"), 2);
}

/* The connections that there are, are out, and the keeper hangs where it opens one more. */
static void frozen_server_is_not_called_busy(void **state)
{
	(void)state;
	open_with((struct db_options){
		.pool_max = 4, .acquire_ms = 1000, .connect_ms = PATIENCE_S * 1000 });
	struct gate gate;
	struct job holder;
	gate_hold(&store, &gate, &holder);
	AUTO(db_rows) rows = { 0 };
	postgres_freeze();
	enum app_err err = db_query(&store.scene.c, "SELECT 1", BIND(), &rows);
	postgres_thaw();
	gate_release(&gate, &holder, 0);
	assert_int_equal(err, APP_UNAVAILABLE);
	assert_non_null(strstr(ctx_failure_text(&store.scene.c, err), "does not answer"));
}

static void *thaw_later(void *arg)
{
	sem_t *end = arg;
	await_sem(end);
	postgres_thaw();
	return NULL;
}

/* PQcancel() waits for the server too: a cancellation must not hang where the query did. */
static void frozen_server_holds_no_query(void **state)
{
	(void)state;
	open_with((struct db_options){
		.pool_max = 1, .query_ms = 50, .acquire_ms = 100, .connect_ms = 300 });
	assert_int_equal(store_int_soon(&store, "SELECT 1"), 1);
	ctx_recover(&store.scene.c);
	sem_t end;
	pthread_t thread;
	sem_init(&end, 0, 0);
	AUTO(db_rows) rows = { 0 };
	postgres_freeze();
	pthread_create(&thread, NULL, thaw_later, &end);
	struct ctx *c = &store.scene.c;
	int64_t began_us = c->clock->monotonic_us(c->clock);
	enum app_err err = db_query(c, "SELECT 1", BIND(), &rows);
	int64_t took_us = c->clock->monotonic_us(c->clock) - began_us;
	sem_post(&end);
	pthread_join(thread, NULL);
	assert_int_equal(err, APP_UNAVAILABLE);
	assert_true(took_us < SECONDS_US(PATIENCE_S));
	store_int_soon(&store, "SELECT 1");
	sem_destroy(&end);
}

/* Each would wait acquire_ms, one after the other, if nobody remembered that the server is away. */
static void outage_is_told_at_once_to_those_who_come_late(void **state)
{
	(void)state;
	/* 300 s in turn */
	open_with((struct db_options){ .pool_max = 1, .acquire_ms = 3000 });
	struct ctx *c = &store.scene.c;
	int64_t began_us = c->clock->monotonic_us(c->clock);
	postgres_stop_immediately();
	for (int i = 0; i < 100; i++) {
		AUTO(db_rows) rows = { 0 };
		ctx_recover(c);
		assert_int_equal(db_query(c, "SELECT 1", BIND(), &rows), APP_UNAVAILABLE);
		assert_int_equal(c->failure.retry_after_s, 1);
	}
	assert_true(c->clock->monotonic_us(c->clock) - began_us < SECONDS_US(PATIENCE_S));
	postgres_start();
	store_int_soon(&store, "SELECT 1");
}

/* ---- what the server takes away ---- */

static void full_server_is_a_503_until_there_is_room(void **state)
{
	(void)state;
	char url[POSTGRES_URL_ROOM], limited[POSTGRES_URL_ROOM];
	postgres_database(url);
	postgres_sql(url, "CREATE ROLE one LOGIN CONNECTION LIMIT 1");
	postgres_sql(url, "GRANT ALL ON SCHEMA public TO one");
	snprintf(limited, sizeof(limited), "postgresql://one@%s", strchr(url, '@') + 1);
	open_with((struct db_options){ .url = limited, .pool_max = 4, .acquire_ms = 200 });
	struct gate gate;
	struct job holder;
	gate_hold(&store, &gate, &holder);
	AUTO(db_rows) rows = { 0 };
	assert_int_equal(db_query(&store.scene.c, "SELECT 1", BIND(), &rows), APP_UNAVAILABLE);
	assert_int_equal(store.scene.c.failure.retry_after_s, 1);
	gate_release(&gate, &holder, 0);
	assert_int_equal(store_int_soon(&store, "SELECT 1"), 1);
}

/* How often the server has refused a connection of the role, by its own log. */
static int refusals_of(const char *role)
{
	char line[1024], quoted[64];
	int count = 0;
	snprintf(quoted, sizeof(quoted), "'%s'", role);
	FILE *log = fopen(arena_printf(&store.scene.arena, "%s/log", postgres_folder()), "r");
	assert_non_null(log);
	while (fgets(line, sizeof(line), log))
		count += strstr(line, "FATAL") && json_has(line, quoted);
	fclose(log);
	return count;
}

/* The pool has the only connection, and answers. */
static void who_cannot_listen_says_so_once(void **state)
{
	(void)state;
	static const char told[] = "there is no connection to listen on";
	static const char works[] = "there is a connection to listen on now";
	char url[POSTGRES_URL_ROOM], limited[POSTGRES_URL_ROOM];
	postgres_database(url);
	postgres_sql(url, "CREATE ROLE hears LOGIN CONNECTION LIMIT 1");
	snprintf(limited, sizeof(limited), "postgresql://hears@%s", strchr(url, '@') + 1);
	open_with((struct db_options){ .url = limited, .pool_max = 1 });
	store_log(&store);
	store.scene.app.ticker = ticker_new();
	db_signal_others_begin(store.db, store.scene.app.ticker);
	AWAIT(refusals_of("hears") >= 3);
	assert_int_equal(store_logged(&store, told), 1);
	assert_int_equal(store_logged(&store, "\\'hears\\'"), 1); /* why */
	assert_int_equal(
		store_logged(&store, "if the server is up, does it allow database.pool_max + 1"),
		1);
	assert_int_equal(store_logged(&store, works), 0);
	assert_int_equal(store_int(&store, "SELECT 1"), 1);
	postgres_sql(url, "ALTER ROLE hears CONNECTION LIMIT 2");
	AWAIT(store_logged(&store, works));
	db_signal_others_end(store.db);
	ticker_drop(store.scene.app.ticker);
	store.scene.app.ticker = NULL;
	assert_int_equal(store_logged(&store, told), 1);
	assert_int_equal(store_logged(&store, works), 1);
}

/* Queries of the crowd stop here while the latch is shut. */
#define LATCH "pg_advisory_xact_lock_shared(1)"
#define WHERE_AT_LATCH \
	" WHERE wait_event = 'advisory' AND datname = current_database() AND query LIKE '%latch%'"

static PGconn *latch_shut(const char *url)
{
	PGconn *latch = PQconnectdb(url);
	PGresult *result = PQexec(latch, "SELECT pg_advisory_lock(1)");
	assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
	PQclear(result);
	return latch;
}

static int number_of(PGconn *conn, const char *sql)
{
	PGresult *result = PQexec(conn, sql);
	assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
	int number = atoi(PQgetvalue(result, 0, 0));
	PQclear(result);
	return number;
}

static void latch_await(PGconn *latch, int count)
{
	AWAIT(number_of(latch, "SELECT count(*) FROM pg_stat_activity" WHERE_AT_LATCH) == count);
}

static void killed_query_is_run_again(void **state)
{
	(void)state;
	char url[POSTGRES_URL_ROOM];
	postgres_database(url);
	open_with((struct db_options){
		.url = url,
		.pool_max = 2,
	});
	crowd = (struct crowd){ .sql = "SELECT 1 AS latch FROM " LATCH };
	PGconn *latch = latch_shut(url);
	pthread_create(&crowd.threads[0], NULL, crowd_main, NULL);
	latch_await(latch, 1);
	number_of(latch,
		  "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity" WHERE_AT_LATCH);
	latch_await(latch, 1);
	PQfinish(latch);
	pthread_join(crowd.threads[0], NULL);
	assert_int_equal(crowd.failed, 0);
	assert_int_equal(db_stats(store.db).reopened, 1);
}

/*
 * The plans of several connections are outdated at once: none of them may reach a reader as a
 * failure.
 */
static void changed_table_is_read_at_once(void **state)
{
	(void)state;
	char url[POSTGRES_URL_ROOM];
	postgres_database(url);
	open_with((struct db_options){ .url = url, .pool_max = 8 });
	store_do(&store, "CREATE TABLE a (b integer); INSERT INTO a VALUES (1)");
	const char *sql = "SELECT b AS latch FROM a, " LATCH;
	PGconn *latch = latch_shut(url);
	crowd_start(sql, HOLDERS);
	latch_await(latch, HOLDERS); /* on a connection each */
	PQfinish(latch);
	assert_int_equal(crowd_end(HOLDERS), 0);
	store_do(&store, "ALTER TABLE a ALTER COLUMN b TYPE text");
	for (int i = 0; i < HOLDERS; i++)
		assert_string_equal(store_text(&store, sql), "1");
}

static enum app_err run_returning(struct ctx *c, void *arg)
{
	(void)arg;
	AUTO(db_rows) rows = { 0 };
	return db_query(c, "INSERT INTO a VALUES (DEFAULT) RETURNING b", BIND(), &rows);
}

static void changed_table_fails_one_write_at_most(void **state)
{
	(void)state;
	open_with((struct db_options){ .pool_max = 8 });
	store_do(&store, "CREATE TABLE a (b integer DEFAULT 1)");
	struct ctx *c = &store.scene.c;
	crowd_run(NULL, HOLDERS);
	for (int i = 0; i < 2 * HOLDERS; i++)
		must(db_write(c, run_returning, NULL));
	store_do(&store, "ALTER TABLE a ALTER COLUMN b TYPE bigint");
	if (db_write(c, run_returning, NULL)) {
		assert_int_equal(c->failure.err, APP_UNAVAILABLE);
		assert_int_equal(c->failure.retry_after_s, 1);
		ctx_recover(c);
	}
	must(db_write(c, run_returning, NULL));
}

#define CASE(sentence, fn) \
	{ \
		sentence, fn, NULL, teardown, NULL \
	}

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE("a write behind busy writers is refused within acquire_ms, with Retry-After",
		     queued_write_is_refused_in_time),
		CASE("every write is answered once, run or refused", every_write_is_answered_once),
		CASE("a burst of writes gets as many connections as there may be",
		     burst_gets_all_its_connections),
		CASE("a server that stopped answering holds no write",
		     frozen_server_holds_no_write),
		CASE("a server that stopped answering holds no query",
		     frozen_server_holds_no_query),
		CASE("a server that stopped answering is not called busy while every connection is "
		     "out",
		     frozen_server_is_not_called_busy),
		CASE("once the server is away, those who come later are told at once",
		     outage_is_told_at_once_to_those_who_come_late),
		CASE("a server that is full of connections is a 503 until there is room",
		     full_server_is_a_503_until_there_is_room),
		CASE("a server without a connection to listen on says so once, and when it has one",
		     who_cannot_listen_says_so_once),
		CASE("a query whose connection is ended under it is run again",
		     killed_query_is_run_again),
		CASE("a table that was altered is read at once, whatever was prepared before",
		     changed_table_is_read_at_once),
		CASE("a table that was altered fails one write at most",
		     changed_table_fails_one_write_at_most),
	};
	return rows_run("core/postgres wait", rows, COUNT_OF(rows));
}
