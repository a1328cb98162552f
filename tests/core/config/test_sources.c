/* What each source gives: values as typed, in which unit, and which source wins. */
#include "fixture.h"

static bool has_line(const char *text, const char *wanted);

/* The load has no fault, and config_print() has the line (blanks squeezed to one). */
static void gives(void **state)
{
	const struct fixture_case *test = *state;
	struct scene scene;
	scene_open(&scene);
	struct buf faults, out;
	struct config *config = NULL;
	enum app_err err = fixture_load(&scene, test, &faults, &config);
	assert_string_equal(buf_text(&faults), "");
	assert_int_equal(err, APP_OK);
	buf_init(&out, &scene.arena);
	config_print(config, &out);
	const char *wanted = fixture_at(&scene, test->prints);
	if (!has_line(buf_text(&out), wanted))
		fail_msg("no line '%s' in:\n%s", wanted, buf_text(&out));
	config_drop(config);
	scene_close(&scene);
}

static bool has_line(const char *text, const char *wanted)
{
	struct buf squeezed;
	buf_init(&squeezed, NULL);
	buf_add_char(&squeezed, '\n');
	for (; *text; text++)
		if (*text != ' ' || text[1] != ' ')
			buf_add_char(&squeezed, *text);
	char line[256];
	snprintf(line, sizeof(line), "\n%s\n", wanted);
	bool found = strstr(buf_text(&squeezed), line) != NULL;
	buf_done(&squeezed);
	return found;
}

#define INI(text, line) CASE(.ini = text, .prints = line)
#define ENV(text, line) CASE(.env = text, .prints = line)
#define VAR(text, line) CASE(.environ = { text }, .prints = line)

