/*
 * The log of all statements, for database.echo: a driver in front of the real one, two of whose
 * functions tell the statement first. So a database without it pays nothing. What a driver runs of
 * itself, such as the ends of transactions, is not told.
 */
#include "echo.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/app.h"
#include "core/log.h"

struct db_echo {
	struct db_driver driver;
	const struct db_driver *real;
};

/* At once: of a write that is undone, too, it was run. */
static void tell(const struct ctx *c, const char *sql)
{
	struct ctx now = *c;
	now.held = NULL;
	log_info(&now, "statement", LOG_TEXT("sql", sql));
}

static enum app_err echo_query(struct ctx *c, const char *sql, struct db_binds binds,
			       struct db_rows *ret_rows)
{
	tell(c, sql);
	return c->app->db->echo->real->query(c, sql, binds, ret_rows);
}

static enum app_err echo_exec(struct ctx *c, const char *sql, struct db_binds binds,
			      int64_t *ret_changed)
{
	tell(c, sql);
	return c->app->db->echo->real->exec(c, sql, binds, ret_changed);
}

void db_echo_begin(struct db *db)
{
	struct db_echo *echo = mem_new(1, sizeof(*echo));
	echo->real = db->driver;
	echo->driver = *db->driver;
	echo->driver.query = echo_query;
	echo->driver.exec = echo_exec;
	db->echo = echo;
	db->driver = &echo->driver;
}

void db_echo_end(struct db *db)
{
	if (!db->echo)
		return;
	db->driver = db->echo->real;
	free(db->echo);
	db->echo = NULL;
}
