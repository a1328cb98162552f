/* `croft migrate check` and `croft migrate new --auto` of the real binary. */
#include "testing/program.h"
#include "testing/rows.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "database.h"

static void check_tells_all_that_differs(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "migrate", "check");
	program_assert_code(&p, 1);
	text_assert_has(p.out, "Model user: there is no table users.\n");
	text_assert_has(p.out, "Model post: there is no table posts.\n");
	text_assert_has(p.err, "croft migrate up");
	program(&p, "migrate", "up");
	program(&p, "migrate", "check");
	program_assert_code(&p, 0);
	assert_string_equal(p.out, "The tables of the database are as the models say.\n");
	change(&p, "data/croft.db", "DROP INDEX posts_published_idx");
	change(&p, "data/croft.db", "DROP INDEX users_username_key");
	program(&p, "migrate", "check");
	program_assert_code(&p, 1);
	assert_string_equal(p.out,
			    "Model user: the table users has no unique index on username_key, so "
			    "that two rows may have one username.\n"
			    "Model post: lists are filtered by published_at, and no index of the "
			    "table posts leads there: CREATE INDEX ... ON posts (published_at, id) "
			    "WHERE deleted_at IS NULL, or leave out .filter.\n");
	text_assert_has(p.err, "disagree in what is said above (2)");
	program_close(&p);
}

static void who_only_looks_makes_nothing(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "migrate", "status");
	program_assert_code(&p, 0);
	text_assert_has(p.out, "0001  pending");
	program(&p, "migrate", "verify");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "migrations are pending, from 0001_users.sql on: run 'croft migrate "
			       "up'");
	assert_int_equal(number(&p, "data/croft.db", "SELECT count(*) FROM sqlite_schema"), 0);
	program_close(&p);
}

/* A tree that has what `croft new` knows one by, and one migration of this name. */
static void tree_open(struct program *p, const char *newest)
{
	static const char *const folders[] = { "src", "src/app",    "include",     "include/core",
					       "sql", "sql/sqlite", "sql/postgres" };
	char path[256];
	program_open(p);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", p->folder, folders[i]);
		assert_int_equal(mkdir(path, 0700), 0);
	}
	program_write(p, "src/app/modules.c", "");
	program_write(p, "include/core/columns.h", "");
	snprintf(path, sizeof(path), "sql/sqlite/%s", newest);
	program_write(p, path, "");
}

static void nothing_to_write_is_said(void **state)
{
	(void)state;
	struct program p;
	glob_t files;
	/* those of this tree, of which the binary was built */
	assert_int_equal(glob("sql/sqlite/*.sql", 0, NULL, &files), 0);
	tree_open(&p, strrchr(files.gl_pathv[files.gl_pathc - 1], '/') + 1);
	globfree(&files);
	program(&p, "migrate", "new", "more", "--auto");
	program_assert_code(&p, 0);
	assert_string_equal(p.out,
			    "The tables are as the models say: there is nothing to write.\n");
	program_close(&p);
}

static void a_binary_of_other_migrations_is_refused(void **state)
{
	(void)state;
	struct program p;
	char path[256];
	tree_open(&p, "0042_newer.sql");
	program(&p, "migrate", "new", "more", "--auto");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "this croft was built of other migrations than are in sql: build it "
			       "again (make), then try again");
	snprintf(path, sizeof(path), "%s/sql/sqlite/0043_more.sql", p.folder);
	assert_int_not_equal(access(path, F_OK), 0);
	program_close(&p);
}

struct refusal {
	const char *args[5], *sentence;
	int code;
};

static void is_refused(void **state)
{
	const struct refusal *refusal = *state;
	struct program p;
	program_open(&p);
	program_run(&p, &(struct program_run){ .args = refusal->args });
	program_assert_code(&p, refusal->code);
	text_assert_has(p.err, refusal->sentence);
	program_close(&p);
}

#define REFUSED(name, exit_code, says, ...) \
	ROW_OF(name, is_refused, \
	       (&(struct refusal){ .args = { "migrate", __VA_ARGS__ }, \
				   .sentence = (says), \
				   .code = (exit_code) }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("check tells all that differs, and nothing when nothing does",
		    check_tells_all_that_differs),
		ROW("status and verify make nothing, and name what is pending",
		    who_only_looks_makes_nothing),
		ROW("that nothing differs is said, and nothing is written",
		    nothing_to_write_is_said),
		ROW("a binary that was built of other migrations writes none",
		    a_binary_of_other_migrations_is_refused),
		REFUSED("--auto outside of a tree", 1, "is not in the source tree of croft", "new",
			"more", "--auto"),
		REFUSED("--auto with a name that is none", 1, "'a b' is no name for a migration",
			"new", "a b", "--auto"),
		REFUSED("--drop without --auto", 2, "--drop is for 'migrate new --auto'", "new",
			"more", "--drop"),
		REFUSED("--auto elsewhere", 2, "--auto is for 'migrate new'", "up", "--auto"),
		REFUSED("--yes for check", 2, "--yes is for 'migrate down' and 'migrate redo'",
			"check", "--yes"),
		REFUSED("check with a word", 2, "'more' is one argument too many", "check", "more"),
	};
	return rows_run("cli/migrate", rows, sizeof(rows) / sizeof(rows[0]));
}