static const struct CMUnitTest source_rows[] = {
	ROW_OF("without sources there are the presets", gives,
	       INI("", "server.port = 8000 (default)")),
	ROW_OF("a number without a preset is 0", gives, INI("", "server.depth = 0 (default)")),
	ROW_OF("app.ini gives a value and its line", gives,
	       INI("[server]\n\nport=81\n", "server.port = 81 (@/app.ini:3)")),
	ROW_OF("app.ini may have key: value", gives,
	       INI("[server]\nport: 81\n", "server.port = 81 (@/app.ini:2)")),
	ROW_OF("app.ini may have CR LF line ends", gives,
	       INI("[server]\r\nhost = a\r\n", "server.host = a (@/app.ini:2)")),
	ROW_OF("app.ini may start with a byte order mark", gives,
	       INI("\xEF\xBB\xBF[server]\nport = 81\n", "server.port = 81 (@/app.ini:2)")),
	ROW_OF("the last line of app.ini needs no line end", gives,
	       INI("[server]\nport = 81", "server.port = 81 (@/app.ini:2)")),
	ROW_OF("comments start with # or ;, indented or not", gives,
	       INI("# a\n; b\n[server]\n  # c\nport = 81", "server.port = 81 (@/app.ini:5)")),
	ROW_OF("a value may hold ' ;' and #", gives,
	       INI("[server]\nhost = a ;b # c\n", "server.host = a ;b # c (@/app.ini:2)")),
	ROW_OF("a value may hold = and :", gives,
	       INI("[server]\nhost = a=b:c\n", "server.host = a=b:c (@/app.ini:2)")),
	ROW_OF("an empty text in app.ini is an empty text", gives,
	       INI("[server]\nhost =\n", "server.host = (@/app.ini:2)")),
	ROW_OF("a section may come twice", gives,
	       INI("[server]\nport = 1\n[auth]\n[server]\nhost = b\n",
		   "server.host = b (@/app.ini:5)")),
	ROW_OF("two groups share a section", gives,
	       INI("[auth]\nlevel = 4\nmode = plain\n", "auth.mode = plain (@/app.ini:3)")),
	ROW_OF(".env gives a value and its line", gives,
	       ENV("#c\nCROFT_SERVER_PORT=81\n", "server.port = 81 (@/.env:2)")),
	ROW_OF(".env knows export and blanks around =", gives,
	       ENV("export  CROFT_SERVER_HOST = a b \n", "server.host = a b (@/.env:1)")),
	ROW_OF(".env takes # inside a value as it is", gives,
	       ENV("CROFT_SERVER_HOST=a#b\n", "server.host = a#b (@/.env:1)")),
	ROW_OF(".env cuts a comment behind a value", gives,
	       ENV("CROFT_SERVER_HOST=a b # prod\n", "server.host = a b (@/.env:1)")),
	ROW_OF(".env cuts a comment behind a tab", gives,
	       ENV("CROFT_SERVER_PORT=81\t#prod\n", "server.port = 81 (@/.env:1)")),
	ROW_OF(".env: a comment in place of a value leaves it empty", gives,
	       ENV("CROFT_SERVER_HOST= # prod\n", "server.host = (@/.env:1)")),
	ROW_OF(".env: a value may begin with #", gives,
	       ENV("CROFT_SERVER_HOST=#1 # prod\n", "server.host = #1 (@/.env:1)")),
	ROW_OF(".env: single quotes protect a #, and a comment may follow", gives,
	       ENV("CROFT_SERVER_HOST='a # b' # prod\n", "server.host = a # b (@/.env:1)")),
	ROW_OF(".env: double quotes protect a #, and a comment may follow", gives,
	       ENV("CROFT_SERVER_HOST=\"a # b\"\t# prod\n", "server.host = a # b (@/.env:1)")),
	ROW_OF(".env: quotes in quotes are part of the value", gives,
	       ENV("CROFT_SERVER_HOST='\"a\"'\n", "server.host = \"a\" (@/.env:1)")),
	ROW_OF(".env takes single quotes as they are", gives,
	       ENV("CROFT_SERVER_HOST=' a\\n\"' \n", "server.host = a\\n\" (@/.env:1)")),
	ROW_OF(".env unescapes double quotes", gives,
	       ENV("CROFT_SERVER_HOST=\"a\\\\b\\\"c # d\"\n",
		   "server.host = a\\b\"c # d (@/.env:1)")),
	ROW_OF(".env may start with a byte order mark and have CR LF", gives,
	       ENV("\xEF\xBB\xBF"
		   "CROFT_SERVER_PORT=81\r\n",
		   "server.port = 81 (@/.env:1)")),
	ROW_OF(".env may name the file of a secret", gives,
	       CASE(.env = "CROFT_AUTH_SECRET_FILE=@/secret", .file = "abc\n",
		    .prints = "auth.secret = (set) (@/.env:1: @/secret)")),
	ROW_OF("the environment gives a value and its name", gives,
	       VAR("CROFT_SERVER_PORT=81", "server.port = 81 (CROFT_SERVER_PORT)")),
	ROW_OF("a value of the environment may hold =", gives,
	       VAR("CROFT_SERVER_HOST=a=b", "server.host = a=b (CROFT_SERVER_HOST)")),
	ROW_OF("the environment may name the file of a secret", gives,
	       CASE(.environ = { "CROFT_AUTH_SECRET_FILE=@/secret" }, .file = "abc",
		    .prints = "auth.secret = (set) (CROFT_AUTH_SECRET_FILE: @/secret)")),
	ROW_OF("app.ini may name the file of a secret", gives,
	       CASE(.ini = "[auth]\nsecret_file = @/secret\n", .file = "abc\n",
		    .prints = "auth.secret = (set) (@/app.ini:2: @/secret)")),
	ROW_OF("a file of a weaker source is not read", gives,
	       CASE(.env = "CROFT_AUTH_SECRET_FILE=/nowhere/1",
		    .environ = { "CROFT_AUTH_SECRET=strong" },
		    .prints = "auth.secret = (set) (CROFT_AUTH_SECRET)")),
	ROW_OF("links to services of Kubernetes are no settings", gives,
	       CASE(.environ = { "CROFT_SERVER_PORT=tcp://10.0.0.1:80",
				 "CROFT_APP_SERVICE_PORT_HTTP=80",
				 "CROFT_APP_PORT=udp://[fd00::1]:80",
				 "CROFT_APP_SERVICE_HOST=10.0.0.1",
				 "CROFT_SERVER_PORT_8000_TCP_ADDR=10.0.0.1" },
		    .prints = "server.port = 8000 (default)")),
	ROW_OF("links to services are told of", gives,
	       CASE(.environ = { "CROFT_SERVER_PORT_8000_TCP=tcp://10.0.0.1:8000",
				 "CROFT_SERVER_PORT_8000_TCP_PROTO=tcp",
				 "CROFT_SERVER_PORT_8000_TCP_PORT=8000",
				 "CROFT_AUTH_SERVICE_PORT=1" },
		    .prints = "CROFT_SERVER_PORT_8000_TCP_PORT is ignored: a link to a service, "
			      "made by Kubernetes")),
	ROW_OF("variables that are no settings are told of", gives,
	       CASE(.environ = { "CROFT_HOME=1" },
		    .prints = "CROFT_HOME is ignored: no setting has this name")),
	ROW_OF("--set gives a value", gives,
	       CASE(.sets = { "server.port=81" }, .prints = "server.port = 81 (--set)")),
	ROW_OF("--set may name the file of a secret", gives,
	       CASE(.sets = { "auth.secret_file=@/secret" }, .file = "abc\n",
		    .prints = "auth.secret = (set) (--set: @/secret)")),
	ROW_OF("a secret's file behind --set is stronger than its value in the environment", gives,
	       CASE(.environ = { "CROFT_AUTH_SECRET=weak" },
		    .sets = { "auth.secret_file=@/secret" }, .file = "strong",
		    .prints = "auth.secret = (set) (--set: @/secret)")),
	ROW_OF("a later --set wins", gives,
	       CASE(.sets = { "server.port=81", "server.port=82" },
		    .prints = "server.port = 82 (--set)")),
	ROW_OF(".env is stronger than app.ini", gives,
	       CASE(.ini = "[server]\nport = 1\n", .env = "CROFT_SERVER_PORT=2",
		    .prints = "server.port = 2 (@/.env:1)")),
	ROW_OF("the environment is stronger than .env", gives,
	       CASE(.env = "CROFT_SERVER_PORT=2", .environ = { "CROFT_SERVER_PORT=3" },
		    .prints = "server.port = 3 (CROFT_SERVER_PORT)")),
	ROW_OF("PORT gives what others call so", gives, VAR("PORT=81", "server.port = 81 (PORT)")),
	ROW_OF("it is stronger than app.ini", gives,
	       CASE(.ini = "[server]\nport = 1\n", .environ = { "PORT=81" },
		    .prints = "server.port = 81 (PORT)")),
	ROW_OF("and weaker than .env", gives,
	       CASE(.env = "CROFT_SERVER_PORT=2", .environ = { "PORT=81" },
		    .prints = "server.port = 2 (@/.env:1)")),
	ROW_OF("and than our own variable, in any order", gives,
	       CASE(.environ = { "PORT=81", "CROFT_SERVER_PORT=3", "PORT=82" },
		    .prints = "server.port = 3 (CROFT_SERVER_PORT)")),
	ROW_OF("one that does not count may be anything", gives,
	       CASE(.environ = { "PORT=tcp://10.0.0.1:80", "CROFT_SERVER_PORT=3" },
		    .prints = "server.port = 3 (CROFT_SERVER_PORT)")),
	ROW_OF("an empty one gives nothing", gives,
	       CASE(.ini = "[server]\nport = 1\n", .environ = { "PORT=" },
		    .prints = "server.port = 1 (@/app.ini:2)")),
	ROW_OF("it may stand in .env", gives,
	       ENV("export PORT='81' # of the host\n", "server.port = 81 (@/.env:1)")),
	ROW_OF("there our own is stronger, in any order", gives,
	       ENV("CROFT_SERVER_PORT=2\nPORT=x\n", "server.port = 2 (@/.env:1)")),
	ROW_OF("that of the environment is stronger than that of .env", gives,
	       CASE(.env = "PORT=80", .environ = { "PORT=81" },
		    .prints = "server.port = 81 (PORT)")),
	ROW_OF("a secret may come so, too", gives,
	       CASE(.environ = { "SIGNING_KEY=abc" },
		    .prints = "auth.secret = (set) (SIGNING_KEY)")),
	ROW_OF("testing by --set reads .env.test", gives,
	       CASE(.env = "CROFT_SERVER_PORT=1", .tests = "CROFT_SERVER_PORT=2",
		    .sets = { "app.environment=testing" },
		    .prints = "server.port = 2 (@/.env.test:1)")),
	ROW_OF("testing by the environment, too", gives,
	       CASE(.env = "CROFT_SERVER_PORT=1", .tests = "CROFT_SERVER_PORT=2",
		    .environ = { "CROFT_APP_ENVIRONMENT=testing" },
		    .prints = "server.port = 2 (@/.env.test:1)")),
	ROW_OF("and by app.ini", gives,
	       CASE(.ini = "[app]\nenvironment = testing\n", .env = "CROFT_SERVER_PORT=1",
		    .tests = "CROFT_SERVER_PORT=2", .prints = "server.port = 2 (@/.env.test:1)")),
	ROW_OF("unless something stronger says otherwise", gives,
	       CASE(.ini = "[app]\nenvironment = testing\n", .env = "CROFT_SERVER_PORT=1",
		    .tests = "CROFT_SERVER_PORT=2", .sets = { "app.environment=local" },
		    .prints = "server.port = 1 (@/.env:1)")),
	ROW_OF("what .env says of it comes too late", gives,
	       CASE(.env = "CROFT_APP_ENVIRONMENT=testing\nCROFT_SERVER_PORT=1",
		    .tests = "CROFT_SERVER_PORT=2", .prints = "server.port = 1 (@/.env:2)")),
	ROW_OF("elsewhere .env.test is not read", gives,
	       CASE(.env = "CROFT_SERVER_PORT=1", .tests = "CROFT_SERVER_PORT=2",
		    .sets = { "app.environment=staging" }, .prints = "server.port = 1 (@/.env:1)")),
	ROW_OF("--set is stronger than the environment", gives,
	       CASE(.ini = "[server]\nport = 1\n", .environ = { "CROFT_SERVER_PORT=3" },
		    .sets = { "server.port=4" }, .prints = "server.port = 4 (--set)")),
	ROW_OF("a secret's file in the environment is stronger than its value in .env", gives,
	       CASE(.env = "CROFT_AUTH_SECRET=weak",
		    .environ = { "CROFT_AUTH_SECRET_FILE=@/secret" }, .file = "strong",
		    .prints = "auth.secret = (set) (CROFT_AUTH_SECRET_FILE: @/secret)")),
	ROW_OF("a value may be given in app.ini and again, weaker never wins", gives,
	       CASE(.ini = "[server]\nport = 1\n", .sets = { "server.port=4" },
		    .prints = "server.port = 4 (--set)")),
};

