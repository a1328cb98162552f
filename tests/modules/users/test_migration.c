/* The table itself: it refuses what should never get past the schemas, and can be taken back. */
#include "modules/users/internal.h"
#include "testing/stage.h"
#include "testing/store.h"

static void goes_down_and_up_again(void **state)
{
	(void)state;
	/* the table and its indexes; on PostgreSQL those of the key and its sequence too */
	const char *things = store_either(
		"SELECT count(*) FROM sqlite_schema WHERE tbl_name = 'users'",
		"SELECT count(*) FROM pg_class WHERE relname LIKE 'users%' AND relnamespace ="
		" CAST(current_schema() AS regnamespace)");
	struct stage s;
	stage_open(&s);
	int64_t before = stage_int(&s, things);
	assert_true(before > 3);
	stage_migrate_down(&s, 0);
	assert_int_equal(stage_int(&s, things), 0);
	stage_migrate_up(&s);
	assert_int_equal(stage_int(&s, things), before);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users"), 0);
	stage_close(&s);
}

struct row_case {
	const char *change, *text;
};

static void refuses(void **state)
{
	const struct row_case *want = *state;
	struct stage s;
	stage_open(&s);
	const char *sql = arena_printf(&s.scene.arena, "UPDATE users SET %s WHERE id = 2",
				       want->change);
	enum app_err err = db_write(&s.scene.c, stage_exec_write, (void *)(uintptr_t)sql);
	assert_int_not_equal(err, APP_OK);
	assert_string_equal(ctx_failure_text(&s.scene.c, err), want->text);
	stage_close(&s);
}

#define CHANGE(sql, answer) (&(struct row_case){ sql, answer })
#define NOT_ALLOWED(field) field " has a value that is not allowed"

int main(void)
{
	const struct CMUnitTest only_sqlite[] = {
		ROW_OF("is_active is yes or no", refuses,
		       CHANGE("is_active = 2", NOT_ALLOWED("is_active"))),
		ROW_OF("is_superuser is yes or no", refuses,
		       CHANGE("is_superuser = -1", NOT_ALLOWED("is_superuser"))),
	};
	const struct CMUnitTest rows[] = {
		ROW("the migration can be taken back and applied again", goes_down_and_up_again),
		ROW_OF("a username has three characters", refuses,
		       CHANGE("username = 'ab'", NOT_ALLOWED("username"))),
		ROW_OF("a username is there", refuses,
		       CHANGE("username = NULL", "username must not be null")),
		ROW_OF("a username is one of a kind in any case", refuses,
		       CHANGE("username = 'ROOT', username_key = 'root'",
			      "username is already taken")),
		ROW_OF("a username has its key", refuses,
		       CHANGE("username = 'Augusta'", NOT_ALLOWED("username_key"))),
		ROW_OF("a key is that of the username", refuses,
		       CHANGE("username_key = 'Ada'", NOT_ALLOWED("username_key"))),
		ROW_OF("an e-mail is not empty", refuses,
		       CHANGE("email = ''", NOT_ALLOWED("email"))),
		ROW_OF("an e-mail is one of a kind in any case", refuses,
		       CHANGE("email = 'ROOT@EXAMPLE.COM', email_key = 'root@example.com'",
			      "email is already taken")),
		ROW_OF("an e-mail has its key", refuses,
		       CHANGE("email = 'Ada@Example.net'", NOT_ALLOWED("email_key"))),
		ROW_OF("a full name has a bound", refuses,
		       CHANGE("full_name = " STAGE_LONG("201"), NOT_ALLOWED("full_name"))),
		ROW_OF("a token version counts from one", refuses,
		       CHANGE("token_version = 0", NOT_ALLOWED("token_version"))),
	};
	return rows_run("modules/users/migration (sqlite)", only_sqlite, COUNT_OF(only_sqlite)) +
	       store_run("modules/users/migration", rows, COUNT_OF(rows), NULL, NULL);
}
