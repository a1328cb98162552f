/* threaded */
/* Signals between processes that have one database open. */
#include "other.h"
#include "testing/postgres.h"

#include <stdio.h>

enum { BURST = 300 };

static const char SQL_TABLE[] = "CREATE TABLE t (id integer)";
static const char SQL_ADD[] = "INSERT INTO t VALUES (1)";

static struct scene place; /* for the file that both processes have open */
static char url[POSTGRES_URL_ROOM];
static struct store store;
static struct other other;
static atomic_int heard;

static void on_signal(void *arg, unsigned signals)
{
	(void)arg;
	atomic_fetch_add(&heard, (signals & DB_SEARCH) != 0);
}

static int setup(void **state)
{
	(void)state;
	scene_open(&place);
	snprintf(url, sizeof(url), "sqlite:%s/t.db", place.folder);
	if (store_is_postgres)
		postgres_schema(url);
	other_start(&other, url, SQL_ADD);
	store_open_with(&store, (struct db_options){ .url = url });
	store.scene.app.ticker = ticker_new();
	store_do(&store, SQL_TABLE);
	atomic_store(&heard, 0);
	db_signal_listen(store.db, on_signal, NULL);
	db_signal_others_begin(store.db, store.scene.app.ticker);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	db_signal_others_end(store.db);
	db_signal_unlisten(store.db, on_signal, NULL);
	ticker_drop(store.scene.app.ticker);
	store_close(&store);
	other_end(&other);
	scene_close(&place);
	return 0;
}

/* PostgreSQL's listener begins with all signals, as it may have missed some. */
static void begin_to_listen(void)
{
	if (store_is_postgres)
		AWAIT(atomic_load(&heard) >= 1);
	atomic_store(&heard, 0);
}

static void what_another_process_commits_is_heard_of(void **state)
{
	(void)state;
	begin_to_listen();
	for (int i = 1; i <= 3; i++) {
		assert_int_equal(other_do(&other, OTHER_RAISE), APP_OK);
		AWAIT(atomic_load(&heard) == i);
		assert_int_equal(store_int(&store, "SELECT count(*) FROM t"), i);
	}
}

static enum app_err raise_here(void)
{
	return db_write(&store.scene.c, other_write, (void *)(uintptr_t)SQL_ADD);
}

static void both_hear_each_other_and_nobody_hears_himself_twice(void **state)
{
	(void)state;
	begin_to_listen();
	assert_int_equal(other_do(&other, OTHER_LISTEN), 0);
	if (store_is_postgres)
		AWAIT(other_do(&other, OTHER_COUNT) >= 1);
	int before = other_do(&other, OTHER_COUNT);
	for (int i = 1; i <= 3; i++) {
		must(raise_here());
		AWAIT(other_do(&other, OTHER_COUNT) == before + i);
	}
	assert_int_equal(atomic_load(&heard), 3);
	assert_int_equal(other_do(&other, OTHER_RAISE), APP_OK);
	assert_int_equal(other_do(&other, OTHER_COUNT), before + 4);
	AWAIT(atomic_load(&heard) >= 4);
	assert_int_equal(atomic_load(&heard), 4);
}

/* At most fifty times a second: more only if it took longer. */
static void many_commits_are_told_together(void **state)
{
	(void)state;
	assert_int_equal(other_do(&other, OTHER_LISTEN), 0);
	if (store_is_postgres)
		AWAIT(other_do(&other, OTHER_COUNT) >= 1);
	int before = other_do(&other, OTHER_COUNT);
	int64_t from_us = clock_monotonic_us();
	for (int i = 0; i < BURST; i++)
		must(raise_here());
	AWAIT(other_do(&other, OTHER_COUNT) > before);
	int told = other_do(&other, OTHER_COUNT) - before;
	assert_true(told <= (clock_monotonic_us() - from_us) / MILLISECONDS_US(20) + 1);
}

static void a_process_that_ends_at_once_is_heard_of(void **state)
{
	(void)state;
	begin_to_listen();
	assert_int_equal(other_do(&other, OTHER_LEAVE), APP_OK);
	AWAIT(atomic_load(&heard) >= 1);
}

/* It is why listeners look by themselves, too; the next signal is heard of as any. */
static void one_killed_before_it_could_tell_spoils_nothing(void **state)
{
	(void)state;
	begin_to_listen();
	assert_int_equal(other_do(&other, OTHER_DIE), -1);
	AWAIT(store_int_soon(&store, "SELECT count(*) FROM t") == 1);
	assert_int_equal(atomic_load(&heard), 0);
	must(raise_here());
	assert_int_equal(atomic_load(&heard), 1);
}

/* ---- PostgreSQL only ---- */

static const char SQL_KILL_OTHERS[] =
	"SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
	" WHERE pid <> pg_backend_pid() AND datname = current_database()";

static void after_a_lost_connection_all_may_have_been_missed(void **state)
{
	(void)state;
	begin_to_listen();
	postgres_sql(url, SQL_KILL_OTHERS);
	AWAIT(atomic_load(&heard) >= 1);
	int before = atomic_load(&heard);
	AWAIT(other_do(&other, OTHER_RAISE) == APP_OK);
	AWAIT(atomic_load(&heard) > before);
}

static void after_a_crash_of_the_server_it_listens_again(void **state)
{
	(void)state;
	begin_to_listen();
	postgres_stop_immediately();
	assert_int_equal(atomic_load(&heard), 0);
	postgres_start();
	AWAIT(atomic_load(&heard) >= 1);
	int before = atomic_load(&heard);
	AWAIT(other_do(&other, OTHER_RAISE) == APP_OK);
	AWAIT(atomic_load(&heard) > before);
}

static void what_anybody_else_tells_is_ignored(void **state)
{
	(void)state;
	begin_to_listen();
	postgres_sql(url, "NOTIFY croft; NOTIFY croft, 'nonsense'; NOTIFY croft, '0';"
			  " NOTIFY croft, '4294967294'; NOTIFY other, '1'");
	postgres_sql(url, "SELECT pg_sleep(0.2)");
	assert_int_equal(atomic_load(&heard), 0);
	assert_int_equal(other_do(&other, OTHER_RAISE), APP_OK);
	AWAIT(atomic_load(&heard) >= 1);
	assert_int_equal(atomic_load(&heard), 1);
}

int main(void)
{
	enum { POSTGRES_ONLY = 3 };
	struct CMUnitTest rows[] = {
		ROW("what another process commits is heard of",
		    what_another_process_commits_is_heard_of),
		ROW("both hear each other, and nobody hears himself twice",
		    both_hear_each_other_and_nobody_hears_himself_twice),
		ROW("many commits are told together", many_commits_are_told_together),
		ROW("a process that ends at once is heard of",
		    a_process_that_ends_at_once_is_heard_of),
		ROW("one that is killed before it could tell spoils nothing",
		    one_killed_before_it_could_tell_spoils_nothing),
		ROW("after a lost connection all may have been missed",
		    after_a_lost_connection_all_may_have_been_missed),
		ROW("after a crash of the server it listens again",
		    after_a_crash_of_the_server_it_listens_again),
		ROW("what anybody else tells is ignored", what_anybody_else_tells_is_ignored),
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		rows[i].setup_func = setup;
		rows[i].teardown_func = teardown;
	}
	int failed = _cmocka_run_group_tests("core/db signal others", rows,
					     COUNT_OF(rows) - POSTGRES_ONLY, NULL, NULL);
	store_is_postgres = true;
	return failed + _cmocka_run_group_tests("core/db signal others (postgres)", rows,
						COUNT_OF(rows), NULL, NULL);
}
