/*
 * Tables and models that disagree in what only shows later: what may be null, what CHECKs let in,
 * indexes that lists want, keys of relations, columns that nobody fills in; on both databases.
 */
#include "base/buf.h"
#include "base/str.h"
#include "core/columns.h"
#include "core/db/store.h"
#include "core/tables.h"

static struct store store;

/* ---- a table as `croft new module` makes it ---- */

struct keeper {
	int64_t id;
};
SCHEMA(keeper, FIELD(struct keeper, id));
static const struct model keeper_model = { .name = "keeper",
					   .table = "keepers",
					   .row = &keeper_schema };

static const char *const shelves[] = { "fiction", "science", NULL };
static const struct relation keeper_of_book = {
	.kind = BELONGS_TO,
	.model = &keeper_model,
	.key = "keeper_id",
};

COLUMNS(book,
	(TEXT, title, .min_len = 1, .max_len = 20, .sort = true),
	(TEXT, shelf, .choices = shelves, .filter = FILTER_EQ),
	(NAME_OR_NULL, isbn),
	(INT_OR_NULL, year, MIN(1450), MAX(2100), .filter = FILTER_RANGE),
	(INT, keeper_id, .in = NOT_INPUT),
	(ONE, keeper, keeper, &keeper_of_book, .required = true));

static const struct model book_model = {
	.name = "book",
	.table = "books",
	.row = &book_schema,
	.timestamps = true,
};
CRUD_OPERATIONS(books, book, ACCESS_USER, ACCESS_USER, .model = &book_model);

#define SQL_BOOKS(integer, text) \
	"CREATE TABLE keepers (id " integer " PRIMARY KEY);" \
	"CREATE TABLE others (id " integer " PRIMARY KEY);" \
	"CREATE TABLE books (id " integer " PRIMARY KEY,\n" \
	"  -- a comment, with (brackets and 'quotes\n" \
	"  title " text " NOT NULL" \
	"    CONSTRAINT books_title_check CHECK (length(title) BETWEEN 1 AND 20)," \
	"  shelf " text " NOT NULL" \
	"    CONSTRAINT books_shelf_check CHECK (shelf IN ('fiction', 'science'))," \
	"  isbn " text "," \
	"  isbn_key " text " CONSTRAINT isbn_key_check" \
	"    CHECK (isbn_key = lower(isbn) OR length(isbn) > 2)," \
	"  year " integer ", keeper_id " integer " NOT NULL REFERENCES keepers (id)," \
	"  created_at " integer " NOT NULL, updated_at " integer " NOT NULL," \
	"  CONSTRAINT year_check CHECK (year >= 1450 AND year <= 2100));" \
	"CREATE UNIQUE INDEX books_isbn_key ON books (isbn_key);" \
	"CREATE INDEX a ON books (title, id); CREATE INDEX b ON books (shelf, id);" \
	"CREATE INDEX d ON books (shelf, title, id); CREATE INDEX f ON books (year, id);" \
	"CREATE INDEX e ON books (shelf, created_at, id); CREATE INDEX g ON books (created_at, " \
	"id);"

static void books_open(const char *sql)
{
	store_open(&store);
	store_do(&store, store_either(SQL_BOOKS("INTEGER", "TEXT"),
				      SQL_BOOKS("bigint", "text COLLATE \"C\"")));
	if (sql)
		store_do(&store, sql);
}

static const char *begins_with_s(struct arena *arena, const char **value)
{
	(void)arena;
	return **value == 's' ? NULL : "it begins otherwise";
}

static const char *is_late(struct arena *arena, int64_t *value)
{
	(void)arena;
	return *value >= 1450 ? NULL : "it is too early";
}

/* ---- one change, and all that is said of it ---- */

struct change {
	/* NULL: the same as the other */
	const char *sqlite, *postgres;
	/* sentences, joined by "; "; "": nothing */
	const char *says;
	/* NULL: the same */
	const char *says_postgres;
	/* the model asks for less */
	bool is_by_hand;
	/* a field that has other rules; NULL: none */
	const char *ruled;
	struct field rules;
};

