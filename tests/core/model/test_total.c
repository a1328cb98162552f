/* Totals that are remembered: for how long, and which. */
#include "shelf.h"

#include "base/buf.h"

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
	return err ? err : ctx_fail(ctx, APP_FORBIDDEN, "no");
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

/* So many tables t0, t1 … with a row each, which has the versions of all of them kept. */
static void tables_make(int count)
{
	struct buf sql;
	buf_init(&sql, &store.scene.arena);
	for (int i = 0; i < count; i++)
		buf_printf(&sql, "CREATE TABLE t%d (x INTEGER); INSERT INTO t%d VALUES (1);", i, i);
	store_do(&store, buf_text(&sql));
}

static void a_commit_to_one_of_many_tables_keeps_the_totals_of_others(void **state)
{
	(void)state;
	uint64_t before[2], after[2];
	tables_make(200);
	book_add("a");
	count_remembered();
	assert_true(db_table_version(c, "t198", &before[0]));
	assert_true(db_table_version(c, "T199", &before[1]));
	store_do(&store, "INSERT INTO t199 VALUES (2)");
	statements_count();
	assert_int_equal(count_now(NULL), 1);
	assert_int_equal(statements, 0);
	assert_true(db_table_version(c, "t198", &after[0]));
	assert_true(db_table_version(c, "t199", &after[1]));
	assert_true(after[0] == before[0]);
	assert_true(after[1] != before[1]);
}

static void more_tables_than_the_last_few_in_turn_are_seen(void **state)
{
	(void)state;
	uint64_t before[9], after[9];
	tables_make(9);
	for (int i = 0; i < 9; i++)
		assert_true(db_table_version(c, arena_printf(&store.scene.arena, "t%d", i),
					     &before[i]));
	struct buf sql;
	buf_init(&sql, &store.scene.arena);
	for (int i = 0; i < 27; i++)
		buf_printf(&sql, "INSERT INTO t%d VALUES (2);", i * 2 % 9);
	store_do(&store, buf_text(&sql));
	for (int i = 0; i < 9; i++) {
		assert_true(
			db_table_version(c, arena_printf(&store.scene.arena, "t%d", i), &after[i]));
		assert_true(after[i] != before[i]);
	}
}

static void more_tables_than_fit_have_no_version(void **state)
{
	(void)state;
	uint64_t version;
	tables_make(300);
	assert_false(db_table_version(c, "t299", &version));
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
		CASE("tables that SQLite is silent about have no version",
		     tables_sqlite_is_silent_about_have_no_version),
		CASE("among 200 tables a commit to one keeps the totals of the others",
		     a_commit_to_one_of_many_tables_keeps_the_totals_of_others),
		CASE("each table that one commit changes in turn has a new version",
		     more_tables_than_the_last_few_in_turn_are_seen),
		CASE("more tables than are watched do no harm",
		     more_tables_than_fit_have_no_version),
	};
	return rows_run("core/model/total", rows, COUNT_OF(rows));
}
