/* Running statements with values, and for what they change; savepoints and locks. */
#include <endian.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"
#include "core/app.h"
#include "internal.h"

enum {
	VALUE_MOST = 8 * 1024 * 1024, /* bytes of one text or blob, as on SQLite */
	LATE_GRACE_MS = 500,          /* the server's own statement_timeout comes first */
	UNDO_LEAST_MS = 2000,         /* for a savepoint */
	LOCK_NUMBER = 1668442982,     /* "croft": of the advisory lock that migrations take */
};

/* ---- deadlines ---- */

int64_t postgres_until(const struct ctx *c, int64_t bound_ms)
{
	int64_t now_us = clock_monotonic_us(), until_us = INT64_MAX;
	if (bound_ms)
		until_us = now_us + MILLISECONDS_US(bound_ms + LATE_GRACE_MS);
	if (!c->deadline_us)
		return until_us;
	int64_t own_us = now_us + (c->deadline_us - c->clock->monotonic_us(c->clock));
	return own_us < until_us ? own_us : until_us;
}

/* Inside a write what counts is the deadline of the whole of it. */
int64_t postgres_statement_until(const struct ctx *c)
{
	if (!c->db)
		return postgres_until(c, c->app->db->options.query_ms);
	if (c->db->deadline_us == INT64_MAX)
		return INT64_MAX;
	return clock_monotonic_us() + (c->db->deadline_us - c->clock->monotonic_us(c->clock)) +
	       MILLISECONDS_US(LATE_GRACE_MS);
}

enum app_err postgres_session_check(struct ctx *c, const struct postgres_conn *conn)
{
	if (conn->lost)
		return postgres_fail_lost(c);
	if (c->db ? c->clock->monotonic_us(c->clock) >= c->db->deadline_us : ctx_is_late(c))
		return db_fail_late(c);
	if (PQtransactionStatus(conn->handle) == PQTRANS_INERROR)
		return ctx_fail_cause(c, APP_INTERNAL,
				      "an earlier statement of this write failed and the write "
				      "went on: put a statement that may fail into db_write() or a "
				      "db_tx of its own");
	return APP_OK;
}

/* ---- values, in the binary form of the protocol ---- */

struct params {
	const char **values;
	int *lengths, *formats;
	uint64_t *numbers; /* in network order; values point here */
};

static struct params params_new(struct ctx *c, size_t count)
{
	return (struct params){
		.values = arena_zero(c->arena, count * sizeof(char *)),
		.lengths = arena_zero(c->arena, count * sizeof(int)),
		.formats = arena_zero(c->arena, count * sizeof(int)),
		.numbers = arena_zero(c->arena, count * sizeof(uint64_t)),
	};
}

static void number_set(struct params *p, size_t at, const void *bytes, int len)
{
	memcpy(&p->numbers[at], bytes, (size_t)len);
	p->values[at] = (const char *)&p->numbers[at];
	p->lengths[at] = len;
}

/*
 * As text, which ends with a NUL: the binary form of JSON depends on the column's type, the text
 * does not.
 */
static void json_set(struct ctx *c, struct params *p, size_t at, const struct db_value *value)
{
	p->formats[at] = 0;
	p->values[at] = arena_strndup(c->arena, value->len ? value->bytes : "", value->len);
}

/* As text, which is this day whatever the server's DateStyle. */
static void date_set(struct ctx *c, struct params *p, size_t at, const struct db_value *value)
{
	char *text = arena_raw(c->arena, DATE_TEXT_ROOM);
	date_text((struct date){ value->integer }, text);
	p->formats[at] = 0;
	p->values[at] = text;
}

static void param_set(struct ctx *c, struct params *p, size_t at, const struct db_value *value)
{
	uint64_t bits = 0;
	p->formats[at] = 1;
	switch (value->type) {
	case DB_NULL: return;
	case DB_BOOL: number_set(p, at, &(char){ value->integer != 0 }, 1); return;
	case DB_REAL: memcpy(&bits, &value->real, sizeof(bits)); break;
	case DB_INT: bits = (uint64_t)value->integer; break;
	case DB_JSON: json_set(c, p, at, value); return;
	case DB_DATE: date_set(c, p, at, value); return;
	case DB_TEXT:
	case DB_BLOB:
		p->values[at] = value->len ? value->bytes : "";
		p->lengths[at] = (int)value->len;
		return;
	}
	bits = htobe64(bits);
	number_set(p, at, &bits, sizeof(bits));
}

static enum app_err binds_check(struct ctx *c, struct db_binds binds)
{
	if (binds.count > POSTGRES_BINDS_MAX)
		return ctx_fail_cause(c, APP_INTERNAL, "a statement takes at most %d values",
				      POSTGRES_BINDS_MAX);
	for (size_t i = 0; i < binds.count; i++) {
		const struct db_value *value = &binds.values[i];
		if (db_value_has_bytes(value) && value->len > VALUE_MOST)
			return ctx_fail(c, APP_TOO_LARGE, "a value is too large to be stored");
		if (value->type == DB_JSON && value->len && memchr(value->bytes, 0, value->len))
			return ctx_fail_cause(c, APP_INTERNAL, "there is a NUL in a value of JSON");
	}
	return APP_OK;
}

/* ---- one statement ---- */

