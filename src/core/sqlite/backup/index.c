/*
 * The full-text indexes of a copy: whether each holds together and has the words of its table, and
 * making one anew. PRAGMA integrity_check looks at none of that.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/sqlite/fts/state.h"
#include "core/sqlite/internal.h"
#include "core/sqlite_backup.h"
#include "core/text.h"

/* Also those whose words SQLite keeps by itself, by triggers: they have no list. */
static const char SQL_INDEXES[] =
	"SELECT v.name, s.sql, EXISTS (SELECT 1 FROM sqlite_schema WHERE name = v.name || '_todo') "
	"FROM pragma_table_list AS v JOIN sqlite_schema AS s ON s.name = v.name "
	"WHERE v.schema = 'main' AND v.type = 'virtual' AND s.sql LIKE '%USING%fts5%' "
	"AND v.name NOT GLOB '*[^A-Za-z0-9_]*' ORDER BY v.name";

struct index {
	const char *name, *sql;
	bool listed;
};

struct indexes {
	struct index *at;
	size_t count;
};

static const char *column_copy(struct arena *arena, sqlite3_stmt *stmt, int column)
{
	const char *text = (const char *)sqlite3_column_text(stmt, column);
	return arena_strdup(arena, text ? text : "");
}

static int indexes_read(struct ctx *c, sqlite3 *handle, struct indexes *ret)
{
	sqlite3_stmt *stmt = NULL;
	struct indexes found = { 0 };
	int code = sqlite3_prepare_v2(handle, SQL_INDEXES, -1, &stmt, NULL);
	while (!code && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
		size_t size = sizeof(*found.at);
		found.at = arena_grow(c->arena, found.at, found.count * size,
				      (found.count + 1) * size);
		found.at[found.count++] = (struct index){ .name = column_copy(c->arena, stmt, 0),
							  .sql = column_copy(c->arena, stmt, 1),
							  .listed = sqlite3_column_int(stmt, 2) !=
								    0 };
		code = SQLITE_OK;
	}
	sqlite3_finalize(stmt);
	*ret = found;
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

/* ---- looking ---- */

/*
 * With 1 an index compares itself with the table that has its text; one with a list has text of its
 * own.
 */
static bool holds_together(struct ctx *c, sqlite3 *handle, const struct index *index)
{
	const char *sql = arena_printf(
		c->arena, "BEGIN; INSERT INTO %s (%s, rank) VALUES ('integrity-check', %d)",
		index->name, index->name, index->listed ? 0 : 1);
	int code = sqlite3_exec(handle, sql, NULL, NULL, NULL);
	sqlite3_exec(handle, "ROLLBACK", NULL, NULL, NULL);
	return code == SQLITE_OK;
}

static bool is_same(sqlite3_stmt *stmt)
{
	AUTO(arena) arena = { 0 };
	const char *text = (const char *)sqlite3_column_text(stmt, 0);
	const char *has = (const char *)sqlite3_column_text(stmt, 1);
	size_t len = (size_t)sqlite3_column_bytes(stmt, 0);
	return text && has && str_eq(text_words(&arena, text, len, NULL), has);
}

/* Whether every row that is on no list has its words in the index, and the index no other. */
static bool has_words(struct ctx *c, sqlite3 *handle, const struct index *index)
{
	const char *n = index->name;
	const char *sql = arena_printf(
		c->arena,
		"SELECT s.text, x.c0 FROM %s_source AS s LEFT JOIN %s_content AS x ON x.id = s.id "
		"WHERE s.id NOT IN (SELECT id FROM %s_todo) UNION ALL "
		"SELECT NULL, NULL FROM %s_content AS x WHERE x.id NOT IN (SELECT id FROM %s_todo) "
		"AND NOT EXISTS (SELECT 1 FROM %s_source AS s WHERE s.id = x.id)",
		n, n, n, n, n, n);
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL);
	while (!code && (code = sqlite3_step(stmt)) == SQLITE_ROW)
		code = is_same(stmt) ? SQLITE_OK : SQLITE_MISMATCH;
	sqlite3_finalize(stmt);
	return code == SQLITE_DONE;
}

static const char *index_fault(struct ctx *c, sqlite3 *handle, const struct index *index)
{
	if (!holds_together(c, handle, index))
		return arena_printf(c->arena, "the full-text index %s is damaged", index->name);
	if (index->listed && !has_words(c, handle, index))
		return arena_printf(c->arena,
				    "the full-text index %s has not the words of its table",
				    index->name);
	return NULL;
}

/* ---- making anew ---- */

static int index_renew(struct ctx *c, sqlite3 *handle, const struct index *index)
{
	const char *script = index->listed ? fts_renew_script(c->arena, index->name, index->sql)
					   : arena_printf(c->arena,
							  "INSERT INTO %s (%s) VALUES ('rebuild')",
							  index->name, index->name);
	return sqlite3_exec(handle, arena_printf(c->arena, "BEGIN; %s; COMMIT", script), NULL, NULL,
			    NULL);
}

/* FTS5 checks itself by a statement that writes, and then writes nothing. */
static enum app_err indexes_do(struct ctx *c, const char *file, bool renew, const char **ret_fault)
{
	struct indexes indexes = { 0 };
	sqlite3 *handle = NULL;
	int code = sqlite_untrusted_open(file, SQLITE_OPEN_READWRITE, &handle);
	if (!code)
		code = indexes_read(c, handle, &indexes);
	*ret_fault = NULL;
	for (size_t i = 0; !code && i < indexes.count; i++) {
		const char *fault = index_fault(c, handle, &indexes.at[i]);
		if (fault && renew)
			code = index_renew(c, handle, &indexes.at[i]);
		*ret_fault = *ret_fault ? *ret_fault : fault;
	}
	enum app_err err = code ? sqlite_untrusted_fail(c, "look at the full-text indexes of", file,
							handle, code)
				: APP_OK;
	sqlite3_close_v2(handle);
	return err;
}

enum app_err sqlite_backup_indexes_check(struct ctx *c, const char *file, const char **ret_fault)
{
	return indexes_do(c, file, false, ret_fault);
}

enum app_err sqlite_backup_indexes_mend(struct ctx *c, const char *file, const char **ret_fault)
{
	return indexes_do(c, file, true, ret_fault);
}
