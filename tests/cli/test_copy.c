/* long */
/*
 * `croft db copy` of the real binary: between files, stopped and resumed, and to PostgreSQL and
 * back.
 */
#include "testing/rows.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/attr.h"
#include "cli/database.h"
#include "testing/await.h"
#include "testing/child.h"
#include "testing/json.h"
#include "testing/postgres.h"

#define FROM "sqlite:data/croft.db"
#define TO "sqlite:copy.db"

static void copy_copies_all(void **state)
{
	(void)state;
	struct program p;
	seeded_open(&p);
	change(&p, "data/croft.db", "DELETE FROM posts WHERE id > 2400");
	program(&p, "db", "copy", FROM, TO);
	program_assert_code(&p, 0);
	text_assert_has(p.out, "both databases hold the same");
	assert_int_equal(number(&p, "copy.db", "SELECT count(*) FROM posts"), 2400);
	assert_int_equal(number(&p, "copy.db", "SELECT count(*) FROM post_tags"),
			 number(&p, "data/croft.db", "SELECT count(*) FROM post_tags"));
	/* the ids of deleted rows do not come back */
	change(&p, "copy.db",
	       "INSERT INTO posts (author_id, title, created_at, updated_at) VALUES (1, 'x', 0, "
	       "0)");
	assert_int_equal(number(&p, "copy.db", "SELECT max(id) FROM posts"), 2501);
	program_close(&p);
}

static void copy_needs_an_empty_target(void **state)
{
	(void)state;
	struct program p;
	seeded_open(&p);
	program(&p, "seed", "--users", "3", "--posts", "0", "--set", "database.url=" TO);
	program(&p, "db", "copy", FROM, TO);
	program_assert_code(&p, 1);
	text_assert_has(p.err, "is not empty");
	assert_int_equal(number(&p, "copy.db", "SELECT count(*) FROM users"), 3);
	program(&p, "db", "copy", FROM, FROM);
	program_assert_code(&p, 2);
	program(&p, "db", "copy", "sqlite:no.db", TO);
	program_assert_code(&p, 1);
	text_assert_has(p.err, "there is no database 'no.db'");
	program(&p, "db", "copy", FROM);
	program_assert_code(&p, 2);
	program_close(&p);
}

static void copy_says_what_a_database_is(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "migrate", "up");
	program(&p, "db", "copy", "data/croft.db", TO);
	program_assert_code(&p, 2);
	text_assert_has(p.err, "FROM must be sqlite:PATH or postgresql://");
	text_assert_lacks(p.err, "database.url");
	program(&p, "db", "copy", FROM, "mysql://u:canary@h/d");
	program_assert_code(&p, 2);
	text_assert_has(p.err, "TO must be sqlite:PATH or postgresql://");
	text_assert_lacks(p.err, "canary");
	program(&p, "db", "copy", FROM, "postgres://u:canary@127.0.0.1:1/d");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "127.0.0.1:1/d");
	text_assert_lacks(p.err, "canary");
	program(&p, "db", "copy", FROM, "sqlite:new.db?mode=rwc");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "sqlite:PATH takes no parameters");
	program(&p, "db", "copy", FROM, "postgres://u@127.0.0.1:1/d?target_session_attrs=standby");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "writes go there");
	program(&p, "db", "copy", FROM, "sqlite::memory:");
	program_assert_code(&p, 2);
	text_assert_has(p.err, "gone when the command ends");
	program_close(&p);
}

