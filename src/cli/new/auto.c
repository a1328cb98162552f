/* The changes of a migration in their order: tables, columns, folded copies, indexes. */
#include "auto.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/dialect.h"

static void add_both(struct auto_plan *plan, const char *up, const char *down)
{
	auto_add(plan, AUTO_SQLITE, up, down);
	auto_add(plan, AUTO_POSTGRES, up, down);
}

/* ---- new tables ---- */

static void table_make(struct auto_plan *plan, const struct model *model)
{
	const struct new_module m = auto_module_of(plan, model);
	const char *down = arena_printf(plan->c->arena, "DROP TABLE %s;\n", model->table);
	auto_add(plan, AUTO_SQLITE, new_table_sql(plan->c, &m, false), down);
	auto_add(plan, AUTO_POSTGRES, new_table_sql(plan->c, &m, true), down);
}

enum making { NOT_MADE, BEGUN, MADE };

/* The table that the field refers to, where that is not there either; else NULL. */
static const struct table_difference *missing_parent(const struct auto_plan *plan,
						     const struct field *field)
{
	const struct relation *relation = field->relation;
	return relation && relation->kind == BELONGS_TO
		       ? auto_next(plan, relation->model->table, TABLE_ITSELF, NULL)
		       : NULL;
}

/* What each refers to comes before it; one may refer to itself. */
static void table_make_behind(struct auto_plan *plan, const struct table_difference *missing,
			      enum making *making, const struct auto_chain *waiting)
{
	size_t number = (size_t)(missing - plan->found.at);
	const struct auto_chain chain = { missing->model, waiting };
	const struct schema *row = missing->model->row;
	making[number] = BEGUN;
	for (size_t i = 0; i < row->count; i++) {
		const struct table_difference *parent = missing_parent(plan, &row->fields[i]);
		enum making of_parent = parent ? making[parent - plan->found.at] : MADE;
		if (of_parent == NOT_MADE)
			table_make_behind(plan, parent, making, &chain);
		else if (of_parent == BEGUN && parent != missing)
			auto_refuse_circle(plan, &chain, parent->model);
	}
	table_make(plan, missing->model);
	making[number] = MADE;
}

static void tables_make(struct auto_plan *plan)
{
	enum making *making = arena_zero(plan->c->arena, plan->found.count * sizeof(*making));
	for (size_t i = 0; i < plan->found.count; i++)
		if (plan->found.at[i].part == TABLE_ITSELF && making[i] == NOT_MADE)
			table_make_behind(plan, &plan->found.at[i], making, NULL);
}

/* ---- tables that are there ---- */

/* New copies of texts that have letters of others than ASCII; SQL cannot make them. */
static void folds_add(const struct auto_table *table)
{
	const struct table_difference *at = NULL;
	while ((at = auto_next(table->plan, table->model->table, TABLE_COLUMN, at))) {
		const char *field = at->field->name;
		bool is_copy = at->field->folded && str_eq(at->column, at->field->folded);
		if (is_copy)
			add_both(table->plan,
				 arena_printf(table->plan->c->arena,
					      "-- migrate:fold %s.%s into %s beyond ascii\n",
					      table->model->table, field, at->column),
				 "");
	}
}

/* PostgreSQL drops an index with its column; SQLite has its table made anew without. */
static enum app_err indexes_go(const struct auto_table *table)
{
	struct auto_objects objects;
	enum app_err err = auto_objects_read(table->plan->c, &objects);
	for (size_t i = 0; !err && i < objects.count; i++)
		if (auto_goes_with(table, &objects.at[i]))
			auto_add(table->plan, AUTO_POSTGRES, "",
				 arena_printf(table->plan->c->arena, "%s;\n", objects.at[i].sql));
	return err;
}

static enum app_err table_text_read(struct auto_table *table)
{
	struct ctx *c = table->plan->c;
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	enum app_err err = db_query_first(c, db_dialect(c)->make->text, BIND(table->model->table),
					  &rows, &has_row);
	if (err)
		return err;
	if (!has_row || !sql_table_split(c, arena_strdup(c->arena, db_column_text(&rows, 0, NULL)),
					 &table->text))
		return ctx_fail(c, APP_CONFLICT,
				"%s is no table that was made by CREATE TABLE with its columns: "
				"write this migration by hand",
				table->model->table);
	return APP_OK;
}

