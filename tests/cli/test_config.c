/*
 * The settings of the real binary and where they come from, its routes and its document: what needs
 * no database.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "core/json.h"
#include "testing/json.h"
#include "testing/program.h"

/* ---- settings ---- */

/* The value that `croft config` shows for server.port, as a number. */
static int port_shown(const struct program *p)
{
	const char *line = strstr(p->out, "server.port ");
	return line ? atoi(strchr(line, '=') + 1) : -1;
}

static void stronger_source_wins(void **state)
{
	(void)state;
	static const char *const env[] = { "CROFT_SERVER_PORT=3333", NULL };
	struct program p;
	program_open(&p);
	program(&p, "config");
	program_assert_code(&p, 0);
	assert_int_equal(port_shown(&p), 8000);
	program_write(&p, "app.ini", "[server]\nport = 1111\n");
	program(&p, "config");
	assert_int_equal(port_shown(&p), 1111);
	program_write(&p, ".env", "CROFT_SERVER_PORT=2222\n");
	program(&p, "config");
	assert_int_equal(port_shown(&p), 2222);
	program_run(&p, &(struct program_run){ .args = (const char *const[]){ "config", NULL },
					       .environ = env });
	assert_int_equal(port_shown(&p), 3333);
	program_run(&p, &(struct program_run){ .args = (const char *const[]){ "config", "--set",
									      "server.port=4444",
									      NULL },
					       .environ = env });
	assert_int_equal(port_shown(&p), 4444);
	program(&p, "--set=server.port=1", "config", "--set", "server.port=5555");
	assert_int_equal(port_shown(&p), 5555);
	program_close(&p);
}

static void files_are_named_by_options(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program_write(&p, "app.ini", "[server]\nport = 1111\n");
	program_write(&p, "other.ini", "[server]\nport = 6666\n");
	program_write(&p, "other.env", "CROFT_SERVER_PORT=7777\n");
	program(&p, "--config", "other.ini", "config");
	assert_int_equal(port_shown(&p), 6666);
	program(&p, "config", "--config=other.ini", "--env-file", "other.env");
	assert_int_equal(port_shown(&p), 7777);
	program_close(&p);
}

struct config_case {
	const char *ini; /* NULL: no app.ini */
	const char *args[12];
	const char *says;
};

static void config_is_refused(void **state)
{
	const struct config_case *wrong = *state;
	struct program p;
	program_open(&p);
	if (wrong->ini)
		program_write(&p, "app.ini", wrong->ini);
	program_run(&p, &(struct program_run){ .args = wrong->args });
	program_assert_code(&p, 3);
	assert_string_equal(p.out, "");
	assert_int_equal(strncmp(p.err, "croft: ", 7), 0);
	text_assert_has(p.err, wrong->says);
	program_close(&p);
}

#define BAD_CONFIG(sentence, file, text, ...) \
	ROW_OF(sentence, config_is_refused, \
	       (&(struct config_case){ .ini = (file), .args = { __VA_ARGS__ }, .says = (text) }))

static void config_check_says_it_is_right(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "config", "check");
	program_assert_code(&p, 0);
	assert_string_equal(p.out, "The settings are right.\n");
	assert_string_equal(p.err, "");
	program_close(&p);
}

/* state: a shell command in the folder; then what check and serve say. */
struct ground_case {
	const char *command, *set, *says;
	int code; /* of serve */
};

static void ground_is_refused(void **state)
{
	const struct ground_case *wrong = *state;
	struct program p;
	program_open(&p);
	char command[512];
	snprintf(command, sizeof(command), "cd %s && %s", p.folder, wrong->command);
	assert_int_equal(system(command), 0);
	program(&p, "config", "check", "--set", wrong->set);
	program_assert_code(&p, 3);
	text_assert_has(p.err, wrong->says);
	program(&p, "serve", "--set", "server.port=0", "--set", wrong->set);
	program_assert_code(&p, wrong->code);
	text_assert_has(p.err, wrong->says);
	text_assert_lacks(p.err, "trying again");
	program_close(&p);
}

#define BAD_GROUND_OF(sentence, exit_code, ...) \
	ROW_OF(sentence, ground_is_refused, \
	       (&(struct ground_case){ __VA_ARGS__, .code = (exit_code) }))
#define BAD_GROUND(sentence, ...) BAD_GROUND_OF(sentence, 1, __VA_ARGS__)

static void data_dir_may_end_with_a_slash(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "config", "check", "--set", "app.data_dir=new/");
	program_assert_code(&p, 0);
	program_close(&p);
}

