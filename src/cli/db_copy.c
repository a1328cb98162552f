/*
 * `croft db copy FROM TO [--resume]`: core/copy on the command line. A stop at any moment is
 * fine, and says how to go on.
 */
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "app/exposure.h"
#include "base/app_name.h"
#include "base/buf.h"
#include "base/say.h"
#include "core/copy.h"
#include "core/db.h"
#include "db.h"
#include "progress.h"

static void table_begin(void *arg, const char *table, enum copy_phase phase)
{
	struct progress *progress = arg;
	progress->what = table;
	progress->unit = phase == COPY_WRITES ? "rows" : "rows checked";
	progress_start(progress);
}

static void table_end(void *arg)
{
	progress_end(arg);
}

/* What is copied. */
struct copy_arguments {
	char *const *urls;
	bool resume;
};

static int copy(struct ctx *c, const struct copy_arguments *arguments)
{
	struct progress progress = { 0 };
	struct copy_result result = { 0 };
	const struct copy_plan plan = {
		.from = arguments->urls[0],
		.to = arguments->urls[1],
		.resume = arguments->resume,
		.progress = { table_begin, progress_tell, table_end, &progress },
	};
	enum app_err err = copy_database(c, &plan, &result);
	if (err)
		return cli_failure(c, err, "db copy");
	AUTO(buf) text = { 0 };
	buf_printf(&text,
		   "Copied %zu tables with %" PRId64 " rows; both databases hold the same.\n",
		   result.tables, result.rows);
	cli_print(&text);
	return CLI_OK;
}

static const char stopped[] = "\n" APP_NAME ": stopped; the same command with --resume goes on\n";
static const char *stopped_text; /* for the handler: without the line end where no bar is drawn */

enum { STOP_SAY_MS = 1000 };

/* At once, whatever a server may keep us waiting for: both databases are made for that. */
static void on_stop(int signal)
{
	say(STDERR_FILENO, stopped_text, strlen(stopped_text), STOP_SAY_MS);
	_exit(128 + signal);
}

static void catch_stops(void)
{
	struct sigaction action = { .sa_handler = on_stop };
	stopped_text = isatty(STDERR_FILENO) ? stopped : stopped + 1;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

/* The url is not shown: it may hold a password. */
static int url_check(const struct cli *cli, const char *what, const char *url)
{
	const char *path;
	enum db_place place = db_place_of(url, &path);
	if (place == DB_PLACE_MEMORY)
		return cli_usage_error(
			cli, "%s is sqlite::memory:, which is gone when the command ends", what);
	if ((place == DB_PLACE_FILE && *path) || place == DB_PLACE_SERVER)
		return 0;
	return cli_usage_error(cli,
			       "%s must be sqlite:PATH or postgresql://USER@HOST/NAME, such as "
			       "sqlite:data/" APP_NAME ".db",
			       what);
}

static int urls_check(const struct cli *cli)
{
	if (cli->argc != 2)
		return cli_usage_error(cli, "'db copy' needs two databases: from which and into "
					    "which");
	int code = url_check(cli, "FROM", cli->argv[0]);
	if (!code)
		code = url_check(cli, "TO", cli->argv[1]);
	if (!code && copy_is_one_file(cli->argv[0], cli->argv[1]))
		code = cli_usage_error(cli, "both are the same database");
	return code;
}

static int copy_unexposed(struct boot *boot, void *arg)
{
	const struct copy_arguments *arguments = arg;
	int code = 0;
	struct ctx *c = boot_ctx(boot);
	for (int i = 0; i < 2 && !code; i++) {
		enum app_err err = boot_links_check(boot, arguments->urls[i]);
		code = err ? cli_failure(c, err, "db copy")
			   : cli_exit_of(exposure_check_database(boot, arguments->urls[i]));
	}
	catch_stops();
	return code ? code : copy(c, arguments);
}

int cli_db_copy(struct cli *cli, const void *arg)
{
	(void)arg;
	struct copy_arguments arguments = { 0 };
	const struct cli_option options[] = { { .name = "--resume", .flag = &arguments.resume },
					      { 0 } };
	int code = cli_take_options(cli, options, false);
	if (!code)
		code = urls_check(cli);
	arguments.urls = cli->argv;
	return code ? code : cli_with_boot(cli, BOOT_CONFIG, copy_unexposed, &arguments);
}
