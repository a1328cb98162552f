/*
 * The table of commands with the help text of each: what `croft help` and `croft help COMMAND` print. Holds no
 * logic. A new command is a row here, a function in a file of its own and its prototype in cli.h.
 */
#include "cli.h"

static const char serve_usage[] =
	"Usage: croft serve\n"
	"\n"
	"Starts the server and answers requests until it is told to stop. SIGTERM and SIGINT\n"
	"(Ctrl-C) let the requests under way finish first.\n"
	"\n"
	"Pending migrations are applied at the start, except in production, where they are\n"
	"refused; the setting database.migrate decides otherwise.\n"
	"\n"
	"Examples:\n"
	"  croft serve\n"
	"  croft serve --set server.port=9000\n"
	"  croft serve --config /etc/croft/app.ini\n";

static const char migrate_usage[] =
	"Usage: croft migrate up\n"
	"       croft migrate down [N]\n"
	"       croft migrate status\n"
	"       croft migrate new NAME\n"
	"\n"
	"Changes the schema of the database, one numbered migration at a time.\n"
	"\n"
	"  up        apply every pending migration, in order\n"
	"  down [N]  take back the newest N migrations (1 without a number)\n"
	"  status    list the migrations and whether each is applied; exits with 1 when an\n"
	"            applied one was changed or is missing from this program\n"
	"  new NAME  write an empty migration with the next number below sql/, for every kind\n"
	"            of database; build croft again to have it in the program\n"
	"\n"
	"Examples:\n"
	"  croft migrate up\n"
	"  croft migrate down 2\n"
	"  croft migrate new add_posts\n";

static const char run_usage[] =
	"Usage: croft run\n"
	"       croft run OPERATION [JSON]\n"
	"       croft run OPERATION -\n"
	"\n"
	"Runs one operation, as the system and so without asking for permission, and prints its\n"
	"result as JSON. The input is one JSON object that holds every field, wherever a request\n"
	"would carry it; '-' reads the object from standard input. Without input it is {}.\n"
	"\n"
	"Without an operation it lists all of them.\n"
	"\n"
	"Examples:\n"
	"  croft run users.list\n"
	"  croft run users.list '{\"page\": 2}'\n"
	"  croft run users.create - < user.json\n";

static const char user_usage[] =
	"Usage: croft user create --username NAME --email ADDRESS [--superuser]\n"
	"                         [--password-stdin]\n"
	"       croft user password LOGIN [--password-stdin]\n"
	"\n"
	"Creates a user, or sets a user's password. The password is asked for on the terminal\n"
	"and is not shown; it cannot be given as an argument, where others could read it.\n"
	"\n"
	"  --username NAME   the name to sign in with\n"
	"  --email ADDRESS   the address to write to\n"
	"  --superuser       may do everything\n"
	"  --password-stdin  take the first line of standard input as the password\n"
	"\n"
	"LOGIN is a username or an e-mail address.\n"
	"\n"
	"Examples:\n"
	"  croft user create --username ada --email ada@example.com --superuser\n"
	"  croft user password ada --password-stdin < password.txt\n";

static const char routes_usage[] =
	"Usage: croft routes [--json]\n"
	"\n"
	"Lists every route: its method and path, the operation it runs, who may use it and the\n"
	"status of success. Needs neither settings nor a database.\n"
	"\n"
	"  --json  print the list as JSON\n";

static const char openapi_usage[] =
	"Usage: croft openapi\n"
	"\n"
	"Prints the OpenAPI 3.1 document, the same that the server answers with. Needs no\n"
	"database.\n"
	"\n"
	"Example:\n"
	"  croft openapi > openapi.json\n";

static const char config_usage[] =
	"Usage: croft config\n"
	"       croft config check\n"
	"       croft config ini\n"
	"       croft config env\n"
	"\n"
	"Prints every setting with its value and where the value comes from; secrets are\n"
	"hidden.\n"
	"\n"
	"  check  say whether the settings are right; exits with 3 when they are not\n"
	"  ini    print an app.ini with every setting, its default and its meaning\n"
	"  env    print the same as a .env file\n"
	"\n"
	"A setting is taken from the strongest place that has it. From weak to strong: the\n"
	"default, app.ini, the .env file, the environment (CROFT_SECTION_KEY), --set.\n"
	"\n"
	"Examples:\n"
	"  croft config ini > app.ini\n"
	"  croft config check --set server.port=9000\n";

static const char version_usage[] = "Usage: croft version\n"
				    "\n"
				    "Prints the version of this program.\n";

static const char help_usage[] = "Usage: croft help [COMMAND]\n"
				 "\n"
				 "Explains croft, or one command.\n";

const struct cli_command cli_commands[] = {
	{ "serve", "start the server", serve_usage, cli_serve },
	{ "migrate", "bring the database schema up to date, or back", migrate_usage, cli_migrate },
	{ "run", "run one operation and print its result", run_usage, cli_run },
	{ "user", "create a user or set a password", user_usage, cli_user },
	{ "routes", "list the HTTP routes", routes_usage, cli_routes },
	{ "openapi", "print the OpenAPI document", openapi_usage, cli_openapi },
	{ "config", "show the settings and where each comes from", config_usage, cli_config },
	{ "version", "print the version", version_usage, cli_version },
	{ "help", "explain croft or one command", help_usage, cli_help },
	{ 0 },
};
