/*
 * What croft prints of its settings: `croft config`, app.ini and .env.example, which it must read
 * back.
 */
#include "base/str.h"
#include "fixture.h"

static const char *printed(struct scene *scene,
			   void (*print)(const struct option_group *const *, struct buf *))
{
	struct buf out;
	buf_init(&out, &scene->arena);
	print(fixture_groups, &out);
	return buf_text(&out);
}

/* Removes the # in front of each setting, as an operator would; prose has a blank after it. */
static const char *uncommented(struct scene *scene, const char *text)
{
	struct buf out;
	buf_init(&out, &scene->arena);
	for (bool start = true; *text; start = *text++ == '\n') {
		bool is_setting = start && *text == '#' && (str_is_alpha(text[1]));
		if (!is_setting)
			buf_add_char(&out, *text);
	}
	return buf_text(&out);
}

static void everything_is_preset(struct scene *scene, const struct fixture_case *load)
{
	struct buf faults;
	struct config *config = NULL;
	enum app_err err = fixture_load(scene, load, &faults, &config);
	assert_string_equal(buf_text(&faults), "");
	assert_int_equal(err, APP_OK);
	const struct fixture_app *app = config_group(config, &fixture_app_group);
	const struct fixture_server *server = config_group(config, &fixture_server_group);
	const struct fixture_auth *auth = config_group(config, &fixture_auth_group);
	const struct fixture_mail *mail = config_group(config, &fixture_mail_group);
	assert_int_equal(app->environment, 0);
	assert_string_equal(server->host, "127.0.0.1");
	assert_int_equal(server->port, 8000);
	assert_int_equal(server->timeout, 30);
	assert_int_equal(server->patience, 250);
	assert_int_equal(server->age, 15);
	assert_int_equal(server->body, 1048576);
	assert_int_equal(server->workers, 1);
	assert_int_equal(server->depth, 0);
	assert_false(server->proxy);
	assert_string_equal(auth->secret, "");
	assert_int_equal(auth->level, 3);
	assert_string_equal(mail->password, "");
	assert_string_equal(mail->mode, "starttls");
	assert_string_equal(mail->folder, "out box");
	config_drop(config);
}

static void an_unedited_file_changes_nothing(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	struct fixture_case load = { .ini = printed(&scene, config_print_ini),
				     .env = printed(&scene, config_print_env) };
	everything_is_preset(&scene, &load);
	scene_close(&scene);
}

static void app_ini_without_its_marks_gives_the_presets(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	const char *text = uncommented(&scene, printed(&scene, config_print_ini));
	assert_non_null(strstr(text, "\nport = 8000\n"));
	everything_is_preset(&scene, &(struct fixture_case){ .ini = text });
	scene_close(&scene);
}

/* But for the file forms of secrets, which name no file here. */
static void env_example_without_its_marks_gives_the_presets(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	const char *text = printed(&scene, config_print_env);
	struct buf kept;
	buf_init(&kept, &scene.arena);
	for (const char *next; *text; text = next) {
		next = text + strcspn(text, "\n") + 1;
		if (!strstr(arena_strndup(&scene.arena, text, (size_t)(next - text)), "_FILE=\n"))
			buf_add(&kept, text, (size_t)(next - text));
	}
	text = uncommented(&scene, buf_text(&kept));
	assert_non_null(strstr(text, "\nCROFT_SERVER_PORT=8000\n"));
	everything_is_preset(&scene, &(struct fixture_case){ .env = text });
	scene_close(&scene);
}

static void every_setting_is_in_both_files(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	const char *ini = printed(&scene, config_print_ini),
		   *env = printed(&scene, config_print_env);
	for (size_t i = 0; fixture_groups[i]; i++) {
		for (size_t k = 0; k < fixture_groups[i]->count; k++) {
			const char *key = fixture_groups[i]->options[k].key;
			char line[80];
			snprintf(line, sizeof(line), "\n#%s =", key);
			assert_non_null(strstr(ini, line));
			size_t len = (size_t)snprintf(line, sizeof(line),
						      "\n#CROFT_%s_%s=", fixture_groups[i]->section,
						      key);
			for (size_t at = 0; at < len; at++)
				if (line[at] >= 'a' && line[at] <= 'z')
					line[at] = (char)(line[at] - 'a' + 'A');
			assert_non_null(strstr(env, line));
		}
	}
	scene_close(&scene);
}

