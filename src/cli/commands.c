/*
 * The table of commands with the help text of each: what `croft help` and `croft help COMMAND`
 * print. Holds no logic. A new command is a row here, a function in a file of its own and its
 * prototype in cli.h.
 */
#include "base/app_name.h"
#include "cli.h"

static const char serve_usage[] =
	"Usage: " APP_NAME " serve\n"
	"\n"
	"Starts the server and answers requests until it is told to stop. SIGTERM, SIGINT\n"
	"(Ctrl-C) and SIGQUIT let the requests under way finish first; so does SIGHUP where\n"
	"there is a terminal. Without one it is logged and ignored, as SIGUSR1 and SIGUSR2 are.\n"
	"\n"
	"Pending migrations are applied at the start, except in production, where they are\n"
	"refused; the setting database.migrate decides otherwise.\n"
	"\n"
	"Examples:\n"
	"  " APP_NAME " serve\n"
	"  " APP_NAME " serve --set server.port=9000\n"
	"  " APP_NAME " serve --config /etc/" APP_NAME "/app.ini\n";

static const char migrate_usage[] =
	"Usage: " APP_NAME " migrate up\n"
	"       " APP_NAME " migrate down [N] [--yes]\n"
	"       " APP_NAME " migrate redo [--yes]\n"
	"       " APP_NAME " migrate status\n"
	"       " APP_NAME " migrate verify\n"
	"       " APP_NAME " migrate check\n"
	"       " APP_NAME " migrate new NAME [--auto [--drop]]\n"
	"\n"
	"Changes the schema of the database, one numbered migration at a time.\n"
	"\n"
	"  up        apply every pending migration, in order\n"
	"  down [N]  take back the newest N migrations (1 without a number); refused when fewer\n"
	"            are applied\n"
	"  redo      take back the newest migration and apply it again, to try both ways\n"
	"  status    list the migrations and whether each is applied; exits with 1 when an\n"
	"            applied one was changed or is missing from this program\n"
	"  verify    say whether all are applied just as this program has them; exits with 1\n"
	"            when not\n"
	"  check     say in what the tables of the database and the models disagree; exits with 1\n"
	"            when they do\n"
	"  new NAME  write an empty migration with the next number below sql/, for every kind\n"
	"            of database; build " APP_NAME " again to have it in the program\n"
	"            --auto  write what brings the tables that the migrations make to what the\n"
	"                    models of this program say, up and down, in a clone of " APP_NAME "\n"
	"            --drop  also drop columns that a declared table has not any more, and\n"
	"                    CHECKs written by hand that its fields disagree with\n"
	"\n"
	"Status, verify and check only look, and may be asked while a server runs.\n"
	"What down and redo take back loses the rows in it: in production, and while a server\n"
	"has the database open, they want --yes.\n"
	"\n"
	"Examples:\n"
	"  " APP_NAME " migrate up\n"
	"  " APP_NAME " migrate down 2\n"
	"  " APP_NAME " migrate new add_posts\n"
	"  " APP_NAME " migrate new books_pages --auto\n";

static const char new_usage[] =
	"Usage: " APP_NAME " new module NAME FIELD... [owner] [--singular NAME] [--by-hand]\n"
	"                        [--permission]\n"
	"       " APP_NAME " new operation MODULE VERB [command|query]\n"
	"       " APP_NAME " new app NAME\n"
	"\n"
	"'new module' writes a module of one table: its columns in C, a migration for each\n"
	"database, tests, and its line in the list of modules. 'new operation' adds an operation\n"
	"to a module: what it takes and gives, its function, its route, tests. All is written or\n"
	"nothing, and no file is overwritten. 'new app' makes a project of one's own, in the\n"
	"folder NAME beside the clone. Start all of them in a clone, or below.\n"
	"\n"
	"A FIELD is NAME:TYPE, and then what there is of :MIN..MAX, :sorted, ? and =VALUE.\n"
	"\n"
	"  text      a text; 1..1000 characters unless :MIN..MAX says otherwise\n"
	"  searched  a text that q= and __like find in any case; lists are sorted by it (1..200)\n"
	"  name      a text that is unique in any case; lists are sorted by it (1..200)\n"
	"  int       an integer, within :MIN..MAX if it is given\n"
	"  real      a number\n"
	"  bool      true or false\n"
	"  time      a moment\n"
	"  date      a day, without a time\n"
	"  json      any JSON\n"
	"  a|b|c     one of these words\n"
	"  owner     the account that makes a row: only it and superusers change the row.\n"
	"            'owner' alone is owner_id:owner. Without one, superusers alone write\n"
	"\n"
	"  :sorted   lists may be sorted by it\n"
	"  ?         it may be null, and is when it is left out\n"
	"  =VALUE    what it is when it is left out\n"
	"\n"
	"  --singular NAME  what one row is called, where the name of the module does not tell\n"
	"  --by-hand        write its structs, field tables and operations out, in a file for "
	"each\n"
	"                   subject, in place of a list of columns\n"
	"  --permission     who has the permission NAME.manage writes, too; with an owner, the\n"
	"                   rows of others\n"
	"\n"
	"Examples:\n"
	"  " APP_NAME " new module books title:searched author:text:1..100 'isbn:name?' owner\n"
	"  " APP_NAME
	" new module rooms name:name 'kind:desk|meeting=desk' seats:int:1..500:sorted\n"
	"  " APP_NAME " new operation books lend command\n"
	"  " APP_NAME " new app shop\n";

