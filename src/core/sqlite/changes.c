/*
 * Which rows the transaction under way changed, as they were before and as they are after. The hook
 * sees rows of statements that fail and of savepoints that are rolled back as well: what was noted
 * since is then taken back.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "counts.h"

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
			code = sqlite_functions_add(handle);
		if (!code)
			code = sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
		if (code)
			return false;
	}
	return true;
}

static void values_free(struct change *change)
{
	int count = __builtin_popcountll(change->table->needs);
	for (int i = 0; i < count; i++)
		sqlite3_value_free(change->values[i]);
	free(change->values);
	change->table->changes--;
}

static void changes_cut(struct changes *changes, size_t count)
{
	while (changes->count > count)
		values_free(&changes->list[--changes->count]);
}

void changes_forget(struct changes *changes)
{
	changes_cut(changes, 0);
	changes->depth = 0;
	changes->doubtful = false;
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

static struct counted_table *table_find(const struct changes *changes, const char *name)
{
	struct counted_table *table = changes->tables;
	while (table && !str_eq_nocase(table->name, name))
		table = table->next;
	return table;
}

struct counted_table *changes_table(struct changes *changes, sqlite3 *handle, const char *name)
{
	struct counted_table *table = table_find(changes, name);
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

/* ---- rows ---- */

typedef int value_fn(sqlite3 *, int, sqlite3_value **);

/*
 * SQLite 3.40 shows a column that came by ALTER TABLE as null in rows of before, whatever its
 * preset: then nobody knows what the row was.
 */
static bool value_note(struct change *change, sqlite3 *handle, value_fn *get, int column, int at)
{
	sqlite3_value *value = NULL;
	if (get(handle, column, &value))
		return false;
	bool is_null = sqlite3_value_type(value) == SQLITE_NULL;
	change->values[at] = sqlite3_value_dup(value);
	return change->values[at] && !(is_null && change->table->has_preset[column]);
}

static void row_note(struct changes *changes, struct counted_table *table, sqlite3 *handle,
		     int when)
{
	if (changes->count == changes->room) {
		size_t room = changes->room ? 2 * changes->room : 64;
		struct change *list = mem_new(room, sizeof(*list));
		if (changes->count)
			memcpy(list, changes->list, changes->count * sizeof(*list));
		free(changes->list);
		changes->list = list;
		changes->room = room;
	}
	struct change *change = &changes->list[changes->count++];
	*change = (struct change){ .table = table, .when = when };
	size_t count = (size_t)__builtin_popcountll(table->needs);
	change->values = mem_new(count, sizeof(sqlite3_value *));
	table->changes++;
	int at = 0;
	if (sqlite3_preupdate_count(handle) != table->columns) {
		changes->doubtful = true;
		return;
	}
	for (int i = 0; i < table->columns; i++)
		if (table->needs >> i & 1 &&
		    !value_note(change, handle,
				when ? sqlite3_preupdate_new : sqlite3_preupdate_old, i, at++))
			changes->doubtful = true;
}

void sqlite_counts_change(struct sqlite_counts *counts, sqlite3 *handle, int what, const char *name)
{
	struct changes *changes = &counts->changes;
	struct counted_table *table = table_find(changes, name);
	if (!table || !table->needs || changes->doubtful)
		return;
	if (changes->count + 2 > CHANGES_MOST) {
		changes_cut(changes, 0);
		changes->doubtful = true;
		return;
	}
	if (what != SQLITE_INSERT)
		row_note(changes, table, handle, 0);
	if (what != SQLITE_DELETE)
		row_note(changes, table, handle, 1);
}

/* ---- what is taken back ---- */

struct sqlite_step sqlite_counts_step(const struct sqlite_counts *counts, sqlite3_stmt *stmt)
{
	return (struct sqlite_step){
		.changes = counts->changes.count,
		.total = sqlite3_total_changes64(sqlite3_db_handle(stmt)),
		.goes_on = sqlite3_stmt_busy(stmt) != 0,
	};
}

/*
 * A failed statement undoes what it did; but OR FAIL keeps it, and one that goes on did things
 * before this step.
 */
void sqlite_counts_failed(struct sqlite_counts *counts, sqlite3_stmt *stmt,
			  const struct sqlite_step *step)
{
	struct changes *changes = &counts->changes;
	bool keeps = sqlite3_total_changes64(sqlite3_db_handle(stmt)) != step->total;
	if (keeps || step->goes_on)
		changes->doubtful = changes->doubtful || !sqlite3_stmt_readonly(stmt);
	else if (changes->count > step->changes)
		changes_cut(changes, step->changes);
}

void sqlite_counts_control(struct sqlite_counts *counts, enum sqlite_control what)
{
	struct changes *changes = &counts->changes;
	switch (what) {
	case CONTROL_SAVEPOINT:
		if (changes->depth < MARKS_MOST)
			changes->marks[changes->depth] = changes->count;
		else
			changes->doubtful = true;
		changes->depth++;
		return;
	case CONTROL_RELEASE: changes->depth -= changes->depth > 0; return;
	case CONTROL_ROLLBACK_TO:
		if (changes->depth && changes->depth <= MARKS_MOST &&
		    changes->marks[changes->depth - 1] < changes->count)
			changes_cut(changes, changes->marks[changes->depth - 1]);
		return;
	default: return;
	}
}

/* ---- the mirrors ---- */

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
