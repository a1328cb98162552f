/* One write at a time: what it sees, what a failure undoes, and nesting. */
#include "core/db/store.h"

static struct store store;

#define SQL_NOTES "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT"
#define SQL_COUNT "SELECT count(*) FROM notes"

static int setup(void **state)
{
	(void)state;
	store_open(&store);
	store_do(&store, SQL_NOTES);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	store_close(&store);
	return 0;
}

static enum app_err note_add(struct ctx *c, const char *text)
{
	return db_exec(c, "INSERT INTO notes (text) VALUES ($1)", BIND(text), NULL);
}

static enum app_err run_add(struct ctx *c, void *text)
{
	return note_add(c, text);
}

/* ---- one write ---- */

static void write_is_seen_by_readers(void **state)
{
	(void)state;
	must(db_write(&store.scene.c, run_add, "a"));
	assert_null(store.scene.c.db);
	assert_int_equal(store_int(&store, SQL_COUNT), 1);
}

static enum app_err run_add_and_fail(struct ctx *c, void *text)
{
	enum app_err err = note_add(c, text);
	return err ? err : app_fail(c, APP_FORBIDDEN, "changed my mind");
}

static void failure_undoes_the_write(void **state)
{
	(void)state;
	assert_int_equal(db_write(&store.scene.c, run_add_and_fail, "a"), APP_FORBIDDEN);
	store_says_text(&store, APP_FORBIDDEN, "changed my mind");
	assert_null(store.scene.c.db);
	assert_int_equal(store_int(&store, SQL_COUNT), 0);
}

static enum app_err run_reads_own_change(struct ctx *c, void *ret)
{
	enum app_err err = note_add(c, "mine");
	if (err)
		return err;
	AUTO(db_rows) rows = { 0 };
	bool has_row;
	err = db_query(c, SQL_COUNT, BIND(), &rows);
	if (!err)
		err = db_rows_next(&rows, &has_row);
	if (!err)
		*(int64_t *)ret = db_column_int(&rows, 0);
	return err;
}

static void write_reads_its_own_changes(void **state)
{
	(void)state;
	int64_t count = 0;
	must(db_write(&store.scene.c, run_reads_own_change, &count));
	assert_int_equal(count, 1);
}

static enum app_err run_returning(struct ctx *c, void *ret)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	enum app_err err = db_query(c, "INSERT INTO notes (text) VALUES ($1), ($2) RETURNING id",
				    BIND("x", "y"), &rows);
	/* Only the first row is read: both must be there all the same. */
	if (!err)
		err = db_rows_next(&rows, &has_row);
	if (!err && has_row)
		*(int64_t *)ret = db_column_int(&rows, 0);
	return err;
}

static void returning_needs_no_reading_to_the_end(void **state)
{
	(void)state;
	int64_t id = 0;
	must(db_write(&store.scene.c, run_returning, &id));
	assert_int_equal(id, 1);
	assert_int_equal(store_int(&store, SQL_COUNT), 2);
}

struct counts {
	int64_t two, none, ddl;
};

static enum app_err run_counts(struct ctx *c, void *arg)
{
	struct counts *n = arg;
	enum app_err err = db_exec(c, "INSERT INTO notes (text) VALUES ('a'), ('b')", BIND(),
				   &n->two);
	if (!err)
		err = db_exec(c, "DELETE FROM notes WHERE id = $1", BIND(99), &n->none);
	if (!err)
		err = db_exec(c, "CREATE TABLE more (a INTEGER)", BIND(), &n->ddl);
	return err;
}

static void changed_rows_are_counted(void **state)
{
	(void)state;
	struct counts n = { -1, -1, -1 };
	must(db_write(&store.scene.c, run_counts, &n));
	assert_int_equal(n.two, 2);
	assert_int_equal(n.none, 0);
	assert_int_equal(n.ddl, 0);
}

/* ---- outside a write ---- */

static void exec_outside_a_write_is_refused(void **state)
{
	(void)state;
	assert_int_equal(note_add(&store.scene.c, "a"), APP_INTERNAL);
	store_says_cause(&store, "outside a write");
	app_recover(&store.scene.c);
	struct db_tx tx = { 0 };
	assert_int_equal(db_tx_begin(&store.scene.c, &tx), APP_INTERNAL);
	assert_int_equal(tx.depth, 0);
	app_recover(&store.scene.c);
	assert_int_equal(script_run(&store.scene.c, "SELECT 1"), APP_INTERNAL);
}

static enum app_err run_control(struct ctx *c, void *sql)
{
	return db_exec(c, sql, BIND(), NULL);
}

static void commit_by_hand_is_refused(void **state)
{
	(void)state;
	const char *const words[] = { "COMMIT", "END", "ROLLBACK", "BEGIN", "RELEASE croft" };
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		app_recover(&store.scene.c);
		assert_int_equal(db_write(&store.scene.c, run_control, (void *)(uintptr_t)words[i]),
				 APP_INTERNAL);
	}
}

/* ---- nesting ---- */

