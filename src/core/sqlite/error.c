/*
 * What SQLite's result codes mean to the rest of croft: the only place that turns a code into an
 * enum app_err. Causes hold SQLite's message and the SQL, which is constant text; never a bound
 * value.
 */
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "files/files.h"
#include "internal.h"
#include "writer/writer.h"

enum app_err sqlite_fail_lost(struct ctx *c)
{
	return ctx_fail_retry(c, APP_UNAVAILABLE, DB_RETRY_S,
			      "a change made at the same moment failed and undid this one with it; "
			      "try again");
}

/*
 * The log holds the whole commit before it is flushed (IOERR_FSYNC) and before the index of the log
 * knows of it (IOERR_SHMSIZE …). If either fails SQLite undoes it for those who have the file open,
 * and the next commit is written over it; but whoever recovers the log before that, as after a
 * crash, finds a commit like any other (https://www.sqlite.org/walformat.html, "Recovery"). On a
 * full disk it is the last page that was not written.
 */
bool sqlite_is_in_doubt(int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_FULL:
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_CONSTRAINT:
	case SQLITE_READONLY:
	case SQLITE_INTERRUPT: return false;
	default: return true;
	}
}

/* No Retry-After: trying again by itself is just what nobody should do. */
enum app_err sqlite_fail_unknown(struct ctx *c, struct sqlite_conn *conn, int code)
{
	const char *cause = arena_printf(c->arena, "SQLite: %s (code %d), at COMMIT",
					 sqlite3_errstr(code), code);
	conn->suspect = true;
	return ctx_record(
		c,
		FAILURE_HERE(.err = APP_UNAVAILABLE, .code = DB_OUTCOME_UNKNOWN,
			     .retry_after_s = RETRY_NEVER, .cause = cause),
		"the disk failed while the change was being saved: the outcome is unknown; look "
		"whether it was made before you try again");
}

static enum app_err fail_unexpected(struct ctx *c, struct sqlite_conn *conn, int code,
				    const char *sql)
{
	const char *message = conn ? sqlite3_errmsg(conn->handle) : sqlite3_errstr(code);
	return ctx_fail_cause(c, APP_INTERNAL, "SQLite: %s (code %d)%s%.200s", message, code,
			      sql ? ", in: " : "", sql ? sql : "");
}

static enum app_err fail_read_only(struct ctx *c, struct sqlite_conn *conn, int code,
				   const char *sql)
{
	if (conn && !conn->writes)
		return ctx_fail_cause(c, APP_INTERNAL,
				      "a change was tried outside db_write(), in: %.200s",
				      sql ? sql : "");
	return fail_unexpected(c, conn, code, sql);
}

static enum app_err fail_full(struct ctx *c)
{
	return ctx_fail(c, APP_STORAGE_FULL, "the storage is full; nothing was changed");
}

/*
 * SQLite has one code for a full disk and for a table whose AUTOINCREMENT has reached its end: 2^63
 * - 1. Which one it was is in the table that keeps the last ids; *ret_table gets the table that the
 * statement inserts into.
 */
static bool ids_are_exhausted(struct ctx *c, struct sqlite_conn *conn, const char *sql,
			      const char **ret_table)
{
	static const char last_ids[] = "SELECT name FROM sqlite_sequence"
				       " WHERE seq = 9223372036854775807 AND name = ?1";
	static const char words[] = "INSERT INTO ";
	sqlite3_stmt *stmt = NULL;
	if (!conn || !sql || !str_starts(sql, words))
		return false;
	const char *table = sql + sizeof(words) - 1;
	size_t len = strcspn(table, " (");
	if (sqlite3_prepare_v2(conn->handle, last_ids, -1, &stmt, NULL))
		return false;
	sqlite3_bind_text(stmt, 1, table, (int)len, SQLITE_TRANSIENT);
	bool found = sqlite3_step(stmt) == SQLITE_ROW;
	sqlite3_finalize(stmt);
	*ret_table = arena_strndup(c->arena, table, len);
	return found;
}

