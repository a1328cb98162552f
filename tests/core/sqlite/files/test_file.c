/* Opening: what URLs mean, the modes of what is created, and databases in memory. */
#include "core/db/store.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- URLs ---- */

struct url_case {
	const char *url; /* %s is the scratch folder */
	const char *text;
};

static void url_is_refused(void **state)
{
	const struct url_case *k = *state;
	struct scene scene;
	scene_open(&scene);
	struct db_options options = { .url = k->url };
	struct db *db = NULL;
	enum app_err err = db_open(&scene.c, &options, &db);
	assert_int_not_equal(err, APP_OK);
	assert_null(db);
	const char *text = ctx_failure_text(&scene.c, err);
	assert_non_null(strstr(text, k->text));
	assert_null(strstr(text, "hunter2"));
	scene_close(&scene);
}

#define URL(sentence, ...) ROW_OF(sentence, url_is_refused, (&(struct url_case){ __VA_ARGS__ }))

static mode_t mode_of(const char *path)
{
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static void files_are_private(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	mode_t before = umask(0);
	struct db_options options = { .url = arena_printf(&scene.arena, "sqlite:%s/a/b/t.db",
							  scene.folder) };
	struct db *db;
	must(db_open(&scene.c, &options, &db));
	scene.app.db = db;
	must(db_write(&scene.c, script_run, "CREATE TABLE t (a INTEGER)"));
	assert_int_equal(mode_of(scene_path(&scene, "a")), 0700);
	assert_int_equal(mode_of(scene_path(&scene, "a/b")), 0700);
	assert_int_equal(mode_of(scene_path(&scene, "a/b/t.db")), 0600);
	assert_int_equal(mode_of(scene_path(&scene, "a/b/t.db-wal")), 0600);
	assert_int_equal(mode_of(scene_path(&scene, "a/b/t.db-shm")), 0600);
	assert_int_equal(mode_of(scene_path(&scene, "a/b/t.db-lock")), 0600);
	umask(before);
	db_close(db);
	scene_close(&scene);
}

static void closing_empties_the_log(void **state)
{
	(void)state;
	struct store s;
	store_open(&s);
	store_do(&s, "CREATE TABLE t (a INTEGER)");
	assert_int_equal(store_int(&s, "SELECT count(*) FROM t"), 0);
	db_close(s.db);
	assert_int_equal(access(scene_path(&s.scene, "t.db-wal"), F_OK), -1);
	assert_int_equal(access(scene_path(&s.scene, "t.db"), F_OK), 0);
	scene_close(&s.scene);
}

static void other_file_is_refused(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	const char *path = scene_path(&scene, "notes.txt");
	int fd = open(path, O_WRONLY | O_CREAT, 0600);
	for (int i = 0; i < 100; i++)
		assert_int_equal(write(fd, "this is not a database\n", 23), 23);
	close(fd);
	struct db_options options = { .url = arena_printf(&scene.arena, "sqlite:%s", path) };
	struct db *db = NULL;
	assert_int_equal(db_open(&scene.c, &options, &db), APP_UNAVAILABLE);
	assert_non_null(strstr(scene.c.failure.text, "is not an SQLite database"));
	scene_close(&scene);
}

static void folder_in_the_way_is_refused(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	struct db_options options = { .url = arena_printf(&scene.arena, "sqlite:%s",
							  scene.folder) };
	struct db *db = NULL;
	assert_int_equal(db_open(&scene.c, &options, &db), APP_INVALID);
	assert_non_null(strstr(scene.c.failure.text, "is a folder"));
	scene_close(&scene);
}

/* Debian's SQLite takes a path that begins with "file:" for a URI, with parameters and all. */
static void odd_names_are_only_names(void **state)
{
	(void)state;
	const char *const names[] = { "file:x?mode=memory", "a b%41.db", "þ.db", "?", "-wal" };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct scene scene;
		scene_open(&scene);
		assert_int_equal(chdir(scene.folder), 0);
		struct db_options options = { .url = arena_printf(&scene.arena, "sqlite:%s",
								  names[i]) };
		struct db *db;
		must(db_open(&scene.c, &options, &db));
		assert_int_equal(chdir("/"), 0);
		scene.app.db = db;
		must(db_ping(&scene.c));
		assert_int_equal(access(scene_path(&scene, names[i]), F_OK), 0);
		db_close(db);
		scene_close(&scene);
	}
}

/* ---- locks ---- */

