/* What a table is made of: its parts, one SELECT of the dialect for each kind. */
#include "core/db_table.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/dialect.h"
#include "core/sql_table.h"

struct reading {
	struct ctx *c;
	struct db_table *table;
};

/* Takes one row. */
typedef void row_take(struct reading *r, const struct db_rows *row);

static enum app_err read_rows(struct reading *r, const char *sql, row_take *take)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	enum app_err err = db_query(r->c, sql, BIND(r->table->name), &rows);
	while (!err && !(err = db_rows_next(&rows, &has_row)) && has_row)
		take(r, &rows);
	return err;
}

static const char *text_at(const struct reading *r, const struct db_rows *row, int column)
{
	return arena_strdup(r->c->arena, db_column_text(row, column, NULL));
}

/* ---- rules ---- */

static void rule_add(struct reading *r, struct db_rule rule)
{
	struct db_table *table = r->table;
	size_t size = sizeof(rule), count = table->rule_count++;
	table->rules = arena_grow(r->c->arena, table->rules, count * size, (count + 1) * size);
	table->rules[count] = rule;
}

static void take_rule(struct reading *r, const struct db_rows *row)
{
	rule_add(r, (struct db_rule){ .name = text_at(r, row, 0),
				      .column = text_at(r, row, 1),
				      .condition = text_at(r, row, 2) });
}

/* The one column that the condition speaks of; NULL: none, or several. */
static const char *column_of(const struct reading *r, const char *condition)
{
	const char *found = NULL;
	for (size_t i = 0; i < r->table->columns.count; i++) {
		const char *name = r->table->columns.at[i].name;
		if (!sql_token_names_column(condition, name))
			continue;
		if (found)
			return NULL;
		found = name;
	}
	return found;
}

static void take_text(struct reading *r, const struct db_rows *row)
{
	struct sql_table table;
	struct sql_check check;
	if (!sql_table_split(r->c, text_at(r, row, 0), &table))
		return;
	for (size_t i = 0; i < table.count; i++) {
		const char *at = table.pieces[i].at, *end = at + table.pieces[i].len;
		while (sql_check_next(r->c, &at, end, &check)) {
			const char *column = column_of(r, check.condition);
			if (column)
				rule_add(r,
					 (struct db_rule){ check.name, column, check.condition });
		}
	}
}

/* ---- indexes and keys ---- */

/* What stands behind the WHERE of a CREATE INDEX; of an expression it is the whole. */
static const char *condition_in(const char *sql)
{
	static const char where[] = "WHERE";
	struct sql_token token;
	const char *at = sql, *end = sql + strlen(sql);
	for (int depth = 0; sql_token_next(&at, end, &token);) {
		depth += sql_token_depth(&token);
		if (!depth && token.len == strlen(where) && sql_token_is(&token, where))
			return at;
	}
	return sql;
}

static void take_index(struct reading *r, const struct db_rows *row)
{
	struct db_table *table = r->table;
	const char *name = text_at(r, row, 0), *condition = text_at(r, row, 2);
	size_t size = sizeof(struct db_index), count = table->index_count;
	if (!count || !str_eq(table->indexes[count - 1].name, name)) {
		table->indexes = arena_grow(r->c->arena, table->indexes, count * size,
					    (count + 1) * size);
		table->indexes[table->index_count++] = (struct db_index){
			.name = name,
			.is_unique = db_column_int(row, 1),
			.ends_in_id = db_column_int(row, 5),
			.condition = *condition ? condition_in(condition) : NULL,
		};
	}
	struct db_index *index = &table->indexes[table->index_count - 1];
	size = sizeof(*index->columns);
	count = index->count++;
	index->columns = arena_grow(r->c->arena, index->columns, count * size, (count + 1) * size);
	index->columns[count] = (struct db_index_column){
		.name = text_at(r, row, 3),
		.is_plain = db_column_int(row, 4),
		.descends = db_column_int(row, 6),
	};
}

static void take_key(struct reading *r, const struct db_rows *row)
{
	struct db_table *table = r->table;
	size_t size = sizeof(*table->keys), count = table->key_count++;
	table->keys = arena_grow(r->c->arena, table->keys, count * size, (count + 1) * size);
	table->keys[count] = (struct db_key){ text_at(r, row, 0), text_at(r, row, 1) };
}

static enum app_err read_rules(struct reading *r, const struct db_make *make)
{
	return make->checks ? read_rows(r, make->checks, take_rule)
			    : read_rows(r, make->text, take_text);
}

enum app_err db_table_read(struct ctx *c, struct db_columns_cache *cache, const char *name,
			   unsigned parts, struct db_table *ret)
{
	const struct db_make *make = db_dialect(c)->make;
	struct reading r = { .c = c, .table = ret };
	*ret = (struct db_table){ .name = name };
	enum app_err err = db_columns_cache_read(c, cache, name, &ret->columns);
	ret->is_table = !err && ret->columns.count && !ret->columns.is_view;
	if (!ret->is_table)
		return err;
	if (parts & DB_TABLE_RULES)
		err = read_rules(&r, make);
	if (!err && parts & DB_TABLE_INDEXES)
		err = read_rows(&r, make->indexes, take_index);
	if (!err && parts & DB_TABLE_KEYS)
		err = read_rows(&r, make->keys, take_key);
	return err;
}
