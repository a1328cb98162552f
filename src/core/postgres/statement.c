/*
 * The prepared statements of one connection: each SQL text is sent and planned once for each set of
 * types that is bound to it. Bounded: the one that was not used for longest is deallocated on the
 * server too. Of a shared session the server is told nothing: what is kept here is that the text
 * was looked at, and its types.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "internal.h"
#include "oid.h"

static Oid type_of(const struct db_value *value)
{
	switch (value->type) {
	case DB_INT: return OID_INT8;
	case DB_REAL: return OID_FLOAT8;
	case DB_TEXT: return OID_TEXT;
	case DB_BLOB: return OID_BYTEA;
	case DB_BOOL: return OID_BOOL;
	case DB_DATE: return OID_DATE;
	case DB_JSON:
	case DB_NULL: break;
	}
	return 0; /* the server takes the type from where the value stands */
}

static uint64_t key_hash(const char *sql, size_t len, struct db_binds binds)
{
	uint64_t hash = db_statement_hash(sql, len);
	for (size_t i = 0; i < binds.count; i++)
		hash = db_statement_hash_more(hash, binds.values[i].type);
	return hash;
}

/* Its entry is what a statement begins with. */
static struct postgres_statement *statement_of(struct db_statement *entry)
{
	return (struct postgres_statement *)entry;
}

void postgres_statement_name(const struct postgres_statement *statement,
			     char name[POSTGRES_NAME_ROOM])
{
	snprintf(name, POSTGRES_NAME_ROOM, "croft_%016" PRIx64, statement->entry.hash);
}

static bool has_types(const struct postgres_statement *at, struct db_binds binds)
{
	if (binds.count != (size_t)at->params)
		return false;
	for (size_t i = 0; i < binds.count; i++) {
		if (at->types[i] != type_of(&binds.values[i]))
			return false;
	}
	return true;
}

static struct postgres_statement *cache_find(const struct postgres_conn *conn, uint64_t hash,
					     const char *sql, size_t len, struct db_binds binds)
{
	struct db_statement *at = db_statements_find(&conn->statements, hash, sql, len);
	while (at && !has_types(statement_of(at), binds))
		at = db_statements_next(at);
	return statement_of(at);
}

static void statement_free(struct postgres_statement *at)
{
	free(at->types);
	free(at->entry.sql);
	free(at);
}

static void oldest_remove(struct postgres_conn *conn)
{
	struct db_statement *oldest = conn->statements.oldest;
	db_statements_remove(&conn->statements, oldest);
	statement_free(statement_of(oldest));
}

/* A connection whose statements cannot be let go is not kept: they would pile up on the server. */
static void room_make(struct postgres_conn *conn, int64_t until_us)
{
	char name[POSTGRES_NAME_ROOM], sql[POSTGRES_NAME_ROOM + 16];
	while (conn->statements.count >= POSTGRES_STATEMENTS_KEPT) {
		postgres_statement_name(statement_of(conn->statements.oldest), name);
		snprintf(sql, sizeof(sql), "DEALLOCATE %s", name);
		if (!conn->shared && !postgres_conn_do(conn, sql, until_us))
			conn->stale = true;
		oldest_remove(conn);
	}
}

static enum app_err text_check(struct ctx *c, const char *sql, size_t len)
{
	const char *end = sql + len, *at = postgres_text_start(sql, end);
	if (at == end)
		return db_statement_fail(c, "there is no statement", sql);
	if (postgres_text_is_control(at, end))
		return db_statement_fail(
			c,
			"BEGIN, COMMIT, ROLLBACK, SAVEPOINT, PREPARE and SET are not for SQL of "
			"modules and migrations: use db_write() and db_tx_begin()",
			sql);
	if (postgres_text_start(postgres_text_end(at, end), end) != end)
		return db_statement_fail(c, "there is more than one statement", sql);
	return APP_OK;
}

static enum app_err params_check(struct ctx *c, const char *sql, size_t len, size_t count)
{
	size_t params = postgres_text_params(sql, sql + len);
	if (params == count)
		return APP_OK;
	return ctx_fail_cause(c, APP_INTERNAL, "%zu values are bound to %zu parameters, in: %.200s",
			      count, params, sql);
}

static enum app_err statement_prepare(struct ctx *c, struct postgres_conn *conn,
				      const struct postgres_statement *at, int64_t until_us)
{
	char name[POSTGRES_NAME_ROOM];
	postgres_statement_name(at, name);
	PGresult *result = postgres_conn_wait(
		conn, PQsendPrepare(conn->handle, name, at->entry.sql, at->params, at->types),
		until_us);
	if (!postgres_result_ok(result))
		return postgres_fail(c, conn, result, at->entry.sql);
	PQclear(result);
	return APP_OK;
}

static struct postgres_statement *statement_new(const char *sql, size_t len, uint64_t hash,
						struct db_binds binds)
{
	struct postgres_statement *made = mem_new(1, sizeof(*made));
	made->entry.sql = mem_strdup(sql);
	made->entry.len = len;
	made->entry.hash = hash;
	made->params = (int)binds.count;
	made->types = mem_new(binds.count + 1, sizeof(*made->types));
	for (size_t i = 0; i < binds.count; i++)
		made->types[i] = type_of(&binds.values[i]);
	return made;
}

enum app_err postgres_statement_take(struct ctx *c, struct postgres_conn *conn, const char *sql,
				     struct db_binds binds, int64_t until_us,
				     const struct postgres_statement **ret_statement)
{
	size_t len = strlen(sql);
	uint64_t hash = key_hash(sql, len, binds);
	struct postgres_statement *found = cache_find(conn, hash, sql, len, binds);
	if (found) {
		db_statements_touch(&conn->statements, &found->entry);
		*ret_statement = found;
		return APP_OK;
	}
	enum app_err err = text_check(c, sql, len);
	if (!err)
		err = params_check(c, sql, len, binds.count);
	if (err)
		return err;
	room_make(conn, until_us);
	struct postgres_statement *made = statement_new(sql, len, hash, binds);
	err = conn->shared ? APP_OK : statement_prepare(c, conn, made, until_us);
	if (err) {
		statement_free(made);
		return err;
	}
	db_statements_add(&conn->statements, &made->entry);
	*ret_statement = made;
	return APP_OK;
}

void postgres_statements_drop(struct postgres_conn *conn)
{
	while (conn->statements.oldest)
		oldest_remove(conn);
}
