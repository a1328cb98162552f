/* Scripts, as migrations are: one statement after the other, each failure with its line. */
#include "base/arena.h"
#include "base/str.h"
#include "internal.h"

struct script {
	const char *sql;
	int first_line;
};

/* The line of what the server complains about, else of where the statement begins. */
static int script_line(const struct script *script, const char *at, const PGresult *result)
{
	int64_t offset = 0;
	const char *position = result ? PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION)
				      : NULL;
	if (position && !str_to_int64(position, &offset))
		offset = 0;
	const char *mark = at;
	for (; offset > 1 && *mark; mark++)
		offset -= ((unsigned char)mark[1] & 0xc0) != 0x80;
	int line = script->first_line;
	for (const char *scan = script->sql; scan < mark; scan++)
		line += *scan == '\n';
	return line;
}

static enum app_err script_one(struct ctx *c, const struct script *script, const char *at,
			       const char *end)
{
	struct postgres_conn *conn = c->db->connection;
	enum app_err err = postgres_session_check(c, conn);
	if (err)
		return err;
	if (postgres_text_is_control(at, end))
		return ctx_fail_cause(
			c, APP_INTERNAL,
			"line %d: BEGIN, COMMIT, ROLLBACK, SAVEPOINT, PREPARE and SET are not for "
			"SQL of modules and migrations: use db_write() and db_tx_begin()",
			script_line(script, at, NULL));
	const char *sql = arena_strndup(c->arena, at, (size_t)(end - at));
	PGresult *result = postgres_conn_simple(conn, sql, postgres_statement_until(c));
	if (!postgres_result_ok(result)) {
		int line = script_line(script, at, result);
		return db_fail_in_line(c, postgres_fail(c, conn, result, NULL), line);
	}
	PQclear(result);
	return APP_OK;
}

enum app_err postgres_script(struct ctx *c, const char *sql, size_t len, int first_line)
{
	const struct script script = { sql, first_line };
	const char *at = sql, *end = sql + len;
	while ((at = postgres_text_start(at, end)) < end) {
		const char *next = postgres_text_end(at, end);
		enum app_err err = script_one(c, &script, at, next);
		if (err)
			return err;
		at = next;
	}
	return APP_OK;
}
