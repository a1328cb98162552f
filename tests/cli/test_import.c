/* `croft import users`: what is read, what is said, and what is in the database then. */
#include "database.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "testing/json.h"
#include "testing/postgres.h"

#define HASH "$2b$04$GDNQTqsO7LDMvNAuPt85b.Py/yEDUf7CEXW/ylxXn10fmd7WogrH6"
#define GOOD \
	"username,email,full_name,password_hash,password,is_superuser\r\n" \
	"zoe,zoe@example.com,\"Zoe, \"\"Z\"\"\"," HASH ",,true\r\n" \
	"yan,yan@example.com,,,correct canary battery,\r\neve,eve@example.com,,,,\r\n"
#define LINES \
	"{'username':'zoe','email':'zoe@example.com','password_hash':'" HASH "'}\n" \
	"{'username':'yan','email':'yan@example.com'}\n"

enum { FAILED = 1, USAGE = 2 };

struct fixture {
	struct program p;
	char set[POSTGRES_URL_ROOM + 32]; /* database.url */
};

static void fixture_open(struct fixture *f, bool is_postgres)
{
	char url[POSTGRES_URL_ROOM] = "sqlite:data/croft.db";
	program_open(&f->p);
	if (is_postgres)
		postgres_database(url);
	snprintf(f->set, sizeof(f->set), "database.url=%s", url);
}

static void counts(struct fixture *f, const char *total)
{
	program(&f->p, "--set", f->set, "run", "users.list", "{}");
	program_assert_code(&f->p, 0);
	text_assert_has(f->p.out, total);
}

static void a_file_is_imported(void **state)
{
	struct fixture f;
	fixture_open(&f, *state);
	program_write(&f.p, "accounts.csv", GOOD);
	program(&f.p, "--set", f.set, "import", "users", "accounts.csv", "--dry-run");
	program_assert_code(&f.p, 0);
	assert_string_equal(f.p.out, "Nothing was written. Accounts that would be imported: 3, "
				     "superusers among them: 1\n"
				     "  with the hash of a password: 1\n"
				     "  with a password, which would be hashed: 1\n"
				     "  without, until 'croft user password' sets one: 1\n");
	counts(&f, "\"total\":0,");
	program(&f.p, "--set", f.set, "import", "users", "accounts.csv");
	program_assert_code(&f.p, 0);
	assert_string_equal(f.p.out, "Imported accounts: 3, superusers among them: 1\n"
				     "  with the hash of a password: 1\n"
				     "  with a password, which was hashed: 1\n"
				     "  without, until 'croft user password' sets one: 1\n");
	text_assert_has(f.p.err, "\"event\":\"accounts imported\",\"accounts\":3,\"superusers\":1");
	text_assert_lacks(f.p.err, "canary");
	counts(&f, "\"total\":3,");
	program(&f.p, "--set", f.set, "--set", "auth.secret=0123456789abcdef0123456789abcdef",
		"run", "auth.login", "{'login':'zoe','password':'staple of the engine'}");
	program_assert_code(&f.p, 0);
	text_assert_has(f.p.out, "\"access_token\":");
	program_close(&f.p);
}

/* All faults at once, no secret among them, and no account. */
static void faults_are_told_by_their_lines(void **state)
{
	struct fixture f;
	fixture_open(&f, *state);
	program_write(&f.p, "accounts.csv",
		      "username,email,password_hash,password\n"
		      "zoe,zoe@example.com,canary-hash,\n"
		      "zoe,zoe2@example.com,,\n"
		      "yan,yan@example.com,,canary\n"
		      "eve,nowhere,,correct horse battery\n"
		      "eve,eve@example.com\n");
	for (int i = 0; i < 2; i++) {
		program(&f.p, "--set", f.set, "import", "users", "accounts.csv",
			i ? "--dry-run" : "--");
		program_assert_code(&f.p, FAILED);
		assert_string_equal(f.p.out, "");
		text_assert_has(f.p.err,
				"croft: import users failed: nothing was imported; faults: 4\n"
				"croft:   line 2: password_hash: Value error, it is no hash that");
		text_assert_has(f.p.err,
				"croft:   line 4: password: String should have at least 8 "
				"characters\n"
				"croft:   line 5: email: value is not a valid email address: An "
				"email address must have an @-sign.\n"
				"croft:   line 6: it has 2 cells, and the first line names 4 "
				"columns\n");
		text_assert_lacks(f.p.err, "canary");
	}
	counts(&f, "\"total\":0,");
	program_close(&f.p);
}

static void no_more_than_a_hundred_faults_are_told(void **state)
{
	struct fixture f;
	char text[4096] = "username,email\n";
	fixture_open(&f, *state);
	for (int i = 0; i < 130; i++)
		strcat(text, "zoe,zoe@example\n");
	program_write(&f.p, "accounts.csv", text);
	program(&f.p, "--set", f.set, "import", "users", "accounts.csv");
	program_assert_code(&f.p, FAILED);
	text_assert_has(f.p.err, "faults: 130\n");
	text_assert_has(f.p.err, "croft:   line 101: email: ");
	text_assert_lacks(f.p.err, "line 102: ");
	text_assert_has(f.p.err, "croft:   and 30 more\n");
	program_close(&f.p);
}