static const char ini_of_settings[] =
	"\n# The application as a whole.\n[app]\n"
	"\n# Where this runs. One of: local, testing, staging, production.\n#environment = local\n"
	"\n# Sign-in.\n# Letters of sign-in.\n[auth]\n"
	"\n# Signs tokens. The variable SIGNING_KEY gives it, too: stronger than app.ini, weaker "
	"than any\n# CROFT_ variable. Must be set in production.\n#secret =\n"
	"\n# A level. A whole number.\n#level = 3\n"
	"\n# Of the mail account. Must be set in production.\n#password =\n"
	"\n# How the connection is secured. One of: plain, starttls.\n#mode = starttls\n"
	"\n# Where letters are kept.\n#folder = out box\n"
	"\n# How croft listens.\n[server]\n"
	"\n# Address to listen on.\n#host = 127.0.0.1\n"
	"\n# Port to listen on. A whole number; 1 to 65535. The variable PORT gives it, too: "
	"stronger than\n# app.ini, weaker than any CROFT_ variable.\n#port = 8000\n"
	"\n# Time for one request. A time such as 30, 30s, 5m, 1h or 2d; 1s to 1d.\n#timeout = "
	"30s\n"
	"\n# Time for one wait. A time such as 250, 250ms, 2s or 1m.\n#patience = 250ms\n"
	"\n# Age of a token. A time such as 15, 15m, 1h or 2d.\n#age = 15m\n"
	"\n# Largest body. This sentence is long enough that the comment in app.ini has to be "
	"broken into two\n# lines. A size such as 1048576, 64KiB, 1MiB or 1GiB.\n#body = 1MiB\n"
	"\n# Threads. A whole number; at least 1.\n#workers = 1\n"
	"\n# Depth of something. A whole number.\n#depth = 0\n"
	"\n# Whether a proxy stands in front. true or false.\n#proxy = false\n";

static void app_ini_reads_well(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	const char *text = printed(&scene, config_print_ini);
	const char *body = strstr(text, "\n# The application");
	assert_non_null(body);
	const char *line = ini_of_settings;
	while (*line && *body) {
		size_t len = strcspn(line, "\n"), found = strcspn(body, "\n");
		if (found != len || memcmp(line, body, len) != 0)
			fail_msg("'%.*s' instead of '%.*s'", (int)found, body, (int)len, line);
		line += len + 1;
		body += len + 1;
	}
	assert_string_equal(body, line);
	scene_close(&scene);
}

static const char env_of_auth[] =
	"\n# --- auth ---\n# Sign-in.\n# Letters of sign-in.\n"
	"\n# Signs tokens. The variable SIGNING_KEY gives it, too: stronger than app.ini, weaker "
	"than any\n# CROFT_ variable. Must be set in production.\n#CROFT_AUTH_SECRET=\n"
	"#CROFT_AUTH_SECRET_FILE=\n"
	"\n# A level. A whole number.\n#CROFT_AUTH_LEVEL=3\n"
	"\n# Of the mail account. Must be set in production.\n#CROFT_AUTH_PASSWORD=\n"
	"#CROFT_AUTH_PASSWORD_FILE=\n"
	"\n# How the connection is secured. One of: plain, starttls.\n#CROFT_AUTH_MODE=starttls\n"
	"\n# Where letters are kept.\n#CROFT_AUTH_FOLDER='out box'\n"
	"\n# --- server ---\n";

static void env_example_reads_well(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	if (!strstr(printed(&scene, config_print_env), env_of_auth))
		fail_msg("%s", printed(&scene, config_print_env));
	scene_close(&scene);
}

