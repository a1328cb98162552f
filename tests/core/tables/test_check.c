/*
 * Tables that disagree with their models: what is missing or of another type is told at the start,
 * by name, on both databases.
 */
#include "base/str.h"
#include "core/dialect.h"
#include "core/model/shelf.h"
#include "core/tables.h"
#include "core/trace.h"

/* ---- the library, with something changed ---- */

static const struct model *const shelf_models[] = { &team_model, &tag_model, &author_model,
						    &book_model, NULL };

struct change {
	const char *sql;
	const char *says; /* NULL: all is well */
};

static void says(enum app_err err, const char *part)
{
	const char *text = ctx_failure_text(c, err);
	assert_int_equal(err, part ? APP_CONFLICT : APP_OK);
	if (part && !strstr(text, part))
		fail_msg("no '%s' in '%s'", part, text);
}

static void is_told(void **state)
{
	const struct change *change = *state;
	if (change->sql)
		store_do(&store, change->sql);
	says(tables_check(c, shelf_models), change->says);
}

static void all_faults_are_told_with_the_remedy(void **state)
{
	(void)state;
	store_do(&store, "DROP TABLE tags; ALTER TABLE teams DROP COLUMN title");
	says(tables_check(c, shelf_models),
	     "The tables of the database are not those of the models. "
	     "Model team: the table teams has no column title. "
	     "Model tag: there is no table tags. "
	     "Model author: the table teams has no column title. "
	     "Model book: there is no table tags. "
	     "Write the migration that is missing (croft migrate new NAME --auto), apply it "
	     "(croft migrate up), or set the model right.");
}

/* What was read for one check is not kept for the next: migrations go between them. */
static void each_check_looks_again(void **state)
{
	(void)state;
	says(tables_check(c, shelf_models), NULL);
	store_do(&store, "ALTER TABLE teams RENAME COLUMN title TO name");
	says(tables_check(c, shelf_models), "the table teams has no column title");
	ctx_recover(c);
	store_do(&store, "ALTER TABLE teams RENAME COLUMN name TO title");
	says(tables_check(c, shelf_models), NULL);
}

static void a_relation_needs_the_columns_that_it_embeds(void **state)
{
	(void)state;
	static const struct field fields[] = {
		{ .name = "id", .type = FIELD_INT },
		{ .name = "motto", .type = FIELD_TEXT },
	};
	static const struct schema team_motto = { .name = "team_motto",
						  .fields = fields,
						  .count = 2 };
	struct field team = author_schema.fields[3];
	team.object = &team_motto;
	struct field own[] = { author_schema.fields[0], author_schema.fields[2], team };
	const struct schema row = { .name = "author", .fields = own, .count = COUNT_OF(own) };
	const struct model model = { .name = "author", .table = "authors", .row = &row };
	const struct model *const models[] = { &model, NULL };
	assert_string_equal(team.name, "team");
	says(tables_check(c, models), "Model author: the table teams has no column motto");
}

/* A row that refers to others of its table, twice to those of another, and has deleted_at. */
static void each_fault_is_told_once(void **state)
{
	(void)state;
	static const struct field team_fields[] = {
		{ .name = "id", .type = FIELD_INT },
		{ .name = "motto", .type = FIELD_TEXT },
	};
	static const struct schema team = { .name = "team", .fields = team_fields, .count = 2 };
	static const struct model team_model_of_it = { .name = "t",
						       .table = "teams",
						       .row = &team };
	static const struct relation its_team = { .model = &team_model_of_it, .key = "team_id" };
	const struct field fields[] = {
		{ .name = "id", .type = FIELD_INT },
		{ .name = "team_id", .type = FIELD_INT, .nullable = true },
		{ .name = "deleted_at", .type = FIELD_INSTANT, .nullable = true },
		{ .name = "first", .type = FIELD_OBJECT, .object = &team, .relation = &its_team },
		{ .name = "second", .type = FIELD_OBJECT, .object = &team, .relation = &its_team },
	};
	const struct schema row = { .name = "author", .fields = fields, .count = COUNT_OF(fields) };
	const struct model model = {
		.name = "author", .table = "authors", .row = &row, .soft_delete = true
	};
	const struct model *const models[] = { &model, NULL };
	says(tables_check(c, models), "The tables of the database are not those of the models. "
				      "Model author: the table authors has no column deleted_at. "
				      "Model author: the table teams has no column motto. "
				      "Write the migration");
}

