/* threaded */
/* Full-text indexes that another process makes, and rows that one leaves on their lists. */
#include "core/sqlite/notes.h"

#include <stdio.h>

#include "core/db/other.h"
#include "testing/postgres.h"

#define ROWS "300"

static const char SQL_FILL[] =
	"INSERT INTO notes (text) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
	" SELECT i + 1 FROM n WHERE i < " ROWS ") SELECT 'alpha ' || i FROM n";

static struct scene place; /* for the file that both processes have open */
static struct other other;

/* The other process fills what the two statements before have made. */
static void start(const char *drop, const char *make)
{
	char url[POSTGRES_URL_ROOM];
	scene_open(&place);
	snprintf(url, sizeof(url), "sqlite:%s/t.db", place.folder);
	other_start(&other, url, arena_printf(&place.arena, "%s%s;%s", drop, make, SQL_FILL));
	store_open_with(&store, (struct db_options){ .url = url });
	store.scene.app.ticker = ticker_new();
	db_signal_others_begin(store.db, store.scene.app.ticker);
}

static int teardown(void **state)
{
	(void)state;
	db_signal_others_end(store.db);
	ticker_drop(store.scene.app.ticker);
	store_close(&store);
	other_end(&other);
	scene_close(&place);
	return 0;
}

/* The process that made it is killed before it has told anybody, or indexed anything. */
static void an_index_that_another_makes_is_kept(void **state)
{
	(void)state;
	start("", SQL_NOTES);
	assert_int_equal(other_do(&other, OTHER_DIE), -1);
	AWAIT(!todo());
	assert_int_equal(found("alpha"), 300);
}

static void an_index_that_another_replaces_is_kept(void **state)
{
	(void)state;
	start("DROP TABLE notes; DROP TABLE notes_fts; DROP TABLE notes_fts_words;"
	      "DROP TABLE notes_fts_todo; DROP VIEW notes_fts_source;",
	      SQL_NOTES);
	store_do(&store, SQL_NOTES);
	note_add(1, "beta");
	AWAIT(!todo());
	assert_int_equal(other_do(&other, OTHER_DIE), -1);
	AWAIT(!todo());
	assert_int_equal(found("alpha"), 300);
	assert_int_equal(found("beta"), 0);
}

static void what_another_leaves_on_the_list_is_indexed(void **state)
{
	(void)state;
	start("", "");
	store_do(&store, SQL_NOTES);
	assert_int_equal(other_do(&other, OTHER_DIE), -1);
	AWAIT(!todo());
	assert_int_equal(found("alpha"), 300);
}

int main(void)
{
	struct CMUnitTest rows[] = {
		ROW("an index that another process makes is kept",
		    an_index_that_another_makes_is_kept),
		ROW("one that another process replaces is kept",
		    an_index_that_another_replaces_is_kept),
		ROW("what another process leaves on the list is indexed",
		    what_another_leaves_on_the_list_is_indexed),
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		rows[i].teardown_func = teardown;
	return rows_run("core/sqlite fts others", rows, COUNT_OF(rows));
}
