/* Every fault of the settings, word for word: source by source, and several at once. */
#include <stdlib.h>

#include "base/str.h"
#include "fixture.h"

static void says(void **state)
{
	const struct fixture_case *test = *state;
	struct scene scene;
	scene_open(&scene);
	struct buf faults;
	struct config *config = NULL;
	enum app_err err = fixture_load(&scene, test, &faults, &config);
	assert_string_equal(buf_text(&faults), fixture_at(&scene, test->faults));
	assert_int_equal(err, *test->faults ? APP_INVALID : APP_OK);
	assert_int_equal(config == NULL, *test->faults != '\0');
	config_drop(config);
	scene_close(&scene);
}

#define INI(text, expected) CASE(.ini = text, .faults = expected)
#define ENV(text, expected) CASE(.env = text, .faults = expected)
#define VAR(text, expected) CASE(.environ = { text }, .faults = expected)
#define SET(text, expected) CASE(.sets = { text }, .faults = expected)
#define NO_SETTING "expected \"key = value\" or \"[section]\"\n"

static const struct CMUnitTest ini_rows[] = {
	ROW_OF("an empty app.ini is fine", says, INI("", "")),
	ROW_OF("a number above its bound names file, line and bounds", says,
	       INI("# hi\n[server]\nport = 99999\n",
		   "@/app.ini:3: server.port: 99999 is out of range (1 to 65535)\n")),
	ROW_OF("a number below its only bound", says,
	       INI("[server]\nworkers = 0\n",
		   "@/app.ini:2: server.workers: 0 is out of range (at least 1)\n")),
	ROW_OF("bounds are shown with their unit", says,
	       INI("[server]\ntimeout = 3d\n",
		   "@/app.ini:2: server.timeout: 3d is out of range (1s to 1d)\n")),
	ROW_OF("a mistyped key brings the nearest name", says,
	       INI("[server]\nprot = 80\n",
		   "@/app.ini:2: unknown setting server.prot (did you mean server.port?)\n")),
	ROW_OF("a mistyped section brings the nearest name", says,
	       INI("[servr]\nport = 80\n",
		   "@/app.ini:2: unknown setting servr.port (did you mean server.port?)\n")),
	ROW_OF("a name like no other has no suggestion", says,
	       INI("[zoo]\nelephant = 1\n", "@/app.ini:2: unknown setting zoo.elephant\n")),
	ROW_OF("a key twice in one file", says,
	       INI("[server]\nport = 1\nhost = a\nport = 2\n",
		   "@/app.ini:4: server.port is already set at @/app.ini:2\n")),
	ROW_OF("a key twice in two sections of one name", says,
	       INI("[server]\nport = 1\n[auth]\n[server]\nport = 2\n",
		   "@/app.ini:5: server.port is already set at @/app.ini:2\n")),
	ROW_OF("a key before any section", says,
	       INI("port = 1\n", "@/app.ini:1: port stands before the first [section]: write "
				 "[server] above it, and port = …\n")),
	ROW_OF("a whole name before any section", says,
	       INI("server.port = 1\n",
		   "@/app.ini:1: server.port stands before the first [section]: "
		   "write [server] above it, and port = …\n")),
	ROW_OF("a key like no other before any section", says,
	       INI("zoo = 1\n", "@/app.ini:1: zoo stands before the first [section]\n")),
	ROW_OF("a key with its section before it", says,
	       INI("[server]\nserver.port = 1\n",
		   "@/app.ini:2: unknown setting server.server.port (did you mean "
		   "server.port?)\n")),
	ROW_OF("a key in another's section", says,
	       INI("[auth]\nport = 1\n",
		   "@/app.ini:2: unknown setting auth.port (did you mean server.port?)\n")),
	ROW_OF("a value in quotes", says,
	       INI("[server]\nhost = \"::1\"\n",
		   "@/app.ini:2: server.host: the value is in quotes, which would be part of it: "
		   "leave them off\n")),
	ROW_OF("a secret in quotes, not repeated", says,
	       INI("[auth]\nsecret = 'hunter2'\n",
		   "@/app.ini:2: auth.secret: the value is in quotes, which would be part of it: "
		   "leave them off\n")),
	ROW_OF("nothing in quotes", says,
	       INI("[server]\nhost = \"\"\n",
		   "@/app.ini:2: server.host: the value is in quotes, which would be part of it: "
		   "leave them off\n")),
	ROW_OF("an indented line is not joined to the value above it", says,
	       INI("[server]\nhost = a\n  b\n",
		   "@/app.ini:3: the line is indented: a setting starts in the first column, and "
		   "its value takes one line\n")),
	ROW_OF("an indented setting is not taken silently either", says,
	       INI("[server]\n\tport = 80\n",
		   "@/app.ini:2: the line is indented: a setting starts in the first column, and "
		   "its value takes one line\n")),
	ROW_OF("a line that is neither, without repeating it", says,
	       INI("[server]\nhunter2\n", "@/app.ini:2: " NO_SETTING)),
	ROW_OF("each such line is told", says,
	       INI("a\nb\n", "@/app.ini:1: " NO_SETTING "@/app.ini:2: " NO_SETTING)),
	ROW_OF("a line without a key", says, INI("[server]\n= 3\n", "@/app.ini:2: " NO_SETTING)),
	ROW_OF("a section that is not closed", says,
	       INI("[server\n", "@/app.ini:1: the section's name has no closing ]\n")),
	ROW_OF("text behind a section", says,
	       INI("[server] port = 1\n", "@/app.ini:1: nothing may follow the ] of a section\n")),
	ROW_OF("a section name that inih would cut", says,
	       INI("[xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]\n",
		   "@/app.ini:1: the section's name is too long\n")),
	ROW_OF("control bytes of a name are made visible", says,
	       INI("[server]\npo\033rt = 1\n",
		   "@/app.ini:2: unknown setting server.po\\x1brt (did you mean server.port?)\n")),
	ROW_OF("not a number", says,
	       INI("[server]\nport = http\n",
		   "@/app.ini:2: server.port: 'http' is not a whole number\n")),
	ROW_OF("an empty number", says,
	       INI("[server]\nport =\n", "@/app.ini:2: server.port: '' is not a whole number\n")),
	ROW_OF("a comment behind a value is part of the value", says,
	       INI("[server]\nport = 80 ;http\n",
		   "@/app.ini:2: server.port: '80 ;http' is not a whole number\n")),
	ROW_OF("not a time", says,
	       INI("[server]\ntimeout = 3x\n", "@/app.ini:2: server.timeout: '3x' is not a time "
					       "such as 30, 30s, 5m, 1h or 2d\n")),
	ROW_OF("not a time in milliseconds", says,
	       INI("[server]\npatience = s\n",
		   "@/app.ini:2: server.patience: 's' is not a time such "
		   "as 250, 250ms, 2s or 1m\n")),
	ROW_OF("seconds where minutes are counted", says,
	       INI("[server]\nage = 30s\n",
		   "@/app.ini:2: server.age: '30s' is not a time such as 15, "
		   "15m, 1h or 2d\n")),
	ROW_OF("not a size", says,
	       INI("[server]\nbody = 1T\n", "@/app.ini:2: server.body: '1T' is not a size such as "
					    "1048576, 64KiB, 1MiB or 1GiB\n")),
	ROW_OF("a number no machine word holds", says,
	       INI("[server]\ndepth = 9223372036854775808\n",
		   "@/app.ini:2: server.depth: 9223372036854775808 is too large\n")),
	ROW_OF("a size that overflows by its unit", says,
	       INI("[server]\nbody = 9223372036854775807k\n",
		   "@/app.ini:2: server.body: 9223372036854775807k is too large\n")),
	ROW_OF("neither true nor false", says,
	       INI("[server]\nproxy = maybe\n",
		   "@/app.ini:2: server.proxy: 'maybe' is neither true nor false\n")),
	ROW_OF("not one of the choices of a number", says,
	       INI("[app]\nenvironment = prod\n", "@/app.ini:2: app.environment: 'prod' is not one "
						  "of local, testing, staging, production\n")),
	ROW_OF("not one of the choices of a text", says,
	       INI("[auth]\nmode =\n",
		   "@/app.ini:2: auth.mode: '' is not one of plain, starttls\n")),
	ROW_OF("bytes that are not UTF-8", says,
	       INI("[server]\nhost = \xFF\n",
		   "@/app.ini:2: server.host: the value is not UTF-8 text\n")),
	ROW_OF("a secret with such bytes is not repeated", says,
	       INI("[auth]\nsecret = hunter\xFF\n",
		   "@/app.ini:2: auth.secret: the value cannot be used\n")),
};

