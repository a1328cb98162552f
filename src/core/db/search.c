/* Bringing full-text indexes up to date from outside of the driver, all at once. */
#include "core/app.h"
#include "core/db_driver.h"
#include "core/db_signal.h"

static enum app_err fail_outside(struct ctx *c)
{
	return ctx_fail_cause(c, APP_INTERNAL, "a full-text index was worked at outside a write");
}

enum app_err db_search_step(struct ctx *c, int64_t *ret_rows)
{
	return c->db ? c->app->db->driver->search_step(c, ret_rows) : fail_outside(c);
}

enum app_err db_search_renew(struct ctx *c)
{
	if (!c->db)
		return fail_outside(c);
	db_signal(c, DB_SEARCH);
	return c->app->db->driver->search_renew(c);
}

static enum app_err run_step(struct ctx *c, void *arg)
{
	return db_search_step(c, arg);
}

/* Each step in an arena of its own: there may be millions of rows. */
static enum app_err step_write(struct ctx *c, int64_t *ret_rows)
{
	AUTO(ctx_own) own;
	ctx_own_init(&own, c->app);
	enum app_err err = db_write_slow(&own.c, run_step, ret_rows);
	const char *cause = own.c.failure.cause;
	if (err == APP_INTERNAL)
		return ctx_fail_cause(c, err, "%s", cause ? cause : "-");
	return err ? ctx_fail(c, err, "%s", ctx_failure_text(&own.c, err)) : APP_OK;
}

enum app_err db_search_finish(struct ctx *c)
{
	int64_t rows;
	enum app_err err;
	do {
		rows = 0;
		err = step_write(c, &rows);
	} while (!err && rows);
	return err;
}
