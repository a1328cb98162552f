/*
 * Migrations made of what differs between models and tables: applied on both databases where there
 * are rows, taken back and applied again. Each time the tables are as the models say, and the rows
 * are there, with those that refer to them.
 */
#include "cli/new/auto.h"

#include <inttypes.h>
#include <string.h>

#include "base/str.h"
#include "core/columns.h"
#include "core/db/store.h"
#include "core/migrate.h"
#include "core/module.h"

/* ---- the models ---- */

struct keeper {
	int64_t id;
};
SCHEMA(keeper, FIELD(struct keeper, id));
static const struct model keeper_model = { .name = "keeper",
					   .table = "keepers",
					   .row = &keeper_schema };

static const char *const shelves[] = { "fiction", "science", "other", NULL };
static const char *const more_shelves[] = { "fiction", "science", "other", "new", NULL };
static const char *const fewer_shelves[] = { "fiction", "science", NULL };
/* One more than a module that is made by command may have. */
static const char *const many_shelves[] = { "fiction", "science", "other", "a", "b", "c",
					    "d",       "e",       "f",     "g", "h", "i",
					    "j",       "k",       "l",     "m", NULL };
static const char *const spoken_shelves[] = { "fiction", "science", "other", "children's", NULL };
static const struct relation keeper_of_book = {
	.kind = BELONGS_TO,
	.model = &keeper_model,
	.key = "keeper_id",
};
static const struct relation helper_of_book = {
	.kind = BELONGS_TO,
	.model = &keeper_model,
	.key = "helper_id",
};

COLUMNS(room,
	(NAME, code, .sort = true),
	(BOOL, is_open, .filter = FILTER_EQ));
static const struct model room_model = {
	.name = "room",
	.table = "rooms",
	.row = &room_schema,
	.timestamps = true,
};
static const struct relation room_of_book = {
	.kind = BELONGS_TO,
	.model = &room_model,
	.key = "room_id",
};

COLUMNS(book,
	(TEXT, title, .min_len = 1, .max_len = 20, .sort = true),
	(TEXT, shelf, .choices = shelves, .preset = "other", .filter = FILTER_EQ),
	(INT_OR_NULL, year, MIN(1450), MAX(2100), .filter = FILTER_RANGE),
	(TEXT_OR_NULL, note, .max_len = 100, .filter = FILTER_EQ),
	(BOOL, is_out),
	(DATE_OR_NULL, lent_on),
	(INT, keeper_id, .in = NOT_INPUT),
	(INT_OR_NULL, helper_id, MIN(1), .filter = FILTER_EQ),
	(ONE, helper, keeper, &helper_of_book),
	(ONE, keeper, keeper, &keeper_of_book, .required = true));
static const struct model book_model = {
	.name = "book",
	.table = "books",
	.row = &book_schema,
	.timestamps = true,
};

/* Its columns have CHECKs that somebody wrote by hand. */
COLUMNS(shop,
	(TEXT, name),
	(INT_OR_NULL, area),
	(REAL_OR_NULL, price, MIN(0.5), MAX(1e3), .exclusive_max = true),
	(BOOL, is_open),
	(INT_OR_NULL, room_id),
	(OWNER, owner_id),
	(ONE, room, room, &room_of_book));
static const struct model shop_model = {
	.name = "shop",
	.table = "shops",
	.row = &shop_schema,
	.timestamps = true,
};

/* What a later version may have besides: the struct is nobody's business here. */
COLUMNS(later,
	(TEXT_OR_NULL, summary, .min_len = 2, .max_len = 30),
	(TEXT, motto, .max_len = 30, .preset = "it's", .sort = true),
	(TEXT, kind, .choices = shelves, .preset = "science", .filter = FILTER_EQ),
	(INT, loans, .preset = "7", MIN(0)),
	(REAL, price, .preset = "1.5", MIN(0.5), MAX(1e3), .exclusive_max = true,
	 .filter = FILTER_RANGE),
	(BOOL, is_new, .preset = "true", .filter = FILTER_EQ),
	(TIME, due_at, .preset = "\"2026-01-02T03:04:05Z\"", .sort = true),
	(DATE, bought_on, .preset = "\"2026-02-28\""),
	(DATE_OR_NULL, sold_on, .filter = FILTER_RANGE),
	(JSON, extra, .preset = "{}"),
	(NAME_OR_NULL, isbn),
	(SEARCHED_OR_NULL, subtitle, .max_len = 40),
	(NAME, code),
	(TEXT, bare),
	(INT_OR_NULL, room_id, .filter = FILTER_EQ),
	(ONE, room, room, &room_of_book));