static const char *said(const struct model *const *models)
{
	struct table_differences found;
	struct ctx *c = &store.scene.c;
	struct buf text;
	buf_init(&text, c->arena);
	ctx_recover(c);
	must(tables_compare(c, models, &found));
	for (size_t i = 0; i < found.count; i++)
		if (!found.at[i].follows)
			buf_printf(&text, "%s%s%s", text.len ? "; " : "",
				   found.at[i].is_harmless ? "(" : "", found.at[i].says);
	return buf_text(&text);
}

enum { FIELDS_MOST = 16 };

static void rule_otherwise(struct field *field, const struct change *change)
{
	const struct field was = *field;
	if (!change->ruled || !str_eq(was.name, change->ruled))
		return;
	*field = change->rules;
	field->name = was.name;
	field->type = was.type;
	field->nullable = was.nullable;
	field->maybe = was.maybe;
	field->offset = was.offset;
	field->size = was.size;
}

static void is_told(void **state)
{
	const struct change *change = *state;
	struct field fields[FIELDS_MOST];
	struct schema row = book_schema;
	struct model model = book_model;
	const struct model *const models[] = { &model, &keeper_model, NULL };
	assert_in_range(row.count, 1, FIELDS_MOST);
	for (size_t i = 0; i < row.count; i++) {
		fields[i] = row.fields[i];
		rule_otherwise(&fields[i], change);
	}
	row.fields = fields;
	row.shared = !change->is_by_hand;
	model.row = &row;
	books_open(store_is_postgres && change->postgres ? change->postgres : change->sqlite);
	const char *postgres = change->says_postgres ? change->says_postgres : change->says;
	assert_string_equal(said(models), store_either(change->says, postgres));
	store_close(&store);
}

static void a_key_that_refers_to_nothing_is_told(void **state)
{
	(void)state;
	const struct relation by_year = { .kind = BELONGS_TO,
					  .model = &keeper_model,
					  .key = "year" };
	struct field fields[] = { book_schema.fields[0], book_schema.fields[6] };
	const struct schema row = { .name = "book", .fields = fields, .count = COUNT_OF(fields) };
	const struct model model = { .name = "book", .table = "books", .row = &row };
	const struct model *const models[] = { &model, NULL };
	assert_string_equal(fields[1].name, "keeper");
	fields[1].relation = &by_year;
	books_open(NULL);
	assert_string_equal(said(models),
			    "the column year of the table books does not refer to keepers");
	store_close(&store);
}

/* ---- ids ---- */

struct id_case {
	/* The table's text behind the name, but for its other columns. */
	const char *sqlite, *postgres;
	const char *says, *says_postgres;
};

static void ids_are_told(void **state)
{
	const struct id_case *id = *state;
	const struct field fields[] = {
		{ .name = "id", .type = FIELD_INT },
		{ .name = "value", .type = FIELD_INT, .sort = true },
	};
	const struct schema row = { .name = "thing", .fields = fields, .count = 2 };
	const struct model model = { .name = "thing", .table = "things", .row = &row };
	const struct model *const models[] = { &model, NULL };
	store_open(&store);
	store_do(&store,
		 arena_printf(&store.scene.arena,
			      "CREATE TABLE things (value BIGINT NOT NULL, %s;"
			      "CREATE INDEX things_value_idx ON things (value%s)",
			      store_either(id->sqlite, id->postgres), store_either("", ", id")));
	assert_string_equal(said(models), store_either(id->says, id->says_postgres));
	store_close(&store);
}

/* ---- numbers ---- */

struct number_case {
	/* "": none */
	const char *check;
	struct field value;
	const char *says;
};

static void numbers_are_told(void **state)
{
	const struct number_case *number = *state;
	struct field fields[] = { { .name = "id", .type = FIELD_INT }, number->value };
	const struct schema row = { .name = "thing", .fields = fields, .count = 2, .shared = true };
	const struct model model = { .name = "thing", .table = "things", .row = &row };
	const struct model *const models[] = { &model, NULL };
	const char *const types[] = {
		[FIELD_TEXT] = "TEXT",
		[FIELD_INT] = "BIGINT",
		[FIELD_REAL] = "double precision",
	};
	fields[1].name = "value";
	store_open(&store);
	store_do(&store, arena_printf(&store.scene.arena,
				      "CREATE TABLE things (id %s PRIMARY KEY, value %s NOT NULL "
				      "CONSTRAINT things_value_check CHECK (%s))",
				      store_either("INTEGER", "BIGINT"), types[fields[1].type],
				      number->check));
	assert_string_equal(said(models), number->says);
	store_close(&store);
}