/* ---- one column of each type ---- */

struct kind {
	enum field_type type;
	const char *sqlite, *postgres; /* how the column is declared; NULL: not asked there */
	const char *says;              /* NULL: it fits */
};

static void kind_is_judged(void **state)
{
	const struct kind *kind = *state;
	const char *declared = store_either(kind->sqlite, kind->postgres);
	if (!declared)
		return;
	const struct field fields[] = {
		{ .name = "id", .type = FIELD_INT },
		{ .name = "value", .type = kind->type },
	};
	const struct schema row = { .name = "thing", .fields = fields, .count = 2 };
	const struct model model = { .name = "thing", .table = "things", .row = &row };
	const struct model *const models[] = { &model, NULL };
	store_do(&store,
		 arena_printf(c->arena,
			      "%s CREATE TABLE things (id %s PRIMARY KEY, value %s NOT NULL)",
			      store_either("", "CREATE DOMAIN cents AS bigint;"
					       "CREATE TYPE mood AS ENUM ('well');"),
			      store_either("INTEGER", "bigint"), declared));
	says(tables_check(c, models), kind->says);
}

#define FITS(sentence, type, sqlite, postgres) \
	CASE_OF(sentence, kind_is_judged, kind, type, sqlite, postgres, NULL)
#define MISFIT(sentence, type, sqlite, postgres, is, needs) \
	CASE_OF(sentence, kind_is_judged, kind, type, sqlite, postgres, \
		"Model thing: the column value of the table things is " is \
		", and the model needs " needs ".")

/* ---- one column with its rules ---- */

static const char *const colours[] = { "red", "it's blue", NULL };

struct ruled {
	/* The table, but for its id; the same on both unless it is said again. */
	const char *sql, *postgres;
	struct field value;
	const char *says;
	/* It is a model whose rows are deleted softly. */
	bool soft_delete;
};

static void rules_are_compared(void **state)
{
	const struct ruled *ruled = *state;
	struct field fields[] = { { .name = "id", .type = FIELD_INT }, ruled->value };
	/* a text, unless it says otherwise */
	fields[1].name = ruled->value.name ? ruled->value.name : "value";
	const struct schema row = { .name = "thing", .fields = fields, .count = 2 };
	const struct model model = {
		.name = "thing", .table = "things", .row = &row, .soft_delete = ruled->soft_delete
	};
	const struct model *const models[] = { &model, NULL };
	const char *sql = ruled->sql;
	if (store_is_postgres && ruled->postgres)
		sql = ruled->postgres;
	store_do(&store, arena_printf(c->arena, "CREATE TABLE things (id %s PRIMARY KEY, %s",
				      store_either("INTEGER", "bigint"), sql));
	says(tables_check(c, models), ruled->says);
}

#define RULED(sentence, table, fault, ...) \
	CASE_OF(sentence, rules_are_compared, ruled, .sql = table, .says = fault, \
		.value = { __VA_ARGS__ })
#define CHOSEN(sentence, check, fault) \
	RULED(sentence, "value TEXT NOT NULL " check ")", fault, .choices = colours)
#define REFUSES_BLUE \
	"Model thing: the CHECK of the table things refuses 'it's blue' in the column value, " \
	"which is one of its field's choices."
#define TAKES_GREEN \
	"Model thing: the CHECK of the table things takes 'green' in the column value, which is " \
	"none of its field's choices."
