/* Reading: values in and out, and what a reader must refuse. */
#include "core/db/store.h"

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

/* ---- values ---- */

struct value_case {
	struct db_value value;
	enum db_type type;
	const char *text;
};

static void comes_back(void **state)
{
	const struct value_case *k = *state;
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	must(db_query(&store.scene.c, "SELECT $1", BIND(k->value), &rows));
	must(db_rows_next(&rows, &has_row));
	assert_true(has_row);
	assert_int_equal(db_column_count(&rows), 1);
	assert_int_equal(db_column_type(&rows, 0), k->type);
	if (k->type == DB_INT)
		assert_true(db_column_int(&rows, 0) == k->value.integer);
	if (k->type == DB_REAL)
		assert_true(db_column_real(&rows, 0) == k->value.real);
	size_t len;
	const char *text = db_column_text(&rows, 0, &len);
	if (!k->text) {
		assert_null(text);
		return;
	}
	assert_string_equal(text, k->text);
	assert_int_equal(len, strlen(k->text));
	must(db_rows_next(&rows, &has_row));
	assert_false(has_row);
	must(db_rows_next(&rows, &has_row));
	assert_false(has_row);
}

#define VALUE_ROW(sentence, ...) ROW_OF(sentence, comes_back, (&(struct value_case){ __VA_ARGS__ }))

static void bind_reads_types(void **state)
{
	(void)state;
	const char *text = "t";
	bool yes = true;
	struct instant at = { 42 };
	struct date on = { 43 };
	struct db_binds binds = BIND(yes, 7, 8u, 9L, 10LL, 1.5, text, at, on, DB_NONE);
	assert_int_equal(binds.count, 10);
	const enum db_type types[] = { DB_BOOL, DB_INT,  DB_INT, DB_INT,  DB_INT,
				       DB_REAL, DB_TEXT, DB_INT, DB_DATE, DB_NULL };
	for (size_t i = 0; i < COUNT_OF(types); i++)
		assert_int_equal(binds.values[i].type, types[i]);
	assert_int_equal(binds.values[7].integer, 42);
	assert_int_equal(binds.values[8].integer, 43);
	assert_int_equal(BIND().count, 0);
	assert_int_equal(BIND(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16).count, 16);
}

static void parameters_go_by_number(void **state)
{
	(void)state;
	AUTO(db_rows) rows = { 0 };
	bool has_row;
	must(db_query(&store.scene.c, "SELECT $2, $1, $2, $3", BIND("one", "two", "three"), &rows));
	must(db_rows_next(&rows, &has_row));
	assert_string_equal(db_column_text(&rows, 0, NULL), "two");
	assert_string_equal(db_column_text(&rows, 1, NULL), "one");
	assert_string_equal(db_column_text(&rows, 2, NULL), "two");
	assert_string_equal(db_column_text(&rows, 3, NULL), "three");
}

static void bound_text_is_copied(void **state)
{
	(void)state;
	AUTO(db_rows) rows = { 0 };
	bool has_row;
	char text[] = "before";
	must(db_query(&store.scene.c, "SELECT 'x' UNION ALL SELECT $1", BIND((const char *)text),
		      &rows));
	strcpy(text, "after!");
	must(db_rows_next(&rows, &has_row));
	must(db_rows_next(&rows, &has_row));
	assert_string_equal(db_column_text(&rows, 0, NULL), "before");
}

static void columns_have_names(void **state)
{
	(void)state;
	AUTO(db_rows) rows = { 0 };
	bool has_row;
	must(db_query(&store.scene.c, "SELECT 1 AS id, 'x' AS title", BIND(), &rows));
	must(db_rows_next(&rows, &has_row));
	assert_int_equal(db_column_count(&rows), 2);
	assert_string_equal(db_column_name(&rows, 1), "title");
}

static void first_row_is_there_or_not(void **state)
{
	(void)state;
	AUTO(db_rows) rows = { 0 };
	AUTO(db_rows) none = { 0 };
	bool has_row = false;
	must(db_query_first(&store.scene.c, "SELECT 7 UNION ALL SELECT 8", BIND(), &rows,
			    &has_row));
	assert_true(has_row);
	assert_int_equal(db_column_int(&rows, 0), 7);
	must(db_query_first(&store.scene.c, "SELECT 7 WHERE 1 = 0", BIND(), &none, &has_row));
	assert_false(has_row);
}

static void nothing_and_null_are_zero(void **state)
{
	(void)state;
	int64_t number = 5;
	must(db_query_int(&store.scene.c, "SELECT 7 WHERE 1 = 0", BIND(), &number));
	assert_int_equal(number, 0);
	number = 5;
	must(db_query_int(&store.scene.c, "SELECT CAST(NULL AS INTEGER)", BIND(), &number));
	assert_int_equal(number, 0);
}

