/* Totals that are remembered: for how long, and that nobody ever gets a stale one. */
#include "shelf.h"

#include <sys/wait.h>
#include <unistd.h>

static int64_t count_now(const struct model_where *where)
{
	int64_t count = -1;
	app_recover(c);
	must(model_count(c, &book_model, where, &count));
	return count;
}

/* Counts once so that it is remembered, then watches. */
static void count_remembered(void)
{
	count_now(NULL);
	statements_count();
	count_now(NULL);
	assert_int_equal(statements, 0);
}

static void unchanged_is_not_counted_again(void **state)
{
	(void)state;
	book_add("a");
	count_remembered();
	store_do(&store, "INSERT INTO tags VALUES (1, 'other table')");
	assert_int_equal(count_now(NULL), 1);
	assert_int_equal(statements, 0);
}

struct change {
	const char *sql;
	int64_t count;
};

static void change_is_seen(void **state)
{
	const struct change *k = *state;
	store_do(&store,
		 "CREATE TRIGGER tags_ai AFTER INSERT ON tags BEGIN DELETE FROM books; END");
	book_add("a");
	book_add("b");
	count_remembered();
	store_do(&store, k->sql);
	assert_int_equal(count_now(NULL), k->count);
}

static void deleted_rows_have_a_number_of_their_own(void **state)
{
	(void)state;
	const struct model_where all = { .with_deleted = true };
	book_add("a");
	struct act gone = { .what = DELETE, .id = book_add("b").id };
	must(act_try(&gone));
	for (int i = 0; i < 2; i++) {
		assert_int_equal(count_now(NULL), 1);
		assert_int_equal(count_now(&all), 2);
	}
}

/* Counts the books of the titles that are given. */
static int64_t count_titled(const char *sql, const char *one, const char *other)
{
	const struct db_value titles[] = { db_bind_text(one), db_bind_text(other) };
	return count_now(&(struct model_where){ .sql = sql, .binds = { titles, 2 } });
}

static const char SQL_TITLED[] = "title = $1 OR title = $2";

static void conditions_are_remembered_with_their_values(void **state)
{
	(void)state;
	book_add("a");
	book_add("b");
	count_remembered();
	for (int i = 0; i < 2; i++) {
		statements_count();
		assert_int_equal(count_titled(SQL_TITLED, "a", "b"), 2);
		assert_int_equal(count_titled(SQL_TITLED, "a", "c"), 1);
		assert_int_equal(count_titled("title = $1 AND title = $2", "a", "b"), 0);
		assert_int_equal(statements, i ? 0 : 3);
	}
	book_add("c");
	assert_int_equal(count_titled(SQL_TITLED, "a", "c"), 2);
	assert_int_equal(count_now(NULL), 3);
}

static void values_that_run_together_are_told_apart(void **state)
{
	(void)state;
	book_add("ab");
	book_add("c");
	assert_int_equal(count_titled(SQL_TITLED, "ab", "c"), 2);
	assert_int_equal(count_titled(SQL_TITLED, "a", "bc"), 0);
	assert_int_equal(count_titled(SQL_TITLED, NULL, "ab"), 1);
	assert_int_equal(count_titled(SQL_TITLED, "", "ab"), 1);
}

static void conditions_on_other_tables_are_counted_each_time(void **state)
{
	(void)state;
	const struct model_where tagged = { .sql = "EXISTS (SELECT 1 FROM tags)" };
	book_add("a");
	assert_int_equal(count_now(&tagged), 0);
	store_do(&store, "INSERT INTO tags VALUES (1, 'x')");
	assert_int_equal(count_now(&tagged), 1);
}

static void long_values_are_counted_each_time(void **state)
{
	(void)state;
	char title[2000];
	memset(title, 'x', sizeof(title) - 1);
	title[sizeof(title) - 1] = '\0';
	book_add(title);
	count_remembered();
	for (int i = 1; i <= 2; i++) {
		assert_int_equal(count_titled(SQL_TITLED, title, "b"), 1);
		assert_int_equal(statements, i);
	}
}

static void more_counts_than_are_kept_do_no_harm(void **state)
{
	(void)state;
	book_add("7");
	for (int i = 0; i < 3000; i++) {
		const char *title = arena_printf(&store.scene.arena, "%d", i % 1000);
		assert_int_equal(count_titled(SQL_TITLED, title, "none"), i % 1000 == 7);
	}
}

