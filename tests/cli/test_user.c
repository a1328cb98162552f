/*
 * `croft user list`, `show`, `disable`, `enable` and `sessions`, of the real binary on a fresh
 * database.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "cli/refused.h"
#include "testing/json.h"
#include "testing/program.h"

static void make(struct program *p, const char *json)
{
	program(p, "run", "users.create", json);
	program_assert_code(p, 0);
}

static void with_three(struct program *p)
{
	program_open(p);
	make(p, "{'username':'root','email':'root@example.com','is_superuser':true}");
	make(p, "{'username':'ada','email':'ada@example.com','full_name':'Ada King'}");
	make(p, "{'username':'bob','email':'bob@example.com','is_active':false}");
}

static int lines_of(const char *text)
{
	int lines = 0;
	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

static void lists_all(void **state)
{
	(void)state;
	struct program p;
	with_three(&p);
	program(&p, "user", "list");
	program_assert_code(&p, 0);
	assert_int_equal(lines_of(p.out), 4);
	text_assert_has(p.out, "      id  username              e-mail  ");
	text_assert_has(p.out, "       2  ada                   ada@example.com                 "
			       "yes     no         20");
	text_assert_has(p.out, "       3  bob                   bob@example.com                 "
			       "no      no         20");
	program(&p, "user", "list", "--json");
	assert_int_equal(lines_of(p.out), 3);
	assert_json_has(p.out, "{'id':2,'username':'ada','email':'ada@example.com',"
			       "'full_name':'Ada King','is_active':true,'is_superuser':false,");
	text_assert_lacks(p.out, "hash");
	program_close(&p);
}

struct filter {
	const char *args[4];
	/* The one that is listed. */
	const char *name;
};

static void lists_those_alone(void **state)
{
	const struct filter *filter = *state;
	struct program p;
	with_three(&p);
	const char *const args[] = { "user",          "list",          "--json",
				     filter->args[0], filter->args[1], NULL };
	program_run(&p, &(struct program_run){ .args = args });
	program_assert_code(&p, 0);
	assert_int_equal(lines_of(p.out), 1);
	text_assert_has(p.out, filter->name);
	program_close(&p);
}

/* Of a hundred each. */
static void lists_many_pages(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "seed", "--users", "250", "--posts", "0");
	program_assert_code(&p, 0);
	program(&p, "user", "list", "--json");
	program_assert_code(&p, 0);
	assert_int_equal(lines_of(p.out), 250);
	program_close(&p);
}

static void shows_one(void **state)
{
	(void)state;
	struct program p;
	with_three(&p);
	program(&p, "user", "show", "ADA@example.com");
	program_assert_code(&p, 0);
	assert_int_equal(lines_of(p.out), 2);
	text_assert_has(p.out, "ada");
	program(&p, "user", "show", "ada", "--json");
	assert_int_equal(lines_of(p.out), 1);
	assert_json_has(p.out, "{'id':2,'username':'ada',");
	program(&p, "user", "show", "nobody");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "croft: users.find failed: User not found\n");
	program_close(&p);
}

static void disables_and_enables(void **state)
{
	(void)state;
	struct program p;
	with_three(&p);
	program(&p, "user", "disable", "ada");
	program_assert_code(&p, 0);
	assert_string_equal(p.out, "Disabled ada.\n");
	program(&p, "user", "show", "ada", "--json");
	assert_json_has(p.out, "'is_active':false");
	program(&p, "user", "enable", "ada@example.com");
	assert_string_equal(p.out, "Enabled ada@example.com.\n");
	program(&p, "user", "show", "ada", "--json");
	assert_json_has(p.out, "'is_active':true");
	program_close(&p);
}

static void the_last_superuser_stays(void **state)
{
	(void)state;
	struct program p;
	with_three(&p);
	program(&p, "user", "disable", "root");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "croft: users.update failed: ");
	program(&p, "user", "show", "root", "--json");
	assert_json_has(p.out, "'is_active':true");
	program_close(&p);
}

