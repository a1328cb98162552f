/* The settings of section "database". */
#include "core/db.h"

#include <string.h>

#include "base/app_name.h"
#include "base/str.h"
#include "drivers.h"

/* of PostgreSQL, which cuts longer ones */
enum { NAME_MAX_BYTES = 63 };

/* What the server would cut or write otherwise is not found again among its connections. */
static const char *name_fault(const char *name)
{
	size_t len = strlen(name);
	if (!len)
		return "it must not be empty";
	for (const char *at = name; *at; at++)
		if (*at < ' ' || *at > '~')
			return "it may have plain characters (ASCII) only";
	if (len + strlen(DB_COMMAND_SUFFIX) > NAME_MAX_BYTES)
		return "it is too long (at most 55 bytes)";
	if (str_ends(name, DB_COMMAND_SUFFIX))
		return "it must not end with '" DB_COMMAND_SUFFIX "', by which commands are told";
	return NULL;
}

static bool has_replicas(const char *url)
{
	const char *rest;
	const struct db_driver *driver = db_driver_find(url, &rest);
	return driver && driver->has_replicas;
}

/* An empty url stands for the file in the data directory. */
static void check_group(struct config_check *check, const void *values)
{
	const struct db_options *options = values;
	struct db_options rest = *options;
	const char *fault = name_fault(options->application_name);
	if (fault)
		config_check_fault(check, "application_name", "%s", fault);
	if (options->pool_min > options->pool_max)
		config_check_fault(check, "pool_min",
				   "database.pool_min is above database.pool_max");
	rest.pool_min = rest.pool_max; /* told already, and of SQLite, too */
	if (*options->url && db_check(config_check_ctx(check), &rest))
		config_check_failure(check, "url");
	if (*options->replica_url && !has_replicas(options->url))
		config_check_fault(check, "replica_url",
				   "it is for PostgreSQL, which database.url does not name");
}

static const char *const migrate_choices[] = CHOICES("auto", "always", "never");

OPTION_GROUP_CHECKED(
	db_option_group, "database", struct db_options,
	"Where the data lives and how it is reached.", check_group,
	OPTION(struct db_options, url, .preset = "", .secret = true, .also = "DATABASE_URL",
	       .doc = "sqlite:PATH for a file, sqlite::memory: for data that is gone when the "
		      "process ends, or postgresql://USER:PASSWORD@HOST:PORT/NAME (postgres:// is "
		      "the same). Empty means " APP_NAME ".db in the folder app.data_dir."),
	OPTION(struct db_options, migrate, .preset = "auto", .choices = migrate_choices,
	       .doc = "Whether pending migrations are applied on a start: auto does so except in "
		      "production, where `" APP_NAME " migrate up` does."),
	OPTION(struct db_options, busy_ms, .preset = "5000", .min = 1, .max = 600000,
	       .unit = UNIT_MILLISECONDS,
	       .doc = "How long a write waits for a lock that another process holds."),
	OPTION(struct db_options, query_ms, .preset = "5000", .min = 0, .max = 3600000,
	       .unit = UNIT_MILLISECONDS,
	       .doc = "A read that takes longer is stopped and answered with 503. 0 sets no "
		      "bound."),
	OPTION(struct db_options, write_ms, .preset = "5000", .min = 0, .max = 3600000,
	       .unit = UNIT_MILLISECONDS,
	       .doc = "The same for one command that writes: all others wait behind it. 0 sets no "
		      "bound."),
	OPTION(struct db_options, slow_query_ms, .preset = "200", .min = 0, .max = 3600000,
	       .unit = UNIT_MILLISECONDS,
	       .doc = "A statement that takes longer is logged as a warning with its SQL, never "
		      "its values. 0 logs none."),
	OPTION(struct db_options, echo, .preset = "false",
	       .doc = "Logs each statement before it is run, at level info: its SQL, never its "
		      "values. For development: there are several to a request."),
	OPTION(struct db_options, cache_kib, .preset = "2048", .min = 64, .max = 4194304,
	       .doc = "Page cache in KiB of one connection; each thread that reads has one, and "
		      "the writer."),
	OPTION(struct db_options, batch, .preset = "256", .min = 1, .max = 10000,
	       .doc = "Most commands that share one durable commit."),
	OPTION(struct db_options, queue, .preset = "4096", .min = 1, .max = 1000000,
	       .doc = "Most commands that wait for the writer; more are answered with 503."),
	OPTION(struct db_options, replica_url, .preset = "", .secret = true,
	       .doc = "PostgreSQL: a second server that queries are sent to; the first takes over "
		      "while it is away. It may lag behind what was just written. Empty means "
		      "none."),
	OPTION(struct db_options, application_name, .preset = APP_NAME,
	       .doc = "PostgreSQL: the name under which the database server lists our connections; "
		      "commands other than serve have \"command\" behind it."),
	OPTION(struct db_options, pool_min, .preset = "1", .min = 1, .max = 1000,
	       .doc = "PostgreSQL: connections that are kept open."),
	OPTION(struct db_options, pool_max, .preset = "10", .min = 1, .max = 1000,
	       .doc = "PostgreSQL: most connections; at most half of them write at a time."),
	OPTION(struct db_options, acquire_ms, .preset = "2000", .min = 1, .max = 600000,
	       .unit = UNIT_MILLISECONDS,
	       .doc = "PostgreSQL: how long a request waits for a connection before it is answered "
		      "with 503."),
	OPTION(struct db_options, connect_ms, .preset = "5000", .min = 100, .max = 600000,
	       .unit = UNIT_MILLISECONDS,
	       .doc = "PostgreSQL: how long opening a connection may take."),
	OPTION(struct db_options, lock_ms, .preset = "500", .min = 0, .max = 3600000,
	       .unit = UNIT_MILLISECONDS,
	       .doc = "PostgreSQL: how long a write waits for a row that another transaction holds "
		      "before it is answered with 503; well below write_ms, for others wait behind "
		      "it. 0 sets no bound of its own."),
	OPTION(struct db_options, recycle_seconds, .preset = "1800", .min = 1, .max = 31536000,
	       .unit = UNIT_SECONDS,
	       .doc = "PostgreSQL: a connection that is older is closed and replaced."));
