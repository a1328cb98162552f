/*
 * Broken rules of the schema as errors a client can act on. SQLite says which columns or which
 * index in its message; the field is taken from there.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "internal.h"

/*
 * What the message says after "… constraint failed: ", copied: the next call on the connection
 * replaces it.
 */
static char *message_subject(struct ctx *c, struct sqlite_conn *conn)
{
	const char *message = conn ? sqlite3_errmsg(conn->handle) : "";
	const char *mark = strstr(message, "failed: ");
	return arena_strdup(c->arena, mark ? mark + strlen("failed: ") : "");
}

/* "users.username" → "username" */
static const char *column_of(const char *subject)
{
	const char *dot = strrchr(subject, '.');
	return dot ? dot + 1 : subject;
}

/*
 * The same for the columns of a unique index: "users.username_key" → "username" where the table has
 * that too, because the key is made of it (see .key in core/field.h) and clients know nothing of
 * it.
 */
static const char *named_column(struct ctx *c, struct sqlite_conn *conn, const char *subject)
{
	const char *column = column_of(subject);
	size_t len = strlen(column), key_len = strlen("_key");
	if (column == subject || !str_ends(column, "_key") || len == key_len)
		return column;
	const char *table = arena_strndup(c->arena, subject, (size_t)(column - subject) - 1);
	const char *origin = arena_strndup(c->arena, column, len - key_len);
	bool is_there = !sqlite3_table_column_metadata(conn->handle, NULL, table, origin, NULL,
						       NULL, NULL, NULL, NULL);
	return is_there ? origin : column;
}

static const char *index_table(struct ctx *c, struct sqlite_conn *conn, const char *index)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(
		conn->handle, "SELECT tbl_name FROM sqlite_schema WHERE type='index' AND name=?1",
		-1, &stmt, NULL);
	if (code)
		return NULL;
	sqlite3_bind_text(stmt, 1, index, -1, SQLITE_TRANSIENT);
	const char *table = NULL;
	if (sqlite3_step(stmt) == SQLITE_ROW)
		table = arena_strdup(c->arena, (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	return table;
}

/* The column of a rule named "<table>_<column><suffix>"; NULL for another name. */
static const char *rule_column(struct ctx *c, const char *rule, const char *table,
			       const char *suffix)
{
	size_t front = table ? strlen(table) : 0, back = strlen(suffix), len = strlen(rule);
	if (!front || len <= front + 1 + back || !str_starts(rule, table) || rule[front] != '_' ||
	    !str_ends(rule, suffix))
		return NULL;
	return arena_strndup(c->arena, rule + front + 1, len - front - 1 - back);
}

static enum app_err fail_unique_index(struct ctx *c, struct sqlite_conn *conn, char *subject)
{
	char *index = subject + strlen("index '");
	index[strcspn(index, "'")] = '\0';
	const char *column = rule_column(c, index, index_table(c, conn, index), "_key");
	return column ? ctx_fail(c, APP_CONFLICT, "%s is already taken", column)
		      : ctx_fail(c, APP_CONFLICT, "this value is already taken");
}

/* "post_tags.post_id, post_tags.tag" → "post_id and tag" */
static const char *columns_text(struct ctx *c, struct sqlite_conn *conn, char *subject)
{
	struct buf text;
	buf_init(&text, c->arena);
	char *save = NULL;
	for (char *at = strtok_r(subject, ", ", &save); at; at = strtok_r(NULL, ", ", &save)) {
		if (text.len)
			buf_add_lit(&text, " and ");
		buf_add_text(&text, named_column(c, conn, at));
	}
	return buf_text(&text);
}

static enum app_err fail_unique(struct ctx *c, struct sqlite_conn *conn)
{
	char *subject = message_subject(c, conn);
	if (str_starts(subject, "index '"))
		return fail_unique_index(c, conn, subject);
	if (!strchr(subject, ','))
		return ctx_fail(c, APP_CONFLICT, "%s is already taken",
				named_column(c, conn, subject));
	return ctx_fail(c, APP_CONFLICT, "this combination of %s is already taken",
			columns_text(c, conn, subject));
}

/*
 * A check named "<table>_<column>_check" names its field; the text of an unnamed one is nobody's
 * business.
 */
static enum app_err fail_check(struct ctx *c, struct sqlite_conn *conn)
{
	const char *rule = message_subject(c, conn);
	const char *column = NULL;
	for (const char *at = strchr(rule, '_'); at && !column; at = strchr(at + 1, '_')) {
		char *table = arena_strndup(c->arena, rule, (size_t)(at - rule));
		if (!sqlite3_table_column_metadata(conn->handle, NULL, table, NULL, NULL, NULL,
						   NULL, NULL, NULL))
			column = rule_column(c, rule, table, "_check");
	}
	return column ? ctx_fail_rule(c, column, "%s has a value that is not allowed", column)
		      : ctx_fail_rule(c, NULL, "a value is not allowed");
}

static enum app_err fail_null(struct ctx *c, const char *column)
{
	return ctx_fail_rule(c, column, "%s must not be null", column);
}

enum app_err sqlite_constraint_fail(struct ctx *c, struct sqlite_conn *conn, int code)
{
	switch (code) {
	case SQLITE_CONSTRAINT_UNIQUE:
	case SQLITE_CONSTRAINT_PRIMARYKEY:
	case SQLITE_CONSTRAINT_ROWID: return fail_unique(c, conn);
	case SQLITE_CONSTRAINT_FOREIGNKEY:
		return ctx_fail(
			c, APP_CONFLICT,
			"what this refers to does not exist, or something else still refers to it");
	case SQLITE_CONSTRAINT_NOTNULL: return fail_null(c, column_of(message_subject(c, conn)));
	case SQLITE_CONSTRAINT_CHECK: return fail_check(c, conn);
	/* The text of a RAISE() is written by the author of the schema, for this. */
	case SQLITE_CONSTRAINT_TRIGGER:
		return ctx_fail(c, APP_CONFLICT, "%s", sqlite3_errmsg(conn->handle));
	default:
		return ctx_fail_cause(c, APP_INTERNAL, "SQLite: %s (code %d)",
				      conn ? sqlite3_errmsg(conn->handle) : sqlite3_errstr(code),
				      code);
	}
}
