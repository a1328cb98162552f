/* The statement cache, and queries that take too long. */
#include "base/budget.h"
#include "core/db/store.h"

#include <stdatomic.h>
#include <stdio.h>

#include "core/sqlite/internal.h"

static struct store store;

static int setup(void **state)
{
	(void)state;
	store_open(&store);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	store_close(&store);
	return 0;
}

/* ---- the statement cache ---- */

static struct sqlite_conn *reader_of(struct store *s)
{
	struct sqlite_conn *conn = NULL;
	must(sqlite_conn_of(&s->scene.c, &conn));
	return conn;
}

static void same_sql_nests(void **state)
{
	(void)state;
	const char *sql = "SELECT 1 UNION ALL SELECT 2";
	int64_t sum = 0;
	AUTO(db_rows) outer = { 0 };
	must(db_query(&store.scene.c, sql, BIND(), &outer));
	for (bool has_outer; !db_rows_next(&outer, &has_outer) && has_outer;) {
		AUTO(db_rows) inner = { 0 };
		must(db_query(&store.scene.c, sql, BIND(), &inner));
		for (bool has_inner; !db_rows_next(&inner, &has_inner) && has_inner;)
			sum += db_column_int(&outer, 0) * 10 + db_column_int(&inner, 0);
	}
	assert_int_equal(sum, 11 + 12 + 21 + 22);
	assert_int_equal(reader_of(&store)->lent, 0);
	assert_int_equal(reader_of(&store)->statements.count, 1);
}

static void cache_is_bounded(void **state)
{
	(void)state;
	struct sqlite_conn *conn = reader_of(&store);
	char sql[64];
	struct db_statement *first = NULL;
	for (int i = 0; i < STATEMENTS_KEPT * 2; i++) {
		snprintf(sql, sizeof(sql), "SELECT %d", i);
		assert_int_equal(store_int(&store, sql), i);
		assert_int_equal(store_int(&store, "SELECT 'kept because it is used'"), 0);
		if (!first)
			first = conn->statements.newest;
		assert_true(conn->statements.newest == first);
	}
	assert_int_equal(conn->statements.count, STATEMENTS_KEPT);
}

static enum app_err many_run(struct ctx *c, void *unused)
{
	(void)unused;
	struct sqlite_conn *conn = c->db->connection;
	int64_t number = 0;
	for (int i = 0; i < STATEMENTS_KEPT_WRITER * 2; i++) {
		const char *sql = arena_printf(c->arena, "SELECT %d", i);
		enum app_err err = db_query_int(c, sql, BIND(), &number);
		if (err)
			return err;
		assert_int_equal(number, i);
	}
	assert_int_equal(conn->statements.count, STATEMENTS_KEPT_WRITER);
	return APP_OK;
}

static void writers_cache_is_larger(void **state)
{
	(void)state;
	assert_true(STATEMENTS_KEPT_WRITER > STATEMENTS_KEPT);
	must(db_write(&store.scene.c, many_run, NULL));
}

static void lent_statements_are_not_evicted(void **state)
{
	(void)state;
	AUTO(db_rows) rows = { 0 };
	bool has_row;
	must(db_query(&store.scene.c, "SELECT 'held' UNION ALL SELECT 'still'", BIND(), &rows));
	char sql[64];
	for (int i = 0; i < STATEMENTS_KEPT * 2; i++) {
		snprintf(sql, sizeof(sql), "SELECT %d", i);
		assert_int_equal(store_int(&store, sql), i);
	}
	must(db_rows_next(&rows, &has_row));
	must(db_rows_next(&rows, &has_row));
	assert_string_equal(db_column_text(&rows, 0, NULL), "still");
}

static void bindings_do_not_linger(void **state)
{
	(void)state;
	AUTO(db_rows) rows = { 0 };
	bool has_row;
	must(db_query(&store.scene.c, "SELECT $1", BIND("secret"), &rows));
	must(db_rows_next(&rows, &has_row));
	db_rows_auto(&rows);
	const struct db_statement *newest = reader_of(&store)->statements.newest;
	const struct sqlite_statement *statement = (const struct sqlite_statement *)newest;
	char *expanded = sqlite3_expanded_sql(statement->stmt);
	assert_string_equal(expanded, "SELECT NULL");
	sqlite3_free(expanded);
}

static void schema_may_change(void **state)
{
	(void)state;
	store_do(&store, "CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1)");
	assert_int_equal(store_int(&store, "SELECT * FROM t"), 1);
	store_do(&store,
		 "DROP TABLE t; CREATE TABLE t (z TEXT, a INTEGER); INSERT INTO t VALUES (5, 2)");
	AUTO(db_rows) rows = { 0 };
	bool has_row;
	must(db_query(&store.scene.c, "SELECT * FROM t", BIND(), &rows));
	must(db_rows_next(&rows, &has_row));
	assert_int_equal(db_column_count(&rows), 2);
	assert_string_equal(db_column_text(&rows, 0, NULL), "5");
}

