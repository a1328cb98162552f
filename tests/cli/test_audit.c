/* `croft audit`, by the real binary. */
#include "testing/rows.h"

#include <string.h>

#include "cli/database.h"
#include "testing/program.h"

/* Two accounts, whose rows are 1 and 2 of the audit. */
static void open_it(struct program *p)
{
	program_open(p);
	program(p, "migrate", "up");
	program_assert_code(p, 0);
	program(p, "run", "users.create", "{'username':'ada','email':'ada@example.com'}");
	program_assert_code(p, 0);
	program(p, "run", "users.create", "{'username':'eve','email':'eve@example.com'}");
	program_assert_code(p, 0);
}

static void lists_the_newest(void **state)
{
	(void)state;
	struct program p;
	open_it(&p);
	program(&p, "audit", "list");
	program_assert_code(&p, 0);
	text_assert_has(p.out, "\"username\": \"ada\"");
	text_assert_has(p.out, "\"username\": \"eve\"");
	assert_true(strstr(p.out, "\"eve\"") < strstr(p.out, "\"ada\""));
	text_assert_has(p.out, "\"actor\": \"system\"");
	program(&p, "audit", "list", "--subject", "users", "--id", "1");
	program_assert_code(&p, 0);
	text_assert_has(p.out, "\"username\": \"ada\"");
	text_assert_lacks(p.out, "eve");
	program(&p, "audit", "list", "--operation", "posts.create", "--since",
		"2026-01-01T00:00:00Z", "--user", "7");
	program_assert_code(&p, 0);
	text_assert_has(p.out, "\"total\": 0");
	program_close(&p);
}

static void exports_lines(void **state)
{
	(void)state;
	struct program p;
	open_it(&p);
	program(&p, "audit", "export");
	program_assert_code(&p, 0);
	assert_int_equal(strncmp(p.out, "{\"id\":1,", 8), 0);
	const char *second = strchr(p.out, '\n') + 1;
	assert_int_equal(strncmp(second, "{\"id\":2,", 8), 0);
	assert_string_equal(strchr(second, '\n'), "\n");
	program(&p, "audit", "export", "--since", "9000-01-01T00:00:00Z");
	program_assert_code(&p, 0);
	assert_string_equal(p.out, "");
	program_close(&p);
}

/* Of more than one answer. */
static void exports_all(void **state)
{
	(void)state;
	struct program p;
	open_it(&p);
	change(&p, "data/croft.db",
	       "INSERT INTO audit (at, operation, outcome, actor) WITH RECURSIVE n(n) AS (SELECT 1 "
	       "UNION ALL SELECT n + 1 FROM n WHERE n < 2500) SELECT 1, 'test.many', 'ok', "
	       "'system' FROM n;");
	program(&p, "audit", "export");
	program_assert_code(&p, 0);
	int lines = 0;
	for (const char *at = p.out; (at = strchr(at, '\n')); at++)
		lines++;
	assert_int_equal(lines, 2502);
	text_assert_has(p.out, "{\"id\":2502,");
	program_close(&p);
}

static void purges(void **state)
{
	(void)state;
	struct program p;
	open_it(&p);
	program(&p, "audit", "purge", "--keep-days", "1");
	program_assert_code(&p, 0);
	text_assert_has(p.out, "\"purged\": 0");
	program(&p, "audit", "export");
	text_assert_has(p.out, "\"id\":3,");
	text_assert_has(p.out, "\"operation\":\"audit.purge\"");
	program_close(&p);
}

struct refused {
	const char *const *args;
	const char *says;
};

static void is_refused(void **state)
{
	const struct refused *it = *state;
	struct program p;
	program_open(&p);
	program_run(&p, &(struct program_run){ .args = it->args });
	program_assert_code(&p, 2);
	text_assert_has(p.err, it->says);
	program_close(&p);
}

#define REFUSED(sentence, text, ...) \
	ROW_OF(sentence, is_refused, \
	       (&(struct refused){ (const char *const[]){ "audit", __VA_ARGS__, NULL }, text }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("the newest are listed, those of a row or of an operation too",
		    lists_the_newest),
		ROW("an export has a line for each, the oldest first", exports_lines),
		ROW("an export goes on to the end, however much it is", exports_all),
		ROW("a purge says how many are gone, and leaves a row", purges),
		REFUSED("an id is a number", "--id is a number", "list", "--subject", "posts",
			"--id", "1}"),
		REFUSED("an account is one, too",
			"--user is the number of an account, as 'user list' shows it", "list",
			"--user", "ada"),
		REFUSED("so are days", "--keep-days is a number", "purge", "--keep-days", "-1"),
		REFUSED("a purge wants its days", "takes --keep-days and nothing else", "purge"),
		REFUSED("a purge of some is not had", "takes --keep-days and nothing else", "purge",
			"--keep-days", "1", "--user", "2"),
		REFUSED("an export of some is not had", "takes --since and nothing else", "export",
			"--user", "2"),
		REFUSED("an operation is text", "the operation is not text in UTF-8", "list",
			"--operation", "posts.\xff"),
		REFUSED("so is a table", "the subject is not text in UTF-8", "list", "--subject",
			"\xe9", "--id", "1"),
		REFUSED("so is a time", "the time is not text in UTF-8", "export", "--since",
			"\xe9"),
		REFUSED("a list deletes nothing", "takes no --keep-days", "list", "--keep-days",
			"1"),
	};
	return rows_run("cli/audit", rows, COUNT_OF(rows));
}