/* SQLite's lock for reading, as another process sees it (https://www.sqlite.org/lockingv3.html). */
static bool is_locked(const char *path)
{
	int status;
	pid_t pid = fork();
	if (!pid) {
		struct flock other = {
			.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0x40000002, .l_len = 510
		};
		int fd = open(path, O_RDWR | O_CLOEXEC);
		_exit(fcntl(fd, F_GETLK, &other) ? 2 : other.l_type != F_UNLCK);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
	return WEXITSTATUS(status);
}

/* A process loses its locks on a file with the first descriptor of it that is closed. */
static void closing_takes_no_locks_from_another(void **state)
{
	(void)state;
	struct store s;
	struct db *second;
	store_open(&s);
	const char *path = scene_path(&s.scene, "t.db");
	const struct db_options options = { .url = arena_printf(&s.scene.arena, "sqlite:%s",
								path) };
	must(db_open(&s.scene.c, &options, &second));
	assert_true(is_locked(path));
	db_close(second);
	assert_true(is_locked(path));
	store_do(&s, "CREATE TABLE t (a INTEGER)");
	must(db_open(&s.scene.c, &options, &second));
	db_close(s.db);
	assert_true(is_locked(path));
	db_close(second);
	assert_false(is_locked(path));
	scene_close(&s.scene);
}

/* ---- what is left of another ---- */

struct leftover {
	/*
	 * a shell command in the folder, where t.db and its log are those of a process that was
	 * killed
	 */
	const char *before;
	const char *text; /* of the refusal; NULL: it opens */
	const char *log;  /* is still there */
};

/* The files as they are in the middle: copies, for closing empties the log. */
static void files_of_the_killed(struct store *s, const char *then)
{
	store_open(s);
	store_do(s, "CREATE TABLE t (a INTEGER)");
	const char *command = arena_printf(
		&s->scene.arena, "cd %s && mkdir k && cp t.db t.db-wal t.db-lock k && cd k && %s",
		s->scene.folder, then);
	assert_int_equal(system(command), 0);
}

static void leftover_is_judged(void **state)
{
	const struct leftover *k = *state;
	struct store s;
	files_of_the_killed(&s, k->before);
	struct db_options options = { .url = arena_printf(&s.scene.arena, "sqlite:%s/k/t.db",
							  s.scene.folder) };
	struct db *db = NULL;
	enum app_err err = db_open(&s.scene.c, &options, &db);
	assert_int_equal(err, k->text ? APP_INVALID : APP_OK);
	if (k->text)
		assert_non_null(strstr(s.scene.c.failure.text, k->text));
	if (k->log)
		assert_int_equal(access(scene_path(&s.scene, k->log), F_OK), 0);
	if (db)
		db_close(db);
	store_close(&s);
}

#define LEFTOVER(sentence, ...) \
	ROW_OF(sentence, leftover_is_judged, (&(struct leftover){ __VA_ARGS__ }))

/* ---- memory ---- */

struct elsewhere {
	struct store *store;
	int64_t count;
};

static void *count_elsewhere(void *arg)
{
	struct elsewhere *e = arg;
	AUTO(arena) arena;
	arena_init(&arena, 0);
	struct ctx c;
	ctx_init(&c, &e->store->scene.app, &arena);
	AUTO(db_rows) rows = { 0 };
	bool has_row;
	if (!db_query(&c, "SELECT count(*) FROM t", BIND(), &rows) &&
	    !db_rows_next(&rows, &has_row) && has_row)
		e->count = db_column_int(&rows, 0);
	db_rows_auto(&rows);
	return NULL;
}

static void memory_is_shared_by_threads(void **state)
{
	(void)state;
	struct store s, other;
	store_open_with(&s, (struct db_options){ .url = "sqlite::memory:" });
	store_open_with(&other, (struct db_options){ .url = "sqlite::memory:" });
	store_do(&s, "CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1), (2), (3)");
	struct elsewhere e = { .store = &s, .count = -1 };
	pthread_t thread;
	pthread_create(&thread, NULL, count_elsewhere, &e);
	pthread_join(thread, NULL);
	assert_int_equal(e.count, 3);
	assert_int_equal(store_int(&other, "SELECT count(*) FROM sqlite_schema"), 0);
	AUTO(db_rows) rows = { 0 };
	assert_int_equal(db_query(&s.scene.c, "INSERT INTO t VALUES (4)", BIND(), &rows),
			 APP_INTERNAL);
	store_close(&s);
	store_close(&other);
}

static void options_are_complete(void **state)
{
	(void)state;
	assert_string_equal(db_option_group.section, "database");
	assert_true(db_option_group.count > 0);
	for (size_t i = 0; i < db_option_group.count; i++)
		assert_non_null(db_option_group.options[i].doc);
}

/* ---- what SQLite of Debian 12 can do, and modules may count on ---- */

static void schema_may_use(void **state)
{
	struct store s;
	store_open(&s);
	store_do(&s, *state);
	store_close(&s);
}

#define SQL_FED_BY_TRIGGER \
	"CREATE TABLE t (text TEXT) STRICT; CREATE VIRTUAL TABLE t_text USING fts5(text);" \
	"CREATE TRIGGER t_add AFTER INSERT ON t BEGIN" \
	" INSERT INTO t_text (text) VALUES (new.text); END;" \
	"INSERT INTO t VALUES ('hello world');"

static void trigger_feeds_full_text(void **state)
{
	(void)state;
	struct store s;
	store_open(&s);
	store_do(&s, SQL_FED_BY_TRIGGER);
	assert_int_equal(store_int(&s, "SELECT count(*) FROM t_text WHERE t_text MATCH 'wor*'"), 1);
	store_close(&s);
}

static enum app_err insert_unread(struct ctx *c, void *arg)
{
	(void)arg;
	AUTO(db_rows) rows = { 0 };
	return db_query(c, "INSERT INTO posts (text) VALUES ('one'), ('two') RETURNING id", BIND(),
			&rows);
}

static void unread_change_feeds_full_text(void **state)
{
	(void)state;
	struct store s;
	store_open(&s);
	store_do(&s, "CREATE TABLE posts (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT) STRICT;"
		     "CREATE VIRTUAL TABLE posts_fts USING fts5(text, content='posts',"
		     " content_rowid='id');"
		     "CREATE TRIGGER posts_add AFTER INSERT ON posts BEGIN"
		     " INSERT INTO posts_fts (rowid, text) VALUES (new.id, new.text); END");
	must(db_write(&s.scene.c, insert_unread, NULL));
	assert_int_equal(
		store_int(&s, "SELECT count(*) FROM posts_fts WHERE posts_fts MATCH 'two'"), 1);
	store_close(&s);
}

static void shadow_tables_are_closed(void **state)
{
	(void)state;
	struct store s;
	store_open(&s);
	store_do(&s, SQL_FED_BY_TRIGGER);
	assert_int_equal(store_try(&s, "DELETE FROM t_text_data"), APP_INTERNAL);
	store_says_cause(&s, "may not be modified");
	store_close(&s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		URL("an unknown scheme is named, with what is understood",
		    .url = "mysql://root:hunter2@db/x", .text = "begins with 'mysql:'"),
		URL("the refusal says what to write", .url = "mysql://root:hunter2@db/x",
		    .text = "write sqlite:PATH, such as sqlite:data/croft.db"),
		URL("a URL without scheme is refused", .url = "hunter2.db",
		    .text = "what kind of database"),
		URL("an empty URL is refused", .url = "", .text = "what kind of database"),
		URL("a URL without path is refused", .url = "sqlite:", .text = "names no file"),
		URL("the slashes of other programs are explained", .url = "sqlite:///data/x.db",
		    .text = "without '//'"),
		URL("a folder that cannot be made is named", .url = "sqlite:/proc/nope/x.db",
		    .text = "/proc/nope"),
		ROW("folder, file, log and lock are for their owner only", files_are_private),
		ROW("closing empties the log", closing_empties_the_log),
		ROW("closing one of two databases of a file takes no locks from the other",
		    closing_takes_no_locks_from_another),
		ROW("a file that is no database is refused and left alone", other_file_is_refused),
		ROW("a folder in place of the file is refused", folder_in_the_way_is_refused),
		ROW("odd file names are names, not parameters, and survive chdir()",
		    odd_names_are_only_names),
		LEFTOVER("a log without its file is refused, and kept", .before = "rm t.db",
			 .text = "is missing, but its log", .log = "k/t.db-wal"),
		LEFTOVER("a log of an empty file is refused, and kept",
			 .before = "truncate -s 0 t.db", .text = "is empty, but its log",
			 .log = "k/t.db-wal"),
		LEFTOVER("a file that was emptied is refused",
			 .before = "rm t.db-wal; truncate -s 0 t.db", .text = "is empty, but '"),
		LEFTOVER("a log beside a link is refused, and kept",
			 .before = "mv t.db real.db; ln -s real.db t.db",
			 .text = "there is a log beside the link", .log = "k/t.db-wal"),
		LEFTOVER("a link whose log is beside what it leads to is opened",
			 .before = "mv t.db real.db; mv t.db-wal real.db-wal; ln -s real.db t.db"),
		LEFTOVER("an empty file by itself becomes a database",
			 .before = "rm t.db*; touch t.db"),
		LEFTOVER("a missing file without its log becomes a database",
			 .before = "rm t.db t.db-wal"),
		LEFTOVER("what a start that was killed left becomes a database",
			 .before = "rm t.db*; touch t.db t.db-lock t.db-wal"),
		ROW("a memory database is one for all threads, and for none else",
		    memory_is_shared_by_threads),
		ROW("every option has a text", options_are_complete),
		ROW_OF("a full-text index works when statements feed it", schema_may_use,
		       "CREATE VIRTUAL TABLE t_text USING fts5(text);"
		       "INSERT INTO t_text (rowid, text) VALUES (1, 'hello world');"
		       "SELECT * FROM t_text WHERE t_text MATCH 'hello'"),
		ROW("a trigger feeds a full-text index", trigger_feeds_full_text),
		ROW("a change whose rows are not read to the end feeds it, too",
		    unread_change_feeds_full_text),
		ROW("the tables of a full-text index are closed to statements",
		    shadow_tables_are_closed),
		ROW_OF("STRICT, RETURNING, upsert and json are there", schema_may_use,
		       "CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT UNIQUE) STRICT;"
		       "INSERT INTO t (text) VALUES ('a') ON CONFLICT (text) DO UPDATE SET text = "
		       "'b'"
		       " RETURNING id; SELECT '[1]' ->> 0"),
	};
	return rows_run("core/sqlite file", rows, COUNT_OF(rows));
}