static void croft_config_prints_columns(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	struct fixture_case load = {
		.env = "CROFT_AUTH_PASSWORD=hunter2\nCROFT_SERVER_HOST=\"a b\"\n",
		.environ = { "CROFT_SERVER_BODY=1536k" },
		.sets = { "server.proxy=YES", "server.timeout=7200", "server.patience=61000" },
	};
	struct buf faults, out;
	struct config *config = NULL;
	assert_int_equal(fixture_load(&scene, &load, &faults, &config), APP_OK);
	buf_init(&out, &scene.arena);
	config_print(config, &out);
	assert_string_equal(buf_text(&out),
			    fixture_at(&scene, "app.environment = local      (default)\n"
					       "auth.secret     = (empty)    (default)\n"
					       "auth.level      = 3          (default)\n"
					       "server.host     = a b        (@/.env:2)\n"
					       "server.port     = 8000       (default)\n"
					       "server.timeout  = 2h         (--set)\n"
					       "server.patience = 61s        (--set)\n"
					       "server.age      = 15m        (default)\n"
					       "server.body     = 1536KiB    (CROFT_SERVER_BODY)\n"
					       "server.workers  = 1          (default)\n"
					       "server.depth    = 0          (default)\n"
					       "server.proxy    = true       (--set)\n"
					       "auth.password   = (set)      (@/.env:1)\n"
					       "auth.mode       = starttls   (default)\n"
					       "auth.folder     = out box    (default)\n"));
	config_drop(config);
	scene_close(&scene);
}

static void a_secret_that_is_forgotten_was_set(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	struct fixture_case load = { .env = "CROFT_AUTH_PASSWORD=hunter2\n" };
	struct buf faults, out;
	struct config *config = NULL;
	assert_int_equal(fixture_load(&scene, &load, &faults, &config), APP_OK);
	buf_init(&out, &scene.arena);
	const struct fixture_mail *mail = config_group(config, &fixture_mail_group);
	const char *password = mail->password;
	config_forget(config, &fixture_mail_group, "password");
	config_forget(config, &fixture_mail_group, "password");
	config_forget(config, &fixture_auth_group, "secret");
	assert_memory_equal(password, "\0\0\0\0\0\0\0", sizeof("hunter2"));
	assert_string_equal(mail->password, "");
	config_print(config, &out);
	assert_non_null(strstr(buf_text(&out), "auth.password   = (set) "));
	assert_non_null(strstr(buf_text(&out), "auth.secret     = (empty) "));
	config_drop(config);
	scene_close(&scene);
}

/* "NAME=value" of the two sources that are texts of our own. */
static void only_secrets_are_wiped_where_they_were_given(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	char secret[] = "CROFT_AUTH_SECRET=abc", longer[] = "CROFT_AUTH_SECRETS=abc",
	     file[] = "CROFT_AUTH_SECRET_FILE=abc", plain[] = "CROFT_SERVER_HOST=a";
	char password[] = "auth.password=abc", port[] = "server.port=1";
	char *given[] = { secret, longer, file, plain, NULL };
	const char *const sets[] = { password, port, NULL };
	struct fixture_case load = { 0 };
	struct buf faults;
	struct config *config = NULL;
	assert_int_equal(fixture_load(&scene, &load, &faults, &config), APP_OK);
	config_sources_forget(config, &(struct config_sources){ .environ = given, .sets = sets });
	assert_memory_equal(secret, "CROFT_AUTH_SECRET=\0\0\0", sizeof(secret));
	assert_string_equal(longer, "CROFT_AUTH_SECRETS=abc");
	assert_string_equal(file, "CROFT_AUTH_SECRET_FILE=abc");
	assert_string_equal(plain, "CROFT_SERVER_HOST=a");
	assert_memory_equal(password, "auth.password=\0\0\0", sizeof(password));
	assert_string_equal(port, "server.port=1");
	config_sources_forget(config, &(struct config_sources){ 0 });
	config_drop(config);
	scene_close(&scene);
}

static const struct CMUnitTest rows[] = {
	ROW("app.ini and .env.example as printed change nothing", an_unedited_file_changes_nothing),
	ROW("app.ini with every # removed gives the presets",
	    app_ini_without_its_marks_gives_the_presets),
	ROW(".env.example with every # removed gives the presets",
	    env_example_without_its_marks_gives_the_presets),
	ROW("every setting is in both files", every_setting_is_in_both_files),
	ROW("app.ini reads well", app_ini_reads_well),
	ROW(".env.example reads well", env_example_reads_well),
	ROW("croft config prints columns, secrets hidden", croft_config_prints_columns),
	ROW("a secret that is forgotten is wiped, and was set", a_secret_that_is_forgotten_was_set),
	ROW("only secrets are wiped where they were given",
	    only_secrets_are_wiped_where_they_were_given),
};

int main(void)
{
	return rows_run("printed settings", rows, COUNT_OF(rows));
}
