/*
 * The commands of the real binary that work on a database: migrate, run, user. Each row has a fresh
 * database.
 */
#include "testing/rows.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/attr.h"
#include "core/json.h"
#include "testing/json.h"
#include "testing/program.h"

/* Long enough, and found nowhere it should not be. */
static const char password[] = "correct horse 7 canary";

static void run_with_input(struct program *p, const char *input, const char *const *args)
{
	program_run(p, &(struct program_run){ .args = args, .input = input });
}

#define ARGS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* ---- migrate ---- */

static int count_of(const char *text, const char *piece)
{
	int count = 0;
	for (; (text = strstr(text, piece)); text += strlen(piece))
		count++;
	return count;
}

static void migrate_goes_up_and_down(void **state)
{
	(void)state;
	char steps[24], says[64];
	struct program p;
	program_open(&p);
	program(&p, "migrate", "status");
	program_assert_code(&p, 0);
	text_assert_has(p.out, "0001  pending");
	text_assert_lacks(p.out, "applied");
	program(&p, "migrate", "up");
	program_assert_code(&p, 0);
	assert_int_equal(strncmp(p.out, "Applied ", 8), 0);
	program(&p, "migrate", "status");
	text_assert_has(p.out, "0001  applied  20");
	text_assert_lacks(p.out, "pending");
	program(&p, "migrate", "up");
	program_assert_code(&p, 0);
	assert_string_equal(p.out, "Nothing to do: every migration is applied.\n");
	program(&p, "migrate", "status");
	int applied = count_of(p.out, "  applied  ");
	snprintf(steps, sizeof(steps), "%d", applied + 1);
	program(&p, "migrate", "down", steps);
	program_assert_code(&p, 1);
	assert_string_equal(p.out, "");
	snprintf(says, sizeof(says), "only %d migrations are applied", applied);
	text_assert_has(p.err, says);
	program(&p, "migrate", "verify");
	program_assert_code(&p, 0);
	snprintf(steps, sizeof(steps), "%d", applied);
	program(&p, "migrate", "down", steps);
	program_assert_code(&p, 0);
	assert_int_equal(strncmp(p.out, "Took back ", 10), 0);
	program(&p, "migrate", "status");
	text_assert_has(p.out, "0001  pending");
	program(&p, "migrate", "down");
	program_assert_code(&p, 0);
	assert_string_equal(p.out, "Nothing to do: no migration is applied.\n");
	program_close(&p);
}

static void migrate_down_in_production_wants_a_yes(void **state)
{
	(void)state;
	static const char *const production[] = {
		"CROFT_APP_ENVIRONMENT=production",
		"CROFT_AUTH_SECRET=0123456789abcdef0123456789abcdef", NULL
	};
	const char *const *const refused[] = { ARGS("migrate", "down"), ARGS("migrate", "redo") };
	struct program p;
	program_open(&p);
	program(&p, "migrate", "up");
	for (size_t i = 0; i < 2; i++) {
		program_run(&p, &(struct program_run){ .args = refused[i], .environ = production });
		program_assert_code(&p, 1);
		text_assert_has(p.err, "this is production");
	}
	program(&p, "migrate", "verify");
	program_assert_code(&p, 0);
	program_run(&p, &(struct program_run){ .args = ARGS("migrate", "redo", "--yes"),
					       .environ = production });
	program_assert_code(&p, 0);
	program_run(&p, &(struct program_run){ .args = ARGS("migrate", "down", "--yes"),
					       .environ = production });
	program_assert_code(&p, 0);
	program(&p, "migrate", "up", "--yes");
	program_assert_code(&p, 2);
	program_close(&p);
}

static void migrate_new_writes_a_file(void **state)
{
	(void)state;
	char folder[128];
	struct program p;
	program_open(&p);
	snprintf(folder, sizeof(folder), "%s/sql", p.folder);
	assert_int_equal(mkdir(folder, 0700), 0);
	snprintf(folder, sizeof(folder), "%s/sql/sqlite", p.folder);
	assert_int_equal(mkdir(folder, 0700), 0);
	program_write(&p, "sql/sqlite/0007_seven.sql", "-- migrate:up\n-- migrate:down\n");
	program(&p, "migrate", "new", "add_posts");
	program_assert_code(&p, 0);
	text_assert_has(p.out, "sql/sqlite/0008_add_posts.sql");
	char *text = program_read(p.folder, "sql/sqlite/0008_add_posts.sql");
	assert_non_null(text);
	text_assert_has(text, "-- migrate:up");
	text_assert_has(text, "-- migrate:down");
	free(text);
	program_close(&p);
}

static void migrate_new_refuses_a_path(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "migrate", "new", "../evil");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "croft: migrate new failed: ");
	program_close(&p);
}