/* The index of a table whose rows are deleted softly. */
#define LIVING(sentence, fault, where) \
	CASE_OF(sentence, rules_are_compared, ruled, \
		.sql = "value BIGINT NOT NULL, a BIGINT, deleted_at BIGINT);" \
		       "CREATE INDEX \"i where a\" ON things (value, id)" where, \
		.says = fault, .value = { .type = FIELD_INT, .sort = true }, .soft_delete = true)
#define NONE_OF_THE_LIVING NO_INDEX("value, id", " WHERE deleted_at IS NULL")
#define NO_INDEX(columns, end) \
	"Model thing: lists are sorted by value, and no index of the table things leads there: " \
	"CREATE INDEX ... ON things (" columns ")" end ", or leave out .sort."

static void the_index_that_is_missing_is_told(void **state)
{
	(void)state;
	store_do(&store, "DROP INDEX authors_name_idx");
	says(tables_check(c, shelf_models),
	     store_either("Model author: lists are sorted by name, and no index of the table "
			  "authors leads there: CREATE INDEX ... ON authors (name, id), or leave "
			  "out .sort.",
			  "Model author: lists are sorted by name, and no index of the table "
			  "authors leads there: CREATE INDEX ... ON authors (name COLLATE \"C\", "
			  "id), or leave out .sort."));
}

static void an_index_has_the_order_of_the_list(void **state)
{
	(void)state;
	if (!store_is_postgres)
		skip(); /* texts are in one order there */
	store_do(
		&store,
		"DROP INDEX authors_name_idx; CREATE INDEX authors_name_idx ON authors (name, id)");
	says(tables_check(c, shelf_models), "no index of the table authors leads there");
}

static int64_t runs_of(const struct trace *trace, const char *sql)
{
	const struct trace_statement *at = trace_statements(trace);
	for (; at; at = at->next)
		if (str_eq(at->sql, sql))
			return at->runs;
	return 0;
}

/* The shelf has five tables; no field has choices, lists of two are sorted. */
static void the_start_asks_for_what_it_may_refuse(void **state)
{
	(void)state;
	const struct db_make *make = db_dialect(c)->make;
	struct trace *trace = trace_begin(c);
	says(tables_check(c, shelf_models), NULL);
	assert_int_equal(runs_of(trace, db_dialect(c)->column_types), 5);
	assert_int_equal(runs_of(trace, make->checks ? make->checks : make->text), 0);
	assert_int_equal(runs_of(trace, make->indexes), 2);
	assert_int_equal(runs_of(trace, make->keys), 0);
	trace_end(trace);
}

/* To the first the index might do, for a list with a condition of its own. */
static void what_stops_one_model_of_a_table_is_told(void **state)
{
	(void)state;
	const struct field fields[] = {
		{ .name = "id", .type = FIELD_INT },
		{ .name = "value", .type = FIELD_INT, .sort = true },
	};
	const struct schema listed = {
		.name = "kept", .fields = fields, .count = 2, .shared = true
	};
	const struct schema row = { .name = "thing", .fields = fields, .count = 2 };
	const struct model kept = {
		.name = "kept", .table = "things", .row = &listed, .soft_delete = true
	};
	const struct model thing = { .name = "thing", .table = "things", .row = &row };
	const struct model *const models[] = { &kept, &thing, NULL };
	store_do(&store, "CREATE TABLE things (id BIGINT PRIMARY KEY, value BIGINT NOT NULL,"
			 " a TEXT, deleted_at BIGINT);"
			 "CREATE INDEX i ON things (a, value, id) WHERE deleted_at IS NULL");
	says(tables_check(c, models), NO_INDEX("value, id", ""));
}

/* ---- what is there besides fields ---- */

struct kept {
	struct model model;
	const char *sql, *postgres;
	const char *says, *says_postgres; /* NULL there: the same; both NULL: all is well */
};

