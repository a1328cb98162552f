/*
 * `croft db copy FROM TO [--resume]`: every row of one database into another, from SQLite to PostgreSQL, back, or from
 * file to file; then both are read again and compared. Applies migrations to a target that is empty
 * or that a copy was stopped in.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/say.h"
#include "base/str.h"
#include "core/copy.h"
#include "db.h"
#include "progress.h"

struct copy {
	struct copy_side from, to;
	struct copy_tables tables;
	bool resume;
	int64_t rows;
};

/* The failure lies in one of the two contexts. */
static int fail(const struct copy *copy, enum app_err err)
{
	const struct ctx *c = copy->from.c.failure.err ? &copy->from.c : &copy->to.c;
	return cli_failure(c, err, "db copy");
}

static bool is_same_file(const char *from, const char *to)
{
	struct stat a, b;
	size_t scheme = strlen("sqlite:");
	return str_starts(from, "sqlite:") && str_starts(to, "sqlite:") &&
	       !stat(from + scheme, &a) && !stat(to + scheme, &b) && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

static enum app_err sides_open(struct copy *copy, const struct app *app, char *const *urls)
{
	enum app_err err = copy_side_open(&copy->from, app, urls[0], true);
	if (!err)
		err = copy_side_open(&copy->to, app, urls[1], false);
	if (err)
		return err;
	if (!copy->from.sqlite && !copy->to.sqlite)
		return app_fail(&copy->from.c, APP_INVALID,
				"one of the two must be an SQLite file; between PostgreSQL servers "
				"use pg_dump and pg_restore");
	err = copy_sides_match(&copy->from, &copy->to, copy->resume);
	if (err)
		return err;
	struct copy_side *known = copy->from.sqlite ? &copy->from : &copy->to;
	struct copy_side *other = copy->from.sqlite ? &copy->to : &copy->from;
	err = copy_tables_read(&known->c, &copy->tables);
	if (!err && !other->sqlite)
		err = copy_tables_booleans(&other->c, &copy->tables);
	return err;
}

/* Rows of someone else's are not mixed with these. */
static enum app_err target_check(struct copy *copy)
{
	for (size_t i = 0; !copy->resume && i < copy->tables.count; i++) {
		int64_t rows = 0;
		enum app_err err = copy_count(&copy->to, &copy->tables.at[i], &rows);
		if (err)
			return err;
		if (rows)
			return app_fail(&copy->to.c, APP_CONFLICT,
					"the database to copy into is not empty: its table %s has "
					"rows. If they are of a copy that was stopped, --resume "
					"goes on with it",
					copy->tables.at[i].name);
	}
	return APP_OK;
}

/*
 * The source gained a row after the table it refers to was copied, most likely. Or a unique index of the target takes
 * for the same what the source tells apart, as those on lower() do.
 */
static enum app_err fail_misfit(struct copy *copy, const struct copy_table *table)
{
	struct ctx *c = &copy->to.c;
	const char *text = app_failure_text(c, APP_CONFLICT);
	app_recover(c);
	return app_fail(c, APP_CONFLICT,
			"rows of %s do not fit into the other database: %s. Was one of the "
			"databases in use meanwhile? Stop its server and begin again with an empty "
			"target. Does the other database take for the same what this one tells "
			"apart? Change the row here, and go on with --resume",
			table->name, text);
}

static enum app_err tables_copy(struct copy *copy)
{
	enum app_err err = APP_OK;
	for (size_t i = 0; !err && i < copy->tables.count; i++) {
		const struct copy_table *table = &copy->tables.at[i];
		struct progress progress = { .what = table->name, .unit = "rows" };
		progress_start(&progress);
		err = copy_rows(&copy->from, &copy->to, table,
				&(struct copy_progress){ .tell = progress_tell, .arg = &progress });
		progress_end(&progress);
		if (err == APP_CONFLICT)
			err = fail_misfit(copy, table);
		if (!err)
			err = copy_numbering(&copy->from, &copy->to, table);
	}
	return err ? err : db_search_finish(&copy->to.c);
}

static enum app_err table_compare(struct copy *copy, const struct copy_table *table)
{
	struct copy_sum from = { 0 }, to = { 0 };
	struct progress progress = { .what = table->name, .unit = "rows checked" };
	const struct copy_progress told = { .tell = progress_tell, .arg = &progress };
	progress_start(&progress);
	enum app_err err = copy_sum(&copy->from, table, &told, &from);
	if (!err)
		err = copy_sum(&copy->to, table, &told, &to);
	progress_end(&progress);
	if (err)
		return err;
	if (from.rows != to.rows)
		return app_fail(&copy->to.c, APP_CONFLICT,
				"the table %s has %" PRId64 " rows here and %" PRId64
				" there. Was one of the databases in use meanwhile? Stop its "
				"server and begin again with an empty target",
				table->name, from.rows, to.rows);
	if (!copy_sum_eq(&from, &to))
		return app_fail(&copy->to.c, APP_CONFLICT,
				"the table %s has other values there than here. Was one of the "
				"databases in use meanwhile? Stop its server and begin again with "
				"an empty target",
				table->name);
	copy->rows += from.rows;
	return APP_OK;
}

static enum app_err tables_compare(struct copy *copy)
{
	enum app_err err = APP_OK;
	for (size_t i = 0; !err && i < copy->tables.count; i++)
		err = table_compare(copy, &copy->tables.at[i]);
	return err;
}

static int copy_run(struct copy *copy, const struct app *app, char *const *urls)
{
	enum app_err err = sides_open(copy, app, urls);
	if (!err)
		err = target_check(copy);
	if (!err)
		err = tables_copy(copy);
	if (!err)
		err = tables_compare(copy);
	if (err)
		return fail(copy, err);
	AUTO(buf) text = { 0 };
	buf_printf(&text,
		   "Copied %zu tables with %" PRId64 " rows; both databases hold the same.\n",
		   copy->tables.count, copy->rows);
	cli_print(&text);
	return CLI_OK;
}

static const char stopped[] = "\ncroft: stopped; the same command with --resume goes on\n";
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
	if (str_eq(url, "sqlite::memory:"))
		return cli_usage_error(
			cli, "%s is sqlite::memory:, which is gone when the command ends", what);
	bool names_file = str_starts(url, "sqlite:") && url[strlen("sqlite:")];
	if (names_file || str_starts(url, "postgresql://") || str_starts(url, "postgres://"))
		return 0;
	return cli_usage_error(cli,
			       "%s must be sqlite:PATH or postgresql://USER@HOST/NAME, such as "
			       "sqlite:data/croft.db",
			       what);
}