static const struct CMUnitTest env_rows[] = {
	ROW_OF("an empty .env is fine", says, ENV("", "")),
	ROW_OF("a wrong value in .env names its line", says,
	       ENV("\n# x\nCROFT_SERVER_PORT=0\n",
		   "@/.env:3: server.port: 0 is out of range (1 to 65535)\n")),
	ROW_OF("an unknown CROFT_ name in .env", says,
	       ENV("CROFT_SERVER_PROT=1\n",
		   "@/.env:1: unknown setting CROFT_SERVER_PROT (did you mean "
		   "CROFT_SERVER_PORT?)\n")),
	ROW_OF("a CROFT_ name like no other has no suggestion", says,
	       ENV("CROFT_X=1\n", "@/.env:1: unknown setting CROFT_X\n")),
	ROW_OF("the file form is for secrets only", says,
	       ENV("CROFT_AUTH_FOLDER_FILE=x\n",
		   "@/.env:1: CROFT_AUTH_FOLDER_FILE: only secrets are read from a file; set "
		   "CROFT_AUTH_FOLDER\n")),
	ROW_OF("a slip in a name of several words", says,
	       ENV("CROFT_AUTH_FLODER=x\n", "@/.env:1: unknown setting CROFT_AUTH_FLODER (did you "
					    "mean CROFT_AUTH_FOLDER?)\n")),
	ROW_OF("a name twice in .env", says,
	       ENV("CROFT_SERVER_PORT=1\nCROFT_SERVER_PORT=1\n",
		   "@/.env:2: server.port is already set at @/.env:1\n")),
	ROW_OF("a line without =, not repeated", says,
	       ENV("hunter2\n", "@/.env:1: expected KEY=value\n")),
	ROW_OF("a key that is no name", says,
	       ENV("CROFT-A=1\n",
		   "@/.env:1: expected KEY=value, the key of letters, digits and _\n")),
	ROW_OF("a double quote left open", says,
	       ENV("CROFT_SERVER_HOST=\"a\n", "@/.env:1: the closing quote \" is missing\n")),
	ROW_OF("a single quote left open", says,
	       ENV("CROFT_SERVER_HOST='a\n", "@/.env:1: the closing quote ' is missing\n")),
	ROW_OF("text behind a closing quote", says,
	       ENV("CROFT_SERVER_HOST='a' b\n",
		   "@/.env:1: nothing but a comment may follow the closing quote\n")),
	ROW_OF("text behind a closing double quote", says,
	       ENV("CROFT_SERVER_HOST=\"a\"b\n",
		   "@/.env:1: nothing but a comment may follow the closing quote\n")),
	ROW_OF("an escape that is not known", says,
	       ENV("CROFT_SERVER_HOST=\"\\t\"\n",
		   "@/.env:1: only \\n, \\\" and \\\\ are known in double quotes\n")),
	ROW_OF("a backslash at the end of the line", says,
	       ENV("CROFT_SERVER_HOST=\"\\\n",
		   "@/.env:1: only \\n, \\\" and \\\\ are known in double quotes\n")),
	ROW_OF("a secret and its file form in one .env", says,
	       CASE(.env = "CROFT_AUTH_SECRET=hunter2\nCROFT_AUTH_SECRET_FILE=@/secret\n",
		    .file = "x",
		    .faults = "@/.env:2: CROFT_AUTH_SECRET and "
			      "CROFT_AUTH_SECRET_FILE are both set: keep one\n")),
	ROW_OF("# right behind a closing quote is no comment", says,
	       ENV("CROFT_SERVER_HOST='a'#b\n",
		   "@/.env:1: nothing but a comment may follow the closing quote\n")),
	ROW_OF("a control character in .env", says,
	       ENV("CROFT_SERVER_HOST=a\x1b[31mb\n",
		   "@/.env:1: the value holds a control character\n")),
	ROW_OF("a control character in quotes, of a secret too", says,
	       ENV("CROFT_AUTH_SECRET='hunter\x01'\n",
		   "@/.env:1: the value holds a control character\n")),
	ROW_OF("an escaped line end where no line end can be", says,
	       ENV("CROFT_SERVER_HOST=\"a\\nb\"\n",
		   "@/.env:1: server.host: the value holds a control character\n")),
	ROW_OF("a control character in app.ini", says,
	       INI("[server]\nhost = a\x7f\n",
		   "@/app.ini:2: the value holds a control character\n")),
	ROW_OF("lines of other programs are not ours", says, ENV("PATH=\"a\nA=1\nA=2\n", "")),
};

