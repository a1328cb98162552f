/*
 * Commands on the data of a server: which settings they need, what they leave behind, and what they
 * ask before they lose something. And what a server tells before it begins anything.
 */
#include "testing/rows.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "testing/postgres.h"
#include "testing/program.h"
#include "testing/server.h"

#define ARGS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static bool is_there(const struct program *p, const char *name)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/%s", p->folder, name);
	return access(path, F_OK) == 0;
}

static void make_folder(const struct program *p, const char *name)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/%s", p->folder, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

/* ---- secrets ---- */

/* As docs/deploy.md has it: the secret is in a file that the user of the commands may not read. */
static const char production_ini[] =
	"[app]\nenvironment = production\n[database]\nmigrate = always\n"
	"[auth]\nsecret_file = nowhere/secret\n";

static void commands_that_sign_nothing_need_no_secret(void **state)
{
	(void)state;
	struct program p;
	const char *const *const commands[] = {
		ARGS("migrate", "up"),
		ARGS("migrate", "verify"),
		ARGS("backup", "b.db"),
		ARGS("restore", "b.db"),
		ARGS("seed", "--users", "1", "--posts", "1", "--yes"),
		ARGS("run", "users.get", "{'user_id':1}"),
		ARGS("db", "explain", "users.get", "{'user_id':1}"),
		ARGS("db", "copy", "sqlite:data/croft.db", "sqlite:copy.db"),
		ARGS("migrate", "down", "--yes"),
		ARGS("openapi"),
		ARGS("config"),
	};
	program_open(&p);
	program_write(&p, "app.ini", production_ini);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		program_run(&p, &(struct program_run){ .args = commands[i] });
		program_assert_code(&p, 0);
	}
	program_run(&p, &(struct program_run){ .args = ARGS("user", "create", "--username", "ada",
							    "--email", "ada@example.com",
							    "--password-stdin"),
					       .input = "correct horse battery\n" });
	program_assert_code(&p, 0);
	assert_false(is_there(&p, "data/secret"));
	program_close(&p);
}

static void what_is_signed_says_what_is_missing(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program_write(&p, "app.ini", production_ini);
	program(&p, "config");
	text_assert_has(p.out, "(not readable)");
	program(&p, "seed", "--users", "30", "--posts", "1", "--yes");
	program_assert_code(&p, 0);
	/* without the total and the cursor nothing is signed */
	program(&p, "run", "users.list", "{'per_page':5}");
	program_assert_code(&p, 1);
	text_assert_has(p.err, "auth.secret is empty or may not be read by this user");
	program_close(&p);
}

static void servers_and_checks_need_the_secret(void **state)
{
	(void)state;
	const char *const *const commands[] = { ARGS("serve", "--set", "server.port=0"),
						ARGS("config", "check") };
	struct program p;
	program_open(&p);
	program_write(&p, "app.ini", production_ini);
	for (size_t i = 0; i < 2; i++) {
		program_run(&p, &(struct program_run){ .args = commands[i] });
		program_assert_code(&p, 3);
		text_assert_has(p.err, "auth.secret: cannot read nowhere/secret");
	}
	program_close(&p);
}

static void only_who_signs_makes_a_secret(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "migrate", "up");
	program(&p, "seed", "--users", "30", "--posts", "0");
	program(&p, "backup", "b.db");
	program_assert_code(&p, 0);
	assert_false(is_there(&p, "data/secret"));
	program(&p, "run", "users.list", "{'per_page':5}");
	program_assert_code(&p, 0);
	assert_true(is_there(&p, "data/secret"));
	program_close(&p);
}

/* ---- one truth ---- */

static void env_file_is_that_beside_the_named_ini(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	make_folder(&p, "etc");
	program_write(&p, ".env", "CROFT_SERVER_PORT=1111\n");
	program_write(&p, "etc/app.ini", "[app]\nname = there\n");
	program_write(&p, "etc/.env", "CROFT_SERVER_PORT=2222\n");
	program(&p, "config", "--config", "etc/app.ini");
	program_assert_code(&p, 0);
	text_assert_has(p.out, "(etc/.env:1)");
	text_assert_has(p.out, "(etc/app.ini:2)");
	program(&p, "config", "--config", "etc/app.ini", "--env-file", ".env");
	text_assert_has(p.out, "(.env:1)");
	program_close(&p);
}