CRUD_OPERATIONS(books, book, ACCESS_USER, ACCESS_USER, .model = &book_model);
CRUD_OPERATIONS(rooms, room, ACCESS_USER, ACCESS_USER, .model = &room_model);
CRUD_OPERATIONS(shops, shop, ACCESS_USER, ACCESS_USER, .model = &shop_model);
CRUD_OPERATIONS(later, later, ACCESS_USER, ACCESS_USER, .model = &book_model);

/* A model whose columns a row changes. */
struct version {
	struct field fields[40];
	struct schema row;
	struct model model;
	const struct model *models[6];
};

static void version_first(struct version *v)
{
	memcpy(v->fields, book_schema.fields, book_schema.count * sizeof(*v->fields));
	v->row = book_schema;
	v->row.fields = v->fields;
	v->model = book_model;
	v->model.row = &v->row;
	v->models[0] = &v->model;
	v->models[1] = &keeper_model;
	v->models[2] = v->models[3] = v->models[4] = v->models[5] = NULL;
}

static struct field *field_of(struct version *v, const char *name)
{
	for (size_t i = 0; i < v->row.count; i++)
		if (str_eq(v->fields[i].name, name))
			return &v->fields[i];
	fail_msg("no field %s", name);
	return NULL;
}

static void field_add(struct version *v, const char *name)
{
	const struct field *field = schema_field(&later_schema, name);
	assert_non_null(field);
	v->fields[v->row.count++] = *field;
}

static void field_drop(struct version *v, const char *name)
{
	*field_of(v, name) = v->fields[--v->row.count];
}

/* ---- two databases: the author's, and one in use ---- */

static struct store author, used;

enum { LIST_MOST = 6 };
static struct migration of_author[LIST_MOST], of_used[LIST_MOST];
static size_t count;

static void apply(struct store *s, const struct migration *list)
{
	int64_t done;
	ctx_recover(&s->scene.c);
	if (migrate_up(&s->scene.c, list, count, &done))
		fail_msg("%s\n%s\n%s", s->scene.c.failure.text, s->scene.c.failure.cause,
			 list[count - 1].sql);
}

static void migration_add(const char *sqlite, const char *postgres)
{
	int64_t number = (int64_t)count + 1;
	of_author[count] = (struct migration){ number, "change", sqlite };
	of_used[count] = (struct migration){ number, "change", store_either(sqlite, postgres) };
	count++;
	apply(&author, of_author);
	apply(&used, of_used);
}

static struct auto_texts made_of(const struct version *v, bool drop)
{
	struct auto_texts texts;
	ctx_recover(&author.scene.c);
	const struct auto_want want = { .name = "add_things", .models = v->models, .drop = drop };
	enum app_err err = auto_migration(&author.scene.c, &want, &texts);
	if (err)
		fail_msg("%s", ctx_failure_text(&author.scene.c, err));
	return texts;
}

#define BASE(integer) \
	"-- migrate:up\nCREATE TABLE keepers (id " integer " PRIMARY KEY);\n" \
	"INSERT INTO keepers VALUES (1), (2);\n"
/* What refers to books, and what looks at them. */
#define LOANS(integer) \
	"-- migrate:up\nCREATE TABLE loans (id " integer " PRIMARY KEY," \
	" book_id " integer " NOT NULL REFERENCES books (id) ON DELETE CASCADE);\n"
#define WATCHERS \
	"CREATE TABLE seen (id INTEGER PRIMARY KEY);\n" \
	"CREATE VIRTUAL TABLE books_fts USING fts5 (words);\n" \
	"CREATE VIEW titles AS SELECT id, title FROM books;\n" \
	"CREATE TRIGGER loans_end AFTER DELETE ON loans BEGIN\n" \
	"  UPDATE books SET updated_at = 9 WHERE id = old.book_id;\nEND;\n" \
	"CREATE TRIGGER books_seen AFTER INSERT ON books BEGIN\n" \
	"  INSERT INTO seen (id) VALUES (new.id);\n" \
	"  INSERT INTO books_fts (rowid, words) VALUES (new.id, new.title);\nEND;\n"

static const char *books_sql(void)
{
	return arena_printf(
		&used.scene.arena,
		"INSERT INTO books (title, shelf, year, note, is_out, keeper_id, created_at, "
		"updated_at) VALUES ('Emma', 'fiction', 1815, 'n', %s, 1, 1, 1), ('Ä', 'science', "
		"NULL, NULL, %s, 2, 2, 2), ('gone', 'science', 1999, NULL, %s, 2, 2, 2)",
		store_either("1", "TRUE"), store_either("0", "FALSE"), store_either("0", "FALSE"));
}

static void open_both(struct version *first)
{
	store_open_with(&author, (struct db_options){ .url = "sqlite::memory:" });
	store_open(&used);
	count = 0;
	version_first(first);
	migration_add(BASE("INTEGER"), BASE("BIGINT"));
	struct auto_texts texts = made_of(first, false);
	migration_add(texts.sqlite, texts.postgres);
	migration_add(LOANS("INTEGER") WATCHERS, LOANS("BIGINT"));
	store_do(&used,
		 arena_printf(&used.scene.arena,
			      "%s; DELETE FROM books WHERE title = 'gone';"
			      "INSERT INTO loans (id, book_id) VALUES (1, 1), (2, 2), (3, 2)",
			      books_sql()));
}