static const struct CMUnitTest other_rows[] = {
	ROW_OF("a wrong value in the environment names the variable", says,
	       VAR("CROFT_SERVER_PORT=x",
		   "CROFT_SERVER_PORT: server.port: 'x' is not a whole number\n")),
	ROW_OF("an unknown variable brings the nearest", says,
	       VAR("CROFT_SERVER_PROT=1",
		   "environment: unknown setting CROFT_SERVER_PROT (did you mean "
		   "CROFT_SERVER_PORT?)\n")),
	ROW_OF("a variable without its section", says,
	       VAR("CROFT_PORT=1",
		   "environment: unknown setting CROFT_PORT (did you mean CROFT_SERVER_PORT?)\n")),
	ROW_OF("a value of the environment in quotes", says,
	       VAR("CROFT_SERVER_HOST=\"a\"",
		   "CROFT_SERVER_HOST: server.host: the value is in quotes, which would be part of "
		   "it: leave them off\n")),
	ROW_OF("the file of a secret that is not named", says,
	       VAR("CROFT_AUTH_SECRET_FILE=",
		   "CROFT_AUTH_SECRET_FILE: auth.secret: no file is named\n")),
	ROW_OF("a variable in small letters", says,
	       VAR("croft_server_port=1",
		   "environment: croft_server_port is written in capitals: CROFT_SERVER_PORT\n")),
	ROW_OF("one in .env", says,
	       ENV("Croft_Auth_Secret_File=1\n",
		   "@/.env:1: Croft_Auth_Secret_File is written in capitals: "
		   "CROFT_AUTH_SECRET_FILE\n")),
	ROW_OF("others in small letters are left alone", says,
	       CASE(.env = "croft_home=1\n", .environ = { "croft_home=1" }, .faults = "")),
	ROW_OF("the file of a secret in what only a shell knows", says,
	       VAR("CROFT_AUTH_SECRET_FILE=~/none",
		   "CROFT_AUTH_SECRET_FILE: auth.secret: cannot read ~/none: No such file or "
		   "directory (only a shell knows what ~ is)\n")),
	ROW_OF("variables of others are left alone", says, VAR("CROFTER=1", "")),
	ROW_OF("variables Kubernetes makes for a service named croft are left alone", says,
	       CASE(.environ = { "CROFT_SERVICE_HOST=10.0.0.1", "CROFT_PORT_8000_TCP=x" },
		    .faults = "")),
	ROW_OF("a control character in the environment", says,
	       VAR("CROFT_SERVER_HOST=a\nb",
		   "CROFT_SERVER_HOST: server.host: the value holds a control character\n")),
	ROW_OF("a number is no link to a service", says,
	       VAR("CROFT_SERVER_PORTS=8000",
		   "environment: unknown setting CROFT_SERVER_PORTS (did you mean "
		   "CROFT_SERVER_PORT?)\n")),
	ROW_OF("a link's name with a value that is none", says,
	       VAR("CROFT_SERVER_PORT_8000_TCP=x",
		   "environment: unknown setting CROFT_SERVER_PORT_8000_TCP\n")),
	ROW_OF("no link comes in .env", says,
	       ENV("CROFT_SERVER_PORT=tcp://10.0.0.1:80\n",
		   "@/.env:1: server.port: 'tcp://10.0.0.1:80' is not a whole number\n")),
	ROW_OF("app.ini: a secret and its file form", says,
	       INI("[auth]\nsecret = hunter2\nsecret_file = x\n",
		   "@/app.ini:3: auth.secret and auth.secret_file are both set: keep one\n")),
	ROW_OF("app.ini: a file for what is no secret", says,
	       INI("[auth]\nfolder_file = x\n",
		   "@/app.ini:2: auth.folder_file: only secrets are read from a file; set "
		   "auth.folder\n")),
	ROW_OF("a group's own rule names the place", says,
	       INI("[server]\n\nworkers = 13\n", "@/app.ini:3: server.workers: 13 is no good\n")),
	ROW_OF("a secret and its file form, in either order", says,
	       CASE(.environ = { "CROFT_AUTH_SECRET_FILE=@/secret", "CROFT_AUTH_SECRET=hunter2" },
		    .file = "x",
		    .faults = "environment: CROFT_AUTH_SECRET and "
			      "CROFT_AUTH_SECRET_FILE are both set: keep one\n")),
	ROW_OF("the file of a secret that is not there", says,
	       VAR("CROFT_AUTH_SECRET_FILE=@/none",
		   "CROFT_AUTH_SECRET_FILE: auth.secret: cannot read "
		   "@/none: No such file or directory\n")),
	ROW_OF("a folder for the file of a secret", says,
	       VAR("CROFT_AUTH_SECRET_FILE=@",
		   "CROFT_AUTH_SECRET_FILE: auth.secret: cannot read @: Is a directory\n")),
	ROW_OF("an empty file of a secret", says,
	       CASE(.environ = { "CROFT_AUTH_SECRET_FILE=@/secret" }, .file = "\n",
		    .faults = "CROFT_AUTH_SECRET_FILE: auth.secret: @/secret is empty\n")),
	ROW_OF("--set with a wrong value", says,
	       SET("server.port=x", "--set: server.port: 'x' is not a whole number\n")),
	ROW_OF("--set with an unknown name", says,
	       SET("server.pot=1",
		   "--set: unknown setting server.pot (did you mean server.port?)\n")),
	ROW_OF("--set with a name that lacks its section", says,
	       SET("port=1", "--set: unknown setting port (did you mean server.port?)\n")),
	ROW_OF("--set with the name of a variable", says,
	       SET("CROFT_SERVER_PORT=1",
		   "--set: unknown setting CROFT_SERVER_PORT (did you mean server.port?)\n")),
	ROW_OF("--set with a name in the spelling of options", says,
	       SET("Server-Port=1",
		   "--set: unknown setting Server-Port (did you mean server.port?)\n")),
	ROW_OF("--set with the file of what is no secret", says,
	       SET("auth.folder_file=x",
		   "--set: auth.folder_file: only secrets are read from a file; set "
		   "auth.folder\n")),
	ROW_OF("--set with the file of a secret that is mistyped", says,
	       SET("auth.secert_file=x",
		   "--set: unknown setting auth.secert_file (did you mean auth.secret_file?)\n")),
	ROW_OF("the file of a secret in app.ini, mistyped", says,
	       INI("[auth]\npasword_file = x\n",
		   "@/app.ini:2: unknown setting auth.pasword_file (did you mean "
		   "auth.password_file?)\n")),
	ROW_OF("the file of a secret in .env, mistyped", says,
	       ENV("CROFT_AUTH_SECERT_FILE=x\n",
		   "@/.env:1: unknown setting CROFT_AUTH_SECERT_FILE (did you mean "
		   "CROFT_AUTH_SECRET_FILE?)\n")),
	ROW_OF("--set with a secret and its file", says,
	       CASE(.sets = { "auth.secret=hunter2", "auth.secret_file=@/secret" }, .file = "x",
		    .faults = "--set: auth.secret and auth.secret_file are both set: keep one\n")),
	ROW_OF("--set with the file of a secret that is not there", says,
	       SET("auth.secret_file=/none/x",
		   "--set: auth.secret: cannot read /none/x: No such file or directory\n")),
	ROW_OF("--set without =, not repeated", says,
	       SET("auth.secret:hunter2", "--set: expected section.key=value\n")),
	ROW_OF("faults of all sources are told at once", says,
	       CASE(.ini = "[server]\nport = 0\nbogus = 1\n", .env = "CROFT_SERVER_PROXY=2\n",
		    .environ = { "CROFT_SERVER_NOPE=1" }, .sets = { "server.timeout=0" },
		    .faults = "@/app.ini:2: server.port: 0 is out of range (1 to 65535)\n"
			      "@/app.ini:3: unknown setting server.bogus\n"
			      "@/.env:1: server.proxy: '2' is neither true nor false\n"
			      "environment: unknown setting CROFT_SERVER_NOPE\n"
			      "--set: server.timeout: 0 is out of range (1s to 1d)\n")),
	ROW_OF("a wrong value is told though a stronger source replaces it", says,
	       CASE(.ini = "[server]\nport = 0\n", .sets = { "server.port=1" },
		    .faults = "@/app.ini:2: server.port: 0 is out of range (1 to 65535)\n")),
};

