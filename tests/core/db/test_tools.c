/* Which programs of its own a database has: told by the URL alone, before anything is opened. */
#include "testing/rows.h"

#include <stdlib.h>

#include "core/db_tools.h"
#include "testing/program.h"
#include "testing/scene.h"

static void croft_keeps_it(void **state)
{
	const struct db_tools *tools = db_tools_of(*state);
	assert_non_null(tools);
	assert_null(tools->backup);
	assert_null(tools->restore);
	assert_null(tools->copy);
}

static void its_own_programs_keep_it(void **state)
{
	const struct db_tools *tools = db_tools_of(*state);
	assert_non_null(tools);
	text_assert_has(tools->backup, "pg_dump");
	text_assert_has(tools->restore, "pg_restore");
	text_assert_has(tools->copy, "pg_dump");
}

static void has_none(void **state)
{
	assert_null(db_tools_of(*state));
}

static void shell_has_no_password(void **state)
{
	struct scene scene;
	struct db_shell shell;
	(void)state;
	scene_open(&scene);
	const char *const url = "postgresql://croft:hunter2@db.example/croft";
	assert_int_equal(db_tools_of(url)->shell(&scene.c, url, &shell), APP_OK);
	assert_string_equal(shell.argv[0], "psql");
	assert_string_equal(shell.argv[1], "postgresql://croft@db.example/croft");
	assert_null(shell.argv[2]);
	assert_string_equal(getenv("PGPASSWORD"), "hunter2");
	scene_close(&scene);
}

static void shell_needs_the_file(void **state)
{
	struct scene scene;
	struct db_shell shell;
	(void)state;
	scene_open(&scene);
	const char *url = arena_printf(&scene.arena, "sqlite:%s/none.db", scene.folder);
	assert_int_equal(db_tools_of(url)->shell(&scene.c, url, &shell), APP_NOT_FOUND);
	text_assert_has(ctx_failure_text(&scene.c, APP_NOT_FOUND), "none.db");
	scene_close(&scene);
}

static const struct CMUnitTest rows[] = {
	ROW_OF("croft keeps an SQLite file by itself", croft_keeps_it, "sqlite:data/croft.db"),
	ROW_OF("PostgreSQL's own programs keep its databases", its_own_programs_keep_it,
	       "postgresql://croft@db.example/croft"),
	ROW_OF("under its other scheme too", its_own_programs_keep_it, "postgres:///croft"),
	ROW_OF("what names no kind of database has none", has_none, "mysql://db.example/croft"),
	ROW("psql gets the password in its environment and not in its arguments",
	    shell_has_no_password),
	ROW("sqlite3 is not called on a file that is not there", shell_needs_the_file),
};

int main(void)
{
	return rows_run("core/db/tools", rows, sizeof(rows) / sizeof(rows[0]));
}
