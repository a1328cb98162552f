/* What a server does for its audit: old rows go, and what was refused gets its row. */
#include "core/app.h"
#include "core/audit.h"
#include "core/config.h"
#include "core/log.h"
#include "internal.h"

enum { PURGE_EVERY_MS = 60 * 60 * 1000, NOTES_EVERY_MS = 1000, NOTES_AT_ONCE = 256 };

struct audit_keeper {
	int64_t keep_days;
	struct audit_purging purging;
	/* by writes that followed each other */
	int64_t purged;
	struct db_round purges, writes;
	struct audit_notes *notes;
	/* by the write that is under way */
	size_t writing;
};

/* ---- old rows ---- */

static bool purge_begins(void *of, struct ctx *c)
{
	struct audit_keeper *keeper = of;
	keeper->purging.before.us = ctx_now(c).us - keeper->keep_days * DAY_US;
	return true;
}

static enum app_err purge_run(struct ctx *c, void *of)
{
	struct audit_keeper *keeper = of;
	return audit_purge_some(c, &keeper->purging);
}

static bool purge_ends(void *of, struct ctx *c)
{
	struct audit_keeper *keeper = of;
	keeper->purged += keeper->purging.last;
	if (keeper->purging.more)
		return true;
	if (keeper->purged)
		log_info(c, "old rows of the audit were deleted", LOG_INT("count", keeper->purged));
	keeper->purged = 0;
	return false;
}

static const struct db_round_work purge_work = {
	.begins = purge_begins,
	.run = purge_run,
	.ends = purge_ends,
	.every_ms = PURGE_EVERY_MS,
	.failure = "old rows of the audit could not be deleted",
};

/* ---- what was refused ---- */

static bool notes_begin(void *of, struct ctx *c)
{
	struct audit_keeper *keeper = of;
	int64_t dropped;
	size_t count = audit_notes_count(keeper->notes, &dropped);
	if (dropped)
		log_warn(c, "more was refused than the audit has rows of",
			 LOG_INT("count", dropped));
	keeper->writing = count < NOTES_AT_ONCE ? count : NOTES_AT_ONCE;
	return count > 0;
}

static enum app_err notes_run(struct ctx *c, void *of)
{
	struct audit_keeper *keeper = of;
	return audit_notes_write(c, keeper->notes, keeper->writing);
}

static bool notes_end(void *of, struct ctx *c)
{
	(void)c;
	struct audit_keeper *keeper = of;
	audit_notes_forget(keeper->notes, keeper->writing);
	return keeper->writing == NOTES_AT_ONCE;
}

static const struct db_round_work notes_work = {
	.begins = notes_begin,
	.run = notes_run,
	.ends = notes_end,
	.every_ms = NOTES_EVERY_MS,
	.failure = "what was refused could not be written to the audit",
};

/* ---- start and stop ---- */

static enum app_err start_keeper(struct ctx *c, struct audit_keeper *keeper)
{
	const struct audit_options *options = config_group(c->app->config, &audit_option_group);
	if (!c->app->ticker)
		return APP_OK;
	keeper->keep_days = options->keep_days;
	if (keeper->keep_days)
		db_round_start(&keeper->purges, c->app, &purge_work, keeper);
	keeper->notes = c->app->audit_notes = audit_notes_new();
	db_round_start(&keeper->writes, c->app, &notes_work, keeper);
	return APP_OK;
}

/* Nobody is refused any more: what waits is written now. */
static void write_last(struct ctx *c, struct audit_keeper *keeper)
{
	enum app_err err = APP_OK;
	while (!err && notes_begin(keeper, c)) {
		err = db_write_again(c, notes_run, keeper);
		if (!err)
			notes_end(keeper, c);
	}
	if (err)
		log_failure(c, LOG_LEVEL_ERROR, "what was refused last is not in the audit", err);
	ctx_recover(c);
}

static void stop_keeper(struct ctx *c, struct audit_keeper *keeper)
{
	db_round_stop(&keeper->purges);
	db_round_stop(&keeper->writes);
	if (keeper->notes)
		write_last(c, keeper);
	c->app->audit_notes = NULL;
	audit_notes_drop(keeper->notes);
}

SERVICE(audit_keeper, start_keeper, stop_keeper);
