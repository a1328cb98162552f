/*
 * Whether the tables of the database are those that the models speak of: asked once, at the start,
 * so that a migration that was forgotten is a sentence there and not a 500 later. What may be null,
 * rules and indexes are core/tables'; what the columns hold is not looked at.
 */
#include "base/arena.h"
#include "base/str.h"
#include "core/db_table.h"
#include "core/model_check.h"
#include "include.h"

/* A table that a model reads or writes, and what is said of all of them. */
struct table_check {
	struct ctx *c;
	const struct model *model;
	const char *table;
	/* Of the table. */
	struct db_columns columns;
	struct db_columns_cache *cache;
	struct model_faults *faults;
};

void model_faults_add(struct ctx *c, struct model_faults *faults, const struct model *model,
		      const char *says)
{
	size_t size = sizeof(*faults->at), count = faults->count;
	const char *fault = arena_printf(c->arena, "Model %s: %s.", model->name, says);
	for (size_t i = 0; i < count; i++)
		if (str_eq(faults->at[i], fault))
			return;
	faults->at = arena_grow(c->arena, faults->at, count * size, (count + 1) * size);
	faults->at[faults->count++] = fault;
}

static void say(const struct table_check *t, const char *format, ...) PRINTF_LIKE(2, 3);

static void say(const struct table_check *t, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	model_faults_add(t->c, t->faults, t->model, arena_vprintf(t->c->arena, format, args));
	va_end(args);
}

/* ---- types ---- */

#define TYPE_BIT(type) (1u << (type))

/* The types of columns that a field of the type is read from and written to. */
static unsigned types_of(const struct ctx *c, enum field_type type)
{
	switch (type) {
	case FIELD_TEXT: return TYPE_BIT(DB_TEXT);
	case FIELD_RAW_JSON: return TYPE_BIT(DB_TEXT) | TYPE_BIT(DB_JSON);
	case FIELD_INT:
	case FIELD_INSTANT: return TYPE_BIT(DB_INT);
	case FIELD_BOOL: return TYPE_BIT(db_dialect(c)->has_booleans ? DB_BOOL : DB_INT);
	case FIELD_DATE: return TYPE_BIT(db_dialect(c)->has_dates ? DB_DATE : DB_TEXT);
	case FIELD_REAL: return TYPE_BIT(DB_REAL);
	case FIELD_ARRAY:
	case FIELD_LIST_QUERY:
	case FIELD_OBJECT: break;
	}
	return 0;
}

static const char *type_words(enum db_type type)
{
	switch (type) {
	case DB_INT: return "an integer";
	case DB_REAL: return "a real number";
	case DB_TEXT: return "a text";
	case DB_BLOB: return "bytes";
	case DB_BOOL: return "a boolean";
	case DB_JSON: return "JSON";
	case DB_DATE: return "a date";
	case DB_NULL: break;
	}
	return "of any type";
}

static const char *field_words(enum field_type type)
{
	switch (type) {
	case FIELD_TEXT: return "a text";
	case FIELD_INT: return "an integer";
	case FIELD_REAL: return "a real number";
	case FIELD_BOOL: return "a truth";
	case FIELD_INSTANT: return "an instant (an integer, in microseconds)";
	case FIELD_DATE: return "a date (of PostgreSQL; a text in SQLite)";
	case FIELD_RAW_JSON: return "JSON";
	case FIELD_ARRAY:
	case FIELD_LIST_QUERY:
	case FIELD_OBJECT: break;
	}
	return "what no column is";
}

/* ---- columns ---- */

static bool has_column(const struct table_check *t, const char *name)
{
	bool has = db_columns_find(&t->columns, name);
	if (!has)
		say(t, "the table %s has no column %s", t->table, name);
	return has;
}

bool model_check_column(const struct ctx *c, enum field_type type, const struct db_column *column)
{
	return !column->foreign &&
	       (column->type == DB_NULL || types_of(c, type) & TYPE_BIT(column->type));
}

static void check_column(const struct table_check *t, const char *name, enum field_type type)
{
	if (!has_column(t, name))
		return;
	const struct db_column *column = db_columns_find(&t->columns, name);
	if (column->foreign)
		say(t, "the column %s of the table %s is of the type %s, and the model needs %s",
		    name, t->table, column->foreign, field_words(type));
	else if (!model_check_column(t->c, type, column))
		say(t, "the column %s of the table %s is %s, and the model needs %s", name,
		    t->table, type_words(column->type), field_words(type));
}

