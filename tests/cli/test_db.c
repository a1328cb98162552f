/*
 * `croft seed`, `croft db shell|explain|reindex` and `croft migrate redo|verify` of the real
 * binary.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/attr.h"
#include "cli/database.h"
#include "testing/json.h"

/* ---- seed ---- */

static void seed_makes_what_is_asked_for(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "seed", "--users", "300", "--posts", "1000");
	program_assert_code(&p, 0);
	assert_string_equal(p.out, "Added 300 users, who have no password, and 1000 posts.\n");
	const char *file = "data/croft.db";
	assert_int_equal(number(&p, file, "SELECT count(*) FROM users"), 300);
	assert_int_equal(number(&p, file, "SELECT count(password_hash) FROM users"), 0);
	assert_int_equal(number(&p, file, "SELECT count(*) FROM posts"), 1000);
	assert_true(number(&p, file, "SELECT count(*) FROM post_tags") > 500);
	assert_int_equal(number(&p, file, "SELECT count(DISTINCT status) FROM posts"), 3);
	assert_int_equal(number(&p, file,
				"SELECT count(*) FROM posts p JOIN users u ON u.id = p.author_id "
				"WHERE p.published_at < p.created_at OR p.created_at > "
				"unixepoch() * 1000000 OR p.created_at < (unixepoch() - 366 * "
				"86400) * 1000000"),
			 0);
	program_close(&p);
}

enum { NAME_ROOM = 64 };

/* Into a new database; gives the name of one of them. */
static void seed_users(struct program *p, const char *seed, const char *set,
		       char ret_name[NAME_ROOM])
{
	program(p, "seed", "--users", "5", "--posts", "0", "--seed", seed, "--set", set);
	program_assert_code(p, 0);
	program(p, "run", "users.list", "{'per_page':1}", "--set", set);
	program_assert_code(p, 0);
	assert_true(*json_text(p->out, "username", ret_name, NAME_ROOM));
}

static void the_same_seed_makes_the_same_rows(void **state)
{
	(void)state;
	struct program p;
	char first[NAME_ROOM], second[NAME_ROOM], other[NAME_ROOM];
	program_open(&p);
	seed_users(&p, "7", "database.url=sqlite:data/croft.db", first);
	seed_users(&p, "7", "database.url=sqlite:b.db", second);
	seed_users(&p, "8", "database.url=sqlite:c.db", other);
	assert_string_equal(first, second);
	assert_string_not_equal(first, other);
	/* and again on top: names stay unique */
	program(&p, "seed", "--users", "5", "--posts", "5", "--seed", "7");
	program_assert_code(&p, 0);
	program_close(&p);
}

static void seed_spares_production(void **state)
{
	(void)state;
	struct program p;
	const char *const environment[] = {
		"CROFT_AUTH_SECRET=0123456789abcdef0123456789abcdef01234567", NULL
	};
	const char *const refused[] = {
		"seed", "--set", "app.environment=production", "--set", "database.migrate=always",
		NULL
	};
	const char *const told[] = { "seed",    "--yes",
				     "--users", "1",
				     "--posts", "0",
				     "--set",   "app.environment=production",
				     "--set",   "database.migrate=always",
				     NULL };
	program_open(&p);
	program_run(&p, &(struct program_run){ .args = refused, .environ = environment });
	program_assert_code(&p, 1);
	text_assert_has(p.err, "--yes");
	assert_int_equal(number(&p, "data/croft.db", "SELECT count(*) FROM users"), 0);
	program_run(&p, &(struct program_run){ .args = told, .environ = environment });
	program_assert_code(&p, 0);
	program_close(&p);
}

static void posts_need_somebody(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "seed", "--users", "0", "--posts", "5");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "there is no user");
	program_close(&p);
}

/* ---- reindex ---- */

static void assert_found(struct program *p, const char *q, const char *says)
{
	char input[64];
	snprintf(input, sizeof(input), "{'q':'%s','per_page':1}", q);
	program(p, "run", "posts.list", input);
	program_assert_code(p, 0);
	assert_json_has(p->out, says);
}

static void reindex_makes_indexes_anew(void **state)
{
	(void)state;
	struct program p;
	seeded_open(&p);
	change(&p, "data/croft.db", "UPDATE posts_fts SET words = 'zzzzz'");
	assert_found(&p, "zzzzz", "{'id':");
	program(&p, "db", "reindex");
	program_assert_code(&p, 0);
	assert_string_equal(p.out, "The full-text indexes are made anew.\n");
	assert_found(&p, "zzzzz", "'total':0");
	assert_found(&p, "garden", "'id':");
	program_close(&p);
}

