/*
 * Changes of a table in SQLite's words. It can add a column; for all else the table is made anew,
 * in the steps of https://sqlite.org/lang_altertable.html: a new one is filled from the old one,
 * which is dropped, and takes its name; indexes, triggers and views come back. Ids that were handed
 * out do not come again, and foreign keys are looked at once it is done ("-- migrate:keys last").
 */
#include <string.h>

#include "auto.h"
#include "base/arena.h"
#include "base/str.h"
#include "core/dialect.h"

static bool is_dropped(const struct auto_table *table, const char *column)
{
	return auto_find(table->plan, table->model->table, TABLE_LEFT_OVER, column);
}

/* ---- the text of the table ---- */

/* Without the white space at its end, unless that ends a comment. */
static const char *piece_text(struct ctx *c, const struct sql_piece *piece)
{
	size_t len = piece->len;
	char *text = arena_strndup(c->arena, piece->at, len);
	while (len && strchr(" \n\t", text[len - 1]) && !strstr(text, "--"))
		text[--len] = '\0';
	return text;
}

/* The column as it becomes; NULL: it goes. */
static const char *piece_after(const struct auto_table *table, const struct sql_piece *piece)
{
	struct auto_plan *plan = table->plan;
	const char *text = piece_text(plan->c, piece), *name = table->model->table;
	const struct table_difference *at;
	if (!piece->column)
		return text;
	if (is_dropped(table, piece->column))
		return NULL;
	if ((at = auto_find(plan, name, TABLE_NULL, piece->column)))
		text = auto_piece_null(
			plan->c, text,
			db_columns_find(&table->there->columns, at->column)->may_be_null);
	if ((at = auto_find(plan, name, TABLE_RULE, piece->column))) {
		struct new_column column = auto_column_of(plan, table->model, at->field);
		text = auto_piece_rule(plan->c, text, auto_condition_of(table, at->column),
				       new_rules_sql(plan->c, &table->names, &column, false));
	}
	return text;
}

/* As it was; what it held is lost where it was dropped, so there it may be null. */
static const char *piece_before(const struct auto_table *table, const struct sql_piece *piece)
{
	const char *text = piece_text(table->plan->c, piece);
	bool is_lost = piece->column && is_dropped(table, piece->column);
	return is_lost ? auto_piece_null(table->plan->c, text, false) : text;
}

static void piece_add(struct buf *out, const char *text)
{
	buf_printf(out, "%s%s", out->len ? "," : "", text);
}

static void missing_add(const struct auto_table *table, struct buf *out)
{
	const struct table_difference *at = NULL;
	struct arena *arena = table->plan->c->arena;
	while ((at = auto_next(table->plan, table->model->table, TABLE_COLUMN, at)))
		piece_add(out,
			  arena_printf(arena, "\n  %s", auto_missing_sql(table, at, AUTO_SQLITE)));
}

/* The CREATE TABLE under another name. New columns come behind the others, before the rules. */
static const char *create_text(const struct auto_table *table, bool after)
{
	const struct sql_table *text = &table->text;
	struct buf pieces;
	bool is_added = !after;
	buf_init(&pieces, table->plan->c->arena);
	for (size_t i = 0; i < text->count; i++) {
		const struct sql_piece *at = &text->pieces[i];
		if (!at->column && !is_added) {
			missing_add(table, &pieces);
			is_added = true;
		}
		const char *piece = after ? piece_after(table, at) : piece_before(table, at);
		if (piece)
			piece_add(&pieces, piece);
	}
	if (!is_added)
		missing_add(table, &pieces);
	return arena_printf(table->plan->c->arena, "%s%s_new%s%s\n%s;\n", text->head,
			    table->model->table, text->open, buf_text(&pieces), text->tail);
}

/* ---- its rows ---- */

/* What is copied of a column; a null that may not be any more becomes the preset. */
static const char *value_of(const struct auto_table *table, const struct db_column *column,
			    bool after)
{
	struct ctx *c = table->plan->c;
	const struct table_difference *at = auto_find(table->plan, table->model->table, TABLE_NULL,
						      column->name);
	const char *preset = at ? auto_preset_of(c, at->field, AUTO_SQLITE) : NULL;
	return preset && column->may_be_null == after
		       ? arena_printf(c->arena, "coalesce(%s, %s)", column->name, preset)
		       : column->name;
}

static void rows_copy(const struct auto_table *table, bool after, struct buf *out)
{
	struct ctx *c = table->plan->c;
	const struct db_columns *columns = &table->there->columns;
	const char *name = table->model->table;
	const char **names = arena_zero(c->arena, columns->count * sizeof(*names));
	const char **values = arena_zero(c->arena, columns->count * sizeof(*values));
	size_t count = 0;
	for (size_t i = 0; i < columns->count; i++) {
		if (is_dropped(table, columns->at[i].name))
			continue;
		names[count] = columns->at[i].name;
		values[count++] = value_of(table, &columns->at[i], after);
	}
	new_fill(out, arena_printf(c->arena, "INSERT INTO %s_new (", name), "  ", names, count,
		 ")\n");
	new_fill(out, "  SELECT ", "    ", values, count, "\n");
	buf_printf(out, "  FROM %s ORDER BY id;\n", name);
}

