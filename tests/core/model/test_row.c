/* Rows as structs: every type of field, nulls, and the mistakes that must not pass silently. */
#include "core/db/store.h"

#include "core/model.h"

static struct store store;

struct sample {
	int64_t id;
	const char *title;
	const char *note;
	double weight;
	bool done;
	struct instant created_at;
	struct date due_on;
	struct raw_json extra;
	struct maybe_text nick;
	struct maybe_int rank;
	struct maybe_real ratio;
	struct maybe_bool open;
	struct maybe_instant seen_at;
	struct maybe_date born_on;
	struct array tags;
};

static const struct field sample_fields[] = {
	FIELD(struct sample, id),
	FIELD(struct sample, title),
	FIELD(struct sample, note, .nullable = true),
	FIELD(struct sample, weight),
	FIELD(struct sample, done),
	FIELD(struct sample, created_at),
	FIELD(struct sample, due_on),
	FIELD(struct sample, extra, .nullable = true),
	FIELD(struct sample, nick),
	FIELD(struct sample, rank),
	FIELD(struct sample, ratio),
	FIELD(struct sample, open),
	FIELD(struct sample, seen_at),
	FIELD(struct sample, born_on),
	FIELD(struct sample, tags, .item_type = FIELD_TEXT),
};
static const struct schema sample_schema = {
	.name = "sample",
	.size = sizeof(struct sample),
	.fields = sample_fields,
	.count = COUNT_OF(sample_fields),
};

static int setup(void **state)
{
	(void)state;
	store_open_with(&store,
			(struct db_options){ .url = store_either("sqlite::memory:", NULL) });
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	store_close(&store);
	return 0;
}

static enum app_err one(const char *sql, struct sample *ret)
{
	memset(ret, 0xaa, sizeof(*ret));
	ctx_recover(&store.scene.c);
	return model_one(&store.scene.c, sql, BIND(), &sample_schema, ret);
}

static void every_type_is_read(void **state)
{
	(void)state;
	struct sample s;
	must(one("SELECT 9007199254740993 AS id, 'þ' AS title, 'n' AS note, 2.5 AS weight, 1 AS "
		 "done,"
		 " 1700000000000000 AS created_at, '{\"a\":1}' AS extra, 'x' AS nick, 7 AS rank,"
		 " 0.5 AS ratio, 0 AS open, 8 AS seen_at, '2026-02-28' AS due_on,"
		 " '1969-12-31' AS born_on",
		 &s));
	assert_true(s.id == 9007199254740993);
	assert_string_equal(s.title, "þ");
	assert_string_equal(s.note, "n");
	assert_true(s.weight == 2.5);
	assert_true(s.done);
	assert_true(s.created_at.us == 1700000000000000);
	assert_json_equal(s.extra.text, "{'a':1}");
	assert_int_equal(s.extra.len, 7);
	assert_int_equal(s.nick.is, GIVEN);
	assert_string_equal(s.nick.value, "x");
	assert_int_equal(s.rank.is, GIVEN);
	assert_int_equal(s.rank.value, 7);
	assert_int_equal(s.ratio.is, GIVEN);
	assert_true(s.ratio.value == 0.5);
	assert_int_equal(s.open.is, GIVEN);
	assert_false(s.open.value);
	assert_int_equal(s.seen_at.is, GIVEN);
	assert_int_equal(s.seen_at.value.us, 8);
	assert_int_equal(s.due_on.day, 20512);
	assert_int_equal(s.born_on.is, GIVEN);
	assert_int_equal(s.born_on.value.day, -1);
	assert_null(s.tags.items);
}

static void nulls_are_told(void **state)
{
	(void)state;
	struct sample s;
	must(one("SELECT NULL AS note, NULL AS extra, NULL AS nick, NULL AS rank, NULL AS ratio,"
		 " NULL AS open, NULL AS seen_at, NULL AS born_on",
		 &s));
	assert_null(s.note);
	assert_int_equal(s.extra.len, 0);
	assert_int_equal(s.nick.is, IS_NULL);
	assert_int_equal(s.rank.is, IS_NULL);
	assert_int_equal(s.ratio.is, IS_NULL);
	assert_int_equal(s.open.is, IS_NULL);
	assert_int_equal(s.seen_at.is, IS_NULL);
	assert_int_equal(s.born_on.is, IS_NULL);
}

static void fields_without_column_are_zero(void **state)
{
	(void)state;
	struct sample s;
	must(one("SELECT 1 AS rank", &s));
	assert_int_equal(s.id, 0);
	assert_null(s.title);
	assert_int_equal(s.nick.is, ABSENT);
}

static void any_order_will_do(void **state)
{
	(void)state;
	struct sample s;
	must(one("SELECT 5 AS rank, 'last' AS title, 3 AS id, 'a' AS nick", &s));
	assert_int_equal(s.rank.value, 5);
	assert_string_equal(s.title, "last");
	assert_int_equal(s.id, 3);
	assert_string_equal(s.nick.value, "a");
}

static void whole_numbers_are_reals_too(void **state)
{
	(void)state;
	struct sample s;
	must(one("SELECT 3 AS weight", &s));
	assert_true(s.weight == 3.0);
}

struct mistake {
	const char *sql, *cause;
	const char *postgres; /* how PostgreSQL spells it; NULL: the same */
};

static void is_a_mistake(void **state)
{
	const struct mistake *k = *state;
	struct sample s;
	const char *postgres = k->postgres ? k->postgres : k->sql;
	assert_int_equal(one(store_either(k->sql, postgres), &s), APP_INTERNAL);
	store_says_cause(&store, k->cause);
	assert_int_equal(store_int(&store, "SELECT 1"), 1);
}