static int statement_send(struct ctx *c, struct postgres_conn *conn,
			  const struct postgres_statement *statement, struct db_binds binds)
{
	struct params p = params_new(c, binds.count);
	for (size_t i = 0; i < binds.count; i++)
		param_set(c, &p, i, &binds.values[i]);
	if (conn->shared)
		return PQsendQueryParams(conn->handle, statement->entry.sql, statement->params,
					 statement->types, p.values, p.lengths, p.formats, 0);
	char name[POSTGRES_NAME_ROOM];
	postgres_statement_name(statement, name);
	return PQsendQueryPrepared(conn->handle, name, statement->params, p.values, p.lengths,
				   p.formats, 0);
}

static int text_send(struct postgres_conn *conn, const char *sql)
{
	return PQsendQueryParams(conn->handle, sql, 0, NULL, NULL, NULL, NULL, 0);
}

/* Returns how many statements that took; negative when it failed. */
static int begin_send(struct ctx *c, struct postgres_conn *conn)
{
	char settings[192];
	if (!text_send(conn, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
		return -1;
	if (!conn->shared)
		return 1;
	snprintf(settings, sizeof(settings),
		 "SELECT set_config('statement_timeout', '%lld', true),"
		 " set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO', true)",
		 (long long)c->app->db->options.query_ms);
	return text_send(conn, settings) ? 2 : -1;
}

static PGresult *statement_run(struct ctx *c, struct postgres_conn *conn,
			       const struct postgres_statement *statement, struct db_binds binds,
			       struct postgres_around around, int64_t until_us)
{
	if (!around.begin)
		return postgres_conn_wait(conn, statement_send(c, conn, statement, binds),
					  until_us);
	int before = PQenterPipelineMode(conn->handle) ? begin_send(c, conn) : -1;
	bool sent = before > 0 && statement_send(c, conn, statement, binds) &&
		    (!around.end || text_send(conn, "COMMIT")) && PQpipelineSync(conn->handle);
	return postgres_conn_wait_pipeline(conn, sent, before, until_us);
}

enum app_err postgres_run(struct ctx *c, struct postgres_conn *conn, const char *sql,
			  struct db_binds binds, struct postgres_around around,
			  PGresult **ret_result)
{
	enum app_err err = postgres_session_check(c, conn);
	if (!err)
		err = binds_check(c, binds);
	if (err)
		return err;
	int64_t began_us = clock_monotonic_us(), until_us = postgres_statement_until(c);
	conn->late = false;
	const struct postgres_statement *statement;
	err = postgres_statement_take(c, conn, sql, binds, until_us, &statement);
	if (err)
		return err;
	PGresult *result = statement_run(c, conn, statement, binds, around, until_us);
	if (!postgres_result_ok(result))
		return postgres_fail(c, conn, result, sql);
	int64_t took_us = clock_monotonic_us() - began_us;
	int64_t slow_ms = c->app->db->options.slow_query_ms;
	if (slow_ms && took_us > MILLISECONDS_US(slow_ms))
		db_slow_log(c, sql, took_us, PQntuples(result));
	*ret_result = result;
	return APP_OK;
}

enum app_err postgres_exec(struct ctx *c, const char *sql, struct db_binds binds,
			   int64_t *ret_changed)
{
	PGresult *result;
	enum app_err err = postgres_run(c, c->db->connection, sql, binds,
					(struct postgres_around){ 0 }, &result);
	if (err)
		return err;
	int64_t changed = 0;
	if (ret_changed) {
		bool only_read = str_starts(PQcmdStatus(result), "SELECT");
		bool counts = !only_read && str_to_int64(PQcmdTuples(result), &changed);
		*ret_changed = counts ? changed : 0;
	}
	PQclear(result);
	return APP_OK;
}

/* ---- savepoints and locks ---- */

/* One name serves every depth: PostgreSQL takes the innermost savepoint of that name. */
static const char *const savepoint_sql[] = {
	[DB_SAVEPOINT] = "SAVEPOINT croft",
	[DB_RELEASE] = "RELEASE croft",
	[DB_ROLLBACK_TO] = "ROLLBACK TO croft; RELEASE croft",
};

/*
 * A write that is late or has failed must still be able to undo its part: a moment it always has.
 */
static int64_t savepoint_until(const struct ctx *c)
{
	int64_t until_us = postgres_statement_until(c);
	int64_t least_us = clock_monotonic_us() + MILLISECONDS_US(UNDO_LEAST_MS);
	return until_us > least_us ? until_us : least_us;
}

enum app_err postgres_savepoint(struct ctx *c, enum db_savepoint what)
{
	struct postgres_conn *conn = c->db->connection;
	if (conn->lost)
		return postgres_fail_lost(c);
	PGresult *result = postgres_conn_simple(conn, savepoint_sql[what], savepoint_until(c));
	if (!postgres_result_ok(result))
		return postgres_fail(c, conn, result, savepoint_sql[what]);
	PQclear(result);
	return APP_OK;
}

/* Held until the transaction ends: programs that start at once take turns. */
enum app_err postgres_migrate_lock(struct ctx *c)
{
	return postgres_exec(c, "SELECT pg_advisory_xact_lock($1)", BIND((int64_t)LOCK_NUMBER),
			     NULL);
}

/* Ends with the transaction, so a session that is shared keeps nothing of it. */
enum app_err postgres_lock(struct ctx *c, const char *name)
{
	return postgres_exec(c, "SELECT pg_advisory_xact_lock(hashtextextended($1, $2))",
			     BIND(name, (int64_t)LOCK_NUMBER), NULL);
}
