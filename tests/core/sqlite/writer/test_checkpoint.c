/*
 * The write-ahead log: it is copied back into the file as it grows, and what keeps it from being
 * emptied is told.
 */
#include "core/db/store.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/db_driver.h"
#include "core/log.h"

static struct store store;

#define SQL_ADD_LARGE "INSERT INTO t (data) VALUES (printf('%1000000s', 'x'))"

static int setup(void **state)
{
	(void)state;
	store_open(&store);
	store_do(&store, "CREATE TABLE t (id INTEGER PRIMARY KEY, data TEXT) STRICT");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	store_close(&store);
	return 0;
}

static void is_whole(void)
{
	assert_string_equal(store_text(&store, "PRAGMA integrity_check"), "ok");
}

static void log_is_copied_back_as_it_grows(void **state)
{
	(void)state;
	for (int i = 0; i < 12; i++)
		store_do(&store, SQL_ADD_LARGE);
	assert_true(db_stats(store.db).checkpoints >= 2);
	is_whole();
}

enum { LARGE_LOG = 95 * 1000 * 1000 };

static off_t log_bytes(void)
{
	struct stat st;
	return stat(scene_path(&store.scene, "t.db-wal"), &st) ? 0 : st.st_size;
}

static int warnings(void)
{
	static char text[65536];
	log_flush(store.scene.app.log);
	int fd = open(scene_path(&store.scene, "log"), O_RDONLY | O_CLOEXEC);
	ssize_t got = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[got > 0 ? got : 0] = '\0';
	int count = 0;
	for (const char *at = text; (at = strstr(at, "cannot be emptied")); at++)
		count++;
	return count;
}

static sqlite3 *foreign_reader(void)
{
	sqlite3 *foreign;
	assert_int_equal(sqlite3_open(scene_path(&store.scene, "t.db"), &foreign), SQLITE_OK);
	assert_int_equal(sqlite3_exec(foreign, "BEGIN; SELECT count(*) FROM t", NULL, NULL, NULL),
			 SQLITE_OK);
	return foreign;
}

/* It has to grow: the reader sees what is in the file. */
static void held_log_is_told_of(void **state)
{
	(void)state;
	int fd = open(scene_path(&store.scene, "log"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	struct log *log = log_new(&(struct log_options){ .format = 1 }, fd);
	store.scene.app.log = log;
	store_do(&store, SQL_ADD_LARGE);
	sqlite3 *foreign = foreign_reader();
	while (log_bytes() < LARGE_LOG)
		store_do(&store, SQL_ADD_LARGE);
	assert_int_equal(warnings(), 1);
	sqlite3_close(foreign);
	store_do(&store, SQL_ADD_LARGE);
	AWAIT(!log_bytes());
	assert_int_equal(warnings(), 1);
	is_whole();
	store.scene.app.log = NULL;
	log_drop(log);
	close(fd);
}

static bool hears_and_log_is_empty(void)
{
	db_signals_hear(store.db, DB_SEARCH);
	return !log_bytes();
}

/* It is looked for rows of full-text indexes then, which are not written by that. */
static void what_others_tell_keeps_no_log(void **state)
{
	(void)state;
	store_do(&store, SQL_ADD_LARGE);
	AWAIT(hears_and_log_is_empty());
	is_whole();
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		{ "the log is copied back as it grows", log_is_copied_back_as_it_grows, setup,
		  teardown, NULL },
		{ "a log that a reader of another program holds is told of, and emptied once it "
		  "can be",
		  held_log_is_told_of, setup, teardown, NULL },
		{ "the log is emptied although other processes tell of changes all the time",
		  what_others_tell_keeps_no_log, setup, teardown, NULL },
	};
	return rows_run("core/sqlite checkpoint", rows, COUNT_OF(rows));
}