/* ---- run ---- */

static void run_lists_operations(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "run");
	program_assert_code(&p, 0);
	text_assert_has(p.out, "users.list");
	text_assert_has(p.out, "users.set_password");
	text_assert_has(p.out, "auth.login");
	assert_null(program_read(p.folder, "data/croft.db"));
	program_close(&p);
}

static void run_prints_the_result(void **state)
{
	(void)state;
	struct program p;
	size_t at;
	const char *why;
	program_open(&p);
	program(&p, "run", "users.list");
	program_assert_code(&p, 0);
	assert_true(json_check(p.out, strlen(p.out), &at, &why));
	assert_json_has(p.out, "'page':1");
	run_with_input(&p, "{'page': 2}", ARGS("run", "users.list", "-"));
	program_assert_code(&p, 0);
	assert_json_has(p.out, "'page':2");
	program_close(&p);
}

static void run_of_no_result_prints_none(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "run", "auth.logout");
	program_assert_code(&p, 0);
	assert_string_equal(p.out, "");
	program(&p, "run", "--pretty", "auth.logout");
	program_assert_code(&p, 0);
	assert_string_equal(p.out, "");
	program_close(&p);
}

struct fault_case {
	const char *args[4];
	const char *says;
};

static void run_tells_faults(void **state)
{
	const struct fault_case *wrong = *state;
	struct program p;
	program_open(&p);
	program_run(&p, &(struct program_run){ .args = wrong->args });
	program_assert_code(&p, 1);
	assert_string_equal(p.out, "");
	text_assert_has(p.err, wrong->says);
	program_close(&p);
}

#define FAULT(sentence, text, ...) \
	ROW_OF(sentence, run_tells_faults, \
	       (&(struct fault_case){ .args = { __VA_ARGS__ }, .says = (text) }))

static void run_tells_all_faults_at_once(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "run", "users.create", "{'username':'a','password':'canary'}");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "croft: users.create failed: the input is not valid\n");
	text_assert_has(p.err, "\ncroft:   username: String should have at least 3 characters\n");
	text_assert_has(p.err, "\ncroft:   email: Field required\n");
	text_assert_has(p.err, "\ncroft:   password: ");
	text_assert_lacks(p.err, "canary");
	program_close(&p);
}

static void dry_run_changes_nothing(void **state)
{
	static const char ada[] = "{'username':'ada','email':'ada@example.com',"
				  "'password':'correct horse battery'}";
	struct program p;
	(void)state;
	program_open(&p);
	program(&p, "run", "users.create", ada, "--dry-run");
	program_assert_code(&p, 0);
	assert_json_has(p.out, "'username':'ada'");
	text_assert_lacks(p.err, "account created");
	program(&p, "run", "users.list");
	assert_json_has(p.out, "'total':0");
	run_with_input(&p, "{}", ARGS("run", "--dry-run", "users.list", "-"));
	assert_json_has(p.out, "'total':0");
	program(&p, "run", "users.create", ada);
	program_assert_code(&p, 0);
	program(&p, "run", "users.create", ada, "--dry-run");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "already taken");
	program_close(&p);
}

static void a_result_is_laid_out(void **state)
{
	struct program p;
	(void)state;
	program_open(&p);
	program(&p, "run", "system.live", "--pretty");
	program_assert_code(&p, 0);
	assert_json_equal(p.out, "{\n  'status': 'ok'\n}\n");
	program(&p, "run", "--pretty", "users.delete", "{'user_id':7}");
	program_assert_code(&p, 1);
	assert_string_equal(p.out, "");
	program_close(&p);
}

/* ---- user ---- */

static void create_ada(struct program *p)
{
	char line[64];
	snprintf(line, sizeof(line), "%s\nsecond line\n", password);
	run_with_input(p, line,
		       ARGS("user", "create", "--username", "ada", "--email", "ada@example.com",
			    "--superuser", "--password-stdin"));
}

static void sign_in(struct program *p, const char *with, int code)
{
	char json[128];
	snprintf(json, sizeof(json), "{'login':'ada','password':'%s'}", with);
	run_with_input(p, json, ARGS("run", "auth.login", "-"));
	program_assert_code(p, code);
}

static void user_is_created_and_signs_in(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	create_ada(&p);
	program_assert_code(&p, 0);
	assert_string_equal(p.out, "Created superuser ada.\n");
	text_assert_lacks(p.err, "canary");
	program(&p, "run", "users.list");
	assert_json_has(p.out, "'username':'ada','email':'ada@example.com'");
	text_assert_lacks(p.out, "canary");
	text_assert_lacks(p.out, "argon2");
	sign_in(&p, password, 0);
	assert_json_has(p.out, "'access_token':'");
	program_close(&p);
}