/* Those of one line, too: two for each, told and untold. */
static void each_fault_of_a_line_is_counted(void **state)
{
	struct fixture f;
	char text[4096] = "username,email,is_active\nzoe,zoe@example,\n";
	fixture_open(&f, *state);
	for (int i = 0; i < 65; i++)
		strcat(text, "zoe,zoe@example,perhaps\n");
	program_write(&f.p, "accounts.csv", text);
	program(&f.p, "--set", f.set, "import", "users", "accounts.csv");
	program_assert_code(&f.p, FAILED);
	text_assert_has(f.p.err, "faults: 131\n");
	text_assert_has(f.p.err, "croft:   line 51: is_active: ");
	text_assert_has(f.p.err, "croft:   line 52: email: ");
	text_assert_lacks(f.p.err, "line 52: is_active");
	text_assert_lacks(f.p.err, "line 53: ");
	text_assert_has(f.p.err, "croft:   and 31 more\n");
	program_close(&f.p);
}

/* ---- where it comes from ---- */

struct source_case {
	const char *name, *text;
	int code;
};

static void is_read_by_its_name(void **state)
{
	const struct source_case *of = *state;
	bool is_standard = !strcmp(of->name, "-");
	struct program p;
	program_open(&p);
	char *text = json_operand(of->text);
	if (!is_standard)
		program_write(&p, of->name, text);
	free(text);
	program_run(&p, &(struct program_run){
				.args = (const char *const[]){ "import", "users", of->name, NULL },
				.input = is_standard ? of->text : NULL });
	program_assert_code(&p, of->code);
	assert_int_equal(of->code ? 0 : 2,
			 number(&p, "data/croft.db", "SELECT count(*) FROM users"));
	program_close(&p);
}

#define SOURCE(sentence, ...) \
	ROW_OF(sentence, is_read_by_its_name, (&(struct source_case){ __VA_ARGS__ }))
#define PLAIN "username,email\nzoe,zoe@example.com\nyan,yan@example.com\n"

static void a_file_that_is_too_large_is_refused(void **state)
{
	(void)state;
	struct program p;
	char path[128];
	program_open(&p);
	program_write(&p, "large.csv", PLAIN);
	snprintf(path, sizeof(path), "%s/large.csv", p.folder);
	assert_int_equal(truncate(path, (256L << 20) + 1), 0);
	program(&p, "import", "users", "large.csv");
	program_assert_code(&p, FAILED);
	assert_string_equal(p.err, "croft: large.csv is longer than 256 MiB\n");
	program_close(&p);
}

struct usage_case {
	const char *args[6];
	int code;
	const char *says;
};

static void says(void **state)
{
	const struct usage_case *of = *state;
	struct program p;
	program_open(&p);
	program_run(&p, &(struct program_run){ .args = of->args });
	program_assert_code(&p, of->code);
	text_assert_has(p.err, of->says);
	program_close(&p);
}

#define SAYS(sentence, code, says_, ...) \
	ROW_OF(sentence, says, (&(struct usage_case){ { "import", __VA_ARGS__ }, code, says_ }))

static const struct CMUnitTest source_rows[] = {
	SOURCE("a file .csv", "a.csv", PLAIN, 0),
	SOURCE("a file .jsonl", "a.jsonl", LINES, 0),
	SOURCE("a file .ndjson", "a.ndjson", LINES, 0),
	SOURCE("a file of another name with CSV", "accounts", PLAIN, 0),
	SOURCE("a file of another name with JSON lines", "accounts", LINES, 0),
	SOURCE("standard input with CSV", "-", PLAIN, 0),
	SOURCE("standard input with JSON lines", "-", LINES, 0),
	SOURCE("JSON lines called .csv are refused", "a.csv", LINES, FAILED),
	SOURCE("CSV called .jsonl is refused", "a.jsonl", PLAIN, FAILED),
	SOURCE("an empty file is refused", "a.csv", "", FAILED),
	ROW("a file that is too large is refused", a_file_that_is_too_large_is_refused),
	SAYS("a file that is not there", FAILED,
	     "croft: cannot read none.csv: No such file or directory\n", "users", "none.csv"),
	SAYS("a folder", FAILED, "croft: cannot read .: Is a directory\n", "users", "."),
	SAYS("no file", USAGE, "'import users' needs a file, or - for standard input", "users"),
	SAYS("two files", USAGE, "'b' is one argument too many", "users", "a", "b"),
	SAYS("nothing", USAGE, "'import' needs to know what to do: users", NULL),
	SAYS("posts", USAGE, "there is no 'import posts'; it is users", "posts", "a.csv"),
};

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW_OF("a file is imported (sqlite)", a_file_is_imported, false),
		ROW_OF("a file is imported (postgres)", a_file_is_imported, true),
		ROW_OF("faults are told by their lines (sqlite)", faults_are_told_by_their_lines,
		       false),
		ROW_OF("faults are told by their lines (postgres)", faults_are_told_by_their_lines,
		       true),
		ROW_OF("no more than a hundred faults are told",
		       no_more_than_a_hundred_faults_are_told, false),
		ROW_OF("each fault of a line is counted", each_fault_of_a_line_is_counted, false),
	};
	return rows_run("cli/import", rows, COUNT_OF(rows)) +
	       rows_run("cli/import, what is read", source_rows, COUNT_OF(source_rows));
}