/* ---- time ---- */

static _Atomic int64_t ticks;

static struct instant ticking_now(const struct clock *clock)
{
	(void)clock;
	return (struct instant){ 0 };
}

/* Each look at the clock takes a millisecond. */
static int64_t ticking_us(const struct clock *clock)
{
	(void)clock;
	return atomic_fetch_add(&ticks, 1) * 1000 + 1;
}

static const struct clock ticking = { .now = ticking_now, .monotonic_us = ticking_us };

#define SQL_ENDLESS \
	"WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"

static void query_is_stopped(struct store *s, const char *sql)
{
	AUTO(db_rows) rows = { 0 };
	assert_int_equal(db_query(&s->scene.c, sql, BIND(), &rows), APP_UNAVAILABLE);
	store_says_text(s, APP_UNAVAILABLE, "took too long");
	assert_int_equal(s->scene.c.failure.retry_after_s, 1);
	s->scene.c.clock = &clock_system;
	s->scene.c.deadline_us = 0;
	assert_int_equal(store_int(s, "SELECT 1"), 1);
}

static void budget_stops_a_query(void **state)
{
	(void)state;
	struct store s;
	store_open_with(&s, (struct db_options){ .query_ms = 50 });
	s.scene.c.clock = &ticking;
	query_is_stopped(&s, SQL_ENDLESS);
	store_close(&s);
}

static void deadline_stops_a_query(void **state)
{
	(void)state;
	struct store s;
	store_open(&s);
	s.scene.c.clock = &ticking;
	s.scene.c.deadline_us = ticking_us(&ticking) + 50000;
	query_is_stopped(&s, SQL_ENDLESS);
	store_close(&s);
}

/* Each look at the clock takes a millisecond of CPU time, too. */
static const struct clock working = { .now = ticking_now,
				      .monotonic_us = ticking_us,
				      .thread_us = ticking_us };

static void budget_of_the_thread_stops_a_query(void **state)
{
	(void)state;
	struct budget budget;
	budget_begin(&budget, &working, 50000);
	store.scene.c.budget = &budget;
	AUTO(db_rows) rows = { 0 };
	assert_int_equal(db_query(&store.scene.c, SQL_ENDLESS, BIND(), &rows), APP_UNAVAILABLE);
	assert_true(budget.is_over);
	/* what comes after it is not begun, whatever the caller made of the failure */
	ctx_recover(&store.scene.c);
	assert_int_equal(db_query(&store.scene.c, "SELECT 1", BIND(), &rows), APP_UNAVAILABLE);
	store.scene.c.budget = NULL;
	ctx_recover(&store.scene.c);
	assert_int_equal(store_int(&store, "SELECT 1"), 1);
}

static void late_requests_do_not_start(void **state)
{
	(void)state;
	store.scene.c.deadline_us = 1;
	query_is_stopped(&store, "SELECT 1");
}

static void quick_queries_are_not_stopped(void **state)
{
	(void)state;
	struct store s;
	store_open_with(&s, (struct db_options){ .query_ms = 1 });
	s.scene.c.clock = &ticking;
	for (int i = 0; i < 100; i++)
		assert_int_equal(store_int(&s, "SELECT 1"), 1);
	store_close(&s);
}

int main(void)
{
	struct CMUnitTest rows[] = {
		ROW("the same SQL may run inside its own loop", same_sql_nests),
		ROW("the cache holds the statements used last", cache_is_bounded),
		ROW("that of the writer holds more of them", writers_cache_is_larger),
		ROW("a statement in use outlives the cache's bound",
		    lent_statements_are_not_evicted),
		ROW("bound values do not stay in the cache", bindings_do_not_linger),
		ROW("a cached statement follows a change of the schema", schema_may_change),
		ROW("a query beyond query_ms is stopped", budget_stops_a_query),
		ROW("a query beyond the request's deadline is stopped", deadline_stops_a_query),
		ROW("a query beyond the budget of its thread is stopped, and no other begins",
		    budget_of_the_thread_stops_a_query),
		ROW("a request past its deadline starts no query", late_requests_do_not_start),
		ROW("many quick queries are not taken for a slow one",
		    quick_queries_are_not_stopped),
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		rows[i].setup_func = setup;
		rows[i].teardown_func = teardown;
	}
	return rows_run("core/sqlite statement", rows, COUNT_OF(rows));
}