/* As it looks when the source is written to between its tables. */
static void copy_tells_of_rows_that_do_not_fit(void **state)
{
	(void)state;
	struct program p;
	seeded_open(&p);
	char path[128];
	sqlite3 *file;
	snprintf(path, sizeof(path), "%s/data/croft.db", p.folder);
	assert_int_equal(sqlite3_open(path, &file), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(file, "INSERT INTO post_tags VALUES (1, 9999)", NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(file);
	program(&p, "db", "copy", FROM, TO);
	program_assert_code(&p, 1);
	text_assert_has(p.err, "rows of post_tags");
	text_assert_has(p.err, "refers to it (post_id 1, tag_id 9999)");
	text_assert_has(p.err, "in use meanwhile");
	program_close(&p);
}

/*
 * The target takes for the same what the source tells apart: the row is named, and once it is
 * changed it goes on.
 */
static void copy_names_the_row_that_is_taken(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "seed", "--users", "5", "--posts", "0");
	program_assert_code(&p, 0);
	program(&p, "migrate", "up", "--set", "database.url=" TO);
	program_assert_code(&p, 0);
	change(&p, "data/croft.db", "UPDATE users SET full_name = 'One ' || id");
	change(&p, "data/croft.db", "UPDATE users SET full_name = '\u00C9tude' WHERE id = 3");
	change(&p, "data/croft.db", "UPDATE users SET full_name = '\u00C9ccole' WHERE id = 4");
	change(&p, "copy.db",
	       "CREATE UNIQUE INDEX users_full_name_key ON users (substr(full_name, 1, 1)) "
	       "WHERE full_name NOT LIKE 'One%'");
	program(&p, "db", "copy", FROM, TO);
	program_assert_code(&p, 1);
	text_assert_has(p.err, "rows of users do not fit into the other database: full_name is "
			       "already taken (id 4, full_name '\u00C9ccole'). Was one");
	text_assert_has(p.err, "Change the row here, and go on with --resume");
	assert_int_equal(number(&p, "copy.db", "SELECT count(*) FROM users"), 0);
	change(&p, "data/croft.db", "UPDATE users SET full_name = 'One 4' WHERE id = 4");
	program(&p, "db", "copy", FROM, TO, "--resume");
	program_assert_code(&p, 0);
	program_close(&p);
}

/* As a kill leaves it: some tables whole, one in part, the rest empty. */
static void copy_goes_on_after_a_stop(void **state)
{
	(void)state;
	struct program p;
	seeded_open(&p);
	program(&p, "db", "copy", FROM, TO);
	program_assert_code(&p, 0);
	change(&p, "copy.db",
	       "DELETE FROM post_tags; DELETE FROM posts WHERE id > 1000; "
	       "DELETE FROM sqlite_sequence");
	program(&p, "db", "copy", FROM, TO, "--resume");
	program_assert_code(&p, 0);
	text_assert_has(p.out, "both databases hold the same");
	assert_int_equal(number(&p, "copy.db",
				"SELECT seq FROM sqlite_sequence WHERE name = "
				"'posts'"),
			 2500);
	program_close(&p);
}

static void copy_goes_on_between_migrations(void **state)
{
	(void)state;
	struct program p;
	seeded_open(&p);
	program(&p, "migrate", "up", "--set", "database.url=" TO);
	program(&p, "migrate", "down", "1", "--set", "database.url=" TO);
	program_assert_code(&p, 0);
	program(&p, "db", "copy", FROM, TO);
	program_assert_code(&p, 1);
	text_assert_has(p.err, "the newest migration is");
	program(&p, "db", "copy", FROM, TO, "--resume");
	program_assert_code(&p, 0);
	program_close(&p);
}

static pid_t copy_start(const struct program *p)
{
	pid_t pid = child_fork(SIGKILL);
	if (pid)
		return pid;
	if (chdir(p->folder))
		_exit(126);
	execl(p->binary, "croft", "db", "copy", FROM, TO, "--resume", "--set",
	      "database.busy_ms=10m", (char *)NULL);
	_exit(127);
}

static off_t bytes_of(const struct program *p, const char *name)
{
	char path[128];
	struct stat st;
	snprintf(path, sizeof(path), "%s/%s", p->folder, name);
	return stat(path, &st) ? 0 : st.st_size;
}

/* Whether the target has grown so far, or there is nothing left to copy: then there is a zombie. */
static bool has_come_to(const struct program *p, pid_t pid, off_t bytes)
{
	siginfo_t ended = { 0 };
	waitid(P_PID, (id_t)pid, &ended, WEXITED | WNOHANG | WNOWAIT);
	return ended.si_pid || bytes_of(p, "copy.db") + bytes_of(p, "copy.db-wal") >= bytes;
}

static void copy_survives_kills(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "seed", "--users", "500", "--posts", "20000");
	program_assert_code(&p, 0);
	/* at its very beginning, then further on each time */
	for (off_t part = 0; part < 5; part++) {
		pid_t pid = copy_start(&p);
		AWAIT(has_come_to(&p, pid, part * bytes_of(&p, "data/croft.db") / 4));
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
	}
	program(&p, "db", "copy", FROM, TO, "--resume");
	program_assert_code(&p, 0);
	assert_int_equal(number(&p, "copy.db", "SELECT count(*) FROM posts"), 20000);
	program_close(&p);
}

/* Whether the process has a handler for the signal. */
static bool catches(pid_t pid, int signal)
{
	char path[64], line[256];
	unsigned long long caught = 0;
	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "SigCgt: %llx", &caught) == 1)
			break;
	fclose(file);
	return caught & 1ULL << (signal - 1);
}