/* The letter is there when the program has ended. */
static void somebody_is_invited(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "user", "invite", "eve@example.com");
	program_assert_code(&p, 0);
	assert_string_equal(p.out, "Invited eve@example.com.\n");
	text_assert_has(p.err, "---- a letter to eve@example.com ----\nAn invitation to croft\n");
	program(&p, "user", "invite", "eve@example.com", "--set", "mail.driver=off");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "This server sends no mail: see the settings [mail]");
	program_close(&p);
}

static void user_gets_another_password(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	create_ada(&p);
	run_with_input(&p, "a wholly other sentence\r\n",
		       ARGS("user", "password", "ADA@example.com", "--password-stdin"));
	program_assert_code(&p, 0);
	assert_string_equal(p.out, "Set the password of ADA@example.com.\n");
	sign_in(&p, password, 1);
	sign_in(&p, "a wholly other sentence", 0);
	program_close(&p);
}

static void second_ada_is_refused(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	create_ada(&p);
	create_ada(&p);
	program_assert_code(&p, 1);
	assert_string_equal(p.out, "");
	text_assert_has(p.err, "croft: users.create failed: ");
	text_assert_lacks(p.err, "canary");
	program_close(&p);
}

static void unknown_login_is_refused(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	run_with_input(&p, "a wholly other sentence\n",
		       ARGS("user", "password", "nobody", "--password-stdin"));
	program_assert_code(&p, 1);
	text_assert_has(p.err, "croft: users.set_password failed: ");
	program_close(&p);
}

static void missing_password_is_refused(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	run_with_input(&p, "", ARGS("user", "password", "nobody", "--password-stdin"));
	program_assert_code(&p, 1);
	assert_string_equal(p.err, "croft: there is no password to read\n");
	program_close(&p);
}

static void common_password_is_refused(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	create_ada(&p);
	run_with_input(&p, "Mississippi\n", ARGS("user", "password", "ada", "--password-stdin"));
	program_assert_code(&p, 1);
	text_assert_has(p.err, "croft:   password: Value error, the password is one of the 10,000 "
			       "commonest");
	sign_in(&p, password, 0);
	program_close(&p);
}

static void long_password_is_refused(void **state)
{
	(void)state;
	static char line[5000];
	struct program p;
	memset(line, 'x', sizeof(line) - 1);
	program_open(&p);
	run_with_input(&p, line, ARGS("user", "password", "nobody", "--password-stdin"));
	program_assert_code(&p, 1);
	assert_string_equal(p.err, "croft: the password is too long\n");
	program_close(&p);
}

struct bytes {
	const char *at;
	size_t len;
};

static void run_with_bytes(struct program *p, const struct bytes *bytes, const char *const *args)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/line", p->folder);
	FILE *file = fopen(path, "we");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes->at, 1, bytes->len, file), bytes->len);
	assert_int_equal(fclose(file), 0);
	program_run(p, &(struct program_run){ .args = args, .stdin_path = "line" });
}

static void password_that_is_no_text_is_refused(void **state)
{
	struct program p;
	program_open(&p);
	create_ada(&p);
	run_with_bytes(&p, *state, ARGS("user", "password", "ada", "--password-stdin"));
	program_assert_code(&p, 1);
	assert_string_equal(p.err, "croft: the password is not text in UTF-8\n");
	sign_in(&p, password, 0);
	program_close(&p);
}

static void byte_order_mark_is_no_part_of_the_password(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	create_ada(&p);
	run_with_input(&p,
		       "\xEF\xBB\xBF"
		       "a wholly other sentence\r\n",
		       ARGS("user", "password", "ada", "--password-stdin"));
	program_assert_code(&p, 0);
	sign_in(&p, "a wholly other sentence", 0);
	program_close(&p);
}

static void name_that_is_no_text_is_refused(void **state)
{
	const char *const *args = *state;
	struct program p;
	program_open(&p);
	create_ada(&p);
	run_with_input(&p, "a wholly other sentence\n", args);
	program_assert_code(&p, 2);
	text_assert_has(p.err, " is not text in UTF-8\n");
	program_close(&p);
}

/* ---- the terminal ---- */

static const char *const prompts[] = { "Password: ", "The same again: ", NULL };

static const char *const create_ada_args[] = { "user",    "create",          "--username", "ada",
					       "--email", "ada@example.com", NULL };

