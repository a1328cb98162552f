/* `croft role` and `croft user roles`, of the real binary on a fresh database. */
#include "testing/rows.h"

#include "base/attr.h"
#include "cli/refused.h"
#include "testing/json.h"
#include "testing/program.h"

#define HEAD "role                  permissions\n"

static void says(struct program *p, const char *out)
{
	program_assert_code(p, 0);
	assert_string_equal(p->out, out);
}

/* A role and an account that holds it. */
static void with_support(struct program *p)
{
	program_open(p);
	program(p, "role", "create", "support", "users.read", "posts.read.any");
	says(p, "Created role support.\n");
	program(p, "run", "users.create", "{'username':'ada','email':'ada@example.com'}");
	program_assert_code(p, 0);
	program(p, "user", "roles", "ada", "member", "support");
	program_assert_code(p, 0);
}

/* Also where no server ever started. */
static void lists_all(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "role", "list");
	says(&p, HEAD "admin                 *\n"
		      "editor                posts.read.any posts.update.any posts.delete.any\n"
		      "member                -\n");
	program(&p, "role", "list", "--json");
	assert_json_has(p.out, "{'id':1,'name':'admin','permissions':['*'],'created_at':'");
	assert_json_has(p.out, "\n{'id':3,'name':'member','permissions':[],'created_at':'");
	program(&p, "role", "show", "member");
	says(&p, HEAD "member                -\n");
	program(&p, "role", "show", "admin", "--json");
	assert_json_has(p.out, "{'id':1,'name':'admin',");
	text_assert_lacks(p.out, "member");
	program_close(&p);
}

static void lists_permissions(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "role", "permissions");
	program_assert_code(&p, 0);
	text_assert_has(p.out, "permission            lets a user\n");
	text_assert_has(p.out, "\nposts.update.any      Change the posts of others\n");
	program(&p, "role", "permissions", "--json");
	assert_json_has(p.out,
			"\n{'name':'posts.update.any','doc':'Change the posts of others'}\n");
	program_close(&p);
}

static void changes_one(void **state)
{
	(void)state;
	struct program p;
	with_support(&p);
	program(&p, "role", "update", "support", "--name", "helpdesk");
	says(&p, "Changed role support.\n");
	program(&p, "role", "show", "helpdesk");
	says(&p, HEAD "helpdesk              users.read posts.read.any\n");
	program(&p, "role", "update", "helpdesk", "roles.read");
	says(&p, "Changed role helpdesk.\n");
	program(&p, "role", "show", "helpdesk");
	says(&p, HEAD "helpdesk              roles.read\n");
	program(&p, "role", "update", "helpdesk", "--none");
	says(&p, "Changed role helpdesk.\n");
	program(&p, "role", "show", "helpdesk");
	says(&p, HEAD "helpdesk              -\n");
	program_close(&p);
}

static void deletes_one(void **state)
{
	(void)state;
	struct program p;
	with_support(&p);
	program(&p, "role", "delete", "support");
	says(&p, "Deleted role support.\n");
	program(&p, "user", "roles", "ada");
	says(&p, "username              roles\n"
		 "ada                   member\n");
	program(&p, "role", "delete", "support");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "croft: there is no role 'support'\n");
	program_close(&p);
}

static void gives_roles(void **state)
{
	(void)state;
	struct program p;
	with_support(&p);
	program(&p, "user", "roles", "ADA@example.com");
	says(&p, "username              roles\n"
		 "ada                   member support\n");
	program(&p, "user", "roles", "ada", "editor", "--json");
	program_assert_code(&p, 0);
	assert_json_has(p.out, "{'id':1,'username':'ada',");
	assert_json_has(p.out, "'roles':['editor']");
	program(&p, "user", "roles", "ada", "--none");
	says(&p, "username              roles\n"
		 "ada                   -\n");
	program(&p, "user", "roles", "ada", "nobody");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "roles: Value error, there is no role 'nobody'\n");
	program_close(&p);
}

/* The rules are those of the operations: no row of the tables is written beside them. */
static void leaves_its_rows_in_the_audit(void **state)
{
	(void)state;
	struct program p;
	with_support(&p);
	program(&p, "role", "update", "support", "--none");
	program(&p, "role", "delete", "support");
	program(&p, "audit", "export");
	text_assert_has(p.out, "\"operation\":\"roles.create\"");
	text_assert_has(p.out, "\"operation\":\"users.set_roles\"");
	text_assert_has(p.out, "\"operation\":\"roles.update\"");
	text_assert_has(p.out, "\"operation\":\"roles.delete\"");
	program(&p, "role", "create", "support", "posts.fly");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "permissions: Value error, no module declares the permission "
			       "'posts.fly'\n");
	program(&p, "role", "create", "admin");
	program_assert_code(&p, 1);
	program_close(&p);
}

#define REFUSED(sentence, says, ...) \
	ROW_OF(sentence, is_refused, (&(struct refused){ { __VA_ARGS__ }, says }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("all roles are listed, as a table and as JSON lines", lists_all),
		ROW("so are the permissions", lists_permissions),
		ROW("a role gets another name, other permissions, none", changes_one),
		ROW("a role is deleted, and who held it lost it", deletes_one),
		ROW("the roles of an account are shown and given", gives_roles),
		ROW("what is changed is in the audit, and the rules hold",
		    leaves_its_rows_in_the_audit),
		REFUSED("what to do is missing", "'role' needs to know what to do: list, show, ",
			"role"),
		REFUSED("list of one", "'admin' is one argument too many", "role", "list", "admin"),
		REFUSED("show of none", "'role show' needs the name of a role", "role", "show"),
		REFUSED("show of two", "'editor' is one argument too many", "role", "show", "admin",
			"editor"),
		REFUSED("create with --none", "'role create' takes no --none", "role", "create",
			"x", "--none"),
		REFUSED("update of nothing", "'role update' needs --name, --none or permissions",
			"role", "update", "x"),
		REFUSED("update to both", "'role update' takes either --none or permissions",
			"role", "update", "x", "--none", "users.read"),
		REFUSED("delete as JSON", "'role delete' takes no --json", "role", "delete", "x",
			"--json"),
		REFUSED("a permission that is no text", "the argument is not text in UTF-8", "role",
			"create", "x", "\xff"),
		REFUSED("roles of nobody", "'user roles' needs a username or an e-mail address",
			"user", "roles"),
		REFUSED("both roles and none", "'user roles' takes either --none or roles", "user",
			"roles", "ada", "--none", "editor"),
		REFUSED("list of users takes no --none", "'user list' takes no --none", "user",
			"list", "--none"),
	};
	return rows_run("cli/role", rows, COUNT_OF(rows));
}
