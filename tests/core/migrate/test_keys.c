/*
 * The step that lets a table be made anew that others refer to: no row is lost, and none is left
 * that refers to nothing. Of SQLite alone.
 */
#include "core/db/store.h"

#include "core/migrate.h"

static struct store store;

#define FIRST \
	"-- migrate:up\nCREATE TABLE shelves (id INTEGER PRIMARY KEY, name TEXT);\n" \
	"CREATE TABLE books (id INTEGER PRIMARY KEY," \
	" shelf_id INTEGER REFERENCES shelves (id) ON DELETE CASCADE);\n" \
	"INSERT INTO shelves VALUES (1, 'a'), (2, 'b');\n" \
	"INSERT INTO books VALUES (1, 1), (2, 2), (3, 2);\n"
#define ANEW(where) \
	"CREATE TABLE shelves_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL);\n" \
	"INSERT INTO shelves_new SELECT id, name FROM shelves " where ";\n" \
	"DROP TABLE shelves;\nALTER TABLE shelves_new RENAME TO shelves;\n"
#define SECOND(where) \
	"-- migrate:up\n-- migrate:keys last\n" ANEW( \
		where) "-- migrate:down\n-- migrate:keys last\n" ANEW("")

static enum app_err up(const char *second)
{
	const struct migration list[] = { { 1, "first", FIRST }, { 2, "second", second } };
	int64_t done;
	ctx_recover(&store.scene.c);
	return migrate_up(&store.scene.c, list, 2, &done);
}

static int64_t books(void)
{
	return store_int(&store, "SELECT count(*) FROM books");
}

static void rows_that_refer_to_it_stay(void **state)
{
	(void)state;
	static const struct migration list[] = { { 1, "first", FIRST },
						 { 2, "second", SECOND("") } };
	int64_t done;
	store_open(&store);
	must(up(SECOND("")));
	assert_int_equal(books(), 3);
	must(migrate_down(&store.scene.c, list, 2, 1, &done));
	assert_int_equal(books(), 3);
	store_close(&store);
}

static void without_it_they_go(void **state)
{
	(void)state;
	store_open(&store);
	must(up("-- migrate:up\n" ANEW("")));
	assert_int_equal(books(), 0);
	store_close(&store);
}

static void keys_hold_again_afterwards(void **state)
{
	(void)state;
	store_open(&store);
	must(up(SECOND("")));
	assert_int_equal(store_try(&store, "INSERT INTO books VALUES (4, 9)"), APP_INTERNAL);
	store_do(&store, "DELETE FROM shelves WHERE id = 2");
	assert_int_equal(books(), 1);
	store_close(&store);
}

static void a_row_that_refers_to_none_is_told(void **state)
{
	(void)state;
	store_open(&store);
	assert_int_equal(up(SECOND("WHERE id = 1")), APP_CONFLICT);
	store_says_text(&store, APP_CONFLICT,
			"0002_second.sql: row 2 of books refers to a row of shelves that is not "
			"there; nothing was changed");
	assert_int_equal(store_int(&store, "SELECT count(*) FROM shelves"), 2);
	assert_int_equal(store_try(&store, "INSERT INTO books VALUES (4, 9)"), APP_INTERNAL);
	store_close(&store);
}

static void a_part_that_fails_leaves_keys_as_they_were(void **state)
{
	(void)state;
	store_open(&store);
	assert_int_equal(up("-- migrate:up\n-- migrate:keys last\n" ANEW("") "SELECT nothing;\n"),
			 APP_INTERNAL);
	assert_int_equal(books(), 3);
	assert_int_equal(store_try(&store, "INSERT INTO books VALUES (4, 9)"), APP_INTERNAL);
	store_close(&store);
}

static void nothing_but_the_step_is_nothing(void **state)
{
	(void)state;
	store_open(&store);
	assert_int_equal(up("-- migrate:up\n-- migrate:keys last\n"), APP_INTERNAL);
	store_says_cause(&store, "nothing stands behind '-- migrate:up'");
	assert_int_equal(up("-- migrate:keys last\n-- migrate:up\nSELECT 1;\n"), APP_INTERNAL);
	store_says_cause(&store, "0002_second.sql, line 1: steps stand behind '-- migrate:up'");
	store_close(&store);
}

static void postgres_has_no_use_for_it(void **state)
{
	(void)state;
	store_is_postgres = true;
	store_open(&store);
	assert_int_equal(up("-- migrate:up\n-- migrate:keys last\nSELECT 1;\n"), APP_INTERNAL);
	store_says_cause(&store, "tables are changed as they are here");
	store_close(&store);
	store_is_postgres = false;
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("rows that refer to a table made anew stay", rows_that_refer_to_it_stay),
		ROW("without the step they go with the old one", without_it_they_go),
		ROW("keys hold again afterwards", keys_hold_again_afterwards),
		ROW("a row that refers to none is told, and nothing was done",
		    a_row_that_refers_to_none_is_told),
		ROW("a part that fails leaves keys as they were",
		    a_part_that_fails_leaves_keys_as_they_were),
		ROW("the step alone is nothing, and it stands in a part",
		    nothing_but_the_step_is_nothing),
		ROW("PostgreSQL has no use for it", postgres_has_no_use_for_it),
	};
	return rows_run("core/migrate/keys", rows, COUNT_OF(rows));
}
