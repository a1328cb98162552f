/* What every driver says in the same words when it fails. */
#include "core/db_driver.h"

enum app_err db_fail_late(struct ctx *c)
{
	return ctx_fail_retry(c, APP_UNAVAILABLE, DB_RETRY_S,
			      "this took too long and was stopped; try again in a moment");
}

enum app_err db_fail_busy(struct ctx *c)
{
	return ctx_fail_retry(c, APP_UNAVAILABLE, DB_RETRY_S,
			      "the database is busy; try again in a moment");
}

enum app_err db_fail_in_line(struct ctx *c, enum app_err err, int line)
{
	if (c->failure.err != err || err == APP_UNAVAILABLE || err == APP_STORAGE_FULL)
		return err;
	struct failure failure = c->failure;
	ctx_recover(c);
	return ctx_fail_cause(c, APP_INTERNAL, "line %d: %s", line,
			      failure.cause ? failure.cause : failure.text);
}
