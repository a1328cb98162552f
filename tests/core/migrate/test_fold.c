/*
 * The step that folds a column into another: what it fills, what it refuses, that it leaves nothing
 * behind then.
 */
#include "core/db/store.h"

#include "base/buf.h"
#include "core/migrate.h"

static struct store store;

static const char TABLE[] = "-- migrate:up\n"
			    "CREATE TABLE names (id bigint PRIMARY KEY, name text, gone bigint);\n"
			    "-- migrate:down\nDROP TABLE names;\n";

#define FOLD(step) \
	"-- migrate:up\nALTER TABLE names ADD COLUMN name_key text;\n" step "\n" \
	"CREATE UNIQUE INDEX names_name_key ON names (name_key) WHERE gone IS NULL;\n" \
	"-- migrate:down\nDROP INDEX names_name_key;\nALTER TABLE names DROP COLUMN name_key;\n"

static const char SQL_ONE[] = "INSERT INTO names (id, name) VALUES ($1, $2)";

struct row {
	int64_t id;
	const char *name;
};

static enum app_err row_add(struct ctx *c, void *arg)
{
	const struct row *row = arg;
	return db_exec(c, SQL_ONE, BIND(row->id, row->name), NULL);
}

static void add(int64_t id, const char *name)
{
	must(db_write(&store.scene.c, row_add, &(struct row){ id, name }));
}

static enum app_err up(const char *second, int64_t done)
{
	const struct migration list[] = { { 1, "names", TABLE }, { 2, "keys", second } };
	int64_t is = -1;
	ctx_recover(&store.scene.c);
	enum app_err err = migrate_up(&store.scene.c, list, second ? 2 : 1, &is);
	if (!err)
		assert_int_equal(is, done);
	return err;
}

static int setup(void **state)
{
	(void)state;
	store_open(&store);
	must(up(NULL, 1));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	store_close(&store);
	return 0;
}

static const char *key_of(int id)
{
	return store_text(&store, arena_printf(&store.scene.arena,
					       "SELECT name_key FROM names WHERE id = %d", id));
}

static int64_t rows_with_key(void)
{
	return store_int(&store, "SELECT count(*) FROM names WHERE name_key IS NOT NULL");
}

/* ---- what is filled ---- */

#define UNIQUE FOLD("-- migrate:fold names.name into name_key unique")

static void every_row_gets_its_key(void **state)
{
	(void)state;
	add(-4, "Stra\u00DFe");
	add(1, "Casey");
	add(2, "E\u0301");
	add(9000000000000000000, "\u0130");
	store_do(&store, "INSERT INTO names (id) VALUES (5), (6)");
	must(up(UNIQUE, 1));
	assert_string_equal(key_of(-4), "strasse");
	assert_string_equal(key_of(1), "casey");
	assert_string_equal(key_of(2), "\u00E9");
	assert_string_equal(
		store_text(&store, "SELECT name_key FROM names ORDER BY id DESC LIMIT 1"),
		"i\u0307");
	assert_string_equal(key_of(5), "(null)");
	assert_int_equal(rows_with_key(), 4);
}

static void no_row_is_fine(void **state)
{
	(void)state;
	must(up(UNIQUE, 1));
	assert_int_equal(rows_with_key(), 0);
}

/* As many as a statement takes, and one more and fewer: the last one is shorter. */
static void many_rows_are_filled(void **state)
{
	int count = *(const int *)*state;
	store_do(&store,
		 arena_printf(&store.scene.arena,
			      "INSERT INTO names (id, name) WITH RECURSIVE n (i) AS (SELECT "
			      "1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT i * 3, "
			      "'NAME' || CAST(i AS text) FROM n",
			      count));
	must(up(UNIQUE, 1));
	assert_int_equal(rows_with_key(), count);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM names WHERE name_key = 'name' || "
					   "CAST(id / 3 AS text)"),
			 count);
}