#define NUMBER(sentence, sql, fault, ...) \
	ROW_OF(sentence, numbers_are_told, \
	       (&(const struct number_case){ sql, { __VA_ARGS__ }, fault }))
#define REAL(sentence, sql, fault, ...) \
	NUMBER(sentence, sql, fault, .type = FIELD_REAL, __VA_ARGS__)
#define OF_THING(does, number, why) \
	"the CHECK of the table things " does " " number " in the column value, which is " why \
	" its field's bounds"

#define ID_MAY_BE_NULL \
	"the column id of the table things may be null, and no row is without one: make it the " \
	"PRIMARY KEY, in SQLite as INTEGER PRIMARY KEY"
#define NO_ID_BEHIND \
	"lists are sorted by value, and no index of the table things leads there: CREATE INDEX " \
	"... ON things (value, id), or leave out .sort"

static void softly_deleted_rows_need_be_in_no_index(void **state)
{
	(void)state;
	struct model model = book_model;
	const struct model *const models[] = { &model, NULL };
	model.soft_delete = true;
	books_open("ALTER TABLE books ADD COLUMN deleted_at INTEGER; DROP INDEX a;"
		   "CREATE INDEX a ON books (title, id)\nWHERE deleted_at IS NULL");
	assert_string_equal(said(models), "");
	store_do(&store, "DROP INDEX a; CREATE INDEX a ON books (title, id) WHERE year > 1");
	assert_non_null(strstr(said(models), "lists are sorted by title, and no index"));
	store_close(&store);
}

#define ID(sentence, ...) ROW_OF(sentence, ids_are_told, (&(const struct id_case){ __VA_ARGS__ }))
#define CASE_OF(sentence, fn, type, ...) ROW_OF(sentence, fn, (&(const struct type){ __VA_ARGS__ }))

/* CHECKs of SQLite are found in the text of the table. */
#define ANEW(column, rest) \
	"ALTER TABLE books DROP CONSTRAINT books_" column \
	"_check; ALTER TABLE books ADD CHECK " rest
#define REMADE(column, type, rest) \
	"DROP INDEX a; DROP INDEX d; DROP INDEX b; DROP INDEX e; ALTER TABLE books DROP " \
	"COLUMN " column "; ALTER TABLE books ADD COLUMN " column " " type \
	" NOT NULL DEFAULT 'science' CONSTRAINT books_" column "_check CHECK " rest \
	"; CREATE INDEX a ON books (title, id); CREATE INDEX b ON books (shelf, id);" \
	"CREATE INDEX d ON books (shelf, title, id);" \
	"CREATE INDEX e ON books (shelf, created_at, id)"
#define RULE(sentence, column, rest, fault) \
	CASE_OF(sentence, is_told, change, .sqlite = REMADE(column, "TEXT", rest), \
		.postgres = ANEW(column, rest), .says = (fault))
#define RULED(sentence, column, fault, ...) \
	CASE_OF(sentence, is_told, change, .ruled = column, .says = (fault), \
		.rules = { __VA_ARGS__ })
#define RULED_ON(sentence, column, sql, fault, ...) \
	CASE_OF(sentence, is_told, change, .sqlite = sql, .ruled = column, .says = (fault), \
		.rules = { __VA_ARGS__ })
#define RULED_BOTH(sentence, column, rest, fault, ...) \
	CASE_OF(sentence, is_told, change, .sqlite = REMADE(column, "TEXT", rest), \
		.postgres = ANEW(column, rest), .ruled = column, .says = (fault), \
		.rules = { __VA_ARGS__ })
#define REFUSES(what, column, why) \
	"the CHECK of the table books refuses " what " in the column " column ", which is " why
#define BY_HAND \
	"; it was written by hand, and croft migrate new NAME --auto takes it away with --drop " \
	"only"
#define TAKES(what, column, why) \
	"the CHECK of the table books takes " what " in the column " column ", which is " why
#define NO_ORDER(asked, columns) \
	"lists are " asked ", and no index of the table books leads there: CREATE INDEX ... ON " \
	"books (" columns "), or leave out .sort"
#define BY_TITLE \
	.says = NO_ORDER("sorted by title", "title, id"), \
	.says_postgres = NO_ORDER("sorted by title", "title COLLATE \"C\", id")