/* ---- explain ---- */

static void explain_shows_plans(void **state)
{
	(void)state;
	struct program p;
	seeded_open(&p);
	program(&p, "db", "explain", "users.get", "{'user_id':7}");
	program_assert_code(&p, 0);
	text_assert_has(p.out, "1. SELECT ");
	text_assert_has(p.out, "SEARCH users USING INTEGER PRIMARY KEY (rowid=?)");
	program_close(&p);
}

static void explain_undoes_commands(void **state)
{
	(void)state;
	struct program p;
	seeded_open(&p);
	program(&p, "db", "explain", "users.create",
		"{'username':'ada','email':'ada@example.com',"
		"'password':'correct horse battery'}");
	program_assert_code(&p, 0);
	text_assert_has(p.out, "INSERT INTO users");
	text_assert_lacks(p.out, "ada@example.com");
	assert_int_equal(number(&p, "data/croft.db", "SELECT count(*) FROM users"), 200);
	program_close(&p);
}

static void explain_tells_failures(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "db", "explain", "users.get", "{'user_id':7}");
	program_assert_code(&p, 1);
	text_assert_has(p.out, "SELECT ");
	text_assert_has(p.err, "users.get failed: ");
	program(&p, "db", "explain", "users.gt");
	program_assert_code(&p, 2);
	text_assert_has(p.err, "did you mean 'users.get'?");
	program(&p, "db", "explain", "users.get", "{bad");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "at character 1: ");
	program(&p, "db", "explain", "users.nonsense");
	program_assert_code(&p, 2);
	program_close(&p);
}

/* ---- shell ---- */

static void shell_needs_its_program(void **state)
{
	(void)state;
	struct program p;
	const char *const args[] = { "db", "shell", NULL };
	const char *const nowhere[] = { "PATH=/nowhere", NULL };
	program_open(&p);
	program(&p, "migrate", "up");
	program_run(&p, &(struct program_run){ .args = args, .environ = nowhere });
	program_assert_code(&p, 1);
	text_assert_has(p.err, "sqlite3 is not installed");
	program_close(&p);
}

static void shell_hides_the_password(void **state)
{
	(void)state;
	struct program p;
	char path[256];
	program_open(&p);
	program_write(&p, "psql", "#!/bin/sh\nprintf '%s %s\\n' \"$*\" \"$PGPASSWORD\"\n");
	snprintf(path, sizeof(path), "PATH=%s:/bin:/usr/bin", p.folder);
	char program_path[256];
	snprintf(program_path, sizeof(program_path), "%s/psql", p.folder);
	assert_int_equal(chmod(program_path, 0700), 0);
	const char *const args[] = { "db", "shell", "--set",
				     "database.url=postgresql://croft:can%40ry@db.example/croft",
				     NULL };
	const char *const environment[] = { path, NULL };
	program_run(&p, &(struct program_run){ .args = args, .environ = environment });
	program_assert_code(&p, 0);
	assert_string_equal(p.out, "postgresql://croft@db.example/croft can@ry\n");
	const char *const others[] = { "db", "shell", "--set",
				       "database.url=postgres://croft:can%40ry@db.example/croft",
				       NULL };
	program_run(&p, &(struct program_run){ .args = others, .environ = environment });
	program_assert_code(&p, 0);
	assert_string_equal(p.out, "postgres://croft@db.example/croft can@ry\n");
	const char *const parameters[] = { "db", "shell", "--set",
					   "database.url=postgresql://croft@db.example/croft"
					   "?sslmode=require&password=can%40ry&options=-e",
					   NULL };
	program_run(&p, &(struct program_run){ .args = parameters, .environ = environment });
	program_assert_code(&p, 0);
	assert_string_equal(
		p.out, "postgresql://croft@db.example/croft?sslmode=require&options=-e can@ry\n");
	const char *const alone[] = {
		"db", "shell", "--set",
		"database.url=postgresql://croft@db.example/croft?password=can%40ry", NULL
	};
	program_run(&p, &(struct program_run){ .args = alone, .environ = environment });
	program_assert_code(&p, 0);
	assert_string_equal(p.out, "postgresql://croft@db.example/croft can@ry\n");
	program_close(&p);
}

