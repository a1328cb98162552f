/*
 * Tables that disagree with their models: what is missing or of another type is told at the start,
 * by name, on both databases.
 */
#include "shelf.h"

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
	says(model_check(c, shelf_models), change->says);
}

static void all_faults_are_told_with_the_remedy(void **state)
{
	(void)state;
	store_do(&store, "DROP TABLE tags; ALTER TABLE teams DROP COLUMN title");
	says(model_check(c, shelf_models),
	     "The tables of the database are not those of the models. "
	     "Model team: the table teams has no column title. "
	     "Model tag: there is no table tags. "
	     "Model author: the table teams has no column title. "
	     "Model book: there is no table tags. "
	     "Write the migration that is missing (croft migrate new NAME), apply it (croft "
	     "migrate up), or set the model right.");
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
	says(model_check(c, models), "Model author: the table teams has no column motto");
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
		 arena_printf(c->arena, "%s CREATE TABLE things (id %s PRIMARY KEY, value %s)",
			      store_either("", "CREATE DOMAIN cents AS bigint;"
					       "CREATE TYPE mood AS ENUM ('well');"),
			      store_either("INTEGER", "bigint"), declared));
	says(model_check(c, models), kind->says);
}

#define FITS(sentence, type, sqlite, postgres) \
	CASE_OF(sentence, kind_is_judged, kind, type, sqlite, postgres, NULL)
#define MISFIT(sentence, type, sqlite, postgres, is, needs) \
	CASE_OF(sentence, kind_is_judged, kind, type, sqlite, postgres, \
		"Model thing: the column value of the table things is " is \
		", and the model needs " needs ".")

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
	says(model_check(c, models), store_either(kept->says, kept->says_postgres));
}

#define KEPT(sentence, columns, more, more_postgres, fault, fault_postgres, ...) \
	CASE_OF(sentence, kept_is_asked_for, kept, \
		.sql = "CREATE TABLE things (" columns ");" more, \
		.postgres = "CREATE TABLE things (" columns ");" more_postgres, .says = (fault), \
		.says_postgres = (fault_postgres), .model = { __VA_ARGS__ })
#define WHOLE "id INTEGER, name TEXT, name_key TEXT"
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
		CASE("a relation needs the columns that it embeds",
		     a_relation_needs_the_columns_that_it_embeds),

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
	return store_run("core/model/check", rows, COUNT_OF(rows), NULL, NULL);
}