#define ORDER(sentence, columns, ...) \
	CASE_OF(sentence, is_told, change, \
		.sqlite = "DROP INDEX a; CREATE INDEX a ON books (" columns ")", __VA_ARGS__)

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE_OF("what agrees is let through", is_told, change, .says = ""),
		CASE_OF("a table that is not there is told", is_told, change,
			.sqlite = "DROP TABLE books", .says = "there is no table books"),
		CASE_OF("a column that is not there is told", is_told, change,
			.sqlite = "DROP INDEX f; ALTER TABLE books RENAME COLUMN year TO age",
			.postgres = "ALTER TABLE books RENAME COLUMN year TO age",
			.says = "the table books has no column year; (the column age of the table "
				"books is in no model"),
		CASE_OF("a column that may be null is told", is_told, change,
			.sqlite = "ALTER TABLE books DROP COLUMN updated_at; ALTER TABLE books ADD "
				  "COLUMN updated_at INTEGER",
			.postgres = "ALTER TABLE books ALTER COLUMN updated_at DROP NOT NULL",
			.says = "the column updated_at of the table books may be null, and the "
				"field cannot: say NOT NULL in the table, or make the member a "
				"struct maybe_... with .nullable"),
		CASE_OF("and one that may not", is_told, change,
			.sqlite = "DROP INDEX books_isbn_key; ALTER TABLE books DROP COLUMN "
				  "isbn_key; ALTER TABLE books DROP COLUMN isbn;"
				  "ALTER TABLE books ADD COLUMN isbn TEXT NOT NULL DEFAULT '';"
				  "ALTER TABLE books ADD COLUMN isbn_key TEXT;"
				  "CREATE UNIQUE INDEX books_isbn_key ON books (isbn_key)",
			.postgres = "ALTER TABLE books ALTER COLUMN isbn SET NOT NULL",
			.says = "the column isbn of the table books is never null, and the field "
				"may be: leave out NOT NULL in the table, or .nullable"),

		RULE("a choice that the CHECK does not know is told", "shelf",
		     "(shelf = 'science')",
		     "the CHECK of the table books refuses 'fiction' in the column shelf, which is "
		     "one of its field's choices"),
		RULE("one that only the CHECK knows, too", "shelf",
		     "(shelf IN ('fiction', 'science', 'it''s'))",
		     TAKES("'it's'", "shelf", "none of its field's choices")),
		RULE("and that any text is let in", "shelf", "(length(shelf) > 2)",
		     TAKES("'none of the choices'", "shelf", "none of its field's choices")),
		RULE("a condition that says the same otherwise is let through", "shelf",
		     "(shelf <> 'none' AND (shelf = 'fiction' OR shelf = 'science'))", ""),
		RULE("bounds that are too narrow are told", "title", "(length(title) < 20)",
		     TAKES("a text of 0 characters", "title", "beyond its field's bounds")),
		RULE("bounds that are too wide, too", "title", "(length(title) BETWEEN 1 AND 21)",
		     TAKES("a text of 21 characters", "title", "beyond its field's bounds")),
		RULE("that there is no CHECK is told", "title", "(1 = 1)",
		     "no CHECK of the table books refuses a text of 0 characters in the column "
		     "title, which is beyond its field's bounds"),
		RULE("one that was written by hand is told so", "shelf",
		     "(shelf IN ('science', 'fiction', 'x') AND shelf NOT LIKE ' %')",
		     TAKES("'x'", "shelf", "none of its field's choices") BY_HAND),
		RULE("also of a length", "title", "(length(title) <= 30 AND title <> '')",
		     TAKES("a text of 21 characters", "title", "beyond its field's bounds")
			     BY_HAND),
		CASE_OF("a column may be called as a function is", is_told, change,
			.sqlite = "ALTER TABLE books ADD COLUMN length INTEGER",
			.says = "(the column length of the table books is in no model"),

		RULED("choices that are no more are told", "shelf",
		      REFUSES("a text of 0 characters", "shelf", "what its field takes"),
		      .doc = ""),
		RULED("so are bounds of a text", "title",
		      REFUSES("a text of 0 characters", "title", "what its field takes"),
		      .doc = ""),
		RULED("one bound of it", "title",
		      REFUSES("a text of 21 characters", "title", "within its field's bounds"),
		      .min_len = 1),
		RULED("bounds of a number", "year",
		      REFUSES("-9000000000000000000", "year", "what its field takes") BY_HAND,
		      .doc = ""),
		RULED("and one of it", "year",
		      REFUSES("9000000000000000000", "year", "within its field's bounds"),
		      MIN(1450)),
		RULED("what no client sends may have a rule all the same", "year", "",
		      .in = NOT_INPUT),
		CASE_OF("and by hand each column", is_told, change, .is_by_hand = true,
			.ruled = "year", .says = ""),
		RULED_BOTH("a choice that was empty is none of a field without", "shelf",
			   "(shelf IN ('', 'science'))",
			   REFUSES("a text of 1 characters", "shelf", "what its field takes"),
			   .doc = ""),
		RULED_BOTH("a text of allowed length may break a pattern", "title",
			   "(length(title) BETWEEN 1 AND 20 AND title LIKE 's%')", "", .min_len = 1,
			   .max_len = 20, .pattern = "^s"),
		RULED_BOTH("a format", "title",
			   "(length(title) BETWEEN 1 AND 20 AND title LIKE '%e%')", "",
			   .min_len = 1, .max_len = 20, .format = FORMAT_EMAIL),
		RULED_BOTH("or a check of its author", "title",
			   "(length(title) BETWEEN 1 AND 20 AND title LIKE 's%')", "", .min_len = 1,
			   .max_len = 20, CHECK(begins_with_s)),
		RULED("a number of allowed size may break one, too", "year", "", MIN(1), MAX(2100),
		      CHECK(is_late)),
		RULED("beyond their bounds they are judged", "title",
		      TAKES("a text of 10 characters", "title", "beyond its field's bounds"),
		      .min_len = 1, .max_len = 9, .pattern = "^s"),
		REAL("a real number has the bounds of its column", "value BETWEEN 0.5 AND 1000", "",
		     MIN(0.5), MAX(1e3)),
		REAL("with an exponent, and below zero", "value >= -1.5e0 and (value < 1e3)", "",
		     MIN(-1.5), MAX(1000), .exclusive_max = true),
		REAL("one that no two bytes hold", "value > 0.1 AND value <= 1e-7 + 7", "",
		     MIN(0.1), MAX(7.0000001), .exclusive_min = true),
		REAL("an end that is in and out", "value > 0.5",
		     OF_THING("refuses", "0.5", "within"), MIN(0.5)),
		REAL("and the other way round", "value >= 0.5", OF_THING("takes", "0.5", "beyond"),
		     MIN(0.5), .exclusive_min = true),
		REAL("a most that is another", "value <= 1000.5 AND value >= -1.5",
		     OF_THING("takes", "1000.0000000000001", "beyond"), MIN(-1.5), MAX(1e3)),
		REAL("bounds that are no more", "value <= 1e3",
		     "the CHECK of the table things refuses 1.7976931348623157e+308 in the column "
		     "value, which is what its field takes",
		     .doc = ""),
		NUMBER("a whole number above a fraction", "value > 0.5 AND value < 2.5e1", "",
		       .type = FIELD_INT, MIN(0.5), MAX(24.5)),
		NUMBER("and below zero", "value >= -1 AND value <= 1e3", "", .type = FIELD_INT,
		       MIN(-1.5), MAX(1000.5)),
		NUMBER("up to where a double counts in ones",
		       "value BETWEEN -9007199254740992 AND 9007199254740992", "",
		       .type = FIELD_INT, MIN(-9007199254740992), MAX(9007199254740992)),
		NUMBER("a length in other figures", "length(value) > 0 AND length(value) <= 1e1",
		       OF_THING("refuses", "a text of 11 characters", "within"), .type = FIELD_TEXT,
		       .min_len = 1),
		CASE_OF("a condition on two columns is not judged", is_told, change,
			.sqlite = "ALTER TABLE books ADD COLUMN lent INTEGER CHECK (lent > year)",
			.says = "(the column lent of the table books is in no model"),
		CASE_OF("by hand a table may be stricter than its rows", is_told, change,
			.sqlite = "ALTER TABLE books ADD COLUMN lent INTEGER NOT NULL DEFAULT 1",
			.says = "", .is_by_hand = true),

		CASE_OF("an index that a sort wants is told", is_told, change,
			.sqlite = "DROP INDEX a", BY_TITLE),
		CASE_OF("one without the id does where that stands in all of them", is_told, change,
			.sqlite = "DROP INDEX a; CREATE INDEX a ON books (title)", .says = "",
			.says_postgres = NO_ORDER("sorted by title", "title COLLATE \"C\", id")),
		CASE_OF("by hand a list may have a condition of its own before it", is_told, change,
			.sqlite = "DROP INDEX a", .says = "", .is_by_hand = true),
		CASE_OF("an index that a filter wants in each order is told", is_told, change,
			.sqlite = "DROP INDEX d",
			.says = NO_ORDER("filtered by shelf and sorted by title",
					 "shelf, title, id"),
			.says_postgres = NO_ORDER("filtered by shelf and sorted by title",
						  "shelf, title COLLATE \"C\", id")),
		CASE_OF("of a filter by what few rows share its column does", is_told, change,
			.sqlite = "DROP INDEX f; CREATE INDEX f ON books (year)", .says = ""),
		CASE_OF("an index in another order than that of code points does not do", is_told,
			change,
			.sqlite =
				"DROP INDEX a; CREATE INDEX a ON books (title COLLATE NOCASE, id)",
			.postgres = "DROP INDEX a; CREATE INDEX a ON books (title COLLATE "
				    "\"POSIX\" DESC, id)",
			BY_TITLE),
		ORDER("nor does one that descends to ids that ascend", "title DESC, id", BY_TITLE),
		ORDER("or ascends to ids that descend", "title, id DESC", BY_TITLE),
		ORDER("one that descends to both does", "title DESC, id DESC", .says = ""),
		CASE_OF("without the id it ascends", is_told, change,
			.sqlite = "DROP INDEX a; CREATE INDEX a ON books (title DESC)", BY_TITLE),
		CASE_OF("nulls stand where a list has them", is_told, change, .sqlite = "SELECT 1",
			.says = "",
			.postgres = "DROP INDEX a; CREATE INDEX a ON books (title NULLS FIRST, id)",
			.says_postgres = NO_ORDER("sorted by title", "title COLLATE \"C\", id")),
		CASE_OF("of the id, too", is_told, change, .sqlite = "SELECT 1", .says = "",
			.postgres = "DROP INDEX a; CREATE INDEX a ON books (title, id NULLS FIRST)",
			.says_postgres = NO_ORDER("sorted by title", "title COLLATE \"C\", id")),
		CASE_OF("and behind a filter", is_told, change, .sqlite = "SELECT 1", .says = "",
			.postgres = "DROP INDEX f; CREATE INDEX f ON books (year, id DESC NULLS "
				    "LAST); DROP INDEX b; CREATE INDEX b ON books (shelf, id NULLS "
				    "FIRST)",
			.says_postgres =
				"lists are filtered by shelf, and no index of the table "
				"books leads there: CREATE INDEX ... ON books (shelf, id), "
				"or leave out .filter"),
		CASE_OF("behind a filter it goes one way, too", is_told, change,
			.sqlite = "DROP INDEX d; CREATE INDEX d ON books (shelf, title DESC, id)",
			.says = NO_ORDER("filtered by shelf and sorted by title",
					 "shelf, title, id"),
			.says_postgres = NO_ORDER("filtered by shelf and sorted by title",
						  "shelf, title COLLATE \"C\", id")),
		CASE_OF("what is filtered by may go any way", is_told, change,
			.sqlite = "DROP INDEX d; DROP INDEX b; CREATE INDEX b ON books (shelf DESC,"
				  " id); CREATE INDEX d ON books (shelf DESC, title, id)",
			.says = ""),
		CASE_OF("a name that is not unique is told", is_told, change,
			.sqlite = "DROP INDEX books_isbn_key",
			.says = "the table books has no unique index on isbn_key, so that two rows "
				"may have one isbn"),
		CASE_OF("rows without the name need not be in its index", is_told, change,
			.sqlite = "DROP INDEX books_isbn_key; CREATE UNIQUE INDEX books_isbn_key "
				  "ON books (isbn_key) WHERE (\"isbn_key\" is not null)",
			.says = ""),
		CASE_OF("however that is spelled", is_told, change,
			.sqlite = "DROP INDEX books_isbn_key; CREATE UNIQUE INDEX books_isbn_key "
				  "ON books (isbn_key) WHERE books.[isbn_key] NOTNULL -- keys",
			.postgres = "DROP INDEX books_isbn_key; CREATE UNIQUE INDEX books_isbn_key "
				    "ON books (isbn_key) WHERE books.isbn_key NOTNULL",
			.says = ""),
		CASE_OF("those of another column need", is_told, change,
			.sqlite = "DROP INDEX books_isbn_key; CREATE UNIQUE INDEX books_isbn_key "
				  "ON books (isbn_key) WHERE isbn_key IS NOT NULL AND year IS NOT "
				  "NULL",
			.says = "the table books has no unique index on isbn_key, so that two rows "
				"may have one isbn"),
		CASE_OF("nor rows without what is filtered by", is_told, change,
			.sqlite = "DROP INDEX f; CREATE INDEX f ON books (year, id) WHERE year IS "
				  "NOT NULL",
			.says = ""),
		RULED_ON("unless lists may ask for them", "year",
			 "DROP INDEX f; CREATE INDEX f ON books (year, id) WHERE year IS NOT NULL",
			 "lists are filtered by year, and no index of the table books leads there: "
			 "CREATE INDEX ... ON books (year, id), or leave out .filter",
			 MIN(1450), MAX(2100), .filter = FILTER_EQ | FILTER_NULL),
		RULED_ON("a list that is sorted shows them", "year",
			 "DROP INDEX f; CREATE INDEX f ON books (year, id) WHERE year IS NOT NULL;"
			 "CREATE INDEX h ON books (shelf, year, id)",
			 NO_ORDER("sorted by year", "year, id"), MIN(1450), MAX(2100),
			 .sort = true),
		ROW("softly deleted rows need be in no index",
		    softly_deleted_rows_need_be_in_no_index),

		ID("an id that is the row's number stands behind all columns of an index",
		   .sqlite = "id INTEGER PRIMARY KEY)", .postgres = "id BIGINT PRIMARY KEY)",
		   .says = "", .says_postgres = ""),
		ID("also as a rule of the table", .sqlite = "id INTEGER, PRIMARY KEY (id))",
		   .postgres = "id BIGINT, PRIMARY KEY (id))", .says = "", .says_postgres = ""),
		ID("and where rows have no number",
		   .sqlite = "id BIGINT PRIMARY KEY) WITHOUT ROWID",
		   .postgres = "id BIGINT PRIMARY KEY)", .says = "", .says_postgres = ""),
		ID("one that is not does not, and may be null", .sqlite = "id BIGINT PRIMARY KEY)",
		   .postgres = "id BIGINT)", .says = ID_MAY_BE_NULL "; " NO_ID_BEHIND,
		   .says_postgres = ID_MAY_BE_NULL),
		ID("nor does one of several columns",
		   .sqlite = "id INTEGER, PRIMARY KEY (id, value))",
		   .postgres = "id BIGINT, PRIMARY KEY (id, value))",
		   .says = ID_MAY_BE_NULL "; " NO_ID_BEHIND, .says_postgres = ""),
		ID("an id that is NOT NULL is never null", .sqlite = "id BIGINT NOT NULL UNIQUE)",
		   .postgres = "id BIGINT NOT NULL)", .says = NO_ID_BEHIND, .says_postgres = ""),
		CASE_OF("a key of another table is told", is_told, change,
			.sqlite = "ALTER TABLE keepers RENAME TO old; ALTER TABLE others RENAME TO "
				  "keepers",
			.says = "the column keeper_id of the table books refers to old, and the "
				"model's keeper is of keepers"),
		ROW("and one that refers to nothing", a_key_that_refers_to_nothing_is_told),
		CASE_OF("a column that no model has is told", is_told, change,
			.sqlite = "ALTER TABLE books ADD COLUMN more TEXT",
			.says = "(the column more of the table books is in no model"),
		CASE_OF("and one that wants a value is a fault", is_told, change,
			.sqlite = "ALTER TABLE books RENAME COLUMN updated_at TO changed_at; ALTER "
				  "TABLE books ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0",
			.says = "the column changed_at of the table books is in no model, and "
				"wants a value in each row"),
	};
	return store_run("core/tables/compare", rows, COUNT_OF(rows), NULL, NULL);
}
