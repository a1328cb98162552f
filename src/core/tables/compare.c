/* The columns of each model against those of its table, and what refers to what. */
#include "base/arena.h"
#include "base/str.h"
#include "internal.h"

/* ---- columns ---- */

static void column_missing(struct comparison *k, const struct field *field, const char *column)
{
	const struct table_difference missing = { .part = TABLE_COLUMN,
						  .field = field,
						  .column = column };
	difference_add(k, missing, "the table %s has no column %s", k->model->table, column);
}

/* A row's id is never null, whatever is said of it; the start leaves that to whoever makes rows. */
static void null_id_compare(struct comparison *k, const struct field *field,
			    const struct db_column *column)
{
	const struct table_difference null = { .part = TABLE_NULL, .field = field };
	if (column->may_be_null && k->all)
		difference_add(k, null,
			       "the column id of the table %s may be null, and no row is without "
			       "one: make it the PRIMARY KEY, in SQLite as INTEGER PRIMARY KEY",
			       k->model->table);
}

static void null_compare(struct comparison *k, const struct field *field,
			 const struct db_column *column)
{
	const struct table_difference null = {
		.part = TABLE_NULL,
		.field = field,
		.stops = column->may_be_null,
	};
	if (str_eq(field->name, "id"))
		return null_id_compare(k, field, column);
	if (column->may_be_null == field_can_be_null(field))
		return;
	if (column->may_be_null)
		difference_add(
			k, null,
			"the column %s of the table %s may be null, and the field cannot: say NOT "
			"NULL in the table, or make the member a struct maybe_... with .nullable",
			field->name, k->model->table);
	else
		difference_add(k, null,
			       "the column %s of the table %s is never null, and the field may be: "
			       "leave out NOT NULL in the table, or .nullable",
			       field->name, k->model->table);
}

static enum app_err column_compare(struct comparison *k, const struct field *field)
{
	const struct db_column *column = db_columns_find(&k->there->columns, field->name);
	const char *beside = field_folded_column(field);
	if (!column)
		column_missing(k, field, field->name);
	if (beside && !db_columns_find(&k->there->columns, beside))
		column_missing(k, field, beside);
	if (!column)
		return APP_OK;
	if (!model_check_column(k->c, field->type, column)) {
		difference_add(k, (struct table_difference){ .part = TABLE_TYPE, .field = field },
			       "the column %s of the table %s is of another type", field->name,
			       k->model->table);
		return APP_OK;
	}
	if (!k->there->is_table)
		return APP_OK;
	null_compare(k, field, column);
	return rule_compare(k, field);
}

/* Of a model that keeps deleted rows: no field of the row need be there for it. */
static void deleted_at_compare(struct comparison *k)
{
	static const struct field deleted_at = {
		.name = "deleted_at",
		.type = FIELD_INSTANT,
		.size = sizeof(struct maybe_instant),
		.maybe = true,
		.nullable = true,
	};
	if (k->model->soft_delete && !schema_field(k->model->row, deleted_at.name) &&
	    !db_columns_find(&k->there->columns, deleted_at.name))
		column_missing(k, &deleted_at, deleted_at.name);
}

/* ---- what no model has ---- */

static bool is_kept(const struct model *model, const char *column)
{
	return str_eq(column, "id") || (model->soft_delete && str_eq(column, "deleted_at")) ||
	       (model->timestamps &&
		(str_eq(column, "created_at") || str_eq(column, "updated_at"))) ||
	       (model->fts_column && str_eq(column, model->fts_column));
}

static bool is_of_model(const struct model *model, const char *column)
{
	if (is_kept(model, column))
		return true;
	for (size_t i = 0; i < model->row->count; i++) {
		const struct field *field = &model->row->fields[i];
		const char *beside = field_folded_column(field);
		if (field_is_column(field) && str_eq(field->name, column))
			return true;
		if (beside && str_eq(beside, column))
			return true;
	}
	return false;
}

static bool is_of_any(const struct comparison *k, const char *column)
{
	for (const struct model *const *model = k->models; *model; model++)
		if (str_eq((*model)->table, k->model->table) && is_of_model(*model, column))
			return true;
	return false;
}

/* By hand a table may have any column; a list of columns is the whole of its table. */
static void left_over_compare(struct comparison *k)
{
	if (!k->model->row->shared)
		return;
	for (size_t i = 0; i < k->there->columns.count; i++) {
		const struct db_column *column = &k->there->columns.at[i];
		const struct table_difference left = {
			.part = TABLE_LEFT_OVER,
			.column = column->name,
			.is_harmless = column->may_be_null || column->has_default,
		};
		if (!is_of_any(k, column->name))
			difference_add(k, left, "the column %s of the table %s is in no model%s",
				       column->name, k->model->table,
				       left.is_harmless ? "" : ", and wants a value in each row");
	}
}

