/*
 * What columns a table has, as the database tells it: for what is to be compared with it at the
 * start. No request asks for it.
 */
#include "base/arena.h"
#include "base/str.h"
#include "core/db_table.h"
#include "core/dialect.h"

static enum db_type type_named(const char *name)
{
	static const struct {
		const char *name;
		enum db_type type;
	} types[] = {
		{ "integer", DB_INT }, { "real", DB_REAL }, { "text", DB_TEXT },
		{ "blob", DB_BLOB },   { "json", DB_JSON }, { "boolean", DB_BOOL },
		{ "date", DB_DATE },
	};
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (str_eq(types[i].name, name))
			return types[i].type;
	return DB_NULL;
}

static void column_add(struct ctx *c, struct db_columns *columns, const struct db_rows *row)
{
	size_t size = sizeof(*columns->at), count = columns->count++;
	const char *type = db_column_text(row, 1, NULL);
	columns->at = arena_grow(c->arena, columns->at, count * size, (count + 1) * size);
	columns->at[count] = (struct db_column){
		.name = arena_strdup(c->arena, db_column_text(row, 0, NULL)),
		.type = type_named(type),
		.may_be_null = !db_column_int(row, 2),
		.has_default = db_column_int(row, 3),
	};
	columns->is_view = db_column_int(row, 4);
	if (*type && columns->at[count].type == DB_NULL)
		columns->at[count].foreign = arena_strdup(c->arena, type);
}

enum app_err db_columns_read(struct ctx *c, const char *table, struct db_columns *ret)
{
	AUTO(db_rows) rows = { 0 };
	struct db_columns columns = { 0 };
	bool has_row = false;
	enum app_err err = db_query(c, db_dialect(c)->column_types, BIND(table), &rows);
	while (!err && !(err = db_rows_next(&rows, &has_row)) && has_row)
		column_add(c, &columns, &rows);
	if (!err)
		*ret = columns;
	return err;
}

struct db_columns_entry {
	const char *table;
	struct db_columns columns;
	struct db_columns_entry *next;
};

enum app_err db_columns_cache_read(struct ctx *c, struct db_columns_cache *cache, const char *table,
				   struct db_columns *ret)
{
	struct db_columns_entry *entry = cache->first;
	while (entry && !str_eq(entry->table, table))
		entry = entry->next;
	if (entry) {
		*ret = entry->columns;
		return APP_OK;
	}
	enum app_err err = db_columns_read(c, table, ret);
	if (err)
		return err;
	entry = arena_zero(c->arena, sizeof(*entry));
	*entry = (struct db_columns_entry){ arena_strdup(c->arena, table), *ret, cache->first };
	cache->first = entry;
	return APP_OK;
}

const struct db_column *db_columns_find(const struct db_columns *columns, const char *name)
{
	for (size_t i = 0; i < columns->count; i++)
		if (str_eq(columns->at[i].name, name))
			return &columns->at[i];
	return NULL;
}