static sqlite3 *database_lock(const struct program *p, const char *name)
{
	char path[128];
	sqlite3 *file;
	snprintf(path, sizeof(path), "%s/%s", p->folder, name);
	assert_int_equal(sqlite3_open(path, &file), SQLITE_OK);
	assert_int_equal(sqlite3_exec(file, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	return file;
}

/* It waits for a lock meanwhile, so that it cannot be done before it is stopped. */
static void copy_says_how_to_go_on(void **state)
{
	(void)state;
	struct program p;
	int ends[2], status = 0;
	char said[512] = "";
	program_open(&p);
	program(&p, "seed", "--users", "500", "--posts", "20000");
	program_assert_code(&p, 0);
	program(&p, "migrate", "up", "--set", "database.url=" TO);
	program_assert_code(&p, 0);
	sqlite3 *other = database_lock(&p, "copy.db");
	assert_int_equal(pipe(ends), 0);
	int old = dup(STDERR_FILENO);
	dup2(ends[1], STDERR_FILENO);
	pid_t pid = copy_start(&p);
	dup2(old, STDERR_FILENO);
	close(old);
	close(ends[1]);
	AWAIT(catches(pid, SIGINT));
	kill(pid, SIGINT);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 128 + SIGINT);
	assert_true(read(ends[0], said, sizeof(said) - 1) > 0);
	close(ends[0]);
	sqlite3_close(other);
	assert_string_equal(said, "croft: stopped; the same command with --resume goes on\n");
	program(&p, "db", "copy", FROM, TO, "--resume");
	program_assert_code(&p, 0);
	program_close(&p);
}

static void copy_finds_a_difference(void **state)
{
	const char *sql = *state;
	struct program p;
	seeded_open(&p);
	program(&p, "db", "copy", FROM, TO);
	program_assert_code(&p, 0);
	change(&p, "copy.db", sql);
	program(&p, "db", "copy", FROM, TO, "--resume");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "the table posts has ");
	program_close(&p);
}

/* The copy's full-text index was made by its own triggers: no row of it was copied. */
static void index_is_true(const struct program *p, const char *file)
{
	change(p, file, "INSERT INTO posts_fts (posts_fts, rank) VALUES ('integrity-check', 1)");
	assert_true(number(p, file, "SELECT count(*) FROM posts_fts WHERE posts_fts MATCH 'the*'") >
		    1000);
}

static void copy_indexes_words(void **state)
{
	(void)state;
	struct program p;
	seeded_open(&p);
	index_is_true(&p, "data/croft.db");
	program(&p, "db", "copy", FROM, TO);
	program_assert_code(&p, 0);
	index_is_true(&p, "copy.db");
	change(&p, "copy.db", "DELETE FROM posts WHERE id > 1000");
	program(&p, "db", "copy", FROM, TO, "--resume");
	program_assert_code(&p, 0);
	index_is_true(&p, "copy.db");
	program_close(&p);
}

/* ---- PostgreSQL ---- */

static void finds_the_same(struct program *p, const char *set)
{
	static const char input[] = "{'q':'harb comm','fields':'id'}";
	program(p, "run", "posts.list", input);
	program_assert_code(p, 0);
	assert_json_has(p->out, "{'id':");
	char *here = strndup(p->out, strcspn(p->out, "]"));
	program(p, "run", "posts.list", input, "--set", set);
	program_assert_code(p, 0);
	text_assert_has(p->out, here);
	free(here);
}