static bool is_changed(const struct auto_plan *plan, const char *table)
{
	return auto_next(plan, table, TABLE_COLUMN, NULL) ||
	       auto_next(plan, table, TABLE_NULL, NULL) ||
	       auto_next(plan, table, TABLE_RULE, NULL) ||
	       auto_next(plan, table, TABLE_LEFT_OVER, NULL);
}

static enum app_err table_change(struct auto_plan *plan, const struct table_difference *first)
{
	struct auto_table table = {
		.plan = plan,
		.model = first->model,
		.there = first->there,
		.names = auto_names_of(first->model),
	};
	enum app_err err = table_text_read(&table);
	if (!err)
		err = auto_refusals(&table);
	if (err || plan->refused.len)
		return err;
	err = indexes_go(&table);
	if (!err)
		err = auto_sqlite_change(&table);
	if (err)
		return err;
	auto_postgres_change(&table);
	folds_add(&table);
	return APP_OK;
}

/* Each once, where the first of its differences stands. */
static bool is_first(const struct auto_plan *plan, const struct table_difference *difference)
{
	const struct table_difference *at = plan->found.at;
	while (!str_eq(at->there->name, difference->there->name))
		at++;
	return at == difference;
}

static enum app_err tables_change(struct auto_plan *plan)
{
	enum app_err err = APP_OK;
	for (size_t i = 0; !err && i < plan->found.count; i++) {
		const struct table_difference *at = &plan->found.at[i];
		if (at->there->columns.count && is_first(plan, at) &&
		    is_changed(plan, at->there->name))
			err = table_change(plan, at);
	}
	return err;
}

/* ---- indexes ---- */

static void index_make(struct auto_plan *plan, const struct table_difference *at, size_t number)
{
	const struct new_module names = auto_names_of(at->model);
	const struct new_column key = { .name = at->field->name };
	struct new_index index = at->is_unique ? new_key_index_of(plan->c, &names, &key)
					       : new_index_of(plan->c, &names, at->column,
							      at->order, number);
	add_both(plan, index.sql, arena_printf(plan->c->arena, "DROP INDEX %s;\n", index.name));
}

static void indexes_make(struct auto_plan *plan)
{
	for (size_t i = 0; i < plan->found.count; i++)
		if (plan->found.at[i].part == TABLE_INDEX)
			index_make(plan, &plan->found.at[i], i + 1);
}

/* ---- the migration ---- */

static const char *text_of(struct auto_plan *plan, struct auto_side *side)
{
	const char *last = side->keys_last ? "-- migrate:keys last\n" : "";
	struct buf out;
	buf_init(&out, plan->c->arena);
	buf_printf(&out, "-- %s.\n-- migrate:up\n%s%s\n-- migrate:down\n%s",
		   new_capital(plan->c, plan->want->name), last, buf_text(&side->up), last);
	for (size_t i = side->count; i-- > 0;)
		buf_add_text(&out, side->downs[i]);
	return buf_text(&out);
}

static enum app_err plan_make(struct auto_plan *plan)
{
	auto_refusals_of_all(plan);
	enum app_err err = tables_change(plan);
	if (!err && plan->refused.len)
		err = ctx_fail(plan->c, APP_CONFLICT,
			       "this is not to be told from the models, and nothing was written:%s",
			       buf_text(&plan->refused));
	if (err)
		return err;
	indexes_make(plan);
	return APP_OK;
}

enum app_err auto_migration(struct ctx *c, const struct auto_want *want, struct auto_texts *ret)
{
	struct auto_plan plan = { .c = c, .want = want };
	*ret = (struct auto_texts){ 0 };
	buf_init(&plan.refused, c->arena);
	for (int side = 0; side < AUTO_SIDES; side++)
		buf_init(&plan.sides[side].up, c->arena);
	enum app_err err = tables_compare(c, want->models, &plan.found);
	if (err || !plan.found.count)
		return err;
	tables_make(&plan);
	err = plan_make(&plan);
	if (err)
		return err;
	ret->sqlite = text_of(&plan, &plan.sides[AUTO_SQLITE]);
	ret->postgres = text_of(&plan, &plan.sides[AUTO_POSTGRES]);
	return APP_OK;
}
