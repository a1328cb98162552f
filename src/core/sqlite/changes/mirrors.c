/*
 * The tables that somebody counts, as they are in the file, in two databases of memory: one takes
 * the rows of a transaction as they were, the other as they are.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"
#include "counts_state.h"

bool changes_open(struct changes *changes)
{
	for (int i = 0; i < 2; i++) {
		sqlite3 *handle = NULL;
		int code = sqlite3_open_v2(":memory:", &handle,
					   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
						   SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX,
					   NULL);
		changes->mirrors[i] = handle;
		if (!code)
			code = sqlite_functions_add(handle, NULL);
		if (!code)
			code = sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
		if (code)
			return false;
	}
	return true;
}

static void table_free(struct counted_table *table)
{
	for (int i = 0; i < table->columns; i++)
		free(table->column_names[i]);
	free(table->column_names);
	free(table->has_preset);
	free(table->name);
	free(table);
}

void changes_tables_drop(struct changes *changes)
{
	changes_cut(changes, 0);
	while (changes->tables) {
		struct counted_table *next = changes->tables->next;
		for (int i = 0; i < 2; i++) {
			char *sql = sqlite3_mprintf("DROP TABLE IF EXISTS \"%w\"",
						    changes->tables->name);
			sqlite3_exec(changes->mirrors[i], sql, NULL, NULL, NULL);
			sqlite3_free(sql);
		}
		table_free(changes->tables);
		changes->tables = next;
	}
}

void changes_close(struct changes *changes)
{
	changes_tables_drop(changes);
	free(changes->list);
	for (int i = 0; i < 2; i++)
		sqlite3_close_v2(changes->mirrors[i]);
}

/* ---- tables ---- */

/*
 * Generated columns are not among the values that the hook shows, and ANY has no type that a copy
 * could have.
 */
static bool column_add(struct counted_table *table, sqlite3 *handle, sqlite3_stmt *info,
		       sqlite3_str *sql)
{
	const char *name = (const char *)sqlite3_column_text(info, 1), *type, *collation;
	int not_null = 0;
	bool hidden = sqlite3_column_int(info, 6) != 0;
	bool has_preset = sqlite3_column_type(info, 4) != SQLITE_NULL;
	if (hidden || table->columns == COLUMNS_MOST ||
	    sqlite3_table_column_metadata(handle, "main", table->name, name, &type, &collation,
					  &not_null, NULL, NULL) ||
	    (type && str_eq_nocase(type, "any")))
		return false;
	sqlite3_str_appendf(sql, "%s\"%w\" %s COLLATE \"%w\"", table->columns ? ", " : "", name,
			    type ? type : "", collation);
	table->has_preset[table->columns] = has_preset;
	table->column_names[table->columns++] = mem_strdup(name);
	return true;
}

static bool columns_read(struct counted_table *table, sqlite3 *handle, sqlite3_str *sql)
{
	sqlite3_stmt *info = NULL;
	bool ok = true;
	if (sqlite3_prepare_v2(handle, "SELECT * FROM pragma_table_xinfo(?1)", -1, &info, NULL))
		return false;
	sqlite3_bind_text(info, 1, table->name, -1, SQLITE_STATIC);
	while (ok && sqlite3_step(info) == SQLITE_ROW)
		ok = column_add(table, handle, info, sql);
	sqlite3_finalize(info);
	return ok && table->columns;
}

static bool mirrors_make(struct changes *changes, struct counted_table *table, sqlite3 *handle)
{
	sqlite3_str *sql = sqlite3_str_new(handle);
	sqlite3_str_appendf(sql, "CREATE TABLE \"%w\" (", table->name);
	bool ok = columns_read(table, handle, sql);
	sqlite3_str_appendall(sql, ")");
	char *text = sqlite3_str_finish(sql);
	for (int i = 0; ok && i < 2; i++)
		ok = text && !sqlite3_exec(changes->mirrors[i], text, NULL, NULL, NULL);
	sqlite3_free(text);
	return ok;
}

struct counted_table *changes_table_find(const struct changes *changes, const char *name)
{
	struct counted_table *table = changes->tables;
	while (table && !str_eq_nocase(table->name, name))
		table = table->next;
	return table;
}

struct counted_table *changes_table(struct changes *changes, sqlite3 *handle, const char *name)
{
	struct counted_table *table = changes_table_find(changes, name);
	if (table)
		return table;
	table = mem_new(1, sizeof(*table));
	table->name = mem_strdup(name);
	table->column_names = mem_new(COLUMNS_MOST, sizeof(*table->column_names));
	table->has_preset = mem_new(COLUMNS_MOST, sizeof(*table->has_preset));
	if (!mirrors_make(changes, table, handle)) {
		for (int i = 0; i < table->columns; i++)
			free(table->column_names[i]);
		table->columns = 0;
	}
	table->next = changes->tables;
	changes->tables = table;
	return table;
}

/* ---- their rows ---- */

static sqlite3_stmt *insert_of(const struct changes *changes, const struct counted_table *table,
			       int when)
{
	sqlite3_str *sql = sqlite3_str_new(NULL);
	sqlite3_str_appendf(sql, "INSERT INTO \"%w\" VALUES (", table->name);
	for (int i = 0, at = 0; i < table->columns; i++) {
		bool needed = table->needs >> i & 1;
		sqlite3_str_appendf(sql, needed ? "%s?%d" : "%sNULL", i ? ", " : "", at + 1);
		at += needed;
	}
	sqlite3_str_appendall(sql, ")");
	char *text = sqlite3_str_finish(sql);
	sqlite3_stmt *stmt = NULL;
	if (text)
		sqlite3_prepare_v2(changes->mirrors[when], text, -1, &stmt, NULL);
	sqlite3_free(text);
	return stmt;
}

static bool table_show(const struct changes *changes, const struct counted_table *table)
{
	sqlite3_stmt *inserts[2] = { insert_of(changes, table, 0), insert_of(changes, table, 1) };
	int count = __builtin_popcountll(table->needs);
	bool ok = inserts[0] && inserts[1];
	for (size_t i = 0; ok && i < changes->count; i++) {
		const struct change *change = &changes->list[i];
		if (change->table != table)
			continue;
		sqlite3_stmt *insert = inserts[change->when];
		for (int at = 0; at < count; at++)
			sqlite3_bind_value(insert, at + 1, change->values[at]);
		ok = sqlite3_step(insert) == SQLITE_DONE && !sqlite3_reset(insert);
	}
	sqlite3_finalize(inserts[0]);
	sqlite3_finalize(inserts[1]);
	return ok;
}

bool changes_show(struct changes *changes)
{
	bool ok = !changes->doubtful;
	for (int i = 0; i < 2; i++)
		sqlite3_exec(changes->mirrors[i], "BEGIN", NULL, NULL, NULL);
	for (const struct counted_table *table = changes->tables; table; table = table->next)
		if (table->changes)
			ok = ok && table_show(changes, table);
	return ok;
}

void changes_hide(struct changes *changes)
{
	for (int i = 0; i < 2; i++)
		sqlite3_exec(changes->mirrors[i], "ROLLBACK", NULL, NULL, NULL);
}