static enum app_err count_inside(struct ctx *ctx, void *ret)
{
	struct act act = { .what = INSERT, .in.title = "inside" };
	enum app_err err = act_run(ctx, &act);
	if (!err)
		err = model_count(ctx, &book_model, NULL, ret);
	return err ? err : app_fail(ctx, APP_FORBIDDEN, "no");
}

static void a_write_sees_its_own_and_leaves_no_trace(void **state)
{
	(void)state;
	int64_t inside = 0;
	book_add("a");
	count_remembered();
	assert_int_equal(db_write(c, count_inside, &inside), APP_FORBIDDEN);
	assert_int_equal(inside, 2);
	assert_int_equal(count_now(NULL), 1);
	/* what was rolled back is not a change */
	assert_int_equal(statements, 0);
}

static void an_open_read_remembers_nothing(void **state)
{
	(void)state;
	book_add("a");
	book_add("b");
	{
		AUTO(db_rows) rows = { 0 };
		bool has_row;
		must(db_query(c, "SELECT id FROM books", BIND(), &rows));
		must(db_rows_next(&rows, &has_row));
		book_add("c");
		/* this thread still looks at the state of before */
		assert_int_equal(count_now(NULL), 2);
	}
	assert_int_equal(count_now(NULL), 3);
}

/* Adds a book on the writer's thread, as another request does: this thread only waits for it. */
static void other_adds(const char *sql)
{
	struct gate gate;
	struct job job;
	gate_init(&gate);
	must(job_submit(&store, &job, &gate, sql));
	sem_wait(&gate.finished);
	assert_int_equal(job.result, APP_OK);
	arena_done(&job.arena);
	gate_done(&gate);
}

static const char SQL_OTHER_BOOK[] =
	"INSERT INTO books (title, created_at, updated_at) VALUES ('other', 1, 1)";

static void a_state_that_is_held_is_not_taken_for_a_newer_one(void **state)
{
	(void)state;
	book_add("a");
	count_remembered();
	db_reads_begin(store.db);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM books"), 1);
	other_adds(SQL_OTHER_BOOK);
	/* counted, since it is not known for this state, and not remembered for the new one */
	assert_int_equal(count_now(NULL), 1);
	db_reads_end(store.db);
	assert_int_equal(count_now(NULL), 2);
	count_remembered();
}

static void other_tables_may_change_while_a_state_is_held(void **state)
{
	(void)state;
	book_add("a");
	count_remembered();
	db_reads_begin(store.db);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM books"), 1);
	other_adds("INSERT INTO tags VALUES (1, 'x')");
	statements_count();
	assert_int_equal(count_now(NULL), 1);
	assert_int_equal(statements, 0);
	db_reads_end(store.db);
}

/* Another process, through a database of its own on the same file. */
static void other_process(const char *sql, bool dies_midway)
{
	pid_t pid = fork();
	if (!pid) {
		struct store other = { 0 };
		const char *url = arena_printf(&store.scene.arena, "sqlite:%s/t.db",
					       store.scene.folder);
		arena_init(&other.scene.arena, 0);
		ctx_init(&other.scene.c, &other.scene.app, &other.scene.arena);
		if (db_open(&other.scene.c, &(struct db_options){ .url = url }, &other.db))
			_exit(1);
		other.scene.app.db = other.db;
		if (dies_midway)
			sqlite_versions_committing(((struct sqlite *)other.db->state)->versions);
		else if (store_try(&other, sql))
			_exit(2);
		_exit(0);
	}
	int status = -1;
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
}

static void other_processes_are_seen(void **state)
{
	(void)state;
	book_add("a");
	count_remembered();
	other_process("INSERT INTO books (title, created_at, updated_at) VALUES ('x', 1, 1)",
		      false);
	assert_int_equal(count_now(NULL), 2);
	count_remembered();
	other_process("DELETE FROM books", false);
	assert_int_equal(count_now(NULL), 0);
}