static enum app_err fail_full_or_exhausted(struct ctx *c, struct sqlite_conn *conn, const char *sql)
{
	const char *table;
	if (!ids_are_exhausted(c, conn, sql, &table))
		return fail_full(c);
	return ctx_fail_cause(c, APP_IDS_EXHAUSTED,
			      "the table '%s' has given its last id, 9223372036854775807: nothing "
			      "can be inserted into it any more",
			      table);
}

static enum app_err fail_code(struct ctx *c, struct sqlite_conn *conn, int code, const char *sql)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL: return db_fail_busy(c);
	case SQLITE_INTERRUPT: return db_fail_late(c);
	case SQLITE_FULL: return fail_full_or_exhausted(c, conn, sql);
	case SQLITE_TOOBIG: return ctx_fail(c, APP_TOO_LARGE, "a value is too large to be stored");
	case SQLITE_CONSTRAINT: return sqlite_constraint_fail(c, conn, code);
	case SQLITE_READONLY: return fail_read_only(c, conn, code, sql);
	case SQLITE_AUTH:
		return ctx_fail_cause(
			c, APP_INTERNAL,
			"BEGIN, COMMIT, ROLLBACK, SAVEPOINT and ATTACH are not for SQL of modules "
			"and migrations: use db_write() and db_tx_begin(); in: %.200s",
			sql ? sql : "");
	default: return fail_unexpected(c, conn, code, sql);
	}
}

/*
 * Full-text indexes are the only virtual tables. The file itself may be sound: the writer makes the
 * index anew.
 */
static enum app_err fail_index(struct ctx *c, const struct sqlite_conn *conn)
{
	/* not through the process: the writer may work before it knows the database */
	struct sqlite *s = conn->sqlite;
	s->fts_damaged = true;
	if (s->writer)
		sqlite_writer_wake(s->writer);
	return ctx_fail_retry(c, APP_UNAVAILABLE, DB_RETRY_S,
			      "the full-text index is damaged and is being made anew; try again in "
			      "a moment");
}

/*
 * Codes of a file that holds what SQLite did not write. In one that is empty there is no table, for
 * a connection that is new: SQLITE_ERROR.
 */
static bool looks_ruined(int code)
{
	int kind = code & 0xff;
	return kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB || kind == SQLITE_IOERR ||
	       kind == SQLITE_ERROR;
}

enum app_err sqlite_fail(struct ctx *c, struct sqlite_conn *conn, int code, const char *sql)
{
	code = sqlite_full_code(conn ? conn->handle : NULL, code);
	if (looks_ruined(code) && conn && sqlite_file_ruined(conn->sqlite, conn->handle))
		code = SQLITE_READONLY_OVERWRITTEN;
	int kind = code & 0xff;
	if (kind == SQLITE_NOMEM)
		mem_out(0);
	if (code == SQLITE_READONLY_OVERWRITTEN)
		return ctx_fail(c, APP_UNAVAILABLE,
				"something other than SQLite wrote into the database file or its "
				"log while the server runs; nothing was changed");
	if (code == SQLITE_READONLY_DBMOVED)
		return ctx_fail_retry(c, APP_UNAVAILABLE, DB_RETRY_S,
				      "the database file was moved, removed or replaced while the "
				      "server runs; nothing was changed");
	/*
	 * The index of the log cannot grow: SQLite does not say why, and there is hardly another
	 * reason.
	 */
	if (code == SQLITE_IOERR_SHMSIZE)
		return fail_full(c);
	if (code == SQLITE_CORRUPT_VTAB && conn)
		return fail_index(c, conn);
	if (conn && (kind == SQLITE_IOERR || kind == SQLITE_CORRUPT))
		conn->suspect = true;
	if (conn && (kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB))
		sqlite_file_damaged(conn->sqlite);
	bool is_first = !c->failure.err;
	enum app_err err = fail_code(c, conn, code, sql);
	if (is_first && sql)
		c->failure.statement = arena_strdup(c->arena, sql);
	return err;
}