static void copy_goes_to_postgres_and_back(void **state)
{
	(void)state;
	struct program p;
	char url[POSTGRES_URL_ROOM], set[POSTGRES_URL_ROOM + 16];
	postgres_database(url);
	snprintf(set, sizeof(set), "database.url=%s", url);
	seeded_open(&p);
	change(&p, "data/croft.db", "UPDATE users SET token_version = 9007199254740991 - id");
	change(&p, "data/croft.db",
	       "INSERT INTO tags (id, name, name_key) VALUES (900, '\u00C9', '\u00E9'), "
	       "(901, 'e', 'e'), (902, 'STRASSE', 'strasse'), (903, '\u0130', 'i\u0307')");
	program(&p, "db", "copy", FROM, url);
	program_assert_code(&p, 0);
	text_assert_has(p.out, "both databases hold the same");
	finds_the_same(&p, set);
	/*
	 * the numbering goes on, so new rows collide with none: tags, too, which SQLite numbers
	 * without an account of it
	 */
	postgres_sql(url, "INSERT INTO tags (name, name_key) VALUES ('brand new', 'brand new')");
	postgres_sql(url, "DELETE FROM tags WHERE name_key = 'brand new'");
	program(&p, "seed", "--users", "3", "--posts", "3", "--seed", "9", "--set", set);
	program_assert_code(&p, 0);
	program(&p, "db", "copy", url, TO);
	program_assert_code(&p, 0);
	assert_int_equal(number(&p, "copy.db", "SELECT max(id) FROM users"), 203);
	assert_int_equal(number(&p, "copy.db", "SELECT max(id) FROM posts"), 2503);
	/* who is signed in stays so */
	assert_int_equal(number(&p, "copy.db",
				"SELECT count(*) FROM users"
				" WHERE token_version = 9007199254740991 - id"),
			 200);
	assert_int_equal(
		number(&p, "copy.db", "SELECT seq FROM sqlite_sequence WHERE name = 'users'"), 203);
	index_is_true(&p, "copy.db");
	program_close(&p);
}

/*
 * Tags that SQLite once told apart: they are named before anything is copied, and become one as
 * docs/upgrade.md says.
 */
static void old_tags_are_named_first(void **state)
{
	(void)state;
	struct program p;
	char url[POSTGRES_URL_ROOM], steps[24];
	postgres_database(url);
	seeded_open(&p);
	snprintf(steps, sizeof(steps), "%d",
		 (int)number(&p, "data/croft.db", "SELECT count(*) - 4 FROM croft_migrations"));
	program(&p, "migrate", "down", steps);
	program_assert_code(&p, 0);
	change(&p, "data/croft.db",
	       "INSERT INTO tags (id, name) VALUES (901, '\u00C9'), (902, "
	       "'\u00E9'); INSERT INTO post_tags VALUES (1, 901), (1, 902), "
	       "(2, 902)");
	program(&p, "db", "copy", FROM, url);
	program_assert_code(&p, 1);
	text_assert_has(p.err, "migrations are pending in the database to copy from");
	program(&p, "migrate", "up");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "these rows of tags have the same name");
	text_assert_has(p.err, ": 901 '\u00C9' and 902 '\u00E9'. Nothing was changed");
	change(&p, "data/croft.db",
	       "INSERT INTO post_tags (post_id, tag_id) SELECT post_id, 901 FROM post_tags WHERE "
	       "tag_id = 902 ON CONFLICT DO NOTHING; DELETE FROM tags WHERE id = 902");
	program(&p, "migrate", "up");
	program_assert_code(&p, 0);
	program(&p, "db", "copy", FROM, url);
	program_assert_code(&p, 0);
	assert_int_equal(number(&p, "data/croft.db",
				"SELECT count(*) FROM post_tags WHERE tag_id IN (901, 902)"),
			 2);
	program_close(&p);
}

static void copy_to_postgres_goes_on_and_is_compared(void **state)
{
	(void)state;
	struct program p;
	char url[POSTGRES_URL_ROOM];
	postgres_database(url);
	seeded_open(&p);
	program(&p, "db", "copy", FROM, url);
	program_assert_code(&p, 0);
	postgres_sql(url, "DELETE FROM posts WHERE id > 1500");
	program(&p, "db", "copy", FROM, url);
	program_assert_code(&p, 1);
	text_assert_has(p.err, "--resume");
	program(&p, "db", "copy", FROM, url, "--resume"); /* their links went with them */
	program_assert_code(&p, 0);
	postgres_sql(url, "UPDATE posts SET title = 'other' WHERE id = 17");
	program(&p, "db", "copy", FROM, url, "--resume");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "the table posts has other values");
	program_close(&p);
}

/* A table of a module with JSON and a date, as each of the two has it. */
#define DOCS "\"Docs\"" /* PostgreSQL folds names that are not in quotes */
#define DOC_BEGINS "{\"b\":[true, null,\"\\u00e9\\/\"],"
#define SQL_DOCS_SQLITE "CREATE TABLE Docs (id INTEGER PRIMARY KEY, j TEXT, b TEXT, d TEXT)"
#define SQL_DOCS_ROWS \
	"INSERT INTO Docs SELECT column1, column2, column2, NULL FROM (VALUES" \
	" (1, '" DOC_BEGINS "\"a\":1}')," \
	" (2, '[1.50, 1e2, -0.0, 0.010E-3, 12345678901234567890]')," \
	" (3, ' \"text\" '), (4, 'null'), (5, NULL)," \
	" (6, '{\"bb\":{\"\\u0061\":[]},\"a\":{\"\":\"\"}}'))"