static void secrets_are_not_shown(void **state)
{
	(void)state;
	static const char secret[] = "canary-canary-canary-canary-canary-1";
	char set[128];
	struct program p;
	program_open(&p);
	snprintf(set, sizeof(set), "auth.secret=%s", secret);
	program(&p, "config", "--set", set);
	program_assert_code(&p, 0);
	text_assert_has(p.out, "auth.secret");
	text_assert_lacks(p.out, "canary");
	text_assert_lacks(p.err, "canary");
	program_close(&p);
}

struct template_case {
	const char *kind, *file;
};

static void template_is_in_the_repository(void **state)
{
	const struct template_case *template = *state;
	struct program p;
	program_open(&p);
	program(&p, "config", template->kind);
	program_assert_code(&p, 0);
	char *file = program_read(p.root, template->file);
	if (!file || strcmp(file, p.out) != 0)
		fail_msg("%s is not what it should be; run: croft config %s > %s", template->file,
			 template->kind, template->file);
	free(file);
	program_close(&p);
}

static void template_is_a_right_configuration(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "config", "ini");
	char *ini = strdup(p.out);
	program_write(&p, "app.ini", ini);
	program(&p, "config", "check");
	program_assert_code(&p, 0);
	free(ini);
	program_close(&p);
}

/* ---- routes and the document ---- */

static void routes_are_a_table(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program_write(&p, "app.ini", "this is no setting");
	program(&p, "routes");
	program_assert_code(&p, 0);
	assert_int_equal(strncmp(p.out, "METHOD  PATH ", 13), 0);
	text_assert_has(p.out, "\nPOST    /api/v1/auth/token ");
	text_assert_has(p.out, "\nGET     /health/live ");
	text_assert_has(p.out, " STATUS  VERSION  MOUNT\n");
	/* every cell of the second column starts below its name */
	for (char *line = strtok(p.out, "\n"); line; line = strtok(NULL, "\n"))
		assert_true(line[7] == ' ' && line[8] != ' ');
	program_close(&p);
}

static void routes_are_json(void **state)
{
	(void)state;
	struct program p;
	size_t at;
	const char *why;
	program_open(&p);
	program(&p, "routes", "--json");
	program_assert_code(&p, 0);
	assert_true(json_check(p.out, strlen(p.out), &at, &why));
	assert_json_has(p.out, "{'method':'GET','path':'/health/live','operation':'system.live',"
			       "'access':'public','status':200,'version':null,'mount':null}");
	program_close(&p);
}

static void document_has_the_configured_name(void **state)
{
	(void)state;
	struct program p;
	size_t at;
	const char *why;
	program_open(&p);
	program(&p, "openapi", "--set", "app.name=shop");
	program_assert_code(&p, 0);
	assert_true(json_check(p.out, strlen(p.out), &at, &why));
	assert_json_has(p.out, "{'openapi':'3.1.0','info':{'title':'shop',");
	assert_json_has(p.out, "'operationId':'users-create'");
	assert_null(program_read(p.folder, "data/croft.db"));
	program_close(&p);
}

static void document_is_of_the_version(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "openapi", "v1");
	program_assert_code(&p, 0);
	assert_json_has(p.out, "'/api/v1/users':{");
	program(&p, "openapi", "v2");
	program_assert_code(&p, 2);
	text_assert_has(p.err, "there is no document of 'v2', only of v1");
	program_close(&p);
}

/* What is kept to compare names by is nobody's business; that names are compared so is said. */
static void document_shows_no_keys(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "openapi");
	program_assert_code(&p, 0);
	assert_json_lacks(p.out, "_key'");
	text_assert_lacks(p.out, "_folded");
	assert_json_has(p.out, "'description':'Only rows whose username is this. Case and form do "
			       "not matter.'");
	assert_json_has(p.out, "'description':'Only rows whose title is this.'");
	program_close(&p);
}

/* What is served is documented. Every route that is not hidden stands in the document. */
static void document_has_every_route(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "openapi");
	char *document = strdup(p.out);
	program(&p, "routes");
	int count = 0;
	strtok(p.out, "\n");
	for (char *line = strtok(NULL, "\n"); line; line = strtok(NULL, "\n"), count++) {
		char path[256], key[300];
		assert_int_equal(sscanf(line, "%*s %255s", path), 1);
		snprintf(key, sizeof(key), "'%s':{", path);
		assert_json_has(document, key);
	}
	assert_true(count > 5);
	free(document);
	program_close(&p);
}