static void it_can_be_taken_back(void **state)
{
	(void)state;
	const struct migration list[] = { { 1, "names", TABLE }, { 2, "keys", UNIQUE } };
	int64_t done;
	add(1, "Casey");
	must(up(UNIQUE, 1));
	must(migrate_down(&store.scene.c, list, 2, 1, &done));
	assert_string_equal(store_text(&store, "SELECT name FROM names"), "Casey");
	must(up(UNIQUE, 1));
	assert_string_equal(key_of(1), "casey");
}

/* ---- collisions ---- */

static void collisions_are_named_and_nothing_changes(void **state)
{
	(void)state;
	add(3, "Casey");
	add(7, "casey");
	add(9, "\u00E9");
	add(12, "E\u0301");
	add(13, "other");
	assert_int_equal(up(UNIQUE, 0), APP_CONFLICT);
	store_says_text(
		&store, APP_CONFLICT,
		"0002_keys.sql: these rows of names have the same name, if one looks "
		"neither at case nor at how letters are encoded: 3 'Casey' and 7 'casey'; "
		"9 '\u00E9' and 12 'E\u0301'. Nothing was changed. Give all but one of each "
		"another name (UPDATE names SET name = '…' WHERE id = …, in psql, or in "
		"sqlite3 while no server runs), then try again");
	assert_int_equal(store_int(&store, "SELECT count(*) FROM croft_migrations"), 1);
	assert_int_equal(store_try(&store, "SELECT name_key FROM names"), APP_INTERNAL);
	/* mended, it goes on from there */
	store_do(&store, "UPDATE names SET name = name || CAST(id AS text) WHERE id IN (7, 12)");
	must(up(UNIQUE, 1));
	assert_int_equal(rows_with_key(), 5);
}

static void many_collisions_are_cut_short(void **state)
{
	(void)state;
	for (int i = 0; i < 36; i++)
		add(i, arena_printf(&store.scene.arena, "%c%d", i % 3 ? 'a' : 'A', i / 3));
	for (int i = 100; i < 106; i++)
		add(i, "a0");
	assert_int_equal(up(UNIQUE, 0), APP_CONFLICT);
	store_says_text(&store, APP_CONFLICT,
			": 0 'A0' and 1 'a0' and 2 'a0' and 100 'a0' and others; 3 'A1' and");
	store_says_text(&store, APP_CONFLICT, "and 29 'a9'; and more. Nothing");
}

static void names_that_cannot_be_seen_are_told(void **state)
{
	(void)state;
	add(1, "a");
	add(2, "\u200B");
	add(5, "\u3164\u00AD");
	add(6, "");
	assert_int_equal(up(UNIQUE, 0), APP_CONFLICT);
	store_says_text(&store, APP_CONFLICT,
			"0002_keys.sql: in the name of these rows of names nothing can be seen: 2, "
			"5. Nothing was changed. Give each another name (UPDATE names SET");
}

static void control_characters_are_shown_as_such(void **state)
{
	(void)state;
	add(1, "a\x1b[31m");
	add(2, "A\x1b[31m");
	assert_int_equal(up(UNIQUE, 0), APP_CONFLICT);
	store_says_text(&store, APP_CONFLICT, "1 'a\\x1b[31m' and 2 'A\\x1b[31m'");
}

static void only_rows_that_meet_the_condition_collide(void **state)
{
	(void)state;
	add(1, "x");
	add(2, "X");
	add(3, "y");
	add(4, "Y");
	store_do(&store, "UPDATE names SET gone = 1 WHERE id IN (1, 3)");
	must(up(FOLD("-- migrate:fold names.name into name_key unique where gone IS NULL"), 1));
	assert_int_equal(rows_with_key(), 4);
}

static void without_unique_rows_may_share_a_key(void **state)
{
	(void)state;
	add(1, "x");
	add(2, "X");
	must(up("-- migrate:up\nALTER TABLE names ADD COLUMN name_key text;\n"
		"-- migrate:fold names.name into name_key\r\n"
		"UPDATE names SET gone = 1 WHERE name_key = 'x';\n",
		1));
	assert_int_equal(store_int(&store, "SELECT count(*) FROM names WHERE gone = 1"), 2);
}

