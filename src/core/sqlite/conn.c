/*
 * One SQLite connection: opening it, stepping a statement under a deadline, and the statements that
 * begin and end transactions.
 */
#include <assert.h>
#include <stdlib.h>

#include "base/budget.h"
#include "base/mem.h"
#include "base/str.h"
#include "changes/counts.h"
#include "changes/versions.h"
#include "files/files.h"
#include "internal.h"

enum {
	PROGRESS_OPS = 200, /* virtual machine steps between looks at the clock */
};

static const char *const control_sql[CONTROLS] = {
	[CONTROL_BEGIN] = "BEGIN IMMEDIATE",
	[CONTROL_BEGIN_READ] = "BEGIN",
	[CONTROL_COMMIT] = "COMMIT",
	[CONTROL_ROLLBACK] = "ROLLBACK",
	/* One name serves every depth: SQLite takes the innermost savepoint of that name. */
	[CONTROL_SAVEPOINT] = "SAVEPOINT croft",
	[CONTROL_RELEASE] = "RELEASE croft",
	[CONTROL_ROLLBACK_TO] = "ROLLBACK TO croft",
};

static int64_t watch_deadline(const struct sqlite_conn *conn, const struct ctx *c, int64_t now_us)
{
	if (conn->writes)
		return c->db->deadline_us;
	int64_t deadline_us = conn->query_ms ? now_us + MILLISECONDS_US(conn->query_ms) : INT64_MAX;
	return c->deadline_us && c->deadline_us < deadline_us ? c->deadline_us : deadline_us;
}

/* Whether what it is stepping is to be stopped: its deadline or its budget is over. */
static bool conn_is_over(void *arg)
{
	struct sqlite_conn *conn = arg;
	struct sqlite_watch *watch = conn->watch;
	if (!watch)
		return false;
	if (budget_is_long_over(watch->c->budget))
		return true;
	int64_t now_us = watch->c->clock->monotonic_us(watch->c->clock);
	if (!watch->deadline_us)
		watch->deadline_us = watch_deadline(conn, watch->c, now_us);
	return now_us >= watch->deadline_us;
}

static int on_progress(void *arg)
{
	return conn_is_over(arg);
}

/*
 * What a writer's statement does to whole tables. SQLITE_IGNORE lets a DELETE without WHERE go on,
 * but row by row, so that the change is seen; of a DROP TABLE it would make nothing at all.
 */
static int authorize_delete(struct sqlite_conn *conn, int action, const char *table)
{
	if (action != SQLITE_DELETE) {
		sqlite_versions_touch_all(conn->writer.versions);
		conn->writer.schema_changed = true;
		conn->writer.dropping = action != SQLITE_CREATE_TABLE &&
					action != SQLITE_ALTER_TABLE;
		return SQLITE_OK;
	}
	if (str_starts_nocase(table, "sqlite_"))
		return SQLITE_OK;
	bool dropping = conn->writer.dropping;
	conn->writer.dropping = false;
	return dropping ? SQLITE_OK : SQLITE_IGNORE;
}

/* Only we begin and end transactions, or it would not be known what a commit holds. */
static int on_authorize(void *arg, int action, const char *a, const char *b, const char *database,
			const char *trigger)
{
	(void)b, (void)database, (void)trigger;
	struct sqlite_conn *conn = arg;
	switch (action) {
	case SQLITE_TRANSACTION:
	case SQLITE_SAVEPOINT:
	case SQLITE_ATTACH:
	case SQLITE_DETACH: return conn->own ? SQLITE_OK : SQLITE_DENY;
	case SQLITE_CREATE_TABLE:
	case SQLITE_ALTER_TABLE:
	case SQLITE_DROP_TABLE:
	case SQLITE_DROP_VIEW:
	case SQLITE_DROP_VTABLE:
	case SQLITE_DELETE:
		return conn->writer.versions ? authorize_delete(conn, action, a) : SQLITE_OK;
	default: return SQLITE_OK;
	}
}

static int on_commit_logged(void *arg, sqlite3 *handle, const char *database, int pages)
{
	(void)handle, (void)database;
	((struct sqlite_conn *)arg)->writer.wal_pages = pages;
	return SQLITE_OK;
}