static void close_both(void)
{
	store_close(&used);
	store_close(&author);
}

static void agree(const struct version *v, const char *when)
{
	struct table_differences found;
	ctx_recover(&used.scene.c);
	must(tables_compare(&used.scene.c, v->models, &found));
	for (size_t i = 0; i < found.count; i++)
		fail_msg("%s: %s\n%s", when, found.at[i].says, of_used[count - 1].sql);
}

/* Rows, what refers to them, and ids that do not come again. */
static void rows_are_there(const char *when)
{
	if (store_int(&used, "SELECT count(*) FROM books") != 2 ||
	    store_int(&used, "SELECT count(*) FROM loans") != 3 ||
	    store_int(&used, "SELECT count(*) FROM books WHERE title = 'Emma' AND keeper_id = 1 "
			     "AND shelf = 'fiction' AND created_at = 1 AND id = 1") != 1)
		fail_msg("%s: rows are missing\n%s", when, of_used[count - 1].sql);
}

static void watchers_work(void)
{
	if (store_is_postgres)
		return;
	assert_int_equal(store_int(&used, "SELECT count(*) FROM titles WHERE title = 'Emma'"), 1);
	assert_int_equal(store_int(&used, "SELECT count(*) FROM sqlite_schema WHERE name IN "
					  "('books_seen', 'loans_end', 'titles', 'books_fts')"),
			 4);
	assert_int_equal(store_int(&used, "SELECT seq FROM sqlite_sequence WHERE name = 'books'"),
			 3);
	assert_int_equal(
		store_int(&used, "SELECT count(*) FROM books_fts WHERE books_fts MATCH 'emma'"), 1);
	store_do(&used, "DELETE FROM loans WHERE id = 3");
	assert_int_equal(store_int(&used, "SELECT updated_at FROM books WHERE id = 2"), 9);
	store_do(&used, "INSERT INTO loans VALUES (3, 2)");
}

/* ---- one change ---- */

struct change {
	void (*make)(struct version *v);
	bool drop;
	/* 1 once it is applied; NULL: not asked */
	const char *holds;
	/* words of the migration, in both files */
	const char *has;
	/* what the tables lack when it is taken back */
	bool comes_back_empty;
	/* SQL that makes one thing more beside the tables, and what holds as long as it is there */
	const char *beside, *stays;
};

static void take_back(void)
{
	int64_t done;
	ctx_recover(&used.scene.c);
	if (migrate_down(&used.scene.c, of_used, count, 1, &done))
		fail_msg("%s\n%s\n%s", used.scene.c.failure.text, used.scene.c.failure.cause,
			 of_used[count - 1].sql);
}

static void beside_is_there(const struct change *change, const char *when)
{
	if (!store_is_postgres && change->stays && store_int(&used, change->stays) != 1)
		fail_msg("%s: not %s\n%s", when, change->stays, of_used[count - 1].sql);
}

static void look(const struct change *change, const struct version *v, const char *when)
{
	agree(v, when);
	rows_are_there(when);
	watchers_work();
	beside_is_there(change, when);
	if (change->holds && store_int(&used, change->holds) != 1)
		fail_msg("%s: not %s\n%s", when, change->holds, of_used[count - 1].sql);
}

static void goes_both_ways(void **state)
{
	const struct change *change = *state;
	struct version first, next;
	open_both(&first);
	version_first(&next);
	change->make(&next);
	if (change->beside)
		store_do(&author, change->beside);
	if (change->beside && !store_is_postgres)
		store_do(&used, change->beside);
	struct auto_texts texts = made_of(&next, change->drop);
	assert_non_null(texts.sqlite);
	if (change->has) {
		assert_non_null(strstr(texts.sqlite, change->has));
		assert_non_null(strstr(texts.postgres, change->has));
	}
	migration_add(texts.sqlite, texts.postgres);
	look(change, &next, "up");
	take_back();
	rows_are_there("down");
	watchers_work();
	beside_is_there(change, "down");
	if (!change->comes_back_empty)
		agree(&first, "down");
	apply(&used, of_used);
	look(change, &next, "up again");
	assert_null(made_of(&next, true).sqlite);
	close_both();
}

static void adds_a_column(struct version *v)
{
	field_add(v, "summary");
}

static void adds_presets(struct version *v)
{
	static const char *const names[] = { "motto",  "kind",  "loans",     "price",  "is_new",
					     "due_at", "extra", "bought_on", "sold_on" };
	for (size_t i = 0; i < COUNT_OF(names); i++)
		field_add(v, names[i]);
}