#define MISTAKE(sentence, ...) \
	{ \
		sentence, is_a_mistake, setup, teardown, (&(struct mistake){ __VA_ARGS__ }) \
	}

static void no_row_is_not_found(void **state)
{
	(void)state;
	struct sample s;
	int64_t number = 5;
	assert_int_equal(one("SELECT 1 AS id WHERE 1 = 0", &s), APP_NOT_FOUND);
	assert_int_equal(store.scene.c.failure.err, APP_OK);
	assert_int_equal(model_int(&store.scene.c, "SELECT 1 WHERE 1 = 0", BIND(), &number),
			 APP_NOT_FOUND);
	assert_int_equal(number, 5);
	assert_int_equal(ctx_fail(&store.scene.c, APP_NOT_FOUND, "no such post"), APP_NOT_FOUND);
	store_says_text(&store, APP_NOT_FOUND, "no such post");
}

static void integer_is_read(void **state)
{
	(void)state;
	int64_t number = 0;
	must(model_int(&store.scene.c, "SELECT $1 + 1", BIND(41), &number));
	assert_int_equal(number, 42);
}

#define SQL_MANY \
	"WITH RECURSIVE n(x) AS (SELECT 1 WHERE 0 < $1" \
	" UNION ALL SELECT x + 1 FROM n WHERE x < $1) " \
	"SELECT x AS id, 'title ' || x AS title FROM n"

struct many {
	int count;
};

static void all_are_read(void **state)
{
	const struct many *k = *state;
	struct array list = { 0 };
	must(model_all(&store.scene.c, SQL_MANY, BIND(k->count), &sample_schema, 100, &list));
	assert_int_equal(list.count, k->count);
	const struct sample *items = list.items;
	for (int i = 0; i < k->count; i++) {
		assert_int_equal(items[i].id, i + 1);
		assert_string_equal(items[i].title,
				    arena_printf(&store.scene.arena, "title %d", i + 1));
	}
}

static void too_many_are_refused(void **state)
{
	(void)state;
	struct array list = { 0 };
	assert_int_equal(model_all(&store.scene.c, SQL_MANY, BIND(101), &sample_schema, 100, &list),
			 APP_INTERNAL);
	store_says_cause(&store, "more than 100 rows");
	assert_null(list.items);
}

static void failing_query_is_passed_on(void **state)
{
	(void)state;
	struct sample s;
	struct array list = { 0 };
	int64_t number;
	assert_int_equal(one("SELECT nope", &s), APP_INTERNAL);
	assert_int_equal(model_all(&store.scene.c, "SELECT nope", BIND(), &sample_schema, 1, &list),
			 APP_INTERNAL);
	assert_int_equal(model_int(&store.scene.c, "SELECT nope", BIND(), &number), APP_INTERNAL);
}

static void texts_outlive_the_rows(void **state)
{
	(void)state;
	struct sample s = { 0 };
	{
		AUTO(db_rows) rows = { 0 };
		bool has_row;
		must(db_query(&store.scene.c, "SELECT 'kept' AS title", BIND(), &rows));
		must(db_rows_next(&rows, &has_row));
		must(model_row(&rows, &sample_schema, &s));
	}
	assert_int_equal(store_int(&store, "SELECT 1"), 1);
	assert_string_equal(s.title, "kept");
}

#define CASE(sentence, fn) \
	{ \
		sentence, fn, setup, teardown, NULL \
	}
#define ALL(sentence, n) \
	{ \
		sentence, all_are_read, setup, teardown, (&(struct many){ n }) \
	}

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE("every type of field is read", every_type_is_read),
		CASE("null is told from absent", nulls_are_told),
		CASE("fields without a column are zero", fields_without_column_are_zero),
		CASE("columns may come in any order", any_order_will_do),
		CASE("a whole number fits a real field", whole_numbers_are_reals_too),
		MISTAKE("a column without field is a mistake", .sql = "SELECT 1 AS id, 2 AS nope",
			.cause = "column 'nope' read into schema 'sample': no field"),
		MISTAKE("a null where none may be is a mistake", .sql = "SELECT NULL AS id",
			.cause = "column 'id' read into schema 'sample': it is null"),
		MISTAKE("a null in a plain text is a mistake", .sql = "SELECT NULL AS title",
			.cause = "it is null"),
		MISTAKE("a text in a number is a mistake", .sql = "SELECT 'a' AS id",
			.cause = "it is a text"),
		MISTAKE("a number in a text is a mistake", .sql = "SELECT 1 AS title",
			.cause = "it is an integer"),
		MISTAKE("a real in an integer is a mistake", .sql = "SELECT 1.5 AS id",
			.cause = "it is a real number"),
		MISTAKE("a blob in a text is a mistake", .sql = "SELECT x'00' AS title",
			.postgres = "SELECT CAST('\\x00' AS bytea) AS title",
			.cause = "it is a blob"),
		MISTAKE("a list is no column", .sql = "SELECT 'a' AS tags",
			.cause = "it is a text"),
		CASE("no row is not found, and may be said better", no_row_is_not_found),
		CASE("an integer is read", integer_is_read),
		ALL("no rows are an empty list", 0),
		ALL("one row", 1),
		ALL("as many rows as fit at first", 16),
		ALL("as many as allowed", 100),
		CASE("one more is refused", too_many_are_refused),
		CASE("a failing query is passed on", failing_query_is_passed_on),
		CASE("texts outlive the result set", texts_outlive_the_rows),
	};
	return store_run("core/model/row", rows, COUNT_OF(rows), NULL, NULL);
}