static void failed_query_has_no_row(void **state)
{
	(void)state;
	AUTO(db_rows) rows = { 0 };
	bool has_row = true;
	int64_t number = 5;
	assert_int_equal(db_query_first(&store.scene.c, "SELECT nope", BIND(), &rows, &has_row),
			 APP_INTERNAL);
	assert_false(has_row);
	ctx_recover(&store.scene.c);
	assert_int_equal(db_query_int(&store.scene.c, "SELECT nope", BIND(), &number),
			 APP_INTERNAL);
	assert_int_equal(number, 5);
}

/* ---- refused ---- */

struct refusal {
	const char *sql;
	struct db_binds binds;
	const char *cause;
};

static void is_refused(void **state)
{
	const struct refusal *k = *state;
	AUTO(db_rows) rows = { 0 };
	assert_int_equal(db_query(&store.scene.c, k->sql, k->binds, &rows), APP_INTERNAL);
	assert_null(rows.statement);
	store_says_cause(&store, k->cause);
	assert_string_equal(ctx_failure_text(&store.scene.c, APP_INTERNAL),
			    "Internal Server Error");
}

#define REFUSED(sentence, ...) ROW_OF(sentence, is_refused, (&(struct refusal){ __VA_ARGS__ }))
#define ONE_INT \
	{ \
		.values = &(struct db_value){ .type = DB_INT }, .count = 1 \
	}

static void values_stay_out_of_causes(void **state)
{
	(void)state;
	AUTO(db_rows) rows = { 0 };
	enum app_err err = db_query(&store.scene.c, "SELECT json_extract($1, '$.a')",
				    BIND("not json: hunter2"), &rows);
	assert_int_equal(err, APP_INTERNAL);
	assert_null(strstr(store.scene.c.failure.cause, "hunter2"));
}

static void long_patterns_are_refused(void **state)
{
	(void)state;
	char pattern[400];
	memset(pattern, '%', sizeof(pattern) - 1);
	pattern[sizeof(pattern) - 1] = '\0';
	AUTO(db_rows) rows = { 0 };
	assert_int_not_equal(
		db_query(&store.scene.c, "SELECT 'a' LIKE $1", BIND((const char *)pattern), &rows),
		APP_OK);
}

static void large_values_are_refused(void **state)
{
	(void)state;
	AUTO(db_rows) rows = { 0 };
	char *text = malloc(9000001);
	memset(text, 'x', 9000000);
	text[9000000] = '\0';
	enum app_err err = db_query(&store.scene.c, "SELECT $1", BIND((const char *)text), &rows);
	free(text);
	assert_int_equal(err, APP_TOO_LARGE);
}

/* ---- the connection's switches ---- */

struct pragma_case {
	const char *sql;
	int64_t value;
};

static void reader_has(void **state)
{
	const struct pragma_case *k = *state;
	assert_int_equal(store_int(&store, k->sql), k->value);
}

static enum app_err pragma_run(struct ctx *c, void *arg)
{
	struct pragma_case *k = arg;
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	enum app_err err = db_query(c, k->sql, BIND(), &rows);
	if (!err)
		err = db_rows_next(&rows, &has_row);
	if (!err)
		k->value = db_column_int(&rows, 0);
	return err;
}

static void writer_has(void **state)
{
	const struct pragma_case *k = *state;
	struct pragma_case is = { .sql = k->sql, .value = -1 };
	must(db_write(&store.scene.c, pragma_run, &is));
	assert_int_equal(is.value, k->value);
}

#define READER(sentence, ...) ROW_OF(sentence, reader_has, (&(struct pragma_case){ __VA_ARGS__ }))
#define WRITER(sentence, ...) ROW_OF(sentence, writer_has, (&(struct pragma_case){ __VA_ARGS__ }))

static void ping_answers(void **state)
{
	(void)state;
	must(db_ping(&store.scene.c));
	assert_string_equal(db_driver(store.db), store_either("sqlite", "postgres"));
}

static void rows_prepare(struct CMUnitTest *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		rows[i].setup_func = setup;
		rows[i].teardown_func = teardown;
	}
}

