/*
 * What is known against what is applied. The known migrations are the list of the caller; the
 * applied ones are rows of croft_migrations. The SQL here is the dialect that every driver
 * understands.
 */
#include <stdlib.h>

#include "base/app_name.h"
#include "base/arena.h"
#include "base/str.h"
#include "core/app.h"
#include "core/db.h"
#include "core/dialect.h"
#include "internal.h"

static const char SQL_TABLE[] = "CREATE TABLE IF NOT EXISTS croft_migrations ("
				"number bigint NOT NULL PRIMARY KEY, name text NOT NULL, "
				"checksum text NOT NULL, applied_at bigint NOT NULL)";
static const char SQL_APPLIED[] =
	"SELECT number, name, checksum, applied_at FROM croft_migrations ORDER BY number";
static const char SQL_APPLIED_COUNT[] = "SELECT count(*) FROM croft_migrations";

enum app_err migration_table(struct ctx *c)
{
	enum app_err err = db_migrate_lock(c);
	return err ? err : db_exec(c, SQL_TABLE, BIND(), NULL);
}

/* Also makes sure that the list can be merged: ascending, each number once. */
static enum app_err list_check(struct ctx *c, const struct migration *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *file = migration_file(c, list[i].number, list[i].name);
		if (list[i].number < 1)
			return ctx_fail(c, APP_CONFLICT, "%s: numbers begin at 0001", file);
		if (i && list[i].number <= list[i - 1].number)
			return ctx_fail(c, APP_CONFLICT,
					"%s and %s: each migration has a number of its own, in "
					"ascending order",
					migration_file(c, list[i - 1].number, list[i - 1].name),
					file);
	}
	return APP_OK;
}

/* Marks the state of an applied row: in place when the list knows it, else added at the end. */
static void applied_merge(struct ctx *c, const struct db_rows *rows, const struct migration *list,
			  size_t known, struct migration_state *states, size_t *count)
{
	int64_t number = db_column_int(rows, 0);
	const char *name = db_column_text(rows, 1, NULL);
	size_t at = 0;
	while (at < known && list[at].number != number)
		at++;
	if (at == known) {
		at = (*count)++;
		states[at] = (struct migration_state){ .number = number,
						       .name = arena_strdup(c->arena, name) };
	} else {
		char checksum[MIGRATION_CHECKSUM_ROOM];
		migration_checksum(list[at].sql, checksum);
		states[at].changed = !str_eq(db_column_text(rows, 2, NULL), checksum) ||
				     !str_eq(name, list[at].name);
	}
	states[at].applied = true;
	states[at].applied_at = (struct instant){ db_column_int(rows, 3) };
}

static int by_number(const void *a, const void *b)
{
	int64_t left = ((const struct migration_state *)a)->number;
	int64_t right = ((const struct migration_state *)b)->number;
	return (left > right) - (left < right);
}

/* As many more as are applied have room behind them. */
static struct migration_state *known_states(struct ctx *c, const struct migration *list,
					    size_t count, size_t more)
{
	struct migration_state *states = arena_zero(c->arena, (count + more) * sizeof(*states));
	for (size_t i = 0; i < count; i++)
		states[i] = (struct migration_state){ .number = list[i].number,
						      .name = list[i].name,
						      .known = true };
	return states;
}

enum app_err migration_states(struct ctx *c, const struct migration *list, size_t count,
			      struct migration_state **ret_states, size_t *ret_count)
{
	int64_t applied = 0;
	size_t total = count;
	enum app_err err = list_check(c, list, count);
	if (!err)
		err = db_query_int(c, SQL_APPLIED_COUNT, BIND(), &applied);
	if (err)
		return err;
	size_t room = count + (size_t)applied;
	struct migration_state *states = known_states(c, list, count, (size_t)applied);
	AUTO(db_rows) rows = { 0 };
	err = db_query(c, SQL_APPLIED, BIND(), &rows);
	bool has_row = false;
	while (!err && !(err = db_rows_next(&rows, &has_row)) && has_row && total < room)
		applied_merge(c, &rows, list, count, states, &total);
	if (err)
		return err;
	qsort(states, total, sizeof(*states), by_number);
	*ret_states = states;
	*ret_count = total;
	return APP_OK;
}

static enum app_err table_find(struct ctx *c, bool *ret_is_there)
{
	AUTO(db_rows) rows = { 0 };
	return db_query_first(c, db_dialect(c)->column_types, BIND("croft_migrations"), &rows,
			      ret_is_there);
}

enum app_err migration_states_look(struct ctx *c, const struct migration *list, size_t count,
				   struct migration_state **ret_states, size_t *ret_count)
{
	const bool before = c->reads_primary;
	bool is_there = false;
	c->reads_primary = true;
	enum app_err err = table_find(c, &is_there);
	if (!err && is_there)
		err = migration_states(c, list, count, ret_states, ret_count);
	else if (!err)
		err = list_check(c, list, count);
	c->reads_primary = before;
	if (!err && !is_there) {
		*ret_states = known_states(c, list, count, 1);
		*ret_count = count;
	}
	return err;
}

static enum app_err state_check(struct ctx *c, const struct migration_state *at,
				bool before_applied, const char *newest)
{
	const char *file = migration_file(c, at->number, at->name);
	if (at->applied && !at->known)
		return ctx_fail(
			c, APP_CONFLICT,
			"%s is applied to this database, but this program does not have it. It was "
			"probably made by a newer version: run that one, or put the file back",
			file);
	if (at->changed)
		return ctx_fail(
			c, APP_CONFLICT,
			"%s was changed after it was applied to this database. Restore the file as "
			"it was and build again; then put the change into a new migration "
			"(" APP_NAME " migrate new), or, where nobody else has applied this one, "
			"take it back (" APP_NAME " migrate down) before you change it",
			file);
	if (!at->applied && before_applied)
		return ctx_fail(
			c, APP_CONFLICT,
			"%s comes before %s, which is already applied to this database. Give the "
			"file the next free number",
			file, newest);
	return APP_OK;
}

enum app_err migration_check(struct ctx *c, const struct migration_state *states, size_t count)
{
	size_t end = count; /* past the newest applied one */
	while (end && !states[end - 1].applied)
		end--;
	const char *newest = end ? migration_file(c, states[end - 1].number, states[end - 1].name)
				 : "";
	for (size_t i = 0; i < count; i++) {
		enum app_err err = state_check(c, &states[i], i < end, newest);
		if (err)
			return err;
	}
	return APP_OK;
}
