/* A migration as it comes about: what was found, what is added, and what else the database has. */
#include "auto.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/str.h"

void auto_add(struct auto_plan *plan, int side, const char *up, const char *down)
{
	struct auto_side *to = &plan->sides[side];
	size_t size = sizeof(*to->downs), count = to->count++;
	buf_add_text(&to->up, up);
	to->downs = arena_grow(plan->c->arena, to->downs, count * size, (count + 1) * size);
	to->downs[count] = down;
}

const struct table_difference *auto_next(const struct auto_plan *plan, const char *table,
					 enum table_part part, const struct table_difference *after)
{
	const struct table_differences *found = &plan->found;
	const struct table_difference *at = after ? after + 1 : found->at;
	for (; at < found->at + found->count; at++)
		if (at->part == part && str_eq(at->there->name, table))
			return at;
	return NULL;
}

const struct table_difference *auto_find(const struct auto_plan *plan, const char *table,
					 enum table_part part, const char *column)
{
	const struct table_difference *at = NULL;
	while ((at = auto_next(plan, table, part, at)))
		if (str_eq(at->column, column))
			return at;
	return NULL;
}

const char *auto_condition_of(const struct auto_table *table, const char *column)
{
	for (size_t i = 0; i < table->there->rule_count; i++)
		if (str_eq(table->there->rules[i].column, column))
			return table->there->rules[i].condition;
	return NULL;
}

/* ---- beside the tables ---- */

static const char SQL_OBJECTS[] =
	"SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
	" AND type IN ('index', 'view', 'trigger') ORDER BY type = 'trigger', type, rowid";

enum app_err auto_objects_read(struct ctx *c, struct auto_objects *ret)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	*ret = (struct auto_objects){ 0 };
	enum app_err err = db_query(c, SQL_OBJECTS, BIND(), &rows);
	while (!err && !(err = db_rows_next(&rows, &has_row)) && has_row) {
		size_t size = sizeof(*ret->at), count = ret->count++;
		const char *texts[4];
		for (int i = 0; i < 4; i++)
			texts[i] = arena_strdup(c->arena, db_column_text(&rows, i, NULL));
		ret->at = arena_grow(c->arena, ret->at, count * size, (count + 1) * size);
		ret->at[count] = (struct auto_object){ texts[0], texts[1], texts[2], texts[3],
						       false };
	}
	return err;
}

bool auto_goes_with(const struct auto_table *table, const struct auto_object *object)
{
	const struct table_difference *at = NULL;
	if (!str_eq(object->type, "index") || !str_eq(object->table, table->model->table))
		return false;
	while ((at = auto_next(table->plan, table->model->table, TABLE_LEFT_OVER, at)))
		if (sql_token_names_column(object->sql, at->column))
			return true;
	return false;
}
