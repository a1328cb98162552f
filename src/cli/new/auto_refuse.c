/*
 * What no migration is made of: where rows would lose or lack something, or where what stands in
 * the database was written by hand in another form. Each with what to do instead.
 */
#include <stdarg.h>
#include <string.h>

#include "auto.h"
#include "base/arena.h"
#include "base/str.h"

static void refuse(struct auto_plan *plan, const char *format, ...) PRINTF_LIKE(2, 3);

static void refuse(struct auto_plan *plan, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	buf_add_text(&plan->refused, plan->refused.len ? ". " : " ");
	buf_vprintf(&plan->refused, format, args);
	va_end(args);
}

/* ---- of any table ---- */

static void refuse_table(struct auto_plan *plan, const struct model *model)
{
	if (model->fts_table || model->fts_column)
		refuse(plan,
		       "%s: full-text indexes are made by hand; docs/search.md has the "
		       "migrations",
		       model->table);
	if (!model->timestamps)
		refuse(plan,
		       "%s: a table without created_at and updated_at is made by hand, or "
		       "give the model .timestamps",
		       model->table);
	if (model->row->count > NEW_COLUMNS_ROOM)
		refuse(plan, "%s: more than %d columns are written by hand", model->table,
		       NEW_COLUMNS_ROOM);
}

/* Of tables that are not there yet, of which the last refers to the first. */
void auto_refuse_circle(struct auto_plan *plan, const struct auto_chain *last,
			const struct model *first)
{
	const char *names = last->model->table;
	size_t count = 1;
	for (const struct auto_chain *at = last; at->model != first; count++) {
		at = at->waiting;
		names = arena_printf(plan->c->arena, "%s%s%s", at->model->table,
				     count == 1 ? " and " : ", ", names);
	}
	refuse(plan,
	       count == 2 ? "%s refer to each other: PostgreSQL makes neither before the other; "
			    "leave one of the keys away, and add it once both are there"
			  : "%s refer to each other in a circle: PostgreSQL makes none before the "
			    "others; leave one of the keys away, and add it once all are there",
	       names);
}

static bool has_index(const struct db_table *there, const char *name)
{
	for (size_t i = 0; i < there->index_count; i++)
		if (str_eq(there->indexes[i].name, name))
			return true;
	return false;
}

static void refuse_index(struct auto_plan *plan, const struct table_difference *at, size_t number)
{
	const struct new_module names = auto_names_of(at->model);
	const struct new_column key = { .name = at->field->name };
	const char *name =
		at->is_unique ? new_key_index(plan->c, &names, &key)
			      : new_index_of(plan->c, &names, at->column, at->order, number).name;
	if (has_index(at->there, name))
		refuse(plan,
		       "%s: there is an index %s already, which is another: drop it, or "
		       "write the one that is missing by hand",
		       at->there->name, name);
}

void auto_refusals_of_all(struct auto_plan *plan)
{
	for (size_t i = 0; i < plan->found.count; i++) {
		const struct table_difference *at = &plan->found.at[i];
		if (at->part == TABLE_ITSELF)
			refuse_table(plan, at->model);
		else if (at->part == TABLE_TYPE)
			refuse(plan, "%s.%s: a column gets another type by hand only",
			       at->there->name, at->column);
		else if (at->part == TABLE_KEY)
			refuse(plan, "%s: write it by hand", at->says);
		else if (at->part == TABLE_INDEX)
			refuse_index(plan, at, i + 1);
	}
}

/* ---- of a table that is there ---- */

static void refuse_missing(const struct auto_table *table, const struct table_difference *at)
{
	struct auto_plan *plan = table->plan;
	const struct field *field = at->field;
	const char *name = table->model->table;
	bool is_beside = !str_eq(at->column, field->name);
	if (is_beside && field->key && db_columns_find(&table->there->columns, field->name))
		refuse(plan,
		       "%s.%s: rows that are there need their keys; docs/search.md has the "
		       "migration",
		       name, field->name);
	if (is_beside || field_can_be_null(field))
		return;
	if (field->key)
		refuse(plan,
		       "%s.%s: rows that are there have no name, and no two may have the "
		       "same: let it be null, or write this by hand",
		       name, field->name);
	else if (!auto_preset_of(plan->c, field, AUTO_SQLITE))
		refuse(plan,
		       "%s.%s: rows that are there would have no value: give it a .preset, "
		       "let it be null, or write this by hand",
		       name, field->name);
}

