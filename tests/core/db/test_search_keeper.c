/* threaded */
/*
 * Rows that other programs put on the list of a full-text index: a server takes them from it by
 * itself, and goes on after a failure.
 */
#include "store.h"

#include <stdio.h>

#include "core/ticker.h"
#include "testing/postgres.h"

static struct store store;
static struct db_search_keeper *keeper;

#define SQL_INDEX(table) \
	"CREATE TABLE " table " (id bigint PRIMARY KEY, text text NOT NULL, search tsvector);" \
	"CREATE TABLE " table "_search_todo (id bigint PRIMARY KEY);" \
	"CREATE VIEW " table "_search_source AS SELECT id, text FROM " table

static void keeper_start(void)
{
	store.scene.app.ticker = ticker_new();
	assert_non_null(store.scene.app.ticker);
	keeper = db_search_keeper_start(&store.scene.app);
}

static void keeper_stop(void)
{
	db_search_keeper_stop(keeper);
	ticker_drop(store.scene.app.ticker);
	store.scene.app.ticker = NULL;
}

static int setup(void **state)
{
	(void)state;
	char url[POSTGRES_URL_ROOM];
	store_is_postgres = true;
	postgres_schema(url);
	postgres_sql(url, "ALTER ROLE CURRENT_USER SET log_statement = 'all'");
	store_open_with(&store, (struct db_options){ .url = url });
	store_log(&store);
	store_do(&store, SQL_INDEX("notes"));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	store_close(&store);
	return 0;
}

static void others_write(int from, int to)
{
	store_do(&store, arena_printf(&store.scene.arena,
				      "INSERT INTO notes SELECT n, 'word' || n FROM"
				      " generate_series(%d, %d) AS n;"
				      "INSERT INTO notes_search_todo SELECT n FROM"
				      " generate_series(%d, %d) AS n",
				      from, to, from, to));
}

static int64_t listed(void)
{
	return store_int(&store, "SELECT count(*) FROM notes_search_todo");
}

static int64_t unfound(void)
{
	return store_int(&store, "SELECT count(*) FROM notes WHERE search IS NULL"
				 " OR NOT search @@ CAST('word' || id AS tsquery)");
}

static void what_is_there_and_what_comes_is_indexed(void **state)
{
	(void)state;
	others_write(1, 3);
	keeper_start();
	AWAIT(listed() == 0);
	others_write(4, 5);
	AWAIT(listed() == 0);
	assert_int_equal(unfound(), 0);
	keeper_stop();
}

static void more_than_a_step_takes_is_indexed(void **state)
{
	(void)state;
	others_write(1, 1200);
	keeper_start();
	AWAIT(listed() == 0);
	assert_int_equal(unfound(), 0);
	keeper_stop();
}

static void stopping_ends_between_steps(void **state)
{
	(void)state;
	others_write(1, 5000);
	keeper_start();
	AWAIT(listed() < 5000);
	keeper_stop();
	assert_int_equal(unfound(), listed());
}

static int64_t writes(void)
{
	return db_stats(store.db).writes;
}

static void a_failure_is_told_once_until_it_works_again(void **state)
{
	(void)state;
	static const char told[] = "full-text indexes could not be brought up to date";
	store_do(&store, "ALTER VIEW notes_search_source RENAME TO away");
	others_write(1, 1);
	int64_t before = writes();
	keeper_start();
	/* when the third has been run, the second was told of, or not */
	AWAIT(writes() >= before + 3);
	assert_int_equal(store_logged(&store, told), 1);
	store_do(&store, "ALTER VIEW away RENAME TO notes_search_source");
	AWAIT(listed() == 0);
	assert_int_equal(store_logged(&store, told), 1);
	keeper_stop();
}

/* ---- what looking costs ---- */

/* How many statements with this in them the server has run, by its own log. */
static int statements_with(const char *part)
{
	char line[1024];
	int count = 0;
	FILE *log = fopen(arena_printf(&store.scene.arena, "%s/log", postgres_folder()), "r");
	assert_non_null(log);
	while (fgets(line, sizeof(line), log))
		count += strstr(line, "LOG: ") && strstr(line, part);
	fclose(log);
	return count;
}

static void an_idle_server_only_reads(void **state)
{
	(void)state;
	static const char list[] = "notes_search_todo", search[] = "pg_attribute";
	int first = statements_with(list), searches = statements_with(search);
	keeper_start();
	AWAIT(statements_with(list) >= first + 2);
	int writes = statements_with("BEGIN"), looks = statements_with(list);
	AWAIT(statements_with(list) >= looks + 3);
	assert_int_equal(statements_with("BEGIN"), writes);
	/* one at the start; a slow machine may have come to the next */
	searches = statements_with(search) - searches;
	looks = statements_with(list) - first;
	assert_in_range(searches, 1, 1 + looks / 25);
	others_write(1, 3);
	AWAIT(listed() == 0);
	assert_int_equal(unfound(), 0);
	keeper_stop();
}

static enum app_err signal_raise(struct ctx *c, void *arg)
{
	(void)arg;
	db_signal(c, DB_SEARCH);
	return APP_OK;
}

static void memos_write(void)
{
	store_do(&store, SQL_INDEX("memos"));
	store_do(&store, "INSERT INTO memos VALUES (1, 'word');"
			 "INSERT INTO memos_search_todo VALUES (1)");
}

static int64_t memos_listed(void)
{
	return store_int(&store, "SELECT count(*) FROM memos_search_todo");
}

static void a_new_index_is_taken_up_when_it_is_told_of(void **state)
{
	(void)state;
	others_write(1, 1);
	keeper_start();
	AWAIT(listed() == 0);
	memos_write();
	must(db_write(&store.scene.c, signal_raise, NULL));
	AWAIT(memos_listed() == 0);
	keeper_stop();
}

/* Nobody tells of it; what makes looks follow each other is that there is much to do. */
static void a_new_index_is_found_without_being_told_of(void **state)
{
	(void)state;
	others_write(1, 1);
	keeper_start();
	AWAIT(listed() == 0);
	memos_write();
	others_write(2, 9000);
	AWAIT(memos_listed() == 0);
	keeper_stop();
}

static void an_index_that_is_gone_is_in_nobodys_way(void **state)
{
	(void)state;
	others_write(1, 1);
	keeper_start();
	AWAIT(listed() == 0);
	memos_write();
	store_do(&store, "DROP VIEW notes_search_source; DROP TABLE notes_search_todo, notes");
	AWAIT(memos_listed() == 0);
	keeper_stop();
	assert_int_equal(store_logged(&store, "could not be brought up to date"), 0);
}

int main(void)
{
	struct CMUnitTest rows[] = {
		ROW("what is on the list at the start and what comes later is indexed",
		    what_is_there_and_what_comes_is_indexed),
		ROW("a list that takes several steps is indexed",
		    more_than_a_step_takes_is_indexed),
		ROW("stopping ends between two steps", stopping_ends_between_steps),
		ROW("a failure is told once until it works again",
		    a_failure_is_told_once_until_it_works_again),
		ROW("while nothing is on a list it is only looked at, and indexes are known",
		    an_idle_server_only_reads),
		ROW("a new index is taken up when it is told of",
		    a_new_index_is_taken_up_when_it_is_told_of),
		ROW("a new index is found after a while without being told of",
		    a_new_index_is_found_without_being_told_of),
		ROW("an index that is gone is in nobody's way",
		    an_index_that_is_gone_is_in_nobodys_way),
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		rows[i].setup_func = setup;
		rows[i].teardown_func = teardown;
	}
	return rows_run("core/db search keeper", rows, COUNT_OF(rows));
}