static void shows_and_ends_sessions(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	make(&p, "{'username':'ada','email':'ada@example.com','password':'difference engine'}");
	program(&p, "user", "sessions", "ada", "--json");
	program_assert_code(&p, 0);
	assert_string_equal(p.out, "");
	for (int i = 0; i < 2; i++) {
		program(&p, "run", "auth.login", "{'login':'ada','password':'difference engine'}");
		program_assert_code(&p, 0);
	}
	program(&p, "user", "sessions", "ada");
	program_assert_code(&p, 0);
	assert_int_equal(lines_of(p.out), 3);
	text_assert_has(p.out, "      id  signed in  ");
	text_assert_has(p.out, "\n       2  20");
	program(&p, "user", "sessions", "ADA@example.com", "--json");
	assert_int_equal(lines_of(p.out), 2);
	assert_json_has(p.out, "{'id':2,'agent':null,'address':'','created_at':'20");
	program(&p, "user", "sessions", "ada", "--end");
	program_assert_code(&p, 0);
	assert_string_equal(p.out, "Signed out ada.\n");
	program(&p, "user", "sessions", "ada");
	assert_int_equal(lines_of(p.out), 1);
	program(&p, "user", "sessions", "nobody", "--end");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "croft: users.find failed: User not found\n");
	program_close(&p);
}

#define ALONE(name, ...) \
	ROW_OF("user list " #__VA_ARGS__, lists_those_alone, \
	       (&(struct filter){ { __VA_ARGS__ }, name }))
static void creates_a_service(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "user", "create", "--service", "--username", "deploy");
	program_assert_code(&p, 0);
	assert_string_equal(p.out, "Created service account deploy.\n");
	program(&p, "user", "show", "deploy", "--json");
	program_assert_code(&p, 0);
	assert_json_has(p.out, "'kind':'service'");
	program(&p, "key", "create", "deploy", "--name", "k");
	program_assert_code(&p, 0);
	program_close(&p);
}

#define REFUSED(sentence, says, ...) \
	ROW_OF(sentence, is_refused, (&(struct refused){ { "user", __VA_ARGS__ }, says }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a service account is made, found and has keys", creates_a_service),
		REFUSED("a service account with an e-mail",
			"a service account has no e-mail and no password", "create", "--service",
			"--username", "x", "--email", "x@example.com"),
		REFUSED("a service account without a name", "'user create' needs --username",
			"create", "--service"),
		ROW("all users are listed, as a table and as JSON lines", lists_all),
		ALONE("\"bob\"", "--disabled"),
		ALONE("\"root\"", "--superuser"),
		ALONE("\"ada\"", "--query", "king"),
		ROW("however many there are", lists_many_pages),
		ROW("one is shown by either of its names", shows_one),
		ROW("one is disabled, and enabled again", disables_and_enables),
		ROW("the last superuser is not disabled", the_last_superuser_stays),
		ROW("sessions of one are listed, and ended", shows_and_ends_sessions),
		REFUSED("list takes no name", "'user list' takes no --username", "list",
			"--username", "ada"),
		REFUSED("list of both is none", "both --active and --disabled", "list", "--active",
			"--disabled"),
		REFUSED("list of a login", "'ada' is one argument too many", "list", "ada"),
		REFUSED("create takes no --json", "'user create' takes no --json", "create",
			"--json"),
		REFUSED("password takes no --superuser", "'user password' takes no --superuser",
			"password", "ada", "--superuser"),
		REFUSED("show of nobody", "'user show' needs a username or an e-mail address",
			"show"),
		REFUSED("disable of two", "'bob' is one argument too many", "disable", "ada",
			"bob"),
		REFUSED("sessions are listed or ended", "or ends them with --end", "sessions",
			"ada", "--end", "--json"),
		REFUSED("sessions of nobody", "'user sessions' needs a username or an e-mail",
			"sessions"),
		REFUSED("disable takes no --end", "'user disable' takes no --end", "disable", "ada",
			"--end"),
		REFUSED("enable takes no --json", "'user enable' takes no --json", "enable", "ada",
			"--json"),
	};
	return rows_run("cli/user", rows, COUNT_OF(rows));
}
