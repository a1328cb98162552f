/*
 * The cache of prepared statements of one connection (core/db_statements.h): bounded, the least
 * recently used leaves first. A statement that is lent out is never lent twice: the same SQL inside
 * its own loop gets a second one, which is dropped when it comes back.
 */
#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "internal.h"

/* Its entry is what a statement begins with. */
static struct sqlite_statement *statement_of(struct db_statement *entry)
{
	return (struct sqlite_statement *)entry;
}

static void statement_free(struct sqlite_statement *at)
{
	sqlite3_finalize(at->stmt);
	free(at->places);
	free(at->entry.sql);
	free(at);
}

static void cache_remove(struct sqlite_conn *conn, struct sqlite_statement *gone)
{
	db_statements_remove(&conn->statements, &gone->entry);
	statement_free(gone);
}

static void cache_add(struct sqlite_conn *conn, struct sqlite_statement *at)
{
	struct db_statements *all = &conn->statements;
	struct db_statement *oldest = all->oldest;
	int most = conn->writes ? STATEMENTS_KEPT_WRITER : STATEMENTS_KEPT;
	while (all->count >= most && oldest) {
		struct db_statement *newer = oldest->newer;
		if (!statement_of(oldest)->busy)
			cache_remove(conn, statement_of(oldest));
		oldest = newer;
	}
	db_statements_add(all, &at->entry);
	at->cached = true;
}

/* The N of a parameter written $N; 0 for any other. */
static int place_number(const char *name)
{
	int64_t number;
	if (!name || name[0] != '$' || !str_is_digit(name[1]) || !str_to_int64(name + 1, &number))
		return 0;
	return number >= 1 && number <= SQLITE_BINDS_MAX ? (int)number : 0;
}

/*
 * To SQLite $1 is a name, and names are numbered as they first appear: "$2 … $1" would bind the
 * wrong way round.
 */
static bool places_read(struct sqlite_statement *at)
{
	int count = sqlite3_bind_parameter_count(at->stmt);
	bool in_order = true;
	for (int i = 0; i < count; i++) {
		int number = place_number(sqlite3_bind_parameter_name(at->stmt, i + 1));
		if (!number)
			return false;
		in_order = in_order && number == i + 1;
		at->params = number > at->params ? number : at->params;
	}
	if (in_order)
		return true;
	at->places = mem_new((size_t)count, sizeof(*at->places));
	for (int i = 0; i < count; i++)
		at->places[i] = place_number(sqlite3_bind_parameter_name(at->stmt, i + 1)) - 1;
	return true;
}

static bool is_blank(const char *text)
{
	while (isspace((unsigned char)*text) || *text == ';')
		text++;
	return !*text;
}

static enum app_err statement_prepare(struct ctx *c, struct sqlite_conn *conn,
				      struct sqlite_statement *at)
{
	const char *tail = NULL;
	int code = sqlite3_prepare_v3(conn->handle, at->entry.sql, (int)at->entry.len + 1,
				      SQLITE_PREPARE_PERSISTENT, &at->stmt, &tail);
	if (code)
		return sqlite_fail(c, conn, code, at->entry.sql);
	if (!at->stmt)
		return db_statement_fail(c, "there is no statement", at->entry.sql);
	if (!is_blank(tail))
		return db_statement_fail(c, "there is more than one statement", at->entry.sql);
	if (!places_read(at))
		return db_statement_fail(c, "parameters are written $1, $2, …", at->entry.sql);
	return APP_OK;
}

enum app_err sqlite_statement_take(struct ctx *c, struct sqlite_conn *conn, const char *sql,
				   struct sqlite_statement **ret_statement)
{
	int64_t began_us = conn->slow_us ? c->clock->monotonic_us(c->clock) : 0;
	size_t len = strlen(sql);
	uint64_t hash = db_statement_hash(sql, len);
	struct sqlite_statement *found = statement_of(
		db_statements_find(&conn->statements, hash, sql, len));
	if (!found || found->busy) {
		struct sqlite_statement *made = mem_new(1, sizeof(*made));
		made->entry.sql = mem_strdup(sql);
		made->entry.len = len;
		made->entry.hash = hash;
		enum app_err err = statement_prepare(c, conn, made);
		if (err) {
			statement_free(made);
			return err;
		}
		if (!found)
			cache_add(conn, made);
		found = made;
	} else {
		db_statements_touch(&conn->statements, &found->entry);
	}
	found->busy = true;
	found->watch = (struct sqlite_watch){ .c = c };
	found->began_us = began_us;
	found->rows = 0;
	conn->lent++;
	*ret_statement = found;
	return APP_OK;
}

static void statement_judge(const struct sqlite_conn *conn, const struct sqlite_statement *at)
{
	const struct ctx *c = at->watch.c;
	int64_t took_us = c->clock->monotonic_us(c->clock) - at->began_us;
	if (took_us > conn->slow_us)
		db_slow_log(c, at->entry.sql, took_us, at->rows);
}

void sqlite_statement_give(struct sqlite_conn *conn, struct sqlite_statement *at)
{
	assert(at->busy && conn->lent > 0);
	if (at->began_us)
		statement_judge(conn, at);
	conn->lent--;
	at->busy = false;
	if (!at->cached) {
		statement_free(at);
		return;
	}
	sqlite3_reset(at->stmt);
	if (at->params)
		sqlite3_clear_bindings(at->stmt);
}

static int date_bind(sqlite3_stmt *stmt, int place, const struct db_value *value)
{
	char text[DATE_TEXT_ROOM];
	size_t len = date_text((struct date){ value->integer }, text);
	return sqlite3_bind_text64(stmt, place, text, len, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* Copies text: the caller's storage may change before the last row is read. */
int sqlite_value_bind(sqlite3_stmt *stmt, int place, const struct db_value *value)
{
	switch (value->type) {
	case DB_NULL: return sqlite3_bind_null(stmt, place);
	case DB_BOOL:
	case DB_INT: return sqlite3_bind_int64(stmt, place, value->integer);
	case DB_REAL: return sqlite3_bind_double(stmt, place, value->real);
	case DB_JSON:
	case DB_TEXT:
		return sqlite3_bind_text64(stmt, place, value->bytes, value->len, SQLITE_TRANSIENT,
					   SQLITE_UTF8);
	case DB_DATE: return date_bind(stmt, place, value);
	case DB_BLOB:
		if (!value->len)
			return sqlite3_bind_zeroblob(stmt, place, 0);
		return sqlite3_bind_blob64(stmt, place, value->bytes, value->len, SQLITE_TRANSIENT);
	}
	return SQLITE_MISUSE;
}

enum app_err sqlite_statement_bind(struct ctx *c, struct sqlite_conn *conn,
				   struct sqlite_statement *at, struct db_binds binds)
{
	if (binds.count != (size_t)at->params)
		return ctx_fail_cause(c, APP_INTERNAL,
				      "%zu values are bound to %d parameters, in: %.200s",
				      binds.count, at->params, at->entry.sql);
	int count = at->places ? sqlite3_bind_parameter_count(at->stmt) : at->params;
	for (int i = 0; i < count; i++) {
		int code = sqlite_value_bind(at->stmt, i + 1,
					     &binds.values[at->places ? at->places[i] : i]);
		if (code)
			return sqlite_fail(c, conn, code, at->entry.sql);
	}
	return APP_OK;
}

void sqlite_statements_drop(struct sqlite_conn *conn)
{
	while (conn->statements.oldest)
		cache_remove(conn, statement_of(conn->statements.oldest));
}