static const char backup_usage[] =
	"Usage: " APP_NAME " backup FILE [--force]\n"
	"\n"
	"Copies the SQLite database into FILE while servers go on writing. The copy is one state\n"
	"of the database; it is looked through, written to the disk and only then gets its name.\n"
	"FILE.json beside it says when and by which version it was made, its size, its SHA-256\n"
	"and its schema; keep the two together.\n"
	"\n"
	"  --force  replace a backup of that name\n"
	"\n"
	"Examples:\n"
	"  " APP_NAME " backup /var/backups/" APP_NAME "-monday.db --force\n"
	"  " APP_NAME " backup " APP_NAME ".backup && sha256sum " APP_NAME ".backup\n";

static const char restore_usage[] =
	"Usage: " APP_NAME " restore FILE\n"
	"\n"
	"Puts a backup in the place of the SQLite database. FILE must be what its manifest\n"
	"FILE.json says, whole, and of no newer schema than this program has. Stop the server\n"
	"first: while a " APP_NAME " process has the database open this is refused.\n"
	"\n"
	"The old database stays beside the new one, as " APP_NAME ".db.before-restore-TIME.\n"
	"All accounts are signed out.\n"
	"\n"
	"Example:\n"
	"  systemctl stop " APP_NAME " && " APP_NAME " restore " APP_NAME
	".backup && systemctl start " APP_NAME "\n";

static const char db_usage[] =
	"Usage: " APP_NAME " db copy FROM TO [--resume]\n"
	"       " APP_NAME " db shell\n"
	"       " APP_NAME " db explain OPERATION [JSON]\n"
	"       " APP_NAME " db reindex\n"
	"\n"
	"  copy     copy every row of the database FROM into the empty database TO, both given as\n"
	"           urls: from SQLite to PostgreSQL, back, or from file to file. Then all rows "
	"are\n"
	"           read again and compared. Stop the servers of both first.\n"
	"           --resume goes on with a copy that was stopped\n"
	"  shell    start sqlite3 (for reading only) or psql on the database of the settings\n"
	"  explain  run an operation as '" APP_NAME
	" run' does, and show each SQL statement it ran with\n"
	"           the plan of the database; changes are undone\n"
	"  reindex  make the full-text indexes anew from their tables. Servers may go on\n"
	"\n"
	"Examples:\n"
	"  " APP_NAME " db copy sqlite:data/" APP_NAME ".db postgresql://" APP_NAME
	"@localhost/" APP_NAME "\n"
	"  " APP_NAME " db explain users.list '{\"page\": 2}'\n";

static const char seed_usage[] =
	"Usage: " APP_NAME " seed [--KIND N]... [--seed S] [--yes]\n"
	"\n"
	"Adds made-up rows to try things out with, N of each kind. The same seed on an empty\n"
	"database gives the same rows, with times in the year before now.\n"
	"\n"
	"  --seed S   other rows for another number (1 without it)\n"
	"  --yes      do it in production too, and while a server has the database open\n"
	"\n";

static const char import_usage[] =
	"Usage: " APP_NAME " import users FILE [--dry-run]\n"
	"       " APP_NAME " import users - [--dry-run]\n"
	"\n"
	"Makes an account of each record of a file, or of standard input: all of them, or when\n"
	"one has a fault none. The faults are told with their lines.\n"
	"\n"
	"FILE is CSV, whose first line names the columns (.csv), or JSON lines, an object on\n"
	"each (.jsonl); of any other name and of '-' the first character tells.\n"
	"\n"
	"  username, email             as an account has them\n"
	"  full_name                   or nothing\n"
	"  password_hash               as the other system stored it: argon2, bcrypt, PBKDF2 of\n"
	"                              Django, passlib or werkzeug, scrypt of werkzeug,\n"
	"                              sha512-crypt, sha256-crypt, yescrypt\n"
	"  password                    in its place: it is hashed now, some 30 in a second\n"
	"  is_active, is_superuser     true or false (true and false without them)\n"
	"  created_at                  such as 2024-01-02T03:04:05Z (now without it)\n"
	"\n"
	"  --dry-run  look at all of it, and write nothing\n"
	"\n"
	"Examples:\n"
	"  " APP_NAME " import users accounts.csv --dry-run\n"
	"  psql -c 'COPY (SELECT ...) TO STDOUT CSV HEADER' old | " APP_NAME " import users -\n";