enum { URL_VARIABLE_ROOM = 256 };

/* A server, and the variable by which commands work on its database. */
static void live_start(struct server *server, bool on_postgres, char url[URL_VARIABLE_ROOM])
{
	if (on_postgres) {
		char place[POSTGRES_URL_ROOM], set[URL_VARIABLE_ROOM];
		postgres_database(place);
		snprintf(set, sizeof(set), "database.url=%s", place);
		server_start(server, ARGS(set));
		snprintf(url, URL_VARIABLE_ROOM, "CROFT_DATABASE_URL=%s", place);
	} else {
		server_start(server, NULL);
		snprintf(url, URL_VARIABLE_ROOM, "CROFT_DATABASE_URL=sqlite:%s/croft.db",
			 server->folder);
	}
}

static void what_only_looks_does_so_while_a_server_runs(void **state)
{
	const char *const *const commands[] = { ARGS("migrate", "status"),
						ARGS("migrate", "verify"),
						ARGS("migrate", "check") };
	char url[URL_VARIABLE_ROOM];
	struct program p;
	struct server server;
	program_open(&p);
	live_start(&server, *state != NULL, url);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		program_run(&p,
			    &(struct program_run){ .args = commands[i],
						   .environ = (const char *const[]){ url, NULL } });
		program_assert_code(&p, 0);
		assert_string_equal(p.err, "");
	}
	assert_int_equal(server_stop(&server), 0);
	server_end(&server);
	program_close(&p);
}

static void what_loses_rows_asks_while_a_server_runs(void **state)
{
	const char *const *const commands[] = { ARGS("migrate", "down"), ARGS("migrate", "redo"),
						ARGS("seed", "--users", "1", "--posts", "0") };
	char url[URL_VARIABLE_ROOM];
	struct program p;
	struct server server;
	program_open(&p);
	live_start(&server, *state != NULL, url);
	const char *const environment[] = { url, NULL };
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		program_run(&p,
			    &(struct program_run){ .args = commands[i], .environ = environment });
		program_assert_code(&p, 1);
		text_assert_has(p.err, "has this database open");
		text_assert_has(p.err, "--yes");
	}
	program_run(&p, &(struct program_run){
				.args = ARGS("seed", "--users", "1", "--posts", "0", "--yes"),
				.environ = environment });
	program_assert_code(&p, 0);
	assert_int_equal(server_stop(&server), 0);
	program_run(&p, &(struct program_run){ .args = commands[2], .environ = environment });
	program_assert_code(&p, 0);
	server_end(&server);
	program_close(&p);
}

/* ---- root ---- */

static void give_away(const struct program *p, const char *name, const struct passwd *user)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/%s", p->folder, name);
	assert_int_equal(chown(path, user->pw_uid, user->pw_gid), 0);
}

static void root_leaves_nothing_that_the_owner_cannot_open(void **state)
{
	(void)state;
	const struct passwd *nobody = getpwnam("nobody");
	if (geteuid() != 0 || !nobody)
		skip();
	static const char *const made[] = { "data/croft.db", "data/croft.db-lock", "b.db" };
	struct program p;
	program_open(&p);
	make_folder(&p, "data");
	give_away(&p, "", nobody);
	give_away(&p, "data", nobody);
	program(&p, "migrate", "up");
	program_assert_code(&p, 0);
	program(&p, "backup", "b.db");
	program_assert_code(&p, 0);
	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
		char path[128];
		struct stat st;
		snprintf(path, sizeof(path), "%s/%s", p.folder, made[i]);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_uid, nobody->pw_uid);
	}
	program_close(&p);
}

/* ---- before a server begins ---- */

