/*
 * Remembered totals that move along with commits: they are what count(*) says, whatever became of
 * the statements.
 */
#include "shelf_changes.h"

#include "core/sqlite/changes/counts_state.h"

#include <sys/wait.h>
#include <unistd.h>

enum { WRITES = 400, CHILD_WRITES = 120 };

struct sql_text {
	const char *sql;
};

static void totals_follow_any_changes(void **state)
{
	struct chance chance = *(const struct chance *)*state;
	store_do(&store, SQL_MORE);
	sqlite3 *truth = truth_open();
	int counted = 0;
	for (int i = 0; i < WRITES; i++) {
		ctx_recover(c);
		if (db_write(c, changes_run, &chance))
			ctx_recover(c);
		counted += totals_are_true(truth, i);
	}
	sqlite3_close(truth);
	/* Else this row would see no total that followed. */
	assert_in_range(counted, 1, WRITES * COUNT_OF(wheres) / 2);
}

static void a_total_is_not_counted_again_after_commits(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++)
		book_add(arena_printf(&store.scene.arena, "a%d", i));
	count_remembered();
	for (int i = 0; i < 30; i++) {
		struct act gone = { .what = DELETE };
		gone.id = book_add(arena_printf(&store.scene.arena, "b%d", i)).id;
		if (i % 3 == 0)
			must(act_try(&gone));
		assert_int_equal(count_now(NULL), 3 + i - i / 3);
	}
	assert_int_equal(statements, 0);
}

/* The writer may hold it for as long as it looks at what a large transaction changed. */
static pthread_mutex_t *counts_lock(void)
{
	struct sqlite *s = *(struct sqlite **)(void *)((char *)store.db +
						       offsetof(struct db, state));
	return &s->counts->lock;
}

static int64_t count_of_one_state(void)
{
	db_reads_begin(store.db);
	int64_t count = count_now(NULL);
	db_reads_end(store.db);
	return count;
}

static void totals_follow_again(int64_t count)
{
	book_add("after");
	assert_int_equal(count_of_one_state(), count + 1);
	count_remembered();
	book_add("later");
	assert_int_equal(count_of_one_state(), count + 2);
	assert_int_equal(statements, 0);
}

static void who_reads_waits_for_no_writer(void **state)
{
	(void)state;
	book_add("a");
	pthread_mutex_lock(counts_lock());
	assert_int_equal(count_of_one_state(), 1);
	pthread_mutex_unlock(counts_lock());
	totals_follow_again(1);
}

static int lock_at_statement(unsigned what, void *arg, void *stmt, void *text)
{
	(void)what, (void)stmt, (void)text;
	bool *locked = arg;
	if (strstr(text ? text : "", "count(*)") && !*locked)
		*locked = !pthread_mutex_lock(counts_lock());
	return 0;
}

/* The writer comes while the rows are counted. */
static void nor_once_it_has_counted(void **state)
{
	(void)state;
	bool locked = false;
	struct sqlite *s = *(struct sqlite **)(void *)((char *)store.db +
						       offsetof(struct db, state));
	struct sqlite_conn *conn;
	book_add("a");
	must(sqlite_reader(c, s, &conn));
	sqlite3_trace_v2(conn->handle, SQLITE_TRACE_STMT, lock_at_statement, &locked);
	assert_int_equal(count_of_one_state(), 1);
	assert_true(locked);
	pthread_mutex_unlock(counts_lock());
	sqlite3_trace_v2(conn->handle, 0, NULL, NULL);
	totals_follow_again(1);
}

static void more_rows_at_once_than_are_looked_at_are_counted(void **state)
{
	(void)state;
	book_add("a");
	count_remembered();
	store_do(&store,
		 "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 30000)"
		 " INSERT INTO books (title, created_at, updated_at) SELECT x, 1, 1 FROM n");
	assert_int_equal(count_now(NULL), 30001);
	assert_int_equal(statements, 1);
	book_add("b");
	assert_int_equal(count_now(NULL), 30002);
	assert_int_equal(statements, 1);
}

enum { CONDITIONS = 20, ROWS_AT_ONCE = 1000 };

/* What a client may ask for costs a commit no more than so many looks at its rows. */
static int conditions_counted(int64_t more)
{
	int counted = 0;
	db_reads_begin(store.db);
	for (int i = 0; i < CONDITIONS; i++) {
		const struct model_where where = {
			.sql = "rank = $1 OR rank IS NULL",
			.binds = VALUE(.type = DB_INT, .integer = i),
		};
		statements_count();
		assert_int_equal(count_now(&where), more);
		counted += statements > 0;
	}
	db_reads_end(store.db);
	return counted;
}