static void refuse_null(const struct auto_table *table, const struct table_difference *at)
{
	if (str_eq(at->column, "id"))
		refuse(table->plan, "%s; write it by hand", at->says);
	else if (at->field->key)
		refuse(table->plan,
		       "%s.%s: whether a name may be null is changed by hand, with its key",
		       table->model->table, at->column);
}

/*
 * Where there is one rule at most, and it stands at the column, it can be replaced; one that was
 * written by hand only by who was told.
 */
static void refuse_rule(const struct auto_table *table, const struct table_difference *at)
{
	struct ctx *c = table->plan->c;
	const struct sql_piece *piece = auto_piece_of(&table->text, at->column);
	struct sql_check check;
	size_t rules = 0;
	for (size_t i = 0; i < table->there->rule_count; i++)
		rules += str_eq(table->there->rules[i].column, at->column);
	bool is_there = piece && auto_piece_check(c, arena_strndup(c->arena, piece->at, piece->len),
						  auto_condition_of(table, at->column), &check);
	if (at->by_hand && !table->plan->want->drop)
		refuse(table->plan, "%s", at->says);
	if (!piece || rules != is_there)
		refuse(table->plan,
		       "%s.%s: its CHECK does not stand by itself at its column: change it by "
		       "hand",
		       table->model->table, at->column);
}

/* What speaks of a column that goes, besides indexes, which go with it. */
static enum app_err refuse_objects(const struct auto_table *table, const char *column)
{
	struct auto_objects objects;
	enum app_err err = auto_objects_read(table->plan->c, &objects);
	for (size_t i = 0; !err && i < objects.count; i++) {
		const struct auto_object *at = &objects.at[i];
		if (!str_eq(at->type, "index") && sql_token_is_in(at->sql, table->model->table) &&
		    sql_token_names_column(at->sql, column))
			refuse(table->plan,
			       "%s.%s: the %s %s speaks of it: drop the column by hand",
			       table->model->table, column, at->type, at->name);
	}
	return err;
}

/* A CHECK of a piece that is of several columns goes with each of them, and would not come back. */
static bool is_ruled_with_others(const struct auto_table *table, const char *piece,
				 const char *column)
{
	struct ctx *c = table->plan->c;
	const struct db_columns *columns = &table->there->columns;
	const char *at = piece, *end = piece + strlen(piece);
	struct sql_check check;
	while (sql_check_next(c, &at, end, &check)) {
		if (!sql_token_names_column(check.condition, column))
			continue;
		for (size_t i = 0; i < columns->count; i++)
			if (!str_eq(columns->at[i].name, column) &&
			    sql_token_names_column(check.condition, columns->at[i].name))
				return true;
	}
	return false;
}

static enum app_err refuse_left_over(const struct auto_table *table, const char *column)
{
	struct ctx *c = table->plan->c;
	const char *name = table->model->table;
	if (!table->plan->want->drop) {
		refuse(table->plan,
		       "%s.%s is in no model: --drop drops it with what it holds; a column "
		       "that only has another name now is renamed by hand",
		       name, column);
		return APP_OK;
	}
	for (size_t i = 0; i < table->text.count; i++) {
		const struct sql_piece *piece = &table->text.pieces[i];
		const char *text = arena_strndup(c->arena, piece->at, piece->len);
		if (!piece->column && sql_token_names_column(text, column))
			refuse(table->plan,
			       "%s.%s: a rule of the whole table speaks of it: drop the column "
			       "by hand",
			       name, column);
		else if (piece->column && is_ruled_with_others(table, text, column))
			refuse(table->plan,
			       "%s.%s: a CHECK at the column %s speaks of it and of others: drop "
			       "the column by hand",
			       name, column, piece->column);
	}
	return refuse_objects(table, column);
}

enum app_err auto_refusals(const struct auto_table *table)
{
	const struct auto_plan *plan = table->plan;
	enum app_err err = APP_OK;
	for (size_t i = 0; !err && i < plan->found.count; i++) {
		const struct table_difference *at = &plan->found.at[i];
		if (!str_eq(at->there->name, table->model->table))
			continue;
		switch (at->part) {
		case TABLE_COLUMN: refuse_missing(table, at); break;
		case TABLE_NULL: refuse_null(table, at); break;
		case TABLE_RULE: refuse_rule(table, at); break;
		case TABLE_LEFT_OVER: err = refuse_left_over(table, at->column); break;
		case TABLE_ITSELF:
		case TABLE_TYPE:
		case TABLE_INDEX:
		case TABLE_KEY: break;
		}
	}
	return err;
}