static void a_taken_port_is_told_before_anything_is_made(void **state)
{
	(void)state;
	char port[64];
	struct program p;
	struct server server;
	server_start(&server, NULL);
	program_open(&p);
	snprintf(port, sizeof(port), "server.port=%d", server.port);
	program(&p, "serve", "--set", port);
	program_assert_code(&p, 1);
	char who[64];
	snprintf(who, sizeof(who), "process %d (croft) has the port", (int)server.pid);
	text_assert_has(p.err, getuid() ? " has the port" : who);
	text_assert_has(p.err, "--set server.port=");
	text_assert_lacks(p.err, "superuser");
	assert_false(is_there(&p, "data"));
	server_end(&server);
	program_close(&p);
}

struct refusal {
	const char *sets[3];
	const char *says;
};

/* In the same words: it is the same check. */
static void is_refused_alike(void **state)
{
	const struct refusal *row = *state;
	const char *serve[12] = { "serve", "--set", "server.port=0" };
	const char *check[12] = { "config", "check", "--set", "server.port=0" };
	for (size_t i = 0; row->sets[i]; i++) {
		serve[3 + 2 * i] = check[4 + 2 * i] = "--set";
		serve[4 + 2 * i] = check[5 + 2 * i] = row->sets[i];
	}
	struct program p;
	program_open(&p);
	program_run(&p, &(struct program_run){ .args = check });
	program_assert_code(&p, 3);
	text_assert_has(p.err, row->says);
	char *said = strdup(p.err);
	program_run(&p, &(struct program_run){ .args = serve });
	program_assert_code(&p, 3);
	assert_string_equal(p.err, said);
	assert_false(is_there(&p, "data"));
	free(said);
	program_close(&p);
}

#define ALIKE(sentence, text, ...) \
	ROW_OF("serve and config check refuse " sentence, is_refused_alike, \
	       (&(struct refusal){ .sets = { __VA_ARGS__ }, .says = (text) }))

/* What the machine has to have for the settings; nothing is made by looking. */
static void is_missed_by_both(void **state)
{
	const struct refusal *row = *state;
	struct program p;
	program_open(&p);
	program_write(&p, "file", "");
	program(&p, "config", "check", "--set", row->sets[0]);
	program_assert_code(&p, 3);
	text_assert_has(p.err, row->says);
	program(&p, "serve", "--set", row->sets[0], "--set", "server.port=0");
	program_assert_code(&p, 1);
	text_assert_has(p.err, row->says);
	assert_false(is_there(&p, "data"));
	program_close(&p);
}

static void a_check_beside_its_server_is_content(void **state)
{
	(void)state;
	char port[64];
	struct program p;
	struct server server;
	program_open(&p);
	server_start(&server, NULL);
	snprintf(port, sizeof(port), "server.port=%d", server.port);
	program(&p, "config", "check", "--set", port);
	program_assert_code(&p, 0);
	assert_false(is_there(&p, "data"));
	server_end(&server);
	program_close(&p);
}

