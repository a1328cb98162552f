/* threaded */
/*
 * Rows that other programs put on the list of a full-text index: a server takes them from it by
 * itself, and goes on after a failure.
 */
#include "store.h"

#include "core/ticker.h"

static struct store store;
static struct db_search_keeper *keeper;

static const char SQL_INDEX[] =
	"CREATE TABLE notes (id bigint PRIMARY KEY, text text NOT NULL, search tsvector);"
	"CREATE TABLE notes_search_todo (id bigint PRIMARY KEY);"
	"CREATE VIEW notes_search_source AS SELECT id, text FROM notes";

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
	store_is_postgres = true;
	store_open(&store);
	store_log(&store);
	store_do(&store, SQL_INDEX);
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
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		rows[i].setup_func = setup;
		rows[i].teardown_func = teardown;
	}
	return rows_run("core/db search keeper", rows, COUNT_OF(rows));
}