/* The account of ids that were handed out goes with a table. */
static void ids_copy(const struct auto_table *table, struct buf *out)
{
	const char *name = table->model->table;
	bool keeps_account = false;
	for (size_t i = 0; i < table->text.count; i++) {
		struct ctx *c = table->plan->c;
		const struct sql_piece *piece = &table->text.pieces[i];
		keeps_account |= sql_token_is_in(arena_strndup(c->arena, piece->at, piece->len),
						 "AUTOINCREMENT");
	}
	if (!keeps_account)
		return;
	buf_printf(out,
		   "DELETE FROM sqlite_sequence WHERE name = '%s_new';\n"
		   "INSERT INTO sqlite_sequence (name, seq)\n"
		   "  SELECT '%s_new', seq FROM sqlite_sequence WHERE name = '%s';\n",
		   name, name, name);
}

/* ---- what stands beside it ---- */

static bool is_of_table(const struct auto_table *table, const struct auto_object *object)
{
	return str_eq(object->table, table->model->table);
}

/* Whether it names the table, or a view that is in the way. */
static bool names_what_goes(const struct auto_table *table, const struct auto_objects *objects,
			    const struct auto_object *object)
{
	if (sql_token_is_in(object->sql, table->model->table))
		return true;
	for (size_t i = 0; i < objects->count; i++)
		if (objects->at[i].is_in_the_way &&
		    sql_token_is_in(object->sql, objects->at[i].name))
			return true;
	return false;
}

/*
 * Another's view or trigger that speaks of the table: it could not be renamed under it. Nor under
 * what speaks of such a view, and what is on one would go with it; so again until none is found.
 */
static void find_in_the_way(const struct auto_table *table, struct auto_objects *objects)
{
	for (bool is_found = true; is_found;) {
		is_found = false;
		for (size_t i = 0; i < objects->count; i++) {
			struct auto_object *at = &objects->at[i];
			bool may_stay = str_eq(at->type, "index") ||
					(str_eq(at->type, "trigger") && is_of_table(table, at));
			if (at->is_in_the_way || may_stay || !names_what_goes(table, objects, at))
				continue;
			at->is_in_the_way = is_found = true;
		}
	}
}

static void objects_drop(const struct auto_objects *objects, struct buf *out)
{
	for (size_t i = objects->count; i-- > 0;) {
		const struct auto_object *at = &objects->at[i];
		if (at->is_in_the_way)
			buf_printf(out, "DROP %s %s;\n",
				   str_eq(at->type, "view") ? "VIEW" : "TRIGGER", at->name);
	}
}

static void objects_make(const struct auto_table *table, const struct auto_objects *objects,
			 bool after, struct buf *out)
{
	for (size_t i = 0; i < objects->count; i++) {
		const struct auto_object *at = &objects->at[i];
		bool is_wanted = is_of_table(table, at) || at->is_in_the_way;
		if (is_wanted && !(after && auto_goes_with(table, at)))
			buf_printf(out, "%s;\n", at->sql);
	}
}

static const char *anew_text(const struct auto_table *table, const struct auto_objects *objects,
			     bool after)
{
	const char *name = table->model->table;
	struct buf out;
	buf_init(&out, table->plan->c->arena);
	objects_drop(objects, &out);
	buf_add_text(&out, create_text(table, after));
	rows_copy(table, after, &out);
	ids_copy(table, &out);
	buf_printf(&out, "DROP TABLE %s;\nALTER TABLE %s_new RENAME TO %s;\n", name, name, name);
	objects_make(table, objects, after, &out);
	return buf_text(&out);
}

/* ---- changes ---- */

static void columns_add(const struct auto_table *table)
{
	const struct table_difference *at = NULL;
	struct arena *arena = table->plan->c->arena;
	const char *name = table->model->table;
	while ((at = auto_next(table->plan, name, TABLE_COLUMN, at)))
		auto_add(table->plan, AUTO_SQLITE,
			 arena_printf(arena, "ALTER TABLE %s ADD COLUMN %s;\n", name,
				      auto_missing_sql(table, at, AUTO_SQLITE)),
			 arena_printf(arena, "ALTER TABLE %s DROP COLUMN %s;\n", name, at->column));
}

/* A column that refers to a table can be added, but not dropped again. */
static bool refers(const struct auto_table *table)
{
	const struct table_difference *at = NULL;
	while ((at = auto_next(table->plan, table->model->table, TABLE_COLUMN, at)))
		if (auto_column_of(table->plan, table->model, at->field).type == NEW_OWNER)
			return true;
	return false;
}

enum app_err auto_sqlite_change(const struct auto_table *table)
{
	struct auto_plan *plan = table->plan;
	const char *name = table->model->table;
	struct auto_objects objects;
	if (!auto_next(plan, name, TABLE_NULL, NULL) && !auto_next(plan, name, TABLE_RULE, NULL) &&
	    !auto_next(plan, name, TABLE_LEFT_OVER, NULL) && !refers(table)) {
		columns_add(table);
		return APP_OK;
	}
	enum app_err err = auto_objects_read(plan->c, &objects);
	if (err)
		return err;
	find_in_the_way(table, &objects);
	plan->sides[AUTO_SQLITE].keys_last = true;
	auto_add(plan, AUTO_SQLITE, anew_text(table, &objects, true),
		 anew_text(table, &objects, false));
	return APP_OK;
}