static void adds_a_name(struct version *v)
{
	field_add(v, "isbn");
	field_add(v, "subtitle");
}

static void adds_a_table(struct version *v)
{
	field_add(v, "room_id");
	field_add(v, "room");
	v->models[2] = &room_model;
}

static void deletes_softly(struct version *v)
{
	v->model.soft_delete = true;
	field_add(v, "motto");
}

static void searches_the_title(struct version *v)
{
	field_of(v, "title")->folded = "title_folded";
	field_of(v, "title")->search = true;
}

static void has_more_choices(struct version *v)
{
	field_of(v, "shelf")->choices = more_shelves;
}

static void has_fewer_choices(struct version *v)
{
	field_of(v, "shelf")->choices = fewer_shelves;
	field_of(v, "shelf")->preset = "science";
}

static void has_wider_bounds(struct version *v)
{
	field_of(v, "title")->max_len = 30;
	field_of(v, "year")->min = 1;
	field_of(v, "year")->has_max = false;
}

static void has_narrower_bounds(struct version *v)
{
	field_of(v, "title")->max_len = 10;
	field_of(v, "note")->min_len = 1;
	field_of(v, "note")->max_len = 9;
}

static void has_very_many_choices(struct version *v)
{
	field_of(v, "shelf")->choices = many_shelves;
}

static void has_a_choice_with_a_quote(struct version *v)
{
	field_of(v, "shelf")->choices = spoken_shelves;
}

static void adds_a_bounded_key(struct version *v)
{
	adds_a_table(v);
	field_of(v, "room_id")->has_min = true;
	field_of(v, "room_id")->min = 1;
}

static void bounds_a_key(struct version *v)
{
	field_of(v, "keeper_id")->has_min = true;
	field_of(v, "keeper_id")->min = 1;
}

static void bounds_a_key_otherwise(struct version *v)
{
	field_of(v, "helper_id")->has_max = true;
	field_of(v, "helper_id")->max = 9;
}

static void drops_a_bounded_key(struct version *v)
{
	field_drop(v, "helper_id");
	field_drop(v, "helper");
}

static void has_no_rules(struct version *v)
{
	field_of(v, "shelf")->choices = NULL;
	field_of(v, "title")->min_len = field_of(v, "title")->max_len = 0;
	field_of(v, "year")->has_min = field_of(v, "year")->has_max = false;
	field_of(v, "note")->max_len = 0;
}

static void may_be_null(struct version *v)
{
	field_of(v, "is_out")->nullable = true;
	field_of(v, "shelf")->nullable = true;
}

static void may_not_be_null(struct version *v)
{
	field_of(v, "note")->nullable = false;
	field_of(v, "note")->preset = "none";
}

static void drops_columns(struct version *v)
{
	field_drop(v, "note");
	field_drop(v, "year");
	field_drop(v, "is_out");
	field_drop(v, "lent_on");
}

static void sorts_by_more(struct version *v)
{
	field_of(v, "is_out")->filter = FILTER_EQ;
	field_of(v, "shelf")->sort = true;
	field_of(v, "updated_at")->sort = true;
}

static void changes_all(struct version *v)
{
	adds_a_table(v);
	adds_presets(v);
	has_more_choices(v);
	may_not_be_null(v);
	searches_the_title(v);
	field_drop(v, "year");
	sorts_by_more(v);
}

/* ---- what was written by hand ---- */

/* CHECKs of one column, which are there before anything changes. */
struct by_hand {
	const char *column, *checks;
	/* NULL: nothing changes */
	void (*make)(struct version *v);
	/* what differs then; "": nothing */
	const char *says;
	/* it is written by hand, and refused without --drop */
	bool refused;
	/* words that are in the migration of SQLite, up and down */
	const char *stays;
};

static void shops_first(struct version *v)
{
	memcpy(v->fields, shop_schema.fields, shop_schema.count * sizeof(*v->fields));
	v->row = shop_schema;
	v->row.fields = v->fields;
	v->model = shop_model;
	v->model.row = &v->row;
	v->models[0] = &v->model;
	v->models[1] = &room_model;
	v->models[2] = NULL;
}

/* The migration with `checks` at the end of the column's line. */
static const char *with_checks(const char *sql, const struct by_hand *hand)
{
	struct arena *arena = &used.scene.arena;
	const char *line = strstr(sql, arena_printf(arena, "  %s ", hand->column));
	assert_non_null(line);
	const char *end = strstr(line, ",\n");
	return arena_printf(arena, "%.*s %s%s", (int)(end - sql), sql, hand->checks, end);
}

static const char *differences(struct store *s, const struct version *v)
{
	struct table_differences found;
	struct buf text;
	buf_init(&text, &s->scene.arena);
	ctx_recover(&s->scene.c);
	must(tables_compare(&s->scene.c, v->models, &found));
	for (size_t i = 0; i < found.count; i++)
		buf_printf(&text, "%s%s", i ? "; " : "", found.at[i].says);
	return buf_text(&text);
}