static void terminal_does_not_show_the_password(void **state)
{
	(void)state;
	static const char *const lines[] = { "correct horse 7 canary\n",
					     "correct horse 7 canary\n" };
	struct program p;
	program_open(&p);
	program_talk(&p, create_ada_args, prompts, lines);
	assert_int_equal(p.code, 0);
	text_assert_has(p.out, "Created user ada.");
	text_assert_lacks(p.out, "canary");
	sign_in(&p, password, 0);
	program_close(&p);
}

static void terminal_wants_the_same_twice(void **state)
{
	(void)state;
	static const char *const lines[] = { "correct horse 7 canary\n",
					     "correct horse 8 canary\n" };
	struct program p;
	program_open(&p);
	program_talk(&p, create_ada_args, prompts, lines);
	assert_int_equal(p.code, 1);
	text_assert_has(p.out, "croft: the two passwords differ");
	program_close(&p);
}

static void terminal_can_be_interrupted(void **state)
{
	(void)state;
	static const char *const lines[] = { "\003" };
	static const char *const first[] = { "Password: ", NULL };
	struct program p;
	program_open(&p);
	program_talk(&p, create_ada_args, first, lines);
	assert_int_equal(p.code, 1);
	text_assert_has(p.out, "croft: interrupted");
	program_close(&p);
}

#define NO_TEXT(sentence, line) \
	ROW_OF(sentence, password_that_is_no_text_is_refused, \
	       (&(struct bytes){ line, sizeof(line) - 1 }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("migrations go up, are listed, and come back down, but not more than there are",
		    migrate_goes_up_and_down),
		ROW("migrate down and redo in production want --yes",
		    migrate_down_in_production_wants_a_yes),
		ROW("migrate new writes a file with the next number", migrate_new_writes_a_file),
		ROW("migrate new takes no path for a name", migrate_new_refuses_a_path),

		ROW("run alone lists the operations and opens no database", run_lists_operations),
		ROW("run prints the result as JSON, of input from an argument or standard input",
		    run_prints_the_result),
		ROW("run prints nothing of what has no result", run_of_no_result_prints_none),
		ROW("run tells all faults at once and echoes no secret",
		    run_tells_all_faults_at_once),
		ROW("run --pretty lays the result out", a_result_is_laid_out),
		ROW("run --dry-run tells what it would answer and changes nothing",
		    dry_run_changes_nothing),
		FAULT("an input that is no JSON", "croft: the input is no JSON: at character 1",
		      "run", "users.list", "{"),
		FAULT("an input of the wrong type", "page: Input should be a valid integer", "run",
		      "users.list", "{'page':'x'}"),
		FAULT("an unknown field", "nonsense: Extra inputs are not permitted", "run",
		      "users.list", "{'nonsense':1}"),
		FAULT("nobody there", "croft: users.get failed: ", "run", "users.get",
		      "{'user_id':999999}"),

		ROW("a created user signs in", user_is_created_and_signs_in),
		ROW("somebody is invited, by a letter", somebody_is_invited),
		ROW("a new password replaces the old one", user_gets_another_password),
		ROW("a name is given once", second_ada_is_refused),
		ROW("nobody gets no password", unknown_login_is_refused),
		ROW("an empty standard input is no password", missing_password_is_refused),
		ROW("S26 a common password is refused", common_password_is_refused),
		ROW("an endless line is no password", long_password_is_refused),
		ROW("a byte order mark is no part of a password",
		    byte_order_mark_is_no_part_of_the_password),
		NO_TEXT("bytes that are not UTF-8 are no password", "a whole\xFF sentence\n"),
		NO_TEXT("nor is half a letter", "a whole sentence \xC3\n"),
		NO_TEXT("a password with a NUL is not cut there", "a whole sentence\0 and more\n"),
		NO_TEXT("a NUL alone is no password", "\0"),
		NO_TEXT("UTF-16 is no password", "\xFF\xFE"
						 "a\0 \0w\0h\0o\0l\0e\0"),
		ROW_OF("a username that is not UTF-8 is refused", name_that_is_no_text_is_refused,
		       ARGS("user", "create", "--username",
			    "b\xFF"
			    "b",
			    "--email", "b@example.com", "--password-stdin")),
		ROW_OF("an e-mail that is not UTF-8 is refused", name_that_is_no_text_is_refused,
		       ARGS("user", "create", "--username", "bob", "--email", "b\xFF@example.com",
			    "--password-stdin")),
		ROW_OF("a login that is not UTF-8 is refused", name_that_is_no_text_is_refused,
		       ARGS("user", "password", "ad\xFF", "--password-stdin")),
		ROW("the terminal does not show the password", terminal_does_not_show_the_password),
		ROW("the terminal asks for the password twice", terminal_wants_the_same_twice),
		ROW("Ctrl-C ends the question", terminal_can_be_interrupted),
	};
	return rows_run("cli/data", rows, COUNT_OF(rows));
}