static void other_processes_are_not_seen_in_a_state_that_is_held(void **state)
{
	(void)state;
	book_add("a");
	count_remembered();
	db_reads_begin(store.db);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM books"), 1);
	other_process(SQL_OTHER_BOOK, false);
	assert_int_equal(count_now(NULL), 1);
	db_reads_end(store.db);
	assert_int_equal(count_now(NULL), 2);
}

static void a_process_that_died_midway_is_not_trusted(void **state)
{
	(void)state;
	book_add("a");
	count_remembered();
	other_process(NULL, true);
	assert_int_equal(count_now(NULL), 1);
	assert_int_equal(count_now(NULL), 1);
	assert_int_equal(statements, 2);
	book_add("b");
	assert_int_equal(count_now(NULL), 2);
	count_remembered();
}

static void tables_sqlite_is_silent_about_have_no_version(void **state)
{
	(void)state;
	uint64_t version;
	assert_true(db_table_version(c, "books", &version));
	assert_false(db_table_version(c, "book_tags", &version));
	assert_false(db_table_version(c, "books_fts", &version));
	assert_false(db_table_version(c, "nowhere", &version));
	assert_false(db_may_block(store.db));
}

static void more_tables_than_fit_have_no_version(void **state)
{
	(void)state;
	uint64_t version;
	for (int i = 0; i < 100; i++)
		store_do(&store, arena_printf(&store.scene.arena,
					      "CREATE TABLE t%d (x INTEGER);"
					      "INSERT INTO t%d VALUES (1)",
					      i, i));
	assert_false(db_table_version(c, "t99", &version));
	book_add("a");
	assert_int_equal(count_now(NULL), 1);
	book_add("b");
	assert_int_equal(count_now(NULL), 2);
}

#define CHANGE(sentence, statement, number) \
	CASE_OF(sentence, change_is_seen, change, .sql = statement, .count = number)

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE("an unchanged table is not counted again", unchanged_is_not_counted_again),
		CHANGE("an insert is seen",
		       "INSERT INTO books (title, created_at, updated_at) VALUES ('x', 1, 1)", 3),
		CHANGE("a delete is seen", "DELETE FROM books WHERE id = 1", 1),
		CHANGE("an update is seen", "UPDATE books SET deleted_at = 1 WHERE id = 1", 1),
		CHANGE("a delete of all rows is seen", "DELETE FROM books", 0),
		CHANGE("a delete of all rows by a trigger is seen",
		       "INSERT INTO tags VALUES (1, 'x')", 0),
		CHANGE("a table in the place of another is seen",
		       "ALTER TABLE books RENAME TO old; CREATE TABLE books (id INTEGER PRIMARY "
		       "KEY,"
		       " deleted_at INTEGER); INSERT INTO books SELECT 5, NULL; DROP TABLE old",
		       1),
		CASE("deleted rows have a number of their own",
		     deleted_rows_have_a_number_of_their_own),
		CASE("counts with a condition are remembered with their values",
		     conditions_are_remembered_with_their_values),
		CASE("values that run together are told apart",
		     values_that_run_together_are_told_apart),
		CASE("conditions that read other tables are counted each time",
		     conditions_on_other_tables_are_counted_each_time),
		CASE("conditions with very long values are counted each time",
		     long_values_are_counted_each_time),
		CASE("more counts than are kept do no harm", more_counts_than_are_kept_do_no_harm),
		CASE("a write counts its own rows and leaves no trace",
		     a_write_sees_its_own_and_leaves_no_trace),
		CASE("while a result set is open nothing is remembered",
		     an_open_read_remembers_nothing),
		CASE("a state that is held is not taken for a newer one",
		     a_state_that_is_held_is_not_taken_for_a_newer_one),
		CASE("other tables may change while a state is held",
		     other_tables_may_change_while_a_state_is_held),
		CASE("changes of another process are seen", other_processes_are_seen),
		CASE("changes of another process are not seen in a state that is held",
		     other_processes_are_not_seen_in_a_state_that_is_held),
		CASE("after a process died in a commit nothing is trusted until the next one",
		     a_process_that_died_midway_is_not_trusted),
		CASE("tables that SQLite is silent about have no version",
		     tables_sqlite_is_silent_about_have_no_version),
		CASE("more tables than are watched do no harm",
		     more_tables_than_fit_have_no_version),
	};
	return rows_run("core/model/total", rows, COUNT_OF(rows));
}
