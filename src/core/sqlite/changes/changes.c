/*
 * Which rows the transaction under way changed, as they were before and as they are after. The hook
 * sees rows of statements that fail and of savepoints that are rolled back as well: what was noted
 * since is then taken back.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "counts_state.h"

static void values_free(struct change *change)
{
	int count = __builtin_popcountll(change->table->needs);
	for (int i = 0; i < count; i++)
		sqlite3_value_free(change->values[i]);
	free(change->values);
	change->table->changes--;
}

void changes_cut(struct changes *changes, size_t count)
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
	struct counted_table *table = changes_table_find(changes, name);
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