static void shops_open(const struct by_hand *hand, struct version *v)
{
	store_open_with(&author, (struct db_options){ .url = "sqlite::memory:" });
	store_open(&used);
	count = 0;
	shops_first(v);
	migration_add("-- migrate:up\nCREATE TABLE users (id INTEGER PRIMARY KEY);\n",
		      "-- migrate:up\nCREATE TABLE users (id BIGINT PRIMARY KEY);\n");
	struct auto_texts texts = made_of(v, false);
	migration_add(with_checks(texts.sqlite, hand), with_checks(texts.postgres, hand));
}

static void is_refused_without_drop(const struct version *v, const char *says)
{
	struct auto_texts texts;
	const struct auto_want want = { .name = "x", .models = v->models };
	ctx_recover(&author.scene.c);
	assert_int_equal(auto_migration(&author.scene.c, &want, &texts), APP_CONFLICT);
	const char *text = ctx_failure_text(&author.scene.c, APP_CONFLICT);
	if (!strstr(text, says))
		fail_msg("no '%s' in '%s'", says, text);
}

/* Taken away and put back. */
static void goes_with_drop(const struct by_hand *hand, const struct version *v)
{
	const char *before = differences(&used, v);
	struct auto_texts texts = made_of(v, true);
	if (hand->stays && (!strstr(texts.sqlite, hand->stays) ||
			    !strstr(strstr(texts.sqlite, "-- migrate:down"), hand->stays)))
		fail_msg("no '%s' in '%s'", hand->stays, texts.sqlite);
	migration_add(texts.sqlite, texts.postgres);
	assert_string_equal(differences(&used, v), "");
	take_back();
	assert_string_equal(differences(&used, v), before);
	apply(&used, of_used);
	assert_string_equal(differences(&used, v), "");
}

static void what_is_by_hand_is_told(void **state)
{
	const struct by_hand *hand = *state;
	struct version v;
	shops_open(hand, &v);
	if (hand->make)
		hand->make(&v);
	assert_string_equal(differences(&author, &v), hand->says);
	assert_string_equal(differences(&used, &v), hand->says);
	if (hand->refused)
		is_refused_without_drop(&v, hand->says);
	if (*hand->says)
		goes_with_drop(hand, &v);
	close_both();
}

static void bounds_the_name(struct version *v)
{
	field_of(v, "name")->max_len = 20;
}

static void bounds_the_area(struct version *v)
{
	field_of(v, "area")->has_min = true;
	field_of(v, "area")->min = 2;
}

static void bounds_the_price(struct version *v)
{
	field_of(v, "price")->min = -1.5;
	field_of(v, "price")->exclusive_min = true;
}

/* Its type in PostgreSQL is known by one of its rules, however that is written. */
static void a_column_comes_back_with_all_its_rules(void **state)
{
	const struct by_hand hand = { .column = "is_open",
				      .checks = "CHECK (is_open IS NOT NULL) CHECK "
						"(\"IS_OPEN\" in(0,1))" };
	static const char own_rule[] = "CONSTRAINT shops_is_open_check CHECK (is_open IN (0, 1))";
	struct version v;
	(void)state;
	store_open_with(&author, (struct db_options){ .url = "sqlite::memory:" });
	store_open(&used);
	count = 0;
	shops_first(&v);
	const char *sql = made_of(&v, false).sqlite;
	char *own = strstr(sql, own_rule);
	assert_non_null(own);
	memset(own, ' ', strlen(own_rule));
	const char *shops = strstr(sql, "CREATE TABLE shops");
	*strstr(shops, ";\n") = '\0';
	store_do(&author, with_checks(shops, &hand));
	field_drop(&v, "is_open");
	const char *down = strstr(made_of(&v, true).postgres, "-- migrate:down");
	assert_non_null(strstr(down, "ADD COLUMN is_open BOOLEAN"));
	assert_non_null(strstr(down, "CHECK (is_open IS NOT NULL)"));
	assert_null(strstr(down, "(0,1)"));
	close_both();
}

static void a_rule_of_two_columns_is_in_the_way(void **state)
{
	const struct by_hand hand = { .column = "area", .checks = "CHECK (area <> room_id)" };
	struct version v;
	struct auto_texts texts;
	(void)state;
	shops_open(&hand, &v);
	field_drop(&v, "room_id");
	field_drop(&v, "room");
	const struct auto_want want = { .name = "x", .models = v.models, .drop = true };
	ctx_recover(&author.scene.c);
	assert_int_equal(auto_migration(&author.scene.c, &want, &texts), APP_CONFLICT);
	assert_non_null(strstr(ctx_failure_text(&author.scene.c, APP_CONFLICT),
			       "shops.room_id: a CHECK at the column area speaks of it and of "
			       "others: drop the column by hand"));
	close_both();
}