#define IN_PRODUCTION(secret_value, expected) \
	CASE(.ini = "[app]\nenvironment = production\n[auth]\npassword = " GOOD_PASSWORD "\n", \
	     .sets = { "auth.secret=" secret_value }, .faults = expected)
#define WELL_KNOWN "--set: auth.secret: this value is well known; production needs one of its own\n"

static const struct CMUnitTest production_rows[] = {
	ROW_OF("production takes a good secret", says, IN_PRODUCTION(GOOD_SECRET, "")),
	ROW_OF("production refuses an empty secret", says,
	       IN_PRODUCTION("",
			     "--set: auth.secret: must be set in production (CROFT_AUTH_SECRET, or "
			     "the path of a file in CROFT_AUTH_SECRET_FILE)\n")),
	ROW_OF("production refuses secrets that were never set, all of them", says,
	       SET("app.environment=production", "auth.secret: must be set in production "
						 "(CROFT_AUTH_SECRET, or the path of a file in "
						 "CROFT_AUTH_SECRET_FILE)\n"
						 "auth.password: must be set in production "
						 "(CROFT_AUTH_PASSWORD, or the path of a file "
						 "in CROFT_AUTH_PASSWORD_FILE)\n")),
	ROW_OF("production refuses a secret of 31 bytes", says,
	       IN_PRODUCTION("0123456789abcdef0123456789ABCDE",
			     "--set: auth.secret: production needs at least 32 bytes\n")),
	ROW_OF("production refuses changethis", says, IN_PRODUCTION("changethis", WELL_KNOWN)),
	ROW_OF("production refuses Change-Me", says, IN_PRODUCTION("Change-Me", WELL_KNOWN)),
	ROW_OF("production refuses change_this", says, IN_PRODUCTION("change_this", WELL_KNOWN)),
	ROW_OF("production refuses SECRET", says, IN_PRODUCTION("SECRET", WELL_KNOWN)),
	ROW_OF("production refuses password", says, IN_PRODUCTION("password", WELL_KNOWN)),
	ROW_OF("production refuses admin", says, IN_PRODUCTION("admin", WELL_KNOWN)),
	ROW_OF("production refuses default", says, IN_PRODUCTION("default", WELL_KNOWN)),
	ROW_OF("production refuses example", says, IN_PRODUCTION("example", WELL_KNOWN)),
	ROW_OF("production refuses a well-known password in app.ini with its line", says,
	       CASE(.ini = "[app]\nenvironment = production\n[auth]\nsecret = " GOOD_SECRET
			   "\npassword = admin\n",
		    .faults = "@/app.ini:5: auth.password: this value is well known; production "
			      "needs one of its own\n")),
	ROW_OF("a variable of others that is no value", says,
	       CASE(.environ = { "PORT=x" },
		    .faults = "PORT: server.port: 'x' is not a whole number\n")),
	ROW_OF("a secret in one is not repeated", says,
	       CASE(.environ = { "SIGNING_KEY=hunter\xFF" },
		    .faults = "SIGNING_KEY: auth.secret: the value cannot be used\n")),
	ROW_OF("a line of others in .env that cannot be read", says,
	       CASE(.env = "PORT='81\n", .faults = "@/.env:1: the closing quote ' is missing\n")),
	ROW_OF("staging takes a weak secret", says,
	       CASE(.sets = { "app.environment=staging", "auth.secret=changethis" }, .faults = "")),
};