static void rows_of_ascii_may_be_left_alone(void **state)
{
	(void)state;
	add(1, "Plain");
	add(2, "\u00C9");
	for (int i = 3; i < 300; i++)
		add(i, "more");
	add(300, "last \u00D6");
	must(up("-- migrate:up\nALTER TABLE names ADD COLUMN name_key text;\n"
		"-- migrate:fold names.name into name_key beyond ascii\n"
		"-- migrate:down\nALTER TABLE names DROP COLUMN name_key;\n",
		1));
	assert_int_equal(rows_with_key(), 2);
	assert_string_equal(key_of(2), "\u00E9");
	assert_string_equal(key_of(300), "last \u00F6");
}

/* ---- lines that are no step ---- */

struct broken {
	const char *step, *cause;
};

static void is_refused(void **state)
{
	const struct broken *t = *state;
	const char *sql = arena_printf(
		&store.scene.arena,
		"-- migrate:up\nALTER TABLE names ADD COLUMN name_key text;\n"
		"\n%s\n",
		t->step);
	assert_int_equal(up(sql, 0), APP_INTERNAL);
	store_says_cause(&store, t->cause);
	assert_int_equal(store_try(&store, "SELECT name_key FROM names"), APP_INTERNAL);
}

#define NO_STEP "0002_keys.sql, line 4: this is no step"
#define CASE(sentence, fn) \
	{ \
		sentence, fn, setup, teardown, NULL \
	}
#define MANY(sentence, count) \
	{ \
		sentence, many_rows_are_filled, setup, teardown, (&(int){ count }) \
	}
#define REFUSED(sentence, line, why) \
	{ \
		sentence, is_refused, setup, teardown, (&(struct broken){ line, why }) \
	}

int main(void)
{
	const struct CMUnitTest rows[] = {
		CASE("every row gets its key; null stays null", every_row_gets_its_key),
		CASE("a table without rows is fine", no_row_is_fine),
		MANY("one batch of rows is filled", 128),
		MANY("one more is filled", 129),
		MANY("one fewer is filled", 127),
		MANY("a thousand are filled", 1000),
		CASE("it can be taken back and done again", it_can_be_taken_back),
		CASE("collisions are named, nothing changes, and mended it goes on",
		     collisions_are_named_and_nothing_changes),
		CASE("of many collisions the first are named", many_collisions_are_cut_short),
		CASE("names of which nothing can be seen are told",
		     names_that_cannot_be_seen_are_told),
		CASE("control characters of a name do not reach the terminal",
		     control_characters_are_shown_as_such),
		CASE("only rows that meet the condition collide",
		     only_rows_that_meet_the_condition_collide),
		CASE("without unique rows may share a key; SQL after it sees the keys",
		     without_unique_rows_may_share_a_key),
		CASE("rows of ASCII may be left alone", rows_of_ascii_may_be_left_alone),
		REFUSED("beyond what, a step must say",
			"-- migrate:fold names.name into name_key beyond", NO_STEP),
		REFUSED("an unknown step is refused", "-- migrate:flod names.name into name_key",
			NO_STEP),
		REFUSED("a step without a column is refused", "-- migrate:fold names into name_key",
			NO_STEP),
		REFUSED("a step without its target is refused", "-- migrate:fold names.name into",
			NO_STEP),
		REFUSED("words after a step are refused",
			"-- migrate:fold names.name into name_key please", NO_STEP),
		REFUSED("a condition of nothing is refused",
			"-- migrate:fold names.name into name_key unique where", NO_STEP),
		REFUSED("names in quotes are refused",
			"-- migrate:fold names.\"name\" into name_key", NO_STEP),
		REFUSED("a mark with words after it is refused", "-- migrate:down it all", NO_STEP),
		REFUSED("a column that is not there is told, with the file",
			"-- migrate:fold names.nick into name_key", "0002_keys.sql, line 4: "),
	};
	return store_run("core/migrate/fold", rows, COUNT_OF(rows), NULL, NULL);
}