/* Whether or not a route leads to the operation that says so. */
static void an_owner_is_an_account(void **state)
{
	static const struct operation *const operations[] = { &shops_create, NULL };
	const struct module module = { .name = "shops", .operations = operations };
	const struct module *const modules[] = { &module, NULL };
	const struct model *const models[] = { &shop_model, &room_model, NULL };
	const struct auto_want want = { .name = "x", .models = models, .modules = modules };
	struct auto_texts texts;
	(void)state;
	store_open_with(&author, (struct db_options){ .url = "sqlite::memory:" });
	must(auto_migration(&author.scene.c, &want, &texts));
	assert_non_null(strstr(texts.sqlite, "owner_id INTEGER NOT NULL REFERENCES users (id)"));
	assert_non_null(strstr(texts.postgres, "owner_id BIGINT NOT NULL REFERENCES users (id)"));
	store_close(&author);
}

/* ---- what is refused ---- */

struct refusal {
	void (*make)(struct version *v);
	const char *sql;
	bool drop;
	const char *says;
};

static void is_refused(void **state)
{
	const struct refusal *refusal = *state;
	struct version v;
	struct auto_texts texts;
	open_both(&v);
	if (refusal->sql)
		store_do(&author, refusal->sql);
	refusal->make(&v);
	ctx_recover(&author.scene.c);
	const struct auto_want want = { "x", v.models, NULL, refusal->drop };
	assert_int_equal(auto_migration(&author.scene.c, &want, &texts), APP_CONFLICT);
	const char *text = ctx_failure_text(&author.scene.c, APP_CONFLICT);
	if (!strstr(text, refusal->says))
		fail_msg("no '%s' in '%s'", refusal->says, text);
	/* the command line shows it in one line, and a line break as \x0a */
	assert_null(strchr(text, '\n'));
	assert_null(texts.sqlite);
	close_both();
}

static void has_ids_that_may_be_null(struct version *v)
{
	static struct field fields[4];
	static struct schema row;
	static struct model model;
	memcpy(fields, room_schema.fields, sizeof(*fields));
	row = (struct schema){ .name = "shed", .fields = fields, .count = 1, .shared = true };
	model = (struct model){ .name = "shed", .table = "sheds", .row = &row };
	v->models[2] = &model;
}

static void adds_without_preset(struct version *v)
{
	field_add(v, "bare");
	field_add(v, "code");
}

static void names_the_title(struct version *v)
{
	field_of(v, "title")->key = "title_key";
}

static void types_otherwise(struct version *v)
{
	field_of(v, "year")->type = FIELD_TEXT;
}

static void wants_full_text(struct version *v)
{
	static struct model text;
	text = room_model;
	text.fts_table = "rooms_fts";
	v->models[2] = &text;
}

/* New tables, of which each refers to the next, and the last to the first. */
static void adds_a_circle(struct version *v, size_t of)
{
	static const char *const tables[] = { "attics", "cellars", "garrets" };
	static struct field fields[3][16];
	static struct schema rows[3];
	static struct model models[3];
	static struct relation relations[3];
	for (size_t i = 0; i < of; i++) {
		memcpy(fields[i], room_schema.fields, room_schema.count * sizeof(**fields));
		rows[i] = room_schema;
		rows[i].fields = fields[i];
		relations[i] = room_of_book;
		relations[i].model = &models[(i + 1) % of];
		fields[i][rows[i].count++] = *schema_field(&later_schema, "room_id");
		fields[i][rows[i].count] = *schema_field(&later_schema, "room");
		fields[i][rows[i].count++].relation = &relations[i];
		models[i] = room_model;
		models[i].table = tables[i];
		models[i].row = &rows[i];
		v->models[2 + i] = &models[i];
	}
}

static void refer_to_each_other(struct version *v)
{
	adds_a_circle(v, 2);
}

static void refer_in_a_circle(struct version *v)
{
	adds_a_circle(v, 3);
}

static void refers_to_itself(struct version *v)
{
	adds_a_circle(v, 1);
}

static void drops_the_title(struct version *v)
{
	field_drop(v, "title");
}

#define CASE_OF(sentence, fn, type, ...) ROW_OF(sentence, fn, (&(const struct type){ __VA_ARGS__ }))
#define CHANGE(sentence, ...) CASE_OF(sentence, goes_both_ways, change, __VA_ARGS__)
#define BY_HAND(sentence, ...) CASE_OF(sentence, what_is_by_hand_is_told, by_hand, __VA_ARGS__)
#define IS_BY_HAND \
	"; it was written by hand, and croft migrate new NAME --auto takes it away with --drop " \
	"only"
#define REFUSED(sentence, ...) CASE_OF(sentence, is_refused, refusal, __VA_ARGS__)