static void kept_is_asked_for(void **state)
{
	const struct kept *kept = *state;
	static const struct field fields[] = {
		{ .name = "name", .type = FIELD_TEXT, .key = "name_key" },
	};
	static const struct schema row = { .name = "thing", .fields = fields, .count = 1 };
	struct model model = kept->model;
	const struct model *const models[] = { &model, NULL };
	model.name = "thing";
	model.table = "things";
	model.row = &row;
	store_do(&store, store_either(kept->sql, kept->postgres));
	says(tables_check(c, models), store_either(kept->says, kept->says_postgres));
}

#define KEPT(sentence, columns, more, more_postgres, fault, fault_postgres, ...) \
	CASE_OF(sentence, kept_is_asked_for, kept, \
		.sql = "CREATE TABLE things (" columns ");" more, \
		.postgres = "CREATE TABLE things (" columns ");" more_postgres, .says = (fault), \
		.says_postgres = (fault_postgres), .model = { __VA_ARGS__ })
#define WHOLE "id INTEGER, name TEXT NOT NULL, name_key TEXT"
#define FTS \
	"CREATE VIRTUAL TABLE things_fts USING fts5 (words);" \
	"CREATE TABLE things_fts_words (word TEXT); CREATE TABLE things_fts_todo (id INTEGER);"
