/* What a table is made of, as it is read from each database: which rules are of one column. */
#include "core/db/store.h"
#include "core/db_table.h"

static struct store store;

struct made {
	/* Behind the id. */
	const char *sqlite, *postgres;
	/* The one column that has a rule; NULL: none has. */
	const char *ruled;
};

static void has_its_rule(void **state)
{
	const struct made *made = *state;
	struct ctx *c = &store.scene.c;
	struct db_columns_cache columns = { 0 };
	struct db_table films;
	store_open(&store);
	store_do(&store, arena_printf(c->arena, "CREATE TABLE films (id bigint PRIMARY KEY, %s)",
				      store_either(made->sqlite, made->postgres)));
	must(db_table_read(c, &columns, "films", DB_TABLE_RULES, &films));
	assert_int_equal(films.rule_count, made->ruled ? 1 : 0);
	if (made->ruled)
		assert_string_equal(films.rules[0].column, made->ruled);
	store_close(&store);
}

#define MADE(sentence, ...) ROW_OF(sentence, has_its_rule, (&(const struct made){ __VA_ARGS__ }))
#define BOTH(text) .sqlite = text, .postgres = text

int main(void)
{
	const struct CMUnitTest rows[] = {
		MADE("a function is no column of its name",
		     BOTH("title text CHECK (length(title) BETWEEN 1 AND 9), length bigint"),
		     .ruled = "title"),
		MADE("nor is one that is called with a space",
		     BOTH("title text CHECK (length /* of it */ (title) < 9), length bigint"),
		     .ruled = "title"),
		MADE("that of a day is none, either",
		     .sqlite = "due TEXT CHECK (due = date(due)), date TEXT",
		     .postgres = "due date CHECK (due = date(due)), date date", .ruled = "due"),
		MADE("a column of a function's name has its rule",
		     BOTH("title text, length bigint CHECK (length > 1 AND (length) < 9)"),
		     .ruled = "length"),
		MADE("in quotes, too", BOTH("title text, length bigint CHECK (\"length\" > 1)"),
		     .ruled = "length"),
		MADE("a rule on both is of none",
		     BOTH("title text, length bigint CHECK (length(title) <= length)"),
		     .ruled = NULL),
	};
	return store_run("core/db/table", rows, COUNT_OF(rows), NULL, NULL);
}