static void a_large_commit_moves_some_of_many_totals(void **state)
{
	(void)state;
	assert_int_equal(conditions_counted(0), CONDITIONS);
	book_add("a");
	conditions_counted(1);
	book_add("b");
	assert_int_equal(conditions_counted(2), 0);
	store_do(&store,
		 "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000)"
		 " INSERT INTO books (title, created_at, updated_at) SELECT x, 1, 1 FROM n");
	assert_int_equal(conditions_counted(2 + ROWS_AT_ONCE),
			 CONDITIONS - LOOKS_MOST / ROWS_AT_ONCE);
	book_add("c");
	assert_int_equal(conditions_counted(3 + ROWS_AT_ONCE), 0);
}

static void what_another_program_did_is_found_with_the_next_commit(void **state)
{
	(void)state;
	book_add("a");
	book_add("b");
	count_remembered();
	sqlite3 *other = truth_open();
	assert_int_equal(sqlite3_exec(other, "DELETE FROM books", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(other);
	book_add("c");
	assert_int_equal(count_now(NULL), 1);
	book_add("d");
	assert_int_equal(count_now(NULL), 2);
}

/*
 * Conditions whose rows may be others without one of them changing, or that a copy of a row does
 * not meet.
 */
static void other_conditions_are_counted_after_each_commit(void **state)
{
	const char *sql = ((const struct sql_text *)*state)->sql;
	const struct model_where where = { .sql = sql };
	count_now(&where);
	for (int i = 0; i < 3; i++) {
		book_add(arena_printf(&store.scene.arena, "a%d", i));
		statements_count();
		count_now(&where);
		assert_int_equal(statements, 1);
	}
	store_do(&store, "DELETE FROM books WHERE id = 1");
	assert_int_equal(
		count_now(&where),
		store_int(&store, arena_printf(&store.scene.arena,
					       "SELECT count(*) FROM books WHERE %s", sql)));
}

/* What another process does, through a database of its own on the same file. */
static void child_run(const char *url)
{
	struct store other = { 0 };
	struct chance chance = { 77 };
	arena_init(&other.scene.arena, 0);
	ctx_init(&other.scene.c, &other.scene.app, &other.scene.arena);
	const struct db_options options = store_patient((struct db_options){ .url = url });
	if (db_open(&other.scene.c, &options, &other.db))
		_exit(1);
	other.scene.app.db = other.db;
	for (int i = 0; i < CHILD_WRITES; i++) {
		if (db_write(&other.scene.c, changes_run, &chance))
			ctx_recover(&other.scene.c);
	}
	_exit(0);
}

static void two_processes_change_at_once(void **state)
{
	(void)state;
	struct chance chance = { 5 };
	store_do(&store, SQL_MORE);
	sqlite3 *truth = truth_open();
	totals_are_true(truth, -1);
	const char *url = store_url(&store.scene, "t.db");
	pid_t pid = fork();
	if (!pid)
		child_run(url);
	int status = -1;
	for (int i = 0; i < CHILD_WRITES || !waitpid(pid, &status, WNOHANG); i++) {
		if (db_write(c, changes_run, &chance))
			ctx_recover(c);
		count_now(&wheres[i % (int)COUNT_OF(wheres)]);
	}
	if (status < 0)
		waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
	for (int i = 0; i < 20; i++) {
		totals_are_true(truth, i);
		if (db_write(c, changes_run, &chance))
			ctx_recover(c);
	}
	totals_are_true(truth, 20);
	sqlite3_close(truth);
}

#define ANY(number) \
	CASE_OF("totals follow any changes (" #number ")", totals_follow_any_changes, chance, \
		.state = (number))
#define OTHER(sentence, text) \
	CASE_OF(sentence, other_conditions_are_counted_after_each_commit, sql_text, .sql = (text))

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE("a total is not counted again after commits",
		     a_total_is_not_counted_again_after_commits),
		ANY(1),
		ANY(2),
		ANY(3),
		ANY(4),
		CASE("who reads waits for no writer to look at its changes",
		     who_reads_waits_for_no_writer),
		CASE("nor once it has counted", nor_once_it_has_counted),
		CASE("more rows at once than are looked at are counted",
		     more_rows_at_once_than_are_looked_at_are_counted),
		CASE("a large commit moves some of many totals, and the others are counted",
		     a_large_commit_moves_some_of_many_totals),
		CASE("what another program did is found with the next commit",
		     what_another_program_did_is_found_with_the_next_commit),
		OTHER("a condition on row numbers is counted after each commit", "rowid > 1"),
		OTHER("a condition on the time is counted after each commit",
		      "created_at < strftime('%s') * 1000000"),
		CASE("totals are true after two processes changed rows at once",
		     two_processes_change_at_once),
	};
	return rows_run("core/model/total_follows", rows, COUNT_OF(rows));
}