static void docs_open(struct program *p, char url[POSTGRES_URL_ROOM])
{
	char set[POSTGRES_URL_ROOM + 16];
	postgres_database(url);
	snprintf(set, sizeof(set), "database.url=%s", url);
	program_open(p);
	program(p, "migrate", "up");
	program_assert_code(p, 0);
	program(p, "migrate", "up", "--set", set);
	program_assert_code(p, 0);
	program(p, "migrate", "up", "--set", "database.url=" TO);
	program_assert_code(p, 0);
	change(p, "data/croft.db", SQL_DOCS_SQLITE);
	change(p, "copy.db", SQL_DOCS_SQLITE);
	postgres_sql(url, "CREATE TABLE " DOCS " (id bigint PRIMARY KEY, j json, b jsonb, d date)");
	change(p, "data/croft.db", SQL_DOCS_ROWS);
	change(p, "data/croft.db",
	       "UPDATE Docs SET d = CASE id WHEN 1 THEN '0001-01-01' ELSE '2024-02-29' END"
	       " WHERE id < 3");
}

static void copy_takes_each_type_there_and_back(void **state)
{
	(void)state;
	struct program p;
	char url[POSTGRES_URL_ROOM];
	docs_open(&p, url);
	program(&p, "db", "copy", FROM, url);
	program_assert_code(&p, 0);
	text_assert_has(p.out, "both databases hold the same");
	program(&p, "db", "copy", url, TO);
	program_assert_code(&p, 0);
	text_assert_has(p.out, "both databases hold the same");
	assert_int_equal(number(&p, "copy.db",
				"SELECT count(*) FROM Docs WHERE json_extract(j, '$.a') = 1 "
				"AND json_extract(b, '$.a') = 1"),
			 1);
	assert_int_equal(number(&p, "copy.db", "SELECT count(*) FROM Docs WHERE b IS NULL"), 1);
	assert_int_equal(number(&p, "copy.db",
				"SELECT count(*) FROM Docs WHERE d = '0001-01-01' OR"
				" d = '2024-02-29'"),
			 2);
	program_close(&p);
}

/* Past what a double holds, in a name, in the kind of a value, in the order of an array. */
static void copy_finds_another_value(void **state)
{
	const char *sql = *state;
	struct program p;
	char url[POSTGRES_URL_ROOM];
	docs_open(&p, url);
	program(&p, "db", "copy", FROM, url);
	program_assert_code(&p, 0);
	postgres_sql(url, sql);
	program(&p, "db", "copy", FROM, url, "--resume");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "the table Docs has other values");
	program_close(&p);
}

static void copy_names_what_does_not_fit(void **state)
{
	const char *sql = *state;
	struct program p;
	char url[POSTGRES_URL_ROOM];
	docs_open(&p, url);
	change(&p, "data/croft.db", sql);
	program(&p, "db", "copy", FROM, url);
	program_assert_code(&p, 1);
	text_assert_has(p.err, "rows of Docs do not fit into the other database: ");
	text_assert_has(p.err, "(id 2");
	program_close(&p);
}

struct bad_text {
	const char *value, *says;
};

/* SQLite keeps any bytes that another program gives it for a text. */
static void copy_names_what_is_no_text(void **state)
{
	const struct bad_text *bad = *state;
	struct program p;
	char url[POSTGRES_URL_ROOM], sql[256];
	program_open(&p);
	program(&p, "seed", "--users", "3", "--posts", "5");
	program_assert_code(&p, 0);
	postgres_database(url);
	snprintf(sql, sizeof(sql), "UPDATE posts SET title = CAST(%s AS TEXT) WHERE id = 3",
		 bad->value);
	change(&p, "data/croft.db", sql);
	program(&p, "db", "copy", FROM, url);
	program_assert_code(&p, 1);
	text_assert_has(p.err, "rows of posts do not fit into the other database: title holds ");
	text_assert_has(p.err, bad->says);
	text_assert_has(p.err, "(id 3, title '");
	program_close(&p);
}

/* Its order on PostgreSQL is another, so that nobody would know where to go on. */
static void copy_wants_no_key_of_json(void **state)
{
	(void)state;
	struct program p;
	char url[POSTGRES_URL_ROOM];
	docs_open(&p, url);
	change(&p, "data/croft.db", "CREATE TABLE keyed (k TEXT NOT NULL PRIMARY KEY)");
	postgres_sql(url, "CREATE TABLE keyed (k jsonb PRIMARY KEY)");
	program(&p, "db", "copy", FROM, url);
	program_assert_code(&p, 1);
	text_assert_has(p.err, "the primary key of the table keyed has a column of JSON, k");
	program_close(&p);
}