/* A value written and the number the program gets. */
struct number_case {
	const char *set;
	size_t offset;
	int64_t expected;
};

static void is_number(void **state)
{
	const struct number_case *test = *state;
	struct scene scene;
	scene_open(&scene);
	struct fixture_case load = { .sets = { test->set } };
	struct buf faults;
	struct config *config = NULL;
	enum app_err err = fixture_load(&scene, &load, &faults, &config);
	assert_string_equal(buf_text(&faults), "");
	assert_int_equal(err, APP_OK);
	const char *values = config_group(config, &fixture_server_group);
	int64_t number;
	memcpy(&number, values + test->offset, sizeof(number));
	assert_int_equal(number, test->expected);
	config_drop(config);
	scene_close(&scene);
}

#define NUMBER(member, text, number) \
	ROW_OF(#member "=" text " is " #number, is_number, \
	       (&(struct number_case){ "server." #member "=" text, \
				       offsetof(struct fixture_server, member), number }))

static const struct CMUnitTest number_rows[] = {
	NUMBER(port, "80", 80),
	NUMBER(depth, "-5", -5),
	NUMBER(depth, "+5", 5),
	NUMBER(depth, "9223372036854775807", INT64_MAX),
	NUMBER(timeout, "30", 30),
	NUMBER(timeout, "30s", 30),
	NUMBER(timeout, "30 s", 30),
	NUMBER(timeout, "5m", 300),
	NUMBER(timeout, "1h", 3600),
	NUMBER(timeout, "1d", 86400),
	NUMBER(patience, "250", 250),
	NUMBER(patience, "250ms", 250),
	NUMBER(patience, "2s", 2000),
	NUMBER(patience, "1m", 60000),
	NUMBER(age, "15", 15),
	NUMBER(age, "15m", 15),
	NUMBER(age, "1h", 60),
	NUMBER(age, "2d", 2880),
	NUMBER(body, "1048576", 1048576),
	NUMBER(body, "64k", 65536),
	NUMBER(body, "64KiB", 65536),
	NUMBER(body, "1M", 1048576),
	NUMBER(body, "1 MiB", 1048576),
	NUMBER(body, "1G", 1073741824),
	NUMBER(body, "3GiB", 3221225472),
};

