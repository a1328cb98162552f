/*
 * What tables a database has, with their columns, primary keys and references, in an order
 * in which they can be filled.
 */
#include <string.h>

#include "base/str.h"
#include "internal.h"

/* Texts of the first column, in the arena. */
struct names {
	const char **at;
	size_t count;
};

static enum app_err names_read(struct ctx *c, const char *sql, struct db_binds binds,
			       struct names *ret)
{
	AUTO(db_rows) rows = { 0 };
	struct names names = { 0 };
	bool has_row = false;
	enum app_err err = db_query(c, sql, binds, &rows);
	while (!err && !(err = db_rows_next(&rows, &has_row)) && has_row) {
		names.at = arena_grow(c->arena, names.at, names.count * sizeof(*names.at),
				      (names.count + 1) * sizeof(*names.at));
		names.at[names.count++] = arena_strdup(c->arena, db_column_text(&rows, 0, NULL));
	}
	if (!err)
		*ret = names;
	return err;
}

static enum db_type type_of(const char *declared)
{
	if (str_eq_nocase(declared, "INTEGER") || str_eq_nocase(declared, "INT"))
		return DB_INT;
	if (str_eq_nocase(declared, "TEXT"))
		return DB_TEXT;
	if (str_eq_nocase(declared, "REAL"))
		return DB_REAL;
	return str_eq_nocase(declared, "BLOB") ? DB_BLOB : DB_NULL;
}

static enum app_err columns_read(struct ctx *c, struct copy_table *table)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	enum app_err err = db_query(c, db_dialect(c)->catalog->columns, BIND(table->name), &rows);
	while (!err && !(err = db_rows_next(&rows, &has_row)) && has_row) {
		size_t size = sizeof(*table->columns), count = table->column_count++;
		table->columns = arena_grow(c->arena, table->columns, count * size,
					    (count + 1) * size);
		table->columns[count] = (struct copy_column){
			.name = arena_strdup(c->arena, db_column_text(&rows, 0, NULL)),
			.type = type_of(db_column_text(&rows, 1, NULL)),
			.key = db_column_int(&rows, 2),
		};
		table->key_count += table->columns[count].key > 0;
	}
	return err;
}

static enum app_err keys_find(struct ctx *c, struct copy_table *table)
{
	if (!table->key_count)
		return ctx_fail(c, APP_CONFLICT,
				"the table %s has no primary key, so its rows cannot be copied "
				"piece by piece",
				table->name);
	if (table->key_count > COPY_KEYS_MOST)
		return ctx_fail(c, APP_CONFLICT,
				"the primary key of the table %s has more than %d columns",
				table->name, COPY_KEYS_MOST);
	table->keys = arena_zero(c->arena, table->key_count * sizeof(*table->keys));
	for (size_t i = 0; i < table->column_count; i++)
		if (table->columns[i].key)
			table->keys[table->columns[i].key - 1] = &table->columns[i];
	return APP_OK;
}

static enum app_err table_read(struct ctx *c, const char *name, struct copy_table *ret)
{
	struct copy_table table = { .name = name };
	struct names parents;
	enum app_err err = columns_read(c, &table);
	if (!err)
		err = keys_find(c, &table);
	if (!err)
		err = names_read(c, db_dialect(c)->catalog->parents, BIND(name), &parents);
	if (err)
		return err;
	table.parents = parents.at;
	table.parent_count = parents.count;
	*ret = table;
	return APP_OK;
}

/* Whether every table that this one refers to is among the first `count`, or is itself. */
static bool is_ready(const struct copy_table *table, const struct copy_table *first, size_t count)
{
	for (size_t i = 0; i < table->parent_count; i++) {
		bool found = str_eq_nocase(table->parents[i], table->name);
		for (size_t at = 0; at < count && !found; at++)
			found = str_eq_nocase(first[at].name, table->parents[i]);
		if (!found)
			return false;
	}
	return true;
}

static enum app_err tables_sort(struct ctx *c, const struct copy_tables *tables)
{
	for (size_t sorted = 0; sorted < tables->count; sorted++) {
		size_t next = sorted;
		while (next < tables->count && !is_ready(&tables->at[next], tables->at, sorted))
			next++;
		if (next == tables->count)
			return ctx_fail(c, APP_CONFLICT,
					"the table %s refers to others in a circle, so none can be "
					"filled first",
					tables->at[sorted].name);
		struct copy_table moved = tables->at[next];
		memmove(&tables->at[sorted + 1], &tables->at[sorted],
			(next - sorted) * sizeof(moved));
		tables->at[sorted] = moved;
	}
	return APP_OK;
}

enum app_err copy_tables_read(struct ctx *c, struct copy_tables *ret)
{
	struct names names = { 0 };
	enum app_err err = names_read(c, db_dialect(c)->catalog->tables, BIND(), &names);
	if (err)
		return err;
	struct copy_tables tables = { .count = names.count };
	tables.at = arena_zero(c->arena, (names.count + 1) * sizeof(*tables.at));
	for (size_t i = 0; !err && i < names.count; i++)
		err = table_read(c, names.at[i], &tables.at[i]);
	if (!err)
		err = tables_sort(c, &tables);
	if (!err)
		*ret = tables;
	return err;
}

static enum app_err column_mark(struct ctx *c, const struct copy_table *table,
				struct copy_column *column, enum db_type type)
{
	/* what is copied next is told by the order of the key, which is that of texts here */
	if (type == DB_JSON && column->key)
		return ctx_fail(c, APP_CONFLICT,
				"the primary key of the table %s has a column of JSON, %s",
				table->name, column->name);
	column->type = type;
	return APP_OK;
}

static bool is_marked(enum db_type type)
{
	return type == DB_BOOL || type == DB_JSON || type == DB_DATE;
}

static enum app_err table_mark(struct ctx *c, const struct copy_table *table)
{
	struct db_columns columns;
	enum app_err err = db_columns_read(c, table->name, &columns);
	for (size_t i = 0; !err && i < table->column_count; i++) {
		struct copy_column *column = &table->columns[i];
		const struct db_column *there = db_columns_find(&columns, column->name);
		if (there && is_marked(there->type))
			err = column_mark(c, table, column, there->type);
	}
	return err;
}

enum app_err copy_tables_types(struct ctx *c, const struct copy_tables *tables)
{
	enum app_err err = APP_OK;
	for (size_t i = 0; !err && i < tables->count; i++)
		err = table_mark(c, &tables->at[i]);
	return err;
}