int main(void)
{
	static const char fewer[] = "DELETE FROM posts WHERE id = 17";
	static const char other[] = "UPDATE posts SET title = title || '.' WHERE id = 17";
	static const char digit[] = "UPDATE " DOCS " SET b = '[1.50, 1e2, -0.0, 0.010E-3, "
				    "12345678901234567891]' WHERE id = 2";
	static const char name[] = "UPDATE " DOCS " SET j = '" DOC_BEGINS "\"A\":1}' WHERE id = 1";
	static const char kind[] = "UPDATE " DOCS " SET b = '" DOC_BEGINS
				   "\"a\":\"1\"}' WHERE id = 1";
	static const char order[] = "UPDATE " DOCS " SET b = '[1e2, 1.50, -0.0, 0.010E-3, "
				    "12345678901234567890]' WHERE id = 2";
	static const char day[] = "UPDATE " DOCS " SET d = '2024-03-01' WHERE id = 2";
	static const char no_day[] = "UPDATE docs SET d = '2025-02-29' WHERE id = 2";
	static const char none[] = "UPDATE docs SET j = '{a:1}' WHERE id = 2";
	static const char nul[] = "UPDATE " DOCS " SET b = '[\"\\u0000\"]' WHERE id = 2";
	const struct CMUnitTest rows[] = {
		ROW("db copy copies all, and the numbering goes on", copy_copies_all),
		ROW("the copy has a full-text index of its own", copy_indexes_words),
		ROW("db copy needs a source, and an empty target", copy_needs_an_empty_target),
		ROW("db copy --resume goes on where a stop left it", copy_goes_on_after_a_stop),
		ROW("db copy --resume goes on where a stop left the migrations",
		    copy_goes_on_between_migrations),
		ROW("db copy survives being killed again and again", copy_survives_kills),
		ROW("db copy that is stopped with Ctrl-C says how to go on",
		    copy_says_how_to_go_on),
		ROW("db copy says what a database is", copy_says_what_a_database_is),
		ROW_OF("db copy names the row whose text is no UTF-8", copy_names_what_is_no_text,
		       (&(struct bad_text){ "x'61ff62'", "bytes that are no UTF-8" })),
		ROW_OF("db copy names the row whose text has a NUL", copy_names_what_is_no_text,
		       (&(struct bad_text){ "x'610062'", "a NUL" })),
		ROW("db copy tells of rows that do not fit", copy_tells_of_rows_that_do_not_fit),
		ROW("db copy names the row whose value is taken there, and goes on once it is "
		    "changed",
		    copy_names_the_row_that_is_taken),
		ROW_OF("db copy finds a missing row", copy_finds_a_difference, fewer),
		ROW_OF("db copy finds another value", copy_finds_a_difference, other),
		ROW("db copy goes to PostgreSQL and back, and both number on",
		    copy_goes_to_postgres_and_back),
		ROW("tags that were once told apart are named before they are copied",
		    old_tags_are_named_first),
		ROW("db copy takes JSON, however it is spelt there, and dates to PostgreSQL and "
		    "back",
		    copy_takes_each_type_there_and_back),
		ROW_OF("db copy finds another date", copy_finds_another_value, day),
		ROW_OF("db copy names the row that is no date", copy_names_what_does_not_fit,
		       no_day),
		ROW_OF("db copy finds another number in JSON", copy_finds_another_value, digit),
		ROW_OF("db copy finds another name in JSON", copy_finds_another_value, name),
		ROW_OF("db copy finds a text in JSON in place of a number",
		       copy_finds_another_value, kind),
		ROW_OF("db copy finds another order in JSON", copy_finds_another_value, order),
		ROW_OF("db copy names the row that is no JSON", copy_names_what_does_not_fit, none),
		ROW_OF("db copy names the row whose JSON PostgreSQL does not take",
		       copy_names_what_does_not_fit, nul),
		ROW("db copy takes no table whose key is JSON", copy_wants_no_key_of_json),
		ROW("db copy into PostgreSQL goes on after a stop and finds a difference",
		    copy_to_postgres_goes_on_and_is_compared),
	};
	return rows_run("cli/copy", rows, COUNT_OF(rows));
}