#define FTS_SOURCE "CREATE VIEW things_fts_source AS SELECT id, name AS text FROM things;"

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE_OF("tables that are as the models say are let through", is_told, change,
			.sql = NULL),
		CASE_OF("a table that is not there is named", is_told, change,
			.sql = "DROP TABLE tags", .says = "Model tag: there is no table tags."),
		CASE_OF("a column that is not there is named", is_told, change,
			.sql = "ALTER TABLE authors DROP COLUMN team_id",
			.says = "Model author: the table authors has no column team_id."),
		CASE_OF("a column more is nobody's business", is_told, change,
			.sql = "ALTER TABLE authors ADD COLUMN more TEXT"),
		CASE_OF("a view may stand for a table", is_told, change,
			.sql = "ALTER TABLE teams RENAME TO crews;"
			       "CREATE VIEW teams AS SELECT * FROM crews"),
		CASE_OF("a column of the name in capitals is another", is_told, change,
			.sql = "ALTER TABLE teams DROP COLUMN title; "
			       "ALTER TABLE teams ADD COLUMN \"Title\" TEXT",
			.says = "Model team: the table teams has no column title."),
		CASE_OF("a key that softly deleted rows need is asked for", is_told, change,
			.sql = "DROP INDEX books_title_key; DROP INDEX books_created_idx;"
			       "ALTER TABLE books DROP COLUMN deleted_at",
			.says = "Model book: the table books has no column deleted_at."),
		CASE_OF("the table that links two is asked for", is_told, change,
			.sql = "DROP TABLE book_tags",
			.says = "Model book: there is no table book_tags."),
		CASE_OF("and so are its columns", is_told, change,
			.sql = "DROP TABLE book_tags;"
			       "CREATE TABLE book_tags (book_id INTEGER, tag TEXT)",
			.says = "Model book: the table book_tags has no column tag_id."),
		CASE_OF("the column that holds the owner's id is asked for", is_told, change,
			.sql = "ALTER TABLE books RENAME COLUMN author_id TO writer_id",
			.says = "Model author: the table books has no column author_id."),
		CASE("all faults are told at once, with the remedy",
		     all_faults_are_told_with_the_remedy),
		CASE("each check looks again at what there is", each_check_looks_again),
		CASE("each fault of a model is told once", each_fault_is_told_once),
		CASE("a relation needs the columns that it embeds",
		     a_relation_needs_the_columns_that_it_embeds),

		CASE("of each table the columns are asked for once, and else what may be refused",
		     the_start_asks_for_what_it_may_refuse),

		FITS("a text fits", FIELD_TEXT, "TEXT", "text"),
		FITS("a text of bounded length, too", FIELD_TEXT, "VARCHAR(10)", "varchar(10)"),
		FITS("an integer fits", FIELD_INT, "INTEGER", "bigint"),
		FITS("a small integer, too", FIELD_INT, "SMALLINT", "smallint"),
		FITS("a domain is what it is made of, or not judged", FIELD_INT, NULL, "cents"),
		FITS("a numeric may be anything", FIELD_INT, "NUMERIC", "numeric"),
		FITS("a column without a type may be anything", FIELD_TEXT, "", NULL),
		FITS("a real number fits", FIELD_REAL, "REAL", "double precision"),
		FITS("a real number of half the size, too", FIELD_REAL, "FLOAT", "real"),
		FITS("a truth is an integer or, where there are any, a boolean", FIELD_BOOL,
		     "INTEGER", "boolean"),
		FITS("an instant is an integer", FIELD_INSTANT, "INTEGER", "bigint"),
		FITS("a date is a text or, where there are any, a date", FIELD_DATE, "TEXT",
		     "date"),
		FITS("JSON is a text", FIELD_RAW_JSON, "TEXT", "text"),
		FITS("JSON is JSON", FIELD_RAW_JSON, "TEXT", "jsonb"),
		MISFIT("a text is no integer", FIELD_TEXT, "INTEGER", "bigint", "an integer",
		       "a text"),
		MISFIT("an integer is no text", FIELD_INT, "TEXT", "text", "a text", "an integer"),
		MISFIT("an integer is no real number", FIELD_INT, "REAL", "real", "a real number",
		       "an integer"),
		MISFIT("an integer is no boolean", FIELD_INT, NULL, "boolean", "a boolean",
		       "an integer"),
		MISFIT("a truth is no text", FIELD_BOOL, "TEXT", "text", "a text", "a truth"),
		MISFIT("a real number is no text", FIELD_REAL, "TEXT", "text", "a text",
		       "a real number"),
		MISFIT("an instant is no time stamp of PostgreSQL", FIELD_INSTANT, NULL,
		       "timestamptz", "of the type timestamptz",
		       "an instant (an integer, in microseconds)"),
		MISFIT("a text is no UUID of PostgreSQL", FIELD_TEXT, NULL, "uuid",
		       "of the type uuid", "a text"),
		MISFIT("nor a date", FIELD_TEXT, NULL, "date", "a date", "a text"),
		MISFIT("a date is no text of PostgreSQL", FIELD_DATE, NULL, "text", "a text",
		       "a date (of PostgreSQL; a text in SQLite)"),
		MISFIT("a date is no integer", FIELD_DATE, "INTEGER", "bigint", "an integer",
		       "a date (of PostgreSQL; a text in SQLite)"),
		MISFIT("a date is no time stamp", FIELD_DATE, NULL, "timestamp",
		       "of the type timestamp", "a date (of PostgreSQL; a text in SQLite)"),
		MISFIT("nor an address", FIELD_TEXT, NULL, "inet", "of the type inet", "a text"),
		MISFIT("nor a word of an enumeration", FIELD_TEXT, NULL, "mood", "of the type mood",
		       "a text"),
		MISFIT("a truth is no integer of PostgreSQL", FIELD_BOOL, NULL, "integer",
		       "an integer", "a truth"),
		MISFIT("a column of integers loses what a real number has more", FIELD_REAL,
		       "INTEGER", "bigint", "an integer", "a real number"),
		MISFIT("JSON is no integer", FIELD_RAW_JSON, "INTEGER", "bigint", "an integer",
		       "JSON"),
		MISFIT("a text is no JSON", FIELD_TEXT, NULL, "jsonb", "JSON", "a text"),
		MISFIT("bytes fit nothing", FIELD_TEXT, "BLOB", "bytea", "bytes", "a text"),

		RULED("a column that may be null, and a field that cannot", "value TEXT)",
		      "Model thing: the column value of the table things may be null, and the "
		      "field cannot: say NOT NULL in the table, or make the member a struct "
		      "maybe_... with .nullable."),
		RULED("a column and a field that may be null", "value TEXT)", NULL,
		      .nullable = true),
		RULED("a column that is never null, and a field that could be",
		      "value TEXT NOT NULL)", NULL, .nullable = true),
		CASE_OF("rows that are deleted softly could not be made", rules_are_compared, ruled,
			.sql = "value TEXT NOT NULL, deleted_at BIGINT NOT NULL)",
			.says = "Model thing: the column deleted_at of the table things is NOT "
				"NULL, and is null of rows that were not deleted.",
			.value = { .type = FIELD_TEXT }, .soft_delete = true),

		CHOSEN("choices that no CHECK lists", "", NULL),
		CHOSEN("choices as the CHECK lists them, in any order and case",
		       "check (VALUE in ('it''s blue', 'red'))", NULL),
		CHOSEN("in a rule of the table, with a name",
		       ", CONSTRAINT things_check CHECK (value IN ('red', 'it''s blue'))", NULL),
		CHOSEN("a choice that the CHECK refuses", "CHECK (value IN ('red'))", REFUSES_BLUE),
		CHOSEN("a value that is no choice",
		       "CHECK (value IN ('red', 'it''s blue', 'green'))", TAKES_GREEN),
		CHOSEN("a CHECK of one value", "CHECK (value = 'red')", REFUSES_BLUE),
		CHOSEN("one among other rules",
		       "CHECK (length(value) < 20), CHECK (\"value\" IN ('red'))", REFUSES_BLUE),
		CHOSEN("a rule of another kind lists no values",
		       "CHECK (value <> 'green' AND value <> 'CHECK (value IN (1))')", NULL),
		CHOSEN("nor one on two columns",
		       ", other TEXT, CHECK (value IN ('red') OR other IS NULL)", NULL),
		CHOSEN("nor one of another column", ", other TEXT CHECK (other IN ('red'))", NULL),
		CHOSEN("one that calls its table by name", "CHECK (things.value IN ('red'))",
		       "refuses 'it's blue' in the column value"),
		RULED("one of a column that is called as a word of SQL is",
		      "\"order\" TEXT NOT NULL CHECK (\"order\" IN ('red')))",
		      "refuses 'it's blue' in the column order", .name = "order",
		      .choices = colours),
		CHOSEN("what a comment says is no rule",
		       "/* it's CHECK (value IN ('red')) */\n-- and CHECK (value IN ('it'\n", NULL),

		CASE("an index that is missing is told", the_index_that_is_missing_is_told),
		CASE("one of another order does not lead", an_index_has_the_order_of_the_list),
		CASE("what stops one model of a table is told, though another can go on",
		     what_stops_one_model_of_a_table_is_told),
		RULED("an index of the sort and the id",
		      "value BIGINT NOT NULL); CREATE INDEX i ON things (value, id)", NULL,
		      .type = FIELD_INT, .sort = true),
		RULED("with other columns before them, too",
		      "value BIGINT NOT NULL, a TEXT); CREATE INDEX i ON things (a, value, id)",
		      NULL, .type = FIELD_INT, .sort = true),
		RULED("an index of an expression is none",
		      "value BIGINT NOT NULL); CREATE INDEX i ON things ((value + 1), id)",
		      NO_INDEX("value, id", ""), .type = FIELD_INT, .sort = true),
		RULED("nor is one with a column in between",
		      "value BIGINT NOT NULL, a TEXT); CREATE INDEX i ON things (value, a, id)",
		      NO_INDEX("value, id", ""), .type = FIELD_INT, .sort = true),

		LIVING("an index has the rows that were not deleted", NULL,
		       " WHERE deleted_at IS NULL"),
		LIVING("in any case, with brackets and on any lines", NULL,
		       "\r\n\twhere\n  ( (Deleted_At )is\n\tnull)"),
		LIVING("in quotes, right behind the columns", NULL, "WHERE\"deleted_at\"IS NULL"),
		LIVING("by the name of the table, with comments", NULL,
		       " WHERE /* where */ things.deleted_at IS -- WHERE\n NULL -- the living"),
		LIVING("in other words that mean it", NULL, " WHERE NOT (deleted_at IS NOT NULL)"),
		LIVING("or that let in more", NULL, " WHERE a = 1 OR (deleted_at IS NULL)"),
		LIVING("or are all that is said", NULL,
		       " WHERE (deleted_at IS NULL OR a > 1) AND (1 = 1 AND deleted_at IS NULL)"),
		LIVING("an index of the deleted is another", NONE_OF_THE_LIVING,
		       " WHERE deleted_at IS NOT NULL"),
		LIVING("so is one that asks for more", NONE_OF_THE_LIVING,
		       " WHERE deleted_at IS NULL AND (a = 1 OR a = 2)"),
		LIVING("or for another column", NONE_OF_THE_LIVING, " WHERE a IS NULL"),
		LIVING("or says the words in a text alone", NONE_OF_THE_LIVING,
		       " WHERE CAST(a AS text) = ' WHERE deleted_at IS NULL'"),
		LIVING("or lets nothing in", NONE_OF_THE_LIVING, " WHERE deleted_at = NULL"),
		RULED("what has a deleted_at and is not deleted softly is shown",
		      "value BIGINT NOT NULL, deleted_at BIGINT);"
		      "CREATE INDEX i ON things (value, id) WHERE deleted_at IS NULL",
		      NO_INDEX("value, id", ""), .type = FIELD_INT, .sort = true),
		RULED("what is no column needs none", "a TEXT)", NULL, .not_column = true,
		      .sort = true),

		KEPT("a whole table has all that is kept",
		     WHOLE ", deleted_at INTEGER,"
			   " created_at INTEGER, updated_at INTEGER",
		     "", "", NULL, NULL, .soft_delete = true, .timestamps = true),
		KEPT("an id is needed", "name TEXT, name_key TEXT", "", "",
		     "the table things has no column id", "the table things has no column id"),
		KEPT("an id is an integer", "id TEXT, name TEXT, name_key TEXT", "", "",
		     "the column id of the table things is a text",
		     "the column id of the table things is a text"),
		KEPT("the folded form of a name needs its column", "id INTEGER, name TEXT", "", "",
		     "the table things has no column name_key",
		     "the table things has no column name_key"),
		KEPT("deleted_at is needed", WHOLE, "", "",
		     "the table things has no column deleted_at",
		     "the table things has no column deleted_at", .soft_delete = true),
		KEPT("created_at is needed", WHOLE ", updated_at INTEGER", "", "",
		     "the table things has no column created_at",
		     "the table things has no column created_at", .timestamps = true),
		KEPT("updated_at is needed", WHOLE ", created_at INTEGER", "", "",
		     "the table things has no column updated_at",
		     "the table things has no column updated_at", .timestamps = true),
		KEPT("updated_at is an instant", WHOLE ", created_at INTEGER, updated_at TEXT", "",
		     "", "the column updated_at of the table things is a text",
		     "the column updated_at of the table things is a text", .timestamps = true),
		KEPT("a full-text index is asked for", WHOLE, "", "",
		     "there is no table things_fts.", "the table things has no column search",
		     .fts_table = "things_fts", .fts_column = "search"),
		KEPT("and what belongs to it", WHOLE, FTS,
		     "ALTER TABLE things ADD COLUMN search tsvector",
		     "there is no table things_fts_source", NULL, .fts_table = "things_fts",
		     .fts_column = "search"),
		KEPT("one that is whole is let through", WHOLE, FTS FTS_SOURCE,
		     "ALTER TABLE things ADD COLUMN search tsvector", NULL, NULL,
		     .fts_table = "things_fts", .fts_column = "search"),
	};
	return store_run("core/tables/check", rows, COUNT_OF(rows), NULL, NULL);
}