/* state: the parameters of the URL, and what psql is called with and finds, a line each */
struct hidden {
	const char *parameters, *seen;
};

static void shell_hides_parameters(void **state)
{
	const struct hidden *k = *state;
	struct program p;
	char path[256], set[256];
	program_open(&p);
	program_write(&p, "psql",
		      "#!/bin/sh\ntr '\\0' ' ' < /proc/$$/cmdline | cut -d' ' -f3\n"
		      "echo \"$PGPASSWORD\"\n"
		      "[ -z \"$PGSERVICEFILE\" ] || { echo $PGSERVICE; cat $PGSERVICEFILE; cat "
		      "$PGSERVICEFILE; }\n");
	snprintf(path, sizeof(path), "%s/psql", p.folder);
	assert_int_equal(chmod(path, 0700), 0);
	snprintf(path, sizeof(path), "PATH=%s:/bin:/usr/bin", p.folder);
	snprintf(set, sizeof(set), "database.url=postgres://u@h/x%s", k->parameters);
	const char *const args[] = { "db", "shell", "--set", set, NULL };
	const char *const environment[] = { path, NULL };
	program_run(&p, &(struct program_run){ .args = args, .environ = environment });
	program_assert_code(&p, 0);
	assert_string_equal(p.out, k->seen);
	program_close(&p);
}

#define HIDDEN(sentence, ...) \
	ROW_OF(sentence, shell_hides_parameters, (&(struct hidden){ __VA_ARGS__ }))

/* ---- migrate ---- */

static void migrate_verify_and_redo(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "migrate", "verify");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "pending");
	program(&p, "migrate", "redo");
	program_assert_code(&p, 1);
	program(&p, "migrate", "up");
	program(&p, "migrate", "verify");
	program_assert_code(&p, 0);
	text_assert_has(p.out, "are applied");
	program(&p, "migrate", "redo");
	program_assert_code(&p, 0);
	assert_string_equal(p.out, "Took back and applied 1 migration.\n");
	program(&p, "migrate", "verify");
	program_assert_code(&p, 0);
	change(&p, "data/croft.db", "UPDATE croft_migrations SET checksum = 'x' WHERE number = 1");
	program(&p, "migrate", "verify");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "0001_users.sql was changed");
	program_close(&p);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("seed makes what is asked for, plausible and without passwords",
		    seed_makes_what_is_asked_for),
		ROW("the same seed makes the same rows, another one others",
		    the_same_seed_makes_the_same_rows),
		ROW("seed spares production unless told", seed_spares_production),
		ROW("posts need somebody to have written them", posts_need_somebody),
		ROW("db explain shows each statement with its plan", explain_shows_plans),
		ROW("db explain undoes a command and shows no value", explain_undoes_commands),
		ROW("db explain tells why an operation failed", explain_tells_failures),
		ROW("db reindex makes the full-text index anew", reindex_makes_indexes_anew),
		ROW("db shell says which program is missing", shell_needs_its_program),
		ROW("db shell hands psql the password out of sight", shell_hides_the_password),
		HIDDEN("the words for a key reach psql by a file without a name",
		       "?sslmode=require&sslpassword=can%40ry&options=-e",
		       "postgres://u@h/x?sslmode=require&options=-e\n\ncroft\n"
		       "[croft]\nsslpassword=can@ry\n[croft]\nsslpassword=can@ry\n"),
		HIDDEN("so do both passwords, the last of each kind, however they are written",
		       "?password=a&sslpassword=b&p%61ssword=c",
		       "postgres://u@h/x\nc\ncroft\n"
		       "[croft]\nsslpassword=b\n[croft]\nsslpassword=b\n"),
		HIDDEN("of two words for a key the last counts, as in a URL",
		       "?sslpassword=a&sslpassword=b",
		       "postgres://u@h/x\n\ncroft\n[croft]\nsslpassword=b\nsslpassword=a\n"
		       "[croft]\nsslpassword=b\nsslpassword=a\n"),
		HIDDEN("what no line can hold is asked for", "?sslpassword=a%0Ahost",
		       "postgres://u@h/x\n\n"),
		ROW("migrate verify tells what is pending or changed; redo does the newest again",
		    migrate_verify_and_redo),
	};
	return rows_run("cli/db", rows, COUNT_OF(rows));
}