static int controls_prepare(struct sqlite_conn *conn)
{
	conn->own = true;
	int code = SQLITE_OK;
	for (int i = 0; i < CONTROLS && !code; i++)
		code = sqlite3_prepare_v3(conn->handle, control_sql[i], -1,
					  SQLITE_PREPARE_PERSISTENT, &conn->controls[i], NULL);
	conn->own = false;
	return code;
}

static int conn_prepare(const struct sqlite *s, struct sqlite_conn *conn)
{
	sqlite3 *handle = conn->handle;
	int code = sqlite_settings_make(s, handle, conn->writes);
	if (!code)
		code = sqlite_functions_add(handle, &conn->functions);
	if (code)
		return code;
	sqlite3_set_authorizer(handle, on_authorize, conn);
	sqlite3_progress_handler(handle, PROGRESS_OPS, on_progress, conn);
	code = controls_prepare(conn);
	if (code || !conn->writes)
		return code;
	sqlite3_wal_autocheckpoint(handle, 0);
	sqlite3_wal_hook(handle, on_commit_logged, conn);
	conn->writer.versions = s->versions;
	conn->writer.counts = s->counts;
	if (conn->writer.counts)
		code = sqlite3_prepare_v3(handle, "PRAGMA data_version", -1,
					  SQLITE_PREPARE_PERSISTENT, &conn->writer.others, NULL);
	if (code)
		return code;
	sqlite_versions_watch(conn->writer.versions, conn->writer.counts, handle);
	return SQLITE_OK;
}

int sqlite_conn_open(struct sqlite *s, bool writes, struct sqlite_conn **ret_conn)
{
	struct sqlite_conn *conn = mem_new(1, sizeof(*conn));
	conn->sqlite = s;
	conn->writes = writes;
	conn->query_ms = s->options->query_ms;
	conn->functions = (struct text_watch){ conn_is_over, conn };
	conn->slow_us = MILLISECONDS_US(s->options->slow_query_ms);
	int flags = SQLITE_OPEN_NOMUTEX | (writes ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
	if (s->memory)
		flags |= SQLITE_OPEN_URI | (writes ? SQLITE_OPEN_CREATE : 0);
	int code = sqlite3_open_v2(s->path, &conn->handle, flags, NULL);
	if (!code)
		code = conn_prepare(s, conn);
	if (code) {
		sqlite_conn_close(conn);
		return code;
	}
	*ret_conn = conn;
	return SQLITE_OK;
}

void sqlite_conn_close(struct sqlite_conn *conn)
{
	if (!conn)
		return;
	assert(!conn->lent);
	sqlite_statements_drop(conn);
	sqlite3_finalize(conn->writer.others);
	for (int i = 0; i < CONTROLS; i++)
		sqlite3_finalize(conn->controls[i]);
	sqlite3_close_v2(conn->handle);
	free(conn);
}

int sqlite_conn_control(struct sqlite_conn *conn, enum sqlite_control what)
{
	bool commits = conn->writes && what == CONTROL_COMMIT;
	if (commits)
		sqlite_mark_begins(conn->sqlite);
	conn->own = true;
	sqlite3_step(conn->controls[what]);
	int code = sqlite_full_code(conn->handle, sqlite3_reset(conn->controls[what]));
	conn->own = false;
	/* how it left the log is known before the next look, and before anyone is answered */
	if (commits)
		sqlite_file_overwritten(conn->sqlite, conn->handle);
	if (conn->writer.counts && !code)
		sqlite_counts_control(conn->writer.counts, what);
	return code;
}

int sqlite_conn_step(struct sqlite_conn *conn, sqlite3_stmt *stmt, struct sqlite_watch *watch)
{
	struct sqlite_step step = { 0 };
	if (conn->writer.counts)
		step = sqlite_counts_step(conn->writer.counts, stmt);
	conn->watch = watch;
	int code = sqlite3_step(stmt);
	conn->watch = NULL;
	if (conn->writer.counts && code != SQLITE_ROW && code != SQLITE_DONE)
		sqlite_counts_failed(conn->writer.counts, stmt, &step);
	return code;
}
