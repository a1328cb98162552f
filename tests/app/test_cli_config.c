/* The settings of the real binary and where they come from, its routes and its document: what needs no database. */
#include "support/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "core/schema.h"
#include "support/program.h"

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
	const char *args[8];
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
	text_assert_has(
		p.out,
		"{\"method\":\"GET\",\"path\":\"/health/live\",\"operation\":\"system.live\","
		"\"access\":\"public\",\"status\":200}");
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
	text_assert_has(p.out, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"shop\",");
	text_assert_has(p.out, "\"operationId\":\"users-create\"");
	assert_null(program_read(p.folder, "data/croft.db"));
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
	text_assert_lacks(p.out, "_key\"");
	text_assert_lacks(p.out, "_folded");
	text_assert_has(p.out,
			"\"description\":\"Only rows whose username is this. Case and form do "
			"not matter.\"");
	text_assert_has(p.out, "\"description\":\"Only rows whose title is this.\"");
	program_close(&p);
}

/* S63: what is served is documented. Every route that is not hidden stands in the document. */
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
		snprintf(key, sizeof(key), "\"%s\":{", path);
		text_assert_has(document, key);
	}
	assert_true(count > 5);
	free(document);
	program_close(&p);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("preset < app.ini < .env < environment < --set", stronger_source_wins),
		ROW("--config and --env-file name other files", files_are_named_by_options),
		BAD_CONFIG("an unknown key is refused", "[server]\nprt = 1\n", "port", "config"),
		BAD_CONFIG("a value out of range is refused", NULL, "server.port", "config",
			   "--set", "server.port=70000"),
		BAD_CONFIG("config check refuses too", "[server]\nport = x\n", "server.port",
			   "config", "check"),
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
		BAD_CONFIG("no name for --env-file is no file", NULL, "cannot be read", "config",
			   "--env-file="),
		ROW("config check is content with the presets", config_check_says_it_is_right),
		ROW("S65 a secret is not shown", secrets_are_not_shown),
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
		ROW("S63 every route is in the document", document_has_every_route),
		ROW("the document shows no key of a name", document_shows_no_keys),
	};
	return rows_run("app/cli_config", rows, COUNT_OF(rows));
}