static void load_file(const char *text, size_t len, bool dotenv, const char *expected)
{
	struct scene scene;
	scene_open(&scene);
	const char *path = fixture_write(&scene, "it", text, len);
	struct config_sources sources = { .ini_path = dotenv ? NULL : path,
					  .env_path = dotenv ? path : NULL };
	struct buf faults;
	buf_init(&faults, &scene.arena);
	struct config *config = NULL;
	assert_int_equal(config_load(&scene.c, fixture_groups, &sources, &faults, &config),
			 APP_INVALID);
	assert_string_equal(buf_text(&faults), fixture_at(&scene, expected));
	assert_string_equal(ctx_failure_text(&scene.c, APP_INVALID), "the settings have 1 fault");
	scene_close(&scene);
}

static void a_line_too_long_is_told_and_the_next_is_read(void **state)
{
	(void)state;
	char text[5000];
	memset(text, 'x', sizeof(text));
	memcpy(text, "[auth]\nfolder = ", 16);
	memcpy(text + 4300, "\n\n", 2);
	load_file(text, 4302, false, "@/it:2: the line is too long (at most 3996 bytes)\n");
}

static void a_nul_byte_is_no_text(void **state)
{
	(void)state;
	load_file("[auth]\0\n", 8, false,
		  "@/it: cannot be read: the file holds a NUL byte, so it is not text\n");
	load_file("\xFF\xFE[\0a\0", 6, false,
		  "@/it: cannot be read: the file is UTF-16: save it as UTF-8\n");
	load_file("A=\0\n", 4, true,
		  "@/it: cannot be read: the file holds a NUL byte, so it is not text\n");
}

