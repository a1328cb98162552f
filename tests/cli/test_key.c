/* `croft key`, of the real binary on a fresh database. */
#include "testing/rows.h"

#include <string.h>

#include "base/attr.h"
#include "cli/refused.h"
#include "testing/json.h"
#include "testing/program.h"

#define HEAD \
	"      id  name                  ends                         last used" \
	"                    roles\n"

static void says(struct program *p, const char *out)
{
	program_assert_code(p, 0);
	assert_string_equal(p->out, out);
}

/* An account that is an editor. */
static void with_ada(struct program *p)
{
	program_open(p);
	program(p, "run", "users.create", "{'username':'ada','email':'ada@example.com'}");
	program_assert_code(p, 0);
	program(p, "user", "roles", "ada", "member", "editor");
	program_assert_code(p, 0);
}

static void makes_one(void **state)
{
	(void)state;
	struct program p;
	with_ada(&p);
	program(&p, "key", "create", "ADA@example.com", "editor", "--name", "deploy");
	program_assert_code(&p, 0);
	assert_int_equal(strncmp(p.out, "croft_1_", strlen("croft_1_")), 0);
	assert_int_equal(strlen(p.out), strlen("croft_1_") + 32 + 1);
	program(&p, "key", "list", "ada");
	says(&p, HEAD "       1  deploy                -                            -"
		      "                            editor\n");
	program_close(&p);
}

static void one_ends(void **state)
{
	(void)state;
	struct program p;
	with_ada(&p);
	program(&p, "key", "create", "ada", "--name", "k", "--days", "90");
	program_assert_code(&p, 0);
	program(&p, "key", "list", "ada", "--json");
	program_assert_code(&p, 0);
	assert_json_has(p.out, "{'id':1,'user_id':1,'name':'k','roles':[],'expires_at':'");
	program_close(&p);
}

static void revokes_one(void **state)
{
	(void)state;
	struct program p;
	with_ada(&p);
	program(&p, "key", "create", "ada", "--name", "a");
	program(&p, "key", "create", "ada", "--name", "b");
	program(&p, "key", "revoke", "1");
	says(&p, "Revoked key 1.\n");
	program(&p, "key", "list", "ada");
	text_assert_lacks(p.out, "       1  a");
	text_assert_has(p.out, "       2  b");
	program(&p, "key", "revoke", "1");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "croft: keys.revoke failed: API key not found\n");
	program_close(&p);
}

/* The rules are those of the operations, and so is the audit; the key itself is nowhere in it. */
static void keeps_to_the_rules(void **state)
{
	(void)state;
	struct program p;
	with_ada(&p);
	program(&p, "key", "create", "ada", "admin", "--name", "k");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "roles: Value error, a key has roles of its account\n");
	program(&p, "key", "create", "eve", "--name", "k");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "User not found");
	program(&p, "key", "create", "ada", "--name", "k");
	char secret[32] = { 0 };
	memcpy(secret, p.out + strlen("croft_1_"), 26);
	program(&p, "audit", "export");
	text_assert_has(p.out, "\"operation\":\"keys.create_of\"");
	text_assert_lacks(p.out, secret);
	program_close(&p);
}

#define REFUSED(sentence, says, ...) \
	ROW_OF(sentence, is_refused, (&(struct refused){ { __VA_ARGS__ }, says }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a key is made with roles, printed alone, and listed", makes_one),
		ROW("one ends after days, and is listed as JSON", one_ends),
		ROW("one is revoked by its number", revokes_one),
		ROW("a key has roles of its account, and the audit has no key", keeps_to_the_rules),
		REFUSED("what to do is missing",
			"'key' needs to know what to do: create, list or revoke", "key"),
		REFUSED("a key of nobody", "'key create' needs a username or an e-mail address",
			"key", "create", "--name", "k"),
		REFUSED("a key without a name", "'key create' needs --name", "key", "create",
			"ada"),
		REFUSED("a key of no days", "--days is a number from 1 on", "key", "create", "ada",
			"--name", "k", "--days", "0"),
		REFUSED("a key of days that are no number", "--days is a number from 1 on", "key",
			"create", "ada", "--name", "k", "--days", "x"),
		REFUSED("a name that is no text", "the name is not text in UTF-8", "key", "create",
			"ada", "--name", "\xff"),
		REFUSED("a role that is no text", "the argument is not text in UTF-8", "key",
			"create", "ada", "\xff", "--name", "k"),
		REFUSED("create as JSON", "'key create' takes no --json", "key", "create", "ada",
			"--name", "k", "--json"),
		REFUSED("keys of nobody", "'key list' needs a username or an e-mail address", "key",
			"list"),
		REFUSED("keys of two", "'bob' is one argument too many", "key", "list", "ada",
			"bob"),
		REFUSED("list by name", "'key list' takes no --name", "key", "list", "ada",
			"--name", "k"),
		REFUSED("revoke of none", "'key revoke' needs the ID of a key", "key", "revoke"),
		REFUSED("revoke of what is no number", "'key revoke' needs the ID of a key", "key",
			"revoke", "ada"),
		REFUSED("revoke as JSON", "'key revoke' takes no --json", "key", "revoke", "1",
			"--json"),
	};
	return rows_run("cli/key", rows, COUNT_OF(rows));
}