static void check_fields(const struct table_check *t, const struct schema *schema)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *field = &schema->fields[i];
		if (field_is_column(field))
			check_column(t, field->name, field->type);
		if (field_folded_column(field))
			check_column(t, field_folded_column(field), FIELD_TEXT);
	}
}

/* A row that is there has none. */
static void check_deleted_at(const struct table_check *t)
{
	static const char name[] = "deleted_at";
	check_column(t, name, FIELD_INSTANT);
	const struct db_column *column = db_columns_find(&t->columns, name);
	if (column && !column->may_be_null && !t->columns.is_view)
		say(t,
		    "the column %s of the table %s is NOT NULL, and is null of rows that were "
		    "not deleted",
		    name, t->table);
}

/* What no field of the row need be there for. */
static void check_kept(const struct table_check *t)
{
	const struct model *model = t->model;
	if (!schema_field(model->row, "id"))
		check_column(t, "id", FIELD_INT);
	if (model->soft_delete)
		check_deleted_at(t);
	if (model->timestamps && !schema_field(model->row, "created_at"))
		check_column(t, "created_at", FIELD_INSTANT);
	if (model->timestamps && !schema_field(model->row, "updated_at"))
		check_column(t, "updated_at", FIELD_INSTANT);
	if (model->fts_column && db_dialect(t->c)->search_where)
		(void)has_column(t, model->fts_column);
}

/* ---- tables ---- */

/* Reads what the table has; *ret_is_there is false, and it was said, when there is none. */
static enum app_err table_read(struct table_check *t, const char *table, bool *ret_is_there)
{
	t->table = table;
	enum app_err err = db_columns_cache_read(t->c, t->cache, table, &t->columns);
	if (err)
		return err;
	*ret_is_there = t->columns.count;
	if (!t->columns.count)
		say(t, "there is no table %s", table);
	return APP_OK;
}

static enum app_err check_through(struct table_check *t, const struct relation *relation)
{
	bool is_there;
	enum app_err err = table_read(t, relation->through, &is_there);
	if (err || !is_there)
		return err;
	check_column(t, relation->through_ours, FIELD_INT);
	check_column(t, relation->through_theirs, FIELD_INT);
	return APP_OK;
}

/* The rows that it embeds may have other fields than those of their own model. */
static enum app_err check_relation(struct table_check *t, const struct field *field)
{
	const struct relation *relation = field->relation;
	bool is_there;
	enum app_err err = table_read(t, relation->model->table, &is_there);
	if (err || !is_there)
		return err;
	check_fields(t, field->object);
	if (relation->kind == HAS_MANY)
		check_column(t, relation->key, FIELD_INT);
	return relation->kind == MANY_TO_MANY ? check_through(t, relation) : APP_OK;
}

static enum app_err check_relations(struct table_check *t)
{
	const struct schema *row = t->model->row;
	enum app_err err = APP_OK;
	for (size_t i = 0; !err && i < row->count; i++)
		if (row->fields[i].relation && !relation_fault(t->c, row, &row->fields[i]))
			err = check_relation(t, &row->fields[i]);
	return err;
}

/* The tables of the full-text index. */
static enum app_err check_words(struct table_check *t)
{
	const char *const *end = db_dialect(t->c)->search_tables;
	enum app_err err = APP_OK;
	for (; t->model->fts_table && end && *end && !err; end++) {
		bool ignored;
		const char *table = arena_printf(t->c->arena, "%s%s", t->model->fts_table, *end);
		err = table_read(t, table, &ignored);
	}
	return err;
}

static enum app_err check_model(struct table_check *t)
{
	bool is_there;
	enum app_err err = table_read(t, t->model->table, &is_there);
	if (err || !is_there)
		return err;
	check_fields(t, t->model->row);
	check_kept(t);
	err = check_relations(t);
	return err ? err : check_words(t);
}

enum app_err model_faults(struct ctx *c, const struct model *const *models,
			  struct db_columns_cache *cache, struct model_faults *ret)
{
	enum app_err err = APP_OK;
	*ret = (struct model_faults){ 0 };
	for (; !err && *models; models++) {
		struct table_check t = { .c = c, .model = *models, .cache = cache, .faults = ret };
		err = check_model(&t);
	}
	return err;
}