struct bool_case {
	const char *set;
	bool expected;
};

static void is_bool(void **state)
{
	const struct bool_case *test = *state;
	struct scene scene;
	scene_open(&scene);
	struct fixture_case load = { .sets = { test->set } };
	struct buf faults;
	struct config *config = NULL;
	assert_int_equal(fixture_load(&scene, &load, &faults, &config), APP_OK);
	const struct fixture_server *server = config_group(config, &fixture_server_group);
	assert_int_equal(server->proxy, test->expected);
	config_drop(config);
	scene_close(&scene);
}

#define BOOL(text, value) \
	ROW_OF(text " is " #value, is_bool, (&(struct bool_case){ "server.proxy=" text, value }))

static const struct CMUnitTest bool_rows[] = {
	BOOL("true", true), BOOL("TRUE", true), BOOL("yes", true),
	BOOL("on", true),   BOOL("1", true),    BOOL("false", false),
	BOOL("no", false),  BOOL("Off", false), BOOL("0", false),
};

static void secret_from_file_is(const char *content, const char *expected)
{
	struct scene scene;
	scene_open(&scene);
	struct fixture_case load = { .environ = { "CROFT_AUTH_SECRET_FILE=@/secret" },
				     .file = content };
	struct buf faults;
	struct config *config = NULL;
	assert_int_equal(fixture_load(&scene, &load, &faults, &config), APP_OK);
	const struct fixture_auth *auth = config_group(config, &fixture_auth_group);
	assert_string_equal(auth->secret, expected);
	config_drop(config);
	scene_close(&scene);
}

static void one_newline_is_cut(void **state)
{
	(void)state;
	secret_from_file_is("abc", "abc");
	secret_from_file_is("abc\n", "abc");
	secret_from_file_is("abc\r\n", "abc");
	secret_from_file_is("abc\n\n", "abc\n");
	secret_from_file_is(" a\nb ", " a\nb ");
}

static void texts_and_choices_fill_their_structs(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	struct fixture_case load = {
		.ini = "[app]\nenvironment = staging\n[auth]\nmode = plain\n",
		.env = "CROFT_AUTH_PASSWORD=\"a\\nb\"\n",
	};
	struct buf faults;
	struct config *config = NULL;
	assert_int_equal(fixture_load(&scene, &load, &faults, &config), APP_OK);
	const struct fixture_app *app = config_group(config, &fixture_app_group);
	const struct fixture_auth *auth = config_group(config, &fixture_auth_group);
	const struct fixture_mail *mail = config_group(config, &fixture_mail_group);
	assert_int_equal(app->environment, 2);
	assert_string_equal(auth->secret, "");
	assert_int_equal(auth->level, 3);
	assert_string_equal(mail->mode, "plain");
	assert_string_equal(mail->folder, "out box");
	assert_string_equal(mail->password, "a\nb");
	config_drop(config);
	scene_close(&scene);
}

static void a_line_of_3996_bytes_is_read_whole(void **state)
{
	(void)state;
	char text[4100] = "[server]\nhost = ";
	size_t head = strlen(text), len = strlen("[server]\n") + 3996;
	memset(text + head, 'x', len - head);
	text[len] = '\n';
	struct scene scene;
	scene_open(&scene);
	struct fixture_case load = { .ini = text };
	struct buf faults;
	struct config *config = NULL;
	assert_int_equal(fixture_load(&scene, &load, &faults, &config), APP_OK);
	const struct fixture_server *server = config_group(config, &fixture_server_group);
	assert_int_equal(strlen(server->host), len - head);
	config_drop(config);
	scene_close(&scene);
}

static void a_generated_secret_replaces_the_empty_one(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	struct fixture_case load = { .ini = "" };
	struct buf faults, out;
	struct config *config = NULL;
	assert_int_equal(fixture_load(&scene, &load, &faults, &config), APP_OK);
	config_set_generated(config, &fixture_auth_group, "secret", "made", "data/secret");
	const struct fixture_auth *auth = config_group(config, &fixture_auth_group);
	assert_string_equal(auth->secret, "made");
	buf_init(&out, &scene.arena);
	config_print(config, &out);
	assert_true(has_line(buf_text(&out), "auth.secret = (set) (data/secret)"));
	config_drop(config);
	scene_close(&scene);
}

static const struct CMUnitTest struct_rows[] = {
	ROW("one newline at the end of a secret's file is cut", one_newline_is_cut),
	ROW("texts and choices fill their structs", texts_and_choices_fill_their_structs),
	ROW("a line of 3996 bytes is read whole", a_line_of_3996_bytes_is_read_whole),
	ROW("a generated secret replaces the empty one", a_generated_secret_replaces_the_empty_one),
};

int main(void)
{
	return rows_run("sources of settings", source_rows, COUNT_OF(source_rows)) +
	       rows_run("numbers of settings", number_rows, COUNT_OF(number_rows)) +
	       rows_run("bools of settings", bool_rows, COUNT_OF(bool_rows)) +
	       rows_run("structs of settings", struct_rows, COUNT_OF(struct_rows));
}