/* ---- what refers to what ---- */

/* The column of the relation, in the table that is at hand, and what it should refer to. */
static void key_compare(struct comparison *k, const struct field *field, const char *column,
			const char *parent)
{
	const struct table_difference key = { .part = TABLE_KEY, .field = field, .column = column };
	for (size_t i = 0; i < k->there->key_count; i++) {
		const struct db_key *at = &k->there->keys[i];
		if (!str_eq(at->column, column))
			continue;
		if (!str_eq(at->table, parent))
			difference_add(k, key,
				       "the column %s of the table %s refers to %s, and the "
				       "model's %s is of %s",
				       column, k->there->name, at->table, field->name, parent);
		return;
	}
	if (db_columns_find(&k->there->columns, column))
		difference_add(k, key, "the column %s of the table %s does not refer to %s", column,
			       k->there->name, parent);
}

static enum app_err table_at_hand(struct comparison *k, const char *name, unsigned parts)
{
	struct db_table *table = arena_zero(k->c->arena, sizeof(*table));
	k->there = table;
	return db_table_read(k->c, k->columns, name, parts, table);
}

/* Only tables can be referred to, and only from tables. */
static enum app_err through_compare(struct comparison *k, const struct field *field)
{
	const struct relation *relation = field->relation;
	struct comparison other = *k;
	bool is_many = relation->kind == HAS_MANY;
	enum app_err err = table_at_hand(
		&other, is_many ? relation->model->table : relation->through, DB_TABLE_KEYS);
	if (err || !other.there->is_table)
		return err;
	key_compare(&other, field, is_many ? relation->key : relation->through_ours,
		    k->model->table);
	if (!is_many)
		key_compare(&other, field, relation->through_theirs, relation->model->table);
	return APP_OK;
}

static enum app_err relation_compare(struct comparison *k, const struct field *field)
{
	const struct relation *relation = field->relation;
	struct comparison other = *k;
	enum app_err err = table_at_hand(&other, relation->model->table, 0);
	if (err || !other.there->is_table || !k->there->is_table)
		return err;
	if (relation->kind != BELONGS_TO)
		return through_compare(k, field);
	key_compare(k, field, relation->key, relation->model->table);
	return APP_OK;
}

/* ---- tables ---- */

static enum app_err fields_compare(struct comparison *k)
{
	enum app_err err = APP_OK;
	for (size_t i = 0; !err && i < k->model->row->count; i++) {
		const struct field *field = &k->model->row->fields[i];
		if (field_is_column(field))
			err = column_compare(k, field);
		else if (field->relation && k->all)
			err = relation_compare(k, field);
	}
	return err;
}

static unsigned parts_of(const struct comparison *k)
{
	const struct schema *row = k->model->row;
	unsigned parts = k->all ? DB_TABLE_WHOLE : 0;
	for (size_t i = 0; i < row->count; i++) {
		parts |= row->fields[i].choices ? DB_TABLE_RULES : 0;
		parts |= field_may_sort(&row->fields[i]) ? DB_TABLE_INDEXES : 0;
	}
	return parts;
}

static enum app_err model_compare(struct comparison *k)
{
	enum app_err err = table_at_hand(k, k->model->table, parts_of(k));
	if (err)
		return err;
	if (!k->there->columns.count) {
		difference_add(k, (struct table_difference){ .part = TABLE_ITSELF },
			       "there is no table %s", k->model->table);
		return indexes_compare(k);
	}
	err = fields_compare(k);
	if (err)
		return err;
	deleted_at_compare(k);
	if (!k->there->is_table)
		return APP_OK;
	if (k->all)
		left_over_compare(k);
	return indexes_compare(k);
}

enum app_err comparison_run(struct comparison *k)
{
	enum app_err err = APP_OK;
	*k->found = (struct table_differences){ 0 };
	for (const struct model *const *model = k->models; !err && *model; model++) {
		k->model = *model;
		err = model_compare(k);
	}
	return err;
}

enum app_err tables_compare(struct ctx *c, const struct model *const *models,
			    struct table_differences *ret)
{
	struct db_columns_cache columns = { 0 };
	struct comparison k = { c, models, .columns = &columns, .found = ret, .all = true };
	return comparison_run(&k);
}
