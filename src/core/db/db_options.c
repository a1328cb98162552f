/* The settings of section "database". */
#include "core/db.h"

static const char *const migrate_choices[] = { "auto", "always", "never", NULL };

OPTION_GROUP(
	db_option_group, "database", struct db_options,
	"Where the data lives and how it is reached.",
	OPTION(struct db_options, url, .preset = "",
	       .doc = "sqlite:PATH for a file, or sqlite::memory: for data that is gone when the "
		      "process ends. Empty means croft.db in the folder app.data_dir."),
	OPTION(struct db_options, migrate, .preset = "auto", .choices = migrate_choices,
	       .doc = "Whether pending migrations are applied on a start: auto does so except in "
		      "production, where `croft migrate up` does."),
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
	OPTION(struct db_options, cache_kib, .preset = "2048", .min = 64, .max = 4194304,
	       .doc = "Page cache in KiB of one connection; each thread that reads has one, and "
		      "the writer."),
	OPTION(struct db_options, batch, .preset = "256", .min = 1, .max = 10000,
	       .doc = "Most commands that share one durable commit."),
	OPTION(struct db_options, queue, .preset = "4096", .min = 1, .max = 1000000,
	       .doc = "Most commands that wait for the writer; more are answered with 503."));