static const char run_usage[] =
	"Usage: " APP_NAME " run\n"
	"       " APP_NAME " run OPERATION [JSON] [--dry-run] [--pretty]\n"
	"       " APP_NAME " run OPERATION - [--dry-run] [--pretty]\n"
	"\n"
	"Runs one operation, as the system and so without asking for permission, and prints its\n"
	"result as JSON. The input is one JSON object that holds every field, wherever a request\n"
	"would carry it; '-' reads the object from standard input. Without input it is {}.\n"
	"\n"
	"  --dry-run  show what it would answer, and undo all that it changed; meanwhile the\n"
	"             writes of a server wait (with PostgreSQL those that want the same rows)\n"
	"  --pretty   lay the result out for people to read\n"
	"\n"
	"Without an operation it lists all of them.\n"
	"\n"
	"Examples:\n"
	"  " APP_NAME " run users.list\n"
	"  " APP_NAME " run users.list '{\"page\": 2}'\n"
	"  " APP_NAME " run users.create - < user.json\n";

static const char routes_usage[] =
	"Usage: " APP_NAME " routes [--access] [--json]\n"
	"\n"
	"Lists every route: its method and path, the operation it runs, who may use it, the\n"
	"status of success, and the version of the API or what it is mounted below. Needs\n"
	"neither settings nor a database.\n"
	"\n"
	"  --access  who may: the permission that a user needs, in how many seconds he must have\n"
	"            proven who he is, and the roles that have the permission in the database, or\n"
	"            at first where there is none\n"
	"  --json    print the list as JSON\n"
	"\n"
	"Examples:\n"
	"  " APP_NAME " routes --access\n";

static const char openapi_usage[] =
	"Usage: " APP_NAME " openapi [NAME]\n"
	"\n"
	"Prints the OpenAPI 3.1 document, the same that the server answers with. NAME is v1,\n"
	"which it is unless said, another version of the API, or what modules are mounted below,\n"
	"such as /shop. Needs no database.\n"
	"\n"
	"Examples:\n"
	"  " APP_NAME " openapi > openapi.json\n"
	"  " APP_NAME " openapi v1\n";

static const char config_usage[] =
	"Usage: " APP_NAME " config\n"
	"       " APP_NAME " config check\n"
	"       " APP_NAME " config ini\n"
	"       " APP_NAME " config env\n"
	"\n"
	"Prints every setting with its value and where the value comes from; secrets are\n"
	"hidden.\n"
	"\n"
	"  check  say whether the settings are right; exits with 3 when they are not\n"
	"  ini    print an app.ini with every setting, its default and its meaning\n"
	"  env    print the same as a .env file\n"
	"\n"
	"A setting is taken from the strongest place that has it. From weak to strong: the\n"
	"default, app.ini, the .env file, the environment (" APP_PREFIX "SECTION_KEY), --set.\n"
	"\n"
	"Examples:\n"
	"  " APP_NAME " config ini > app.ini\n"
	"  " APP_NAME " config check --set server.port=9000\n";

static const char version_usage[] = "Usage: " APP_NAME " version\n"
				    "\n"
				    "Prints the version of this program.\n";

static const char help_usage[] = "Usage: " APP_NAME " help [COMMAND]\n"
				 "\n"
				 "Explains " APP_NAME ", or one command.\n";

const struct cli_command cli_commands[] = {
	{ "serve", "start the server", serve_usage, cli_serve, NULL },
	{ "new", "write a module, an operation, a project of one's own", new_usage, cli_new, NULL },
	{ "migrate", "bring the database schema up to date, or back", migrate_usage, cli_migrate,
	  NULL },
	{ "backup", "copy the SQLite database while it is in use", backup_usage, cli_backup, NULL },
	{ "restore", "put a backup in the place of the database", restore_usage, cli_restore,
	  NULL },
	{ "db", "copy a database, open its shell, explain an operation", db_usage, cli_db, NULL },
	{ "seed", "add made-up rows to try things out with", seed_usage, cli_seed,
	  cli_seed_add_usage },
	{ "import", "make accounts of those of another system", import_usage, cli_import, NULL },
	{ "run", "run one operation and print its result", run_usage, cli_run, NULL },
	{ "user", "create, invite, list, disable users, set a password", cli_user_usage, cli_user,
	  NULL },
	{ "role", "list, create, change, delete roles: what users may do", cli_role_usage, cli_role,
	  NULL },
	{ "key", "make, list and revoke API keys", cli_key_usage, cli_key, NULL },
	{ "auth", "show and renew the keys that sign access tokens", cli_auth_usage, cli_auth,
	  NULL },
	{ "audit", "show, export and purge who had what done", cli_audit_usage, cli_audit, NULL },
	{ "routes", "list the HTTP routes", routes_usage, cli_routes, NULL },
	{ "openapi", "print the OpenAPI document", openapi_usage, cli_openapi, NULL },
	{ "config", "show the settings and where each comes from", config_usage, cli_config, NULL },
	{ "version", "print the version", version_usage, cli_version, NULL },
	{ "help", "explain " APP_NAME " or one command", help_usage, cli_help, NULL },
	{ 0 },
};
