/* Statements run for what they change, scripts, and savepoints. All of it inside a write. */
#include <ctype.h>
#include <string.h>

#include "internal.h"
#include "rows.h"

static int run_to_end(struct sqlite_conn *conn, sqlite3_stmt *stmt, struct sqlite_watch *watch)
{
	int code;
	do
		code = sqlite_conn_step(conn, stmt, watch);
	while (code == SQLITE_ROW);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

static enum app_err exec_bound(struct ctx *c, struct sqlite_conn *conn,
			       struct sqlite_statement *statement, struct db_binds binds,
			       int64_t *ret_changed)
{
	enum app_err err = sqlite_statement_bind(c, conn, statement, binds);
	if (err)
		return err;
	/*
	 * sqlite3_changes() keeps the number of an earlier statement when this one changes no row.
	 */
	int64_t before = sqlite3_total_changes64(conn->handle);
	int code = run_to_end(conn, statement->stmt, &statement->watch);
	if (code)
		return sqlite_fail(c, conn, code, statement->entry.sql);
	bool changed = sqlite3_total_changes64(conn->handle) != before;
	statement->rows = changed ? sqlite3_changes64(conn->handle) : 0;
	if (ret_changed)
		*ret_changed = statement->rows;
	return APP_OK;
}

enum app_err sqlite_exec(struct ctx *c, const char *sql, struct db_binds binds,
			 int64_t *ret_changed)
{
	struct sqlite_conn *conn;
	enum app_err err = sqlite_conn_of(c, &conn);
	if (err)
		return err;
	struct sqlite_statement *statement;
	err = sqlite_statement_take(c, conn, sql, &statement);
	if (err)
		return err;
	err = exec_bound(c, conn, statement, binds, ret_changed);
	sqlite_statement_give(conn, statement);
	return err;
}

/* Past white space and comments, where the statement itself begins. */
static const char *skip_blank(const char *at, const char *end)
{
	while (at < end) {
		if (isspace((unsigned char)*at)) {
			at++;
		} else if (end - at >= 2 && at[0] == '-' && at[1] == '-') {
			const char *line_end = memchr(at, '\n', (size_t)(end - at));
			at = line_end ? line_end + 1 : end;
		} else {
			break;
		}
	}
	return at;
}

struct script {
	const char *sql;
	int first_line;
};

static int script_line(const struct script *script, const char *at)
{
	int line = script->first_line;
	for (const char *scan = script->sql; scan < at; scan++)
		line += *scan == '\n';
	return line;
}

static enum app_err script_fail(struct ctx *c, struct sqlite_conn *conn, int code,
				const struct script *script, const char *at)
{
	int offset = sqlite3_error_offset(conn->handle);
	int line = script_line(script, offset > 0 ? at + offset : at);
	return db_fail_in_line(c, sqlite_fail(c, conn, code, NULL), line);
}

enum app_err sqlite_script(struct ctx *c, const char *sql, size_t len, int first_line)
{
	const struct script script = { sql, first_line };
	const char *at = sql, *end = sql + len;
	while ((at = skip_blank(at, end)) < end) {
		struct sqlite_conn *conn;
		enum app_err err = sqlite_conn_of(c, &conn);
		if (err)
			return err;
		sqlite3_stmt *stmt = NULL;
		const char *tail = end;
		int code = sqlite3_prepare_v2(conn->handle, at, (int)(end - at), &stmt, &tail);
		if (!code && stmt)
			code = run_to_end(conn, stmt, &(struct sqlite_watch){ .c = c });
		if (code)
			err = script_fail(c, conn, code, &script, at);
		sqlite3_finalize(stmt);
		if (err)
			return err;
		at = tail;
	}
	return APP_OK;
}

static int savepoint_run(struct sqlite_conn *conn, enum db_savepoint what)
{
	switch (what) {
	case DB_SAVEPOINT: return sqlite_conn_control(conn, CONTROL_SAVEPOINT);
	case DB_RELEASE: return sqlite_conn_control(conn, CONTROL_RELEASE);
	case DB_ROLLBACK_TO: break;
	}
	int code = sqlite_conn_control(conn, CONTROL_ROLLBACK_TO);
	return code ? code : sqlite_conn_control(conn, CONTROL_RELEASE);
}

/* Not through sqlite_conn_of(): a write that is late must still be able to undo its part. */
enum app_err sqlite_savepoint(struct ctx *c, enum db_savepoint what)
{
	struct sqlite_conn *conn = c->db->connection;
	if (sqlite3_get_autocommit(conn->handle))
		return sqlite_fail_lost(c);
	int code = savepoint_run(conn, what);
	return code ? sqlite_fail(c, conn, code, NULL) : APP_OK;
}