int main(void)
{
	const struct CMUnitTest rows[] = {
		CHANGE("a column that may be null is added", .make = adds_a_column,
		       .holds = "SELECT count(*) = 2 FROM books WHERE summary IS NULL",
		       .has = "ALTER TABLE books ADD COLUMN summary TEXT"),
		CHANGE("others get their presets in the rows that are there", .make = adds_presets,
		       .holds = "SELECT count(*) / 2 FROM books WHERE motto = 'it''s' AND kind = "
				"'science' AND loans = 7 AND price = 1.5 AND due_at = "
				"1767323045000000 AND extra = '{}' AND bought_on = '2026-02-28' "
				"AND sold_on IS NULL"),
		CHANGE("names and searched texts come with what is beside them",
		       .make = adds_a_name, .has = "CREATE UNIQUE INDEX books_isbn_key"),
		CHANGE("a new table comes before the column that refers to it",
		       .make = adds_a_table, .has = "CREATE TABLE rooms"),
		CHANGE("a new table may refer to itself", .make = refers_to_itself,
		       .has = "REFERENCES attics"),
		CHANGE("rows that stay when they are deleted get a column for it",
		       .make = deletes_softly, .has = "deleted_at",
		       .holds = "SELECT count(*) = 2 FROM books WHERE deleted_at IS NULL"),
		CHANGE("a text that is searched now is folded", .make = searches_the_title,
		       .holds = "SELECT count(*) FROM books WHERE title_folded = 'ä' OR "
				"title_folded = 'a\xcc\x88'"),
		CHANGE("choices that are more", .make = has_more_choices, .has = "'new'"),
		CHANGE("and fewer", .make = has_fewer_choices),
		CHANGE("sixteen of them", .make = has_very_many_choices, .has = "'m')"),
		CHANGE("one with an apostrophe", .make = has_a_choice_with_a_quote,
		       .has = "'children''s'"),
		CHANGE("bounds that are wider", .make = has_wider_bounds,
		       .has = "BETWEEN 1 AND 30"),
		CHANGE("and narrower", .make = has_narrower_bounds),
		CHANGE("a column that refers to another table and has bounds",
		       .make = adds_a_bounded_key, .has = "CHECK (room_id >= 1)"),
		CHANGE("bounds of one that is there", .make = bounds_a_key,
		       .has = "CHECK (keeper_id >= 1)"),
		CHANGE("others in their place", .make = bounds_a_key_otherwise,
		       .has = "CHECK (helper_id BETWEEN 1 AND 9)"),
		CHANGE("none and no such column, and both again", .make = drops_a_bounded_key,
		       .drop = true),
		CHANGE("choices and bounds that are no more", .make = has_no_rules),
		CHANGE("what may be null now", .make = may_be_null),
		CHANGE("what may not, and gets its preset", .make = may_not_be_null,
		       .holds = "SELECT count(*) FROM books WHERE note = 'none'"),
		CHANGE("columns are dropped with their indexes", .make = drops_columns,
		       .drop = true, .comes_back_empty = true),
		CHANGE("indexes that lists want", .make = sorts_by_more, .has = "CREATE INDEX"),
		CHANGE("all at once", .make = changes_all, .drop = true, .comes_back_empty = true),
		CHANGE("a trigger on a view of the table comes back with it",
		       .make = has_more_choices,
		       .beside = "CREATE TRIGGER titles_add INSTEAD OF INSERT ON titles BEGIN"
				 " INSERT INTO seen (id) VALUES (new.id); END",
		       .stays = "SELECT count(*) FROM sqlite_schema WHERE name = 'titles_add'"),
		CHANGE("so does a view of a view of such a view", .make = has_more_choices,
		       .beside = "CREATE VIEW last_one AS SELECT max(title) AS t FROM late_ones;"
				 "CREATE VIEW late_ones AS SELECT title FROM titles WHERE id > 1",
		       .stays = "SELECT count(*) FROM last_one WHERE t = 'Ä'"),
		CHANGE("and a trigger elsewhere that names the view alone",
		       .make = has_more_choices,
		       .beside = "CREATE TRIGGER seen_end AFTER DELETE ON seen BEGIN"
				 " INSERT INTO keepers SELECT id + 100 FROM titles; END",
		       .stays = "SELECT count(*) FROM sqlite_schema WHERE name = 'seen_end'"),

		BY_HAND("a CHECK of ids agrees with a field without bounds", .column = "id",
			.checks = "CHECK (id > 0)", .says = ""),
		BY_HAND("so does one of an owner", .column = "owner_id",
			.checks = "CHECK (owner_id > 0 AND owner_id <> 13)", .says = ""),
		BY_HAND("and of what refers to ids", .column = "room_id",
			.checks = "CHECK (room_id > 0)", .says = ""),
		BY_HAND("one that refuses ids is told as what it is, and kept", .column = "room_id",
			.checks = "CONSTRAINT few CHECK (room_id < 1000)",
			.says = "the CHECK of the table shops refuses 9000000000000000000 in the "
				"column room_id, which is what its field takes" IS_BY_HAND,
			.refused = true),
		BY_HAND("bounds that another name has", .column = "area",
			.checks = "CONSTRAINT large CHECK (area >= 9)",
			.says = "the CHECK of the table shops refuses -9000000000000000000 in the "
				"column area, which is what its field takes" IS_BY_HAND,
			.refused = true),
		BY_HAND("what a rule of a field would take the place of", .column = "name",
			.checks = "CONSTRAINT shops_name_check CHECK (name <> '' AND name <> 'x')",
			.make = bounds_the_name,
			.says = "the CHECK of the table shops refuses a text of 0 characters in "
				"the column name, which is within its field's bounds" IS_BY_HAND,
			.refused = true),
		BY_HAND("beside one of two columns its own is changed, and that stays",
			.column = "area",
			.checks = "CONSTRAINT two CHECK (area <> room_id) CONSTRAINT "
				  "shops_area_check CHECK (area >= -9000000000000000000)",
			.make = bounds_the_area,
			.says = "the CHECK of the table shops takes 1 in the column area, which is "
				"beyond its field's bounds",
			.stays = "CHECK (area <> room_id)"),
		BY_HAND("beside one of two columns alone it gets its own", .column = "area",
			.checks = "CONSTRAINT two CHECK (area <> room_id)", .make = bounds_the_area,
			.says = "no CHECK of the table shops refuses 1 in the column area, which "
				"is beyond its field's bounds",
			.stays = "CHECK (area <> room_id)"),
		BY_HAND("bounds of real numbers are changed", .column = "price", .checks = "",
			.make = bounds_the_price,
			.says = "the CHECK of the table shops refuses -1.4999999999999998 in the "
				"column price, which is within its field's bounds"),
		ROW("an owner refers to an account", an_owner_is_an_account),
		ROW("a column comes back with all its rules",
		    a_column_comes_back_with_all_its_rules),
		ROW("a rule of two columns is in the way of each",
		    a_rule_of_two_columns_is_in_the_way),
		CHANGE("real numbers have bounds", .make = adds_presets,
		       .has = "CHECK (price >= 0.5 AND price < 1000)"),
		REFUSED("a column without a value for the rows that are there",
			.make = adds_without_preset,
			.says = "books.bare: rows that are there would have no value: give it a "
				".preset, let it be null, or write this by hand"),
		REFUSED("a name without one", .make = adds_without_preset,
			.says = "books.code: rows that are there have no name"),
		REFUSED("a text that becomes a name", .make = names_the_title,
			.says = "books.title: rows that are there need their keys"),
		REFUSED("another type", .make = types_otherwise,
			.says = "books.year: a column gets another type by hand only"),
		REFUSED("an id that may be null", .make = has_ids_that_may_be_null,
			.sql = "CREATE TABLE sheds (id BIGINT PRIMARY KEY)",
			.says = "the column id of the table sheds may be null, and no row is "
				"without one: make it the PRIMARY KEY, in SQLite as INTEGER "
				"PRIMARY KEY; write it by hand"),
		REFUSED("a full-text index", .make = wants_full_text,
			.says = "rooms: full-text indexes are made by hand"),
		REFUSED("two new tables that refer to each other", .make = refer_to_each_other,
			.says = "attics and cellars refer to each other: PostgreSQL makes neither "
				"before the other; leave one of the keys away, and add it once "
				"both are there"),
		REFUSED("three in a circle", .make = refer_in_a_circle,
			.says = "attics, cellars and garrets refer to each other in a circle: "
				"PostgreSQL makes none before the others; leave one of the keys "
				"away, and add it once all are there"),
		REFUSED("a column that goes without being told to", .make = drops_columns,
			.says = "books.note is in no model: --drop drops it with what it holds"),
		REFUSED("one that a trigger speaks of", .make = drops_the_title, .drop = true,
			.says = "books.title: the trigger books_seen speaks of it"),
		REFUSED("and a view", .make = drops_the_title, .drop = true,
			.says = "books.title: the view titles speaks of it"),
		REFUSED("an index of the name that is another", .make = sorts_by_more,
			.sql = "CREATE INDEX books__is_out__idx ON books (note)",
			.says = "books: there is an index books__is_out__idx already"),
		REFUSED("a rule that stands elsewhere", .make = has_more_choices,
			.sql = "ALTER TABLE books ADD COLUMN more TEXT CHECK (shelf <> 'none')",
			.says = "books.shelf: its CHECK does not stand by itself at its column"),
	};
	return store_run("cli/new/auto", rows, COUNT_OF(rows), NULL, NULL);
}
