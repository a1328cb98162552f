/*
 * `croft routes --access`: who may, by the roles of the database or by the first ones; and the page
 * that is made of it.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "cli/database.h"
#include "cli/refused.h"
#include "testing/json.h"
#include "testing/program.h"

#define HEAD "METHOD  PATH "
#define ONE_OF(roles) \
	"\n{'method':'GET','path':'/api/v1/users','operation':'users.list','access':'user'," \
	"'permission':'users.read','proven_s':null,'roles':[" roles "]},\n"

static void tells_the_first_roles(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "routes", "--access");
	program_assert_code(&p, 0);
	assert_int_equal(strncmp(p.out, HEAD, strlen(HEAD)), 0);
	text_assert_has(p.out, " OPERATION  ");
	text_assert_has(p.out, " ACCESS  ");
	text_assert_lacks(p.out, " STATUS ");
	program(&p, "routes", "--access", "--json");
	program_assert_code(&p, 0);
	assert_json_has(p.out, ONE_OF("'admin'"));
	assert_json_has(p.out, "{'method':'GET','path':'/health/live','operation':'system.live',"
			       "'access':'public','permission':null,'proven_s':null,'roles':[]}");
	assert_json_has(p.out, "'operation':'users.set_roles','access':'user',"
			       "'permission':'roles.give','proven_s':900,'roles':['admin']}");
	assert_string_equal(p.err, "");
	assert_null(program_read(p.folder, "data/croft.db"));
	program_close(&p);
}

static void tells_those_of_the_database(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "role", "create", "support", "users.read", "users.manage");
	program(&p, "role", "create", "readers", "users.read.too");
	program_assert_code(&p, 1);
	program(&p, "role", "update", "admin", "--name", "owner");
	program_assert_code(&p, 0);
	program(&p, "routes", "--access", "--json");
	program_assert_code(&p, 0);
	assert_json_has(p.out, ONE_OF("'owner','support'"));
	program(&p, "routes", "--access");
	program_assert_code(&p, 0);
	text_assert_has(p.out, "  owner support\n");
	program_close(&p);
}

/* Where the migrations are pending, or nothing ever started. */
static void tells_the_first_where_there_are_none(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "migrate", "up");
	program_assert_code(&p, 0);
	program(&p, "routes", "--access", "--json");
	program_assert_code(&p, 0);
	assert_json_has(p.out, ONE_OF("'admin'"));
	assert_int_equal(number(&p, "data/croft.db", "SELECT count(*) FROM roles"), 0);
	change(&p, "data/croft.db", "DROP TABLE roles;");
	program(&p, "routes", "--access", "--json");
	program_assert_code(&p, 0);
	assert_json_has(p.out, ONE_OF("'admin'"));
	program_close(&p);
}

static void page_is_in_the_repository(void **state)
{
	(void)state;
	char output[65536];
	struct program p;
	program_open(&p);
	FILE *run = popen("tools/access-page 2>&1", "r");
	assert_non_null(run);
	size_t len = fread(output, 1, sizeof(output) - 1, run);
	output[len] = '\0';
	if (pclose(run) != 0)
		fail_msg("%s", output);
	char *file = program_read(p.root, "docs/access.md");
	if (!file || strcmp(file, output) != 0)
		fail_msg("docs/access.md is not what it should be; run: tools/access-page "
			 ">docs/access.md");
	free(file);
	program_close(&p);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("who may is told by the first roles, and no database is made",
		    tells_the_first_roles),
		ROW("by those of the database", tells_those_of_the_database),
		ROW("by the first ones where the database has none",
		    tells_the_first_where_there_are_none),
		ROW("docs/access.md is what tools/access-page prints", page_is_in_the_repository),
		ROW_OF("who may of one", is_refused,
		       (&(struct refused){ { "routes", "--access", "users" },
					   "'users' is one argument too many" })),
	};
	return rows_run("cli/routes", rows, COUNT_OF(rows));
}