int main(void)
{
	static const char blob[] = "bytes";
	static const char two[] = "[1, 2], [3]";
	struct CMUnitTest rows[] = {
		VALUE_ROW("null comes back as null", .value = { .type = DB_NULL }, .type = DB_NULL),
		VALUE_ROW("the smallest integer", .value = { .type = DB_INT, .integer = INT64_MIN },
			  .type = DB_INT, .text = "-9223372036854775808"),
		VALUE_ROW("the largest integer", .value = { .type = DB_INT, .integer = INT64_MAX },
			  .type = DB_INT, .text = "9223372036854775807"),
		VALUE_ROW("a real number", .value = { .type = DB_REAL, .real = 0.5 },
			  .type = DB_REAL, .text = "0.5"),
		VALUE_ROW("an empty text is not null",
			  .value = { .type = DB_TEXT, .bytes = "", .len = 0 }, .type = DB_TEXT,
			  .text = ""),
		VALUE_ROW("a text with other letters",
			  .value = { .type = DB_TEXT, .bytes = "þorn ✓", .len = 9 },
			  .type = DB_TEXT, .text = "þorn ✓"),
		VALUE_ROW("bytes", .value = { .type = DB_BLOB, .bytes = blob, .len = 5 },
			  .type = DB_BLOB, .text = "bytes"),
		VALUE_ROW("no bytes are not null",
			  .value = { .type = DB_BLOB, .bytes = blob, .len = 0 }, .type = DB_BLOB,
			  .text = ""),
		VALUE_ROW("a text ends where it says",
			  .value = { .type = DB_TEXT, .bytes = two, .len = 6 }, .type = DB_TEXT,
			  .text = "[1, 2]"),
		VALUE_ROW("bytes end where they say",
			  .value = { .type = DB_BLOB, .bytes = two, .len = 6 }, .type = DB_BLOB,
			  .text = "[1, 2]"),
		VALUE_ROW("JSON ends where it says",
			  .value = { .type = DB_JSON, .bytes = two, .len = 6 }, .type = DB_TEXT,
			  .text = "[1, 2]"),
		VALUE_ROW("a date is read as its text",
			  .value = { .type = DB_DATE, .integer = 20512 }, .type = DB_TEXT,
			  .text = "2026-02-28"),
		VALUE_ROW("and so is one before 1970",
			  .value = { .type = DB_DATE, .integer = -719162 }, .type = DB_TEXT,
			  .text = "0001-01-01"),
		ROW("BIND reads the type off each argument", bind_reads_types),
		ROW("$1 and $2 are bound by number, in whatever order they appear",
		    parameters_go_by_number),
		ROW("a bound text may change once the query has started", bound_text_is_copied),
		ROW("columns have names", columns_have_names),
		ROW("a query tells whether it has a first row, and is at it",
		    first_row_is_there_or_not),
		ROW("a query that failed has no row, and no number", failed_query_has_no_row),
		ROW("the number of no row and of null is 0", nothing_and_null_are_zero),
		REFUSED("a change on a reader is refused", .sql = "CREATE TABLE nope (a integer)",
			.cause = "outside db_write"),
		REFUSED("too few values are refused", .sql = "SELECT $1, $2", .binds = ONE_INT,
			.cause = "1 values are bound to 2"),
		REFUSED("too many values are refused", .sql = "SELECT 1", .binds = ONE_INT,
			.cause = "1 values are bound to 0"),
		REFUSED("two statements at once are refused", .sql = "SELECT 1; SELECT 2",
			.cause = "more than one statement"),
		REFUSED("no statement is refused", .sql = "-- nothing", .cause = "no statement"),
		REFUSED("BEGIN is refused", .sql = "BEGIN", .cause = "db_tx_begin"),
		REFUSED("SAVEPOINT is refused", .sql = "SAVEPOINT a", .cause = "db_tx_begin"),
		ROW("a value beyond 8 MB is refused", large_values_are_refused),
		ROW("ping answers", ping_answers),
	};
	struct CMUnitTest sqlite_rows[] = {
		REFUSED("'?' is refused", .sql = "SELECT ?", .binds = ONE_INT, .cause = "$1, $2"),
		REFUSED("':name' is refused", .sql = "SELECT :a", .binds = ONE_INT,
			.cause = "$1, $2"),
		REFUSED("a misspelt column in double quotes is an error, no text",
			.sql = "SELECT \"nosuchcolumn\" FROM sqlite_schema",
			.cause = "nosuchcolumn"),
		REFUSED("ATTACH is refused", .sql = "ATTACH '/tmp/x.db' AS x", .cause = "ATTACH"),
		REFUSED("load_extension is refused", .sql = "SELECT load_extension('x')",
			.cause = "not authorized"),
		ROW("a bound value is in no cause", values_stay_out_of_causes),
		ROW("a LIKE pattern beyond 256 bytes is refused", long_patterns_are_refused),
		READER("readers hold no memory map", .sql = "PRAGMA mmap_size", .value = 0),
		READER("readers keep temporary tables in memory", .sql = "PRAGMA temp_store",
		       .value = 2),
		READER("readers are query-only", .sql = "PRAGMA query_only", .value = 1),
		READER("readers distrust the schema", .sql = "PRAGMA trusted_schema", .value = 0),
		WRITER("the writer syncs each commit in full", .sql = "PRAGMA synchronous",
		       .value = 2),
		WRITER("the writer enforces foreign keys", .sql = "PRAGMA foreign_keys",
		       .value = 1),
		WRITER("the writer trusts the schema, so that triggers feed full-text indexes",
		       .sql = "PRAGMA trusted_schema", .value = 1),
		WRITER("the page cache has the set size", .sql = "PRAGMA cache_size",
		       .value = -2048),
	};
	rows_prepare(rows, COUNT_OF(rows));
	rows_prepare(sqlite_rows, COUNT_OF(sqlite_rows));
	int failed = rows_run("core/db query on SQLite", sqlite_rows, COUNT_OF(sqlite_rows));
	return failed + store_run("core/db query", rows, COUNT_OF(rows), NULL, NULL);
}