/* What hosts of other programs set, and the file of tests. */
static void what_others_set_is_taken(void **state)
{
	static const char *const given[] = { "PORT=81", "DATABASE_URL=sqlite:theirs.db", NULL };
	static const char *const tests[] = { "CROFT_APP_ENVIRONMENT=testing", NULL };
	static const char *const args[] = { "config", NULL };
	(void)state;
	struct program p;
	program_open(&p);
	program_write(&p, ".env", "CROFT_SERVER_PORT=82\n");
	program_write(&p, ".env.test", "DATABASE_URL=sqlite:test.db\nPORT=83\n");
	program_run(&p, &(struct program_run){ .args = args, .environ = given });
	program_assert_code(&p, 0);
	text_assert_has(p.out, "(.env:1)");
	text_assert_has(p.out, "(DATABASE_URL)");
	text_assert_lacks(p.out, "theirs.db");
	program_run(&p, &(struct program_run){ .args = args, .environ = tests });
	program_assert_code(&p, 0);
	text_assert_has(p.out, "(.env.test:1)");
	text_assert_has(p.out, "(.env.test:2)");
	text_assert_lacks(p.out, "(.env:1)");
	program_close(&p);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("what others set is taken, and tests have a file of their own",
		    what_others_set_is_taken),
		ROW("preset < app.ini < .env < environment < --set", stronger_source_wins),
		ROW("--config and --env-file name other files", files_are_named_by_options),
		BAD_CONFIG("an unknown key is refused", "[server]\nprt = 1\n", "port", "config"),
		BAD_CONFIG("a value out of range is refused", NULL, "server.port", "config",
			   "--set", "server.port=70000"),
		BAD_CONFIG("config check refuses too", "[server]\nport = x\n", "server.port",
			   "config", "check"),
		BAD_CONFIG("S57 cookies over plain http are refused in production", NULL,
			   "auth.cookies: without a proxy that speaks https", "--set",
			   "app.environment=production", "--set", "auth.cookies=true", "--set",
			   "auth.secret=Zk3vQ9rT1xW7yB5nM2pL8sD4fG6hJ0aC", "config", "check"),
		BAD_CONFIG("config check refuses a database of an unknown kind", NULL,
			   "database.url begins with 'mysql:'", "config", "check", "--set",
			   "database.url=mysql://root@db/croft"),
		BAD_CONFIG("config check refuses a database file without a name", NULL,
			   "database.url names no file", "config", "check", "--set",
			   "database.url=sqlite:"),
		BAD_CONFIG("config check refuses a torn URL of PostgreSQL", NULL,
			   "database.url cannot be read", "config", "check", "--set",
			   "database.url=postgresql://u:p%zz@db/croft"),
		BAD_CONFIG("config check names a parameter of PostgreSQL that nobody knows", NULL,
			   "database.url has the parameter 'slmode'", "config", "check", "--set",
			   "database.url=postgres://u@db/croft?slmode=require"),
		BAD_CONFIG("config check refuses a replica that is no PostgreSQL", NULL,
			   "database.replica_url cannot be read", "config", "check", "--set",
			   "database.url=postgresql://u@db/croft", "--set",
			   "database.replica_url=sqlite:a.db"),
		BAD_CONFIG("config check refuses a folder for a database", NULL,
			   "database.url: '/tmp' is a folder", "config", "check", "--set",
			   "database.url=sqlite:/tmp"),
		BAD_CONFIG("so does serve, at once", NULL, "database.url: '/tmp' is a folder",
			   "serve", "--set", "database.url=sqlite:/tmp"),
		BAD_CONFIG("a database file that is to be named like a folder", NULL,
			   "database.url: 'new/' is a folder", "config", "check", "--set",
			   "database.url=sqlite:new/"),
		BAD_CONFIG("a database file below a file", "", "is below what is no folder",
			   "config", "check", "--set", "database.url=sqlite:app.ini/x.db"),
		BAD_CONFIG("a device for a database", NULL, "'/dev/null' is not a file", "config",
			   "check", "--set", "database.url=sqlite:/dev/null"),
		BAD_CONFIG("a host to be asked by has no port", NULL,
			   "server.trusted_hosts: 'a.org:1'", "config", "check", "--set",
			   "server.trusted_hosts=a.org:1"),
		BAD_CONFIG("a licence has a name", NULL,
			   "document.licence_url: a licence has a name", "config", "check", "--set",
			   "document.licence_url=https://a.org/mit"),
		BAD_CONFIG("an address of a page is a whole one", NULL,
			   "document.contact_url: it must be a whole address", "config", "check",
			   "--set", "document.contact_url=a.org"),
		BAD_CONFIG("an e-mail address stands alone", NULL,
			   "document.contact_email: it must be an e-mail address alone", "config",
			   "check", "--set", "document.contact_email=Ada <ada@a.org>"),
		BAD_CONFIG("a parameter of SQLite's", NULL, "sqlite:PATH takes no parameters",
			   "config", "check", "--set", "database.url=sqlite:x?mode=ro"),
		BAD_CONFIG("serve refuses a mode of TLS that is none at once", NULL,
			   "the parameter 'sslmode' must be one of", "serve", "--set",
			   "database.url=postgres://u@127.0.0.1:1/x?sslmode=bad"),
		BAD_CONFIG("the least connections above the most, whatever the database", NULL,
			   "database.pool_min is above database.pool_max", "config", "check",
			   "--set", "database.pool_min=20"),
		BAD_CONFIG("a name of connections that the server would cut", NULL,
			   "database.application_name: it is too long", "config", "check", "--set",
			   "database.application_name="
			   "a234567890123456789012345678901234567890123456789012345x"
			   "y"),
		BAD_CONFIG("a name of connections that is empty", NULL,
			   "database.application_name: it must not be empty", "config", "check",
			   "--set", "database.application_name="),
		BAD_CONFIG("a server named like a command", NULL, "by which commands are told",
			   "config", "check", "--set", "database.application_name=my command"),
		BAD_CONFIG("a replica of a file", NULL, "it is for PostgreSQL", "config", "check",
			   "--set", "database.replica_url=postgresql://u@db/croft"),
		BAD_CONFIG("a host with a port", NULL,
			   "server.host: the port is a setting of its own: server.port", "config",
			   "check", "--set", "server.host=localhost:9000"),
		BAD_CONFIG("a body that there is never room for", NULL,
			   "server.max_body: it is above server.body_memory", "config", "check",
			   "--set", "server.max_body=1GiB"),
		BAD_GROUND("a generated secret that was cut",
			   "mkdir data && echo abc > data/secret", "app.name=x",
			   "it is too short; delete it for a new one"),
		BAD_GROUND("a generated secret of nothing but NUL bytes",
			   "mkdir data && head -c 64 /dev/zero > data/secret", "app.name=x",
			   "it is not random; delete it for a new one"),
		BAD_GROUND("a generated secret of one byte over and over",
			   "mkdir data && head -c 64 /dev/zero | tr '\\0' a > data/secret",
			   "app.name=x", "it is not random; delete it for a new one"),
		BAD_GROUND_OF("a database whose name is a link that leads nowhere", 3,
			      "ln -s nowhere/x a.db", "database.url=sqlite:a.db",
			      "'a.db' is a link that leads nowhere"),
		BAD_GROUND_OF("a database below a link to what is not there", 3, "ln -s nowhere a",
			      "database.url=sqlite:a/b/c.db", "'a' is a link that leads nowhere"),
		BAD_GROUND("a folder of data that is a link that leads nowhere",
			   "ln -s nowhere data", "app.name=x",
			   "'data' is a link that leads nowhere"),
		BAD_GROUND("a folder for a generated secret", "mkdir -p data/secret", "app.name=x",
			   "Is a directory"),
		BAD_GROUND_OF("a database that cannot be reached by its name", 3,
			      "ln -s a b && ln -s b a", "database.url=sqlite:a/croft.db",
			      "'a' is a link that leads nowhere"),
		BAD_GROUND("a folder of data that is a file", "touch data", "app.name=x",
			   "The data directory data is no folder"),
		ROW("a folder of data may be named with a slash behind",
		    data_dir_may_end_with_a_slash),
		BAD_CONFIG("every command that reads settings refuses", "[server]\nport = x\n",
			   "server.port", "migrate", "status"),
		BAD_CONFIG("a file named by --config must exist", NULL, "none.ini", "config",
			   "--config", "none.ini"),
		BAD_CONFIG("a file named by --env-file must exist", NULL,
			   "none.env: cannot be read: No such file", "config", "--env-file",
			   "none.env"),
		BAD_CONFIG("a file named by --env-file below no folder must exist, too", "",
			   "app.ini/none.env: cannot be read", "config",
			   "--env-file=app.ini/none.env"),
		ROW("config check is content with the presets", config_check_says_it_is_right),
		ROW("a secret is not shown", secrets_are_not_shown),
		ROW_OF("app.ini is what config ini prints", template_is_in_the_repository,
		       (&(struct template_case){ "ini", "app.ini" })),
		ROW_OF(".env.example is what config env prints", template_is_in_the_repository,
		       (&(struct template_case){ "env", ".env.example" })),
		ROW("the template of app.ini is a right configuration",
		    template_is_a_right_configuration),

		ROW("routes are an aligned table and need no settings", routes_are_a_table),
		ROW("routes --json is JSON", routes_are_json),
		ROW("the document has the configured name and needs no database",
		    document_has_the_configured_name),
		ROW("croft openapi takes the name of a version", document_is_of_the_version),
		ROW("every route is in the document", document_has_every_route),
		ROW("the document shows no key of a name", document_shows_no_keys),
	};
	return rows_run("cli/config", rows, COUNT_OF(rows));
}