/* Adds "inner" in a nested transaction that is committed or not, then fails or not. */
struct nest {
	bool commit, fail_after;
};

static enum app_err run_nest(struct ctx *c, void *arg)
{
	const struct nest *nest = arg;
	enum app_err err = note_add(c, "outer");
	if (err)
		return err;
	{
		AUTO(db_tx) tx = { 0 };
		err = db_tx_begin(c, &tx);
		if (!err)
			err = note_add(c, "inner");
		if (!err && nest->commit)
			err = db_tx_commit(&tx);
		if (err)
			return err;
	}
	return nest->fail_after ? app_fail(c, APP_FORBIDDEN, "no") : APP_OK;
}

struct nest_case {
	struct nest nest;
	int64_t rows;
};

static void nested_leaves(void **state)
{
	const struct nest_case *k = *state;
	enum app_err err = db_write(&store.scene.c, run_nest, (void *)(uintptr_t)&k->nest);
	assert_int_equal(err, k->nest.fail_after ? APP_FORBIDDEN : APP_OK);
	assert_int_equal(store_int(&store, SQL_COUNT), k->rows);
}

#define NEST(sentence, ...) ROW_OF(sentence, nested_leaves, (&(struct nest_case){ __VA_ARGS__ }))

static enum app_err run_write_in_write(struct ctx *c, void *arg)
{
	(void)arg;
	enum app_err err = note_add(c, "outer");
	if (err)
		return err;
	if (db_write(c, run_add_and_fail, "inner") != APP_FORBIDDEN)
		return APP_INTERNAL;
	app_recover(c);
	return db_write(c, run_add, "second");
}

static void write_in_a_write_nests(void **state)
{
	(void)state;
	must(db_write(&store.scene.c, run_write_in_write, NULL));
	assert_string_equal(store_text(&store, "SELECT group_concat(text) FROM notes"),
			    "outer,second");
	assert_int_equal(db_stats(store.db).writes, 2); /* with the one that made the table */
}

static enum app_err run_wrong_order(struct ctx *c, void *arg)
{
	(void)arg;
	AUTO(db_tx) outer = { 0 };
	AUTO(db_tx) inner = { 0 };
	enum app_err err = db_tx_begin(c, &outer);
	if (!err)
		err = db_tx_begin(c, &inner);
	return err ? err : db_tx_commit(&outer);
}

static void outer_cannot_commit_before_inner(void **state)
{
	(void)state;
	assert_int_equal(db_write(&store.scene.c, run_wrong_order, NULL), APP_INTERNAL);
	store_says_cause(&store, "innermost");
}

static enum app_err run_deep(struct ctx *c, void *arg)
{
	int64_t *depth = arg;
	if (*depth == 0)
		return note_add(c, "bottom");
	--*depth;
	return db_write(c, run_deep, depth);
}

static void nesting_may_be_deep(void **state)
{
	(void)state;
	int64_t depth = 40;
	must(db_write(&store.scene.c, run_deep, &depth));
	assert_int_equal(store_int(&store, SQL_COUNT), 1);
}

static enum app_err run_from_other_ctx(struct ctx *c, void *arg)
{
	struct store *s = arg;
	struct ctx other;
	ctx_init(&other, c->app, c->arena);
	enum app_err err = db_write(&other, run_add, "never");
	s->scene.c.failure = other.failure;
	return err;
}

static void writer_does_not_wait_for_itself(void **state)
{
	(void)state;
	assert_int_equal(db_write(&store.scene.c, run_from_other_ctx, &store), APP_INTERNAL);
	store_says_cause(&store, "wait for itself");
}

int main(void)
{
	struct CMUnitTest rows[] = {
		ROW("a write is seen by readers once it returns", write_is_seen_by_readers),
		ROW("a failing write is undone", failure_undoes_the_write),
		ROW("a write reads its own changes", write_reads_its_own_changes),
		ROW("INSERT … RETURNING inserts all, however few rows are read",
		    returning_needs_no_reading_to_the_end),
		ROW("changed rows are counted, and only those of this statement",
		    changed_rows_are_counted),
		ROW("db_exec, db_script and db_tx_begin outside a write are refused",
		    exec_outside_a_write_is_refused),
		ROW("COMMIT and the like by hand are refused", commit_by_hand_is_refused),
		NEST("a nested transaction left without commit is undone alone", .rows = 1),
		NEST("a committed nested transaction stays", .nest = { .commit = true }, .rows = 2),
		NEST("a failing write undoes its committed nested transaction",
		     .nest = { .commit = true, .fail_after = true }, .rows = 0),
		ROW("a write inside a write nests", write_in_a_write_nests),
		ROW("an outer transaction cannot commit before its inner one",
		    outer_cannot_commit_before_inner),
		ROW("nesting may be deep", nesting_may_be_deep),
		ROW("the writer's thread does not wait for itself",
		    writer_does_not_wait_for_itself),
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		rows[i].setup_func = setup;
		rows[i].teardown_func = teardown;
	}
	return rows_run("core/db write", rows, COUNT_OF(rows));
}
