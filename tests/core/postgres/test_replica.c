/*
 * A second server for queries: a real standby that streams, and pairs of databases where one has to
 * fail.
 */
#include "core/db/store.h"
#include "testing/postgres.h"

/* threaded */

static struct store store;

#define SQL_IS_STANDBY "SELECT CAST(pg_is_in_recovery() AS integer)"

static void open_with(struct db_options options)
{
	store_is_postgres = true;
	/* half of it may be spent waiting for a replica that has just gone */
	options.acquire_ms = 20000;
	store_open_with(&store, options);
}

static int teardown(void **state)
{
	(void)state;
	store_close(&store);
	return 0;
}

/* Until the query says so: a standby is never quite up to date. */
static void comes_to_say(const char *sql, int64_t value)
{
	AWAIT(store_int(&store, sql) == value);
}

/* ---- a standby ---- */

static enum app_err run_reads_and_writes(struct ctx *c, void *arg)
{
	(void)arg;
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	must(db_exec(c, "INSERT INTO a VALUES (1)", BIND(), NULL));
	must(db_query(c, "SELECT count(*) FROM a", BIND(), &rows));
	must(db_rows_next(&rows, &has_row));
	assert_int_equal(db_column_int(&rows, 0), 1);
	return APP_OK;
}

static void open_with_standby(char url[POSTGRES_URL_ROOM])
{
	char replica[POSTGRES_URL_ROOM];
	postgres_database(url);
	postgres_sql(url, "CREATE TABLE a (b integer)");
	postgres_replica_start();
	postgres_replica_url(url, replica);
	open_with((struct db_options){ .url = url, .replica_url = replica });
	comes_to_say("SELECT count(*) FROM pg_class WHERE relname = 'a'", 1);
}

static void queries_go_to_the_standby(void **state)
{
	(void)state;
	char url[POSTGRES_URL_ROOM];
	open_with_standby(url);
	comes_to_say(SQL_IS_STANDBY, 1);
	must(db_write(&store.scene.c, run_reads_and_writes, NULL));
	comes_to_say("SELECT count(*) FROM a", 1);
	comes_to_say(SQL_IS_STANDBY, 1);
}

static void standby_goes_and_returns(void **state)
{
	(void)state;
	char url[POSTGRES_URL_ROOM];
	open_with_standby(url);
	comes_to_say(SQL_IS_STANDBY, 1);
	postgres_replica_stop();
	for (int i = 0; i < 20; i++)
		assert_int_equal(store_int(&store, SQL_IS_STANDBY), 0);
	store_do(&store, "INSERT INTO a VALUES (1)");
	postgres_replica_start();
	comes_to_say(SQL_IS_STANDBY, 1);
	comes_to_say("SELECT count(*) FROM a", 1);
}

static bool opens(struct scene *scene, const struct db_options *options, struct db **ret)
{
	scene_next(scene);
	return !db_open(&scene->c, options, ret);
}

/* As after a change of roles: the address of the primary leads to a standby. */
static void write_on_a_standby_is_a_503(void **state)
{
	(void)state;
	char url[POSTGRES_URL_ROOM], replica[POSTGRES_URL_ROOM];
	postgres_database(url);
	postgres_sql(url, "CREATE TABLE a (b integer)");
	postgres_replica_start();
	postgres_replica_url(url, replica);
	struct scene scene;
	struct db *db = NULL;
	const struct db_options options = { .url = replica };
	scene_open(&scene);
	AWAIT(opens(&scene, &options, &db));
	scene.app.db = db;
	enum app_err err = db_write(&scene.c, script_run,
				    (void *)(uintptr_t) "INSERT INTO a VALUES (1)");
	assert_int_equal(err, APP_UNAVAILABLE);
	assert_int_equal(scene.c.failure.retry_after_s, 1);
	assert_non_null(strstr(ctx_failure_text(&scene.c, err), "only takes reads"));
	db_close(db);
	scene_close(&scene);
}

/* ---- two databases ---- */

/* In the replica's database and in the primary's. */
static void open_pair(const char *there, const char *here)
{
	char replica[POSTGRES_URL_ROOM];
	postgres_database(replica);
	if (there)
		postgres_sql(replica, there);
	open_with((struct db_options){ .replica_url = replica });
	store_do(&store, here);
}

static void what_the_replica_lacks_is_read_from_the_primary(void **state)
{
	(void)state;
	open_pair(NULL, "CREATE TABLE a AS SELECT 1 AS b");
	assert_int_equal(store_int(&store, "SELECT b FROM a"), 1);
}

static void what_the_replica_gives_up_is_read_from_the_primary(void **state)
{
	(void)state;
	open_pair("CREATE FUNCTION f() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN RAISE"
		  " 'canceling statement due to conflict with recovery' USING ERRCODE = '40001';"
		  " END $$",
		  "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'");
	assert_int_equal(store_int(&store, "SELECT f()"), 1);
}

static void what_is_wrong_on_both_fails(void **state)
{
	(void)state;
	open_pair(NULL, "CREATE TABLE a (b integer)");
	AUTO(db_rows) rows = { 0 };
	assert_int_equal(db_query(&store.scene.c, "SELECT nonsense FROM a", BIND(), &rows),
			 APP_INTERNAL);
	store_says_cause(&store, "nonsense");
}

static void absent_replica_is_replaced(void **state)
{
	(void)state;
	open_with((struct db_options){ .replica_url = "postgresql://x@127.0.0.1:1/x" });
	assert_int_equal(store_int(&store, "SELECT 1"), 1);
}

#define CASE(sentence, fn) \
	{ \
		sentence, fn, NULL, teardown, NULL \
	}

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE("queries go to the standby; writes, and what they read, to the primary",
		     queries_go_to_the_standby),
		CASE("while the standby is away the primary is read, and after it the standby",
		     standby_goes_and_returns),
		ROW("a write that reaches a standby is a 503 with Retry-After",
		    write_on_a_standby_is_a_503),
		CASE("what the replica does not have yet is read from the primary",
		     what_the_replica_lacks_is_read_from_the_primary),
		CASE("what the replica gives up is read from the primary",
		     what_the_replica_gives_up_is_read_from_the_primary),
		CASE("what is wrong on both fails", what_is_wrong_on_both_fails),
		CASE("a replica that was never there is done without", absent_replica_is_replaced),
	};
	return rows_run("core/postgres replica", rows, COUNT_OF(rows));
}