static void a_huge_file_is_refused(void **state)
{
	(void)state;
	size_t len = 1024 * 1024 + 1;
	char *text = malloc(len);
	assert_non_null(text);
	memset(text, '\n', len);
	load_file(text, len, false, "@/it: cannot be read: the file is larger than 1024 KiB\n");
	free(text);
}

static void a_missing_file_matters_only_when_required(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	struct config_sources sources = { .ini_path = scene_path(&scene, "none.ini"),
					  .env_path = scene_path(&scene, "none.env") };
	struct buf faults;
	buf_init(&faults, &scene.arena);
	struct config *config = NULL;
	assert_int_equal(config_load(&scene.c, fixture_groups, &sources, &faults, &config), APP_OK);
	config_drop(config);
	sources.ini_required = sources.env_required = true;
	assert_int_equal(config_load(&scene.c, fixture_groups, &sources, &faults, &config),
			 APP_INVALID);
	assert_string_equal(buf_text(&faults),
			    fixture_at(&scene,
				       "@/none.ini: cannot be read: No such file or directory\n"
				       "@/none.env: cannot be read: No such file or directory\n"));
	scene_close(&scene);
}

static void no_fault_holds_a_secret(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	struct fixture_case test = {
		.ini = "[app]\nenvironment = production\n[auth]\nsecret = CANARY\npassword = "
		       "CANARY\xFF\n"
		       "CANARY\nsecret = CANARY\n[CANARY\n  CANARY\n",
		.env = "CROFT_AUTH_SECRET=\"CANARY\nCANARY\nCROFT_AUTH_PASSWORD='CANARY'CANARY\n"
		       "CROFT_AUTH_SECRET=CANARY\\\nCROFT_AUTH_SECRET=CANARY\n",
		.environ = { "CROFT_AUTH_SECRET=CANARY", "CROFT_AUTH_SECRET_FILE=@/secret" },
		.sets = { "auth.secret:CANARY", "auth.secret=CANARY" },
		.file = "CANARY",
	};
	struct buf faults;
	struct config *config = NULL;
	assert_int_equal(fixture_load(&scene, &test, &faults, &config), APP_INVALID);
	assert_null(strstr(buf_text(&faults), "CANARY"));
	assert_null(strstr(ctx_failure_text(&scene.c, APP_INVALID), "CANARY"));
	scene_close(&scene);
}

static const struct CMUnitTest file_rows[] = {
	ROW("a line inih would cut is told with its number",
	    a_line_too_long_is_told_and_the_next_is_read),
	ROW("a NUL byte makes a file unreadable", a_nul_byte_is_no_text),
	ROW("a huge file is refused", a_huge_file_is_refused),
	ROW("a missing app.ini matters only when it is required",
	    a_missing_file_matters_only_when_required),
	ROW("no fault holds the value of a secret", no_fault_holds_a_secret),
};

int main(void)
{
	return rows_run("faults of app.ini", ini_rows, COUNT_OF(ini_rows)) +
	       rows_run("faults of .env", env_rows, COUNT_OF(env_rows)) +
	       rows_run("faults of the environment and --set", other_rows, COUNT_OF(other_rows)) +
	       rows_run("faults in production", production_rows, COUNT_OF(production_rows)) +
	       rows_run("faults of files", file_rows, COUNT_OF(file_rows));
}