#define MISSED(sentence, text, set) \
	ROW_OF("serve and config check miss " sentence, is_missed_by_both, \
	       (&(struct refusal){ .sets = { set }, .says = (text) }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("commands that sign nothing need no secret in production, and make none",
		    commands_that_sign_nothing_need_no_secret),
		ROW("what is signed says which setting is missing",
		    what_is_signed_says_what_is_missing),
		ROW("servers and config check need the secret in production",
		    servers_and_checks_need_the_secret),
		ROW("only who signs makes a secret elsewhere", only_who_signs_makes_a_secret),
		ROW("with --config the .env is that beside it",
		    env_file_is_that_beside_the_named_ini),
		ROW("what loses rows, or adds made-up ones, wants --yes while a server runs",
		    what_loses_rows_asks_while_a_server_runs),
		ROW_OF("the same on PostgreSQL", what_loses_rows_asks_while_a_server_runs,
		       "postgres"),
		ROW("what only looks does so while a server runs",
		    what_only_looks_does_so_while_a_server_runs),
		ROW_OF("also on PostgreSQL", what_only_looks_does_so_while_a_server_runs,
		       "postgres"),
		ROW("root leaves nothing behind that the owner of the database cannot open",
		    root_leaves_nothing_that_the_owner_cannot_open),
		ROW("a taken port is told before anything is made, with the way to another",
		    a_taken_port_is_told_before_anything_is_made),
		ALIKE("an origin without scheme", "server.cors_origins: 'a.example'",
		      "server.cors_origins=a.example"),
		ALIKE("an origin with a path", "server.cors_origins: 'https://a.example/'",
		      "server.cors_origins=https://b.example https://a.example/"),
		ALIKE("* among origins", "server.cors_origins: \"*\"",
		      "server.cors_origins=* https://a.example"),
		ALIKE("a host that is none", "server.host: ", "server.host=127.0.0.1 8000"),
		ALIKE("an empty host", "server.host: ", "server.host="),
		ALIKE("a root that is no path", "server.root_path: ", "server.root_path=croft"),
		ALIKE("a root that ends in a slash",
		      "server.root_path: ", "server.root_path=/croft/"),
		ALIKE("a root that is a slash", "server.root_path: ", "server.root_path=/"),
		ALIKE("a root with an empty word", "server.root_path: ", "server.root_path=/a//b"),
		ALIKE("a root with a query", "server.root_path: ", "server.root_path=/a?b"),
		ALIKE("a root with a fragment", "server.root_path: ", "server.root_path=/a#b"),
		ALIKE("a root with a blank", "server.root_path: ", "server.root_path=/a b"),
		ALIKE("a root that climbs", "server.root_path: ", "server.root_path=/a/../b"),
		ALIKE("a root of another site",
		      "server.root_path: ", "server.root_path=//evil.example"),
		ALIKE("a root with a control character",
		      "server.root_path: ", "server.root_path=/a\tb"),
		ALIKE("a root with an escape",
		      "server.root_path: ", "server.root_path=/a%0d%0aSet-Cookie:b"),
		ALIKE("an issuer with a blank", "auth.issuer must be", "auth.issuer=a b"),
		ALIKE("a short secret", "auth.secret must have at least 32 bytes",
		      "auth.secret=short"),
		ALIKE("an empty folder of the data", "app.data_dir: ", "app.data_dir="),
		ALIKE("a database of an unknown kind", "database.url begins with 'mysql:'",
		      "database.url=mysql://a"),
		ALIKE("pools that are turned round", "database.pool_min is above",
		      "database.url=postgresql://a@b/c", "database.pool_min=99"),
		ALIKE("a bad username of the first superuser",
		      "first_superuser.username: ", "first_superuser.username=x"),
		ALIKE("a bad address of the first superuser",
		      "first_superuser.email: ", "first_superuser.email=boss"),
		ALIKE("a short password of the first superuser",
		      "first_superuser.password: ", "first_superuser.password=short"),
		ALIKE("a password of the first superuser with its username in it",
		      "first_superuser.password: the password must not contain",
		      "first_superuser.password=admin admin admin"),
		ALIKE("one with the name of its e-mail in it",
		      "first_superuser.password: ", "first_superuser.password=the Chief-77",
		      "first_superuser.email=chief@a.example"),
		ALIKE("one with the name of the service in it", "first_superuser.password: ",
		      "first_superuser.password=my Bakery 77", "app.name=bakery"),
		ALIKE("S26 a common password of the first superuser",
		      "first_superuser.password: the password is one of the 10,000 commonest",
		      "first_superuser.password=Password1"),
		ALIKE("a secret of one byte over and over", "auth.secret repeats fewer than",
		      "auth.secret=00000000000000000000000000000000"),
		ALIKE("a database where the kernel shows itself", "'/proc' is the kernel's",
		      "database.url=sqlite:/proc/x/y"),
		MISSED("a folder of the data where the kernel shows itself",
		       "'/sys' is the kernel's", "app.data_dir=/sys/x"),
		MISSED("a static folder that is not there", "nowhere", "server.static_dir=nowhere"),
		MISSED("a host that is another machine's", "no address of this machine",
		       "server.host=192.0.2.1"),
		MISSED("a folder of the data that cannot be made", "a/b", "app.data_dir=a/b"),
		MISSED("a file in place of the folder of the data", "is no folder",
		       "app.data_dir=file"),
		ROW("config check makes nothing, and does not mind that the server has the port",
		    a_check_beside_its_server_is_content),
	};
	return rows_run("cli/live", rows, sizeof(rows) / sizeof(rows[0]));
}