int cli_db_copy(struct cli *cli)
{
	bool resume = false;
	const struct cli_option options[] = { { .name = "--resume", .flag = &resume }, { 0 } };
	int code = cli_take_options(cli, options, false);
	if (code)
		return code;
	if (cli->argc != 2)
		return cli_usage_error(cli, "'db copy' needs two databases: from which and into "
					    "which");
	code = url_check(cli, "FROM", cli->argv[0]);
	if (!code)
		code = url_check(cli, "TO", cli->argv[1]);
	if (code)
		return code;
	if (is_same_file(cli->argv[0], cli->argv[1]))
		return cli_usage_error(cli, "both are the same database");
	struct boot *boot = NULL;
	code = cli_boot_up(cli, BOOT_CONFIG, &boot);
	if (code)
		return code;
	for (int i = 0; i < 2 && !code; i++)
		code = cli_exit_of(exposure_check_database(boot, cli->argv[i]));
	if (code) {
		boot_down(boot);
		return code;
	}
	struct copy *copy = mem_new(1, sizeof(*copy));
	copy->resume = resume;
	catch_stops();
	code = copy_run(copy, boot_app(boot), cli->argv);
	copy_side_close(&copy->to);
	copy_side_close(&copy->from);
	free(copy);
	boot_down(boot);
	return code;
}
