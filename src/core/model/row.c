/* Database rows as structs: each column goes to the field of its name. Builds no SQL. */

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "internal.h"

enum { ROWS_AT_FIRST = 16 };

/* Which field each column goes to: worked out once for a result set. */
struct row_plan {
	const struct schema *schema;
	const struct field **fields; /* of column i: [i - first] */
	int first;                   /* column; 1 when the one before it is an owner's id */
	int count;
};

static const char *const type_names[] = {
	[DB_NULL] = "null",   [DB_INT] = "an integer", [DB_REAL] = "a real number",
	[DB_TEXT] = "a text", [DB_BLOB] = "a blob",
};

static enum app_err fail_column(const struct db_rows *rows, const struct row_plan *plan, int column,
				const char *why)
{
	return ctx_fail_cause(rows->c, APP_INTERNAL, "column '%s' read into schema '%s': %s",
			      db_column_name(rows, column), plan->schema->name, why);
}

/*
 * Columns mostly come in the order of the fields: look after the last match first, then from the
 * start.
 */
static const struct field *field_find(const struct schema *schema, const char *name, size_t *at)
{
	for (size_t tried = 0; tried < schema->count; tried++) {
		const struct field *field = &schema->fields[(*at + tried) % schema->count];
		if (str_eq(field->name, name)) {
			*at = (size_t)(field - schema->fields) + 1;
			return field;
		}
	}
	return NULL;
}

static enum app_err plan_make(const struct db_rows *rows, const struct schema *schema, int first,
			      struct row_plan *ret)
{
	struct row_plan plan = { .schema = schema, .first = first, .count = db_column_count(rows) };
	plan.fields = arena_raw(rows->c->arena, (size_t)plan.count * sizeof(*plan.fields));
	size_t at = 0;
	for (int i = first; i < plan.count; i++) {
		plan.fields[i - first] = field_find(schema, db_column_name(rows, i), &at);
		if (!plan.fields[i - first])
			return fail_column(rows, &plan, i, "no field has this name");
	}
	*ret = plan;
	return APP_OK;
}

static bool type_fits(enum field_type type, enum db_type is)
{
	switch (type) {
	case FIELD_TEXT:
	case FIELD_DATE:
	case FIELD_RAW_JSON: return is == DB_TEXT;
	case FIELD_INT:
	case FIELD_BOOL:
	case FIELD_INSTANT: return is == DB_INT;
	case FIELD_REAL: return is == DB_REAL || is == DB_INT;
	case FIELD_ARRAY:
	case FIELD_LIST_QUERY:
	case FIELD_OBJECT: break;
	}
	return false;
}

static const char *text_copy(const struct db_rows *rows, int column, size_t *ret_len)
{
	size_t len;
	const char *text = db_column_text(rows, column, &len);
	if (ret_len)
		*ret_len = len;
	return arena_strndup(rows->c->arena, text, len);
}

/* What is wrong with the value, or NULL. Other programs may have written it. */
static const char *column_fill(const struct db_rows *rows, int column, enum field_type type,
			       void *at)
{
	switch (type) {
	case FIELD_TEXT: *(const char **)at = text_copy(rows, column, NULL); break;
	case FIELD_INT: *(int64_t *)at = db_column_int(rows, column); break;
	case FIELD_REAL: *(double *)at = db_column_real(rows, column); break;
	case FIELD_BOOL: *(bool *)at = db_column_int(rows, column) != 0; break;
	case FIELD_INSTANT:
		*(struct instant *)at = (struct instant){ db_column_int(rows, column) };
		break;
	case FIELD_DATE:
		if (!date_parse(db_column_text(rows, column, NULL), at, NULL))
			return "it is no day of the calendar, such as 2026-02-28";
		break;
	case FIELD_RAW_JSON: {
		struct raw_json *raw = at;
		raw->text = text_copy(rows, column, &raw->len);
		break;
	}
	default: assert(false && "no column fits this type");
	}
	return NULL;
}

/* The struct is zeroed: null is that already, but for the maybe_… that say so. */
static enum app_err null_fill(const struct db_rows *rows, const struct row_plan *plan, int column,
			      void *ret)
{
	const struct field *field = plan->fields[column - plan->first];
	if (field->maybe) {
		field_set_null(field, ret);
		return APP_OK;
	}
	if (field->nullable && (field->type == FIELD_TEXT || field->type == FIELD_RAW_JSON))
		return APP_OK;
	return fail_column(rows, plan, column, "it is null, and the field cannot be");
}

static enum app_err field_fill(const struct db_rows *rows, const struct row_plan *plan, int column,
			       void *ret)
{
	const struct field *field = plan->fields[column - plan->first];
	enum db_type is = db_column_type(rows, column);
	if (is == DB_NULL)
		return null_fill(rows, plan, column, ret);
	const char *why;
	if (type_fits(field->type, is))
		why = column_fill(rows, column, field->type, field_slot(field, ret));
	else
		why = arena_printf(rows->c->arena, "it is %s, and the field is not",
				   type_names[is]);
	return why ? fail_column(rows, plan, column, why) : APP_OK;
}

static enum app_err row_fill(const struct db_rows *rows, const struct row_plan *plan, void *ret)
{
	enum app_err err = APP_OK;
	memset(ret, 0, plan->schema->size);
	for (int i = plan->first; !err && i < plan->count; i++)
		err = field_fill(rows, plan, i, ret);
	return err;
}

enum app_err model_row(struct db_rows *rows, const struct schema *schema, void *ret)
{
	struct row_plan plan;
	enum app_err err = plan_make(rows, schema, 0, &plan);
	return err ? err : row_fill(rows, &plan, ret);
}

enum app_err room_check(struct ctx *c, const struct schema *row, size_t room)
{
	if (room == row->size || room == 1)
		return APP_OK;
	return ctx_fail_cause(c, APP_INTERNAL,
			      "a row of the schema '%s' was to be read into a struct of %zu bytes, "
			      "and it is %s, of %zu",
			      row->name, room, row->type ? row->type : "another", row->size);
}

enum app_err model_one_into(struct ctx *c, const char *sql, struct db_binds binds,
			    const struct schema *schema, void *ret, size_t room)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row;
	enum app_err err = room_check(c, schema, room);
	if (!err)
		err = db_query_first(c, sql, binds, &rows, &has_row);
	if (err)
		return err;
	return has_row ? model_row(&rows, schema, ret) : APP_NOT_FOUND;
}

/* Rows read so far. */
struct row_array {
	char *items;
	bool owned;      /* the first column is an owner's id */
	int64_t *owners; /* of each, when they are asked for */
	size_t count, room, most;
};

static void array_grow(struct arena *arena, struct row_array *array, size_t size)
{
	size_t room = array->room ? array->room * 2 : ROWS_AT_FIRST;
	room = room < array->most ? room : array->most;
	array->items = arena_grow(arena, array->items, array->room * size, room * size);
	if (array->owned)
		array->owners = arena_grow(arena, array->owners, array->room * sizeof(int64_t),
					   room * sizeof(int64_t));
	array->room = room;
}

static enum app_err array_add(struct db_rows *rows, const struct row_plan *plan,
			      struct row_array *array)
{
	size_t size = plan->schema->size;
	if (array->count == array->most)
		return ctx_fail_cause(rows->c, APP_INTERNAL,
				      "more than %zu rows for schema '%s': give the query a LIMIT",
				      array->most, plan->schema->name);
	if (array->count == array->room)
		array_grow(rows->c->arena, array, size);
	if (array->owned)
		array->owners[array->count] = db_column_int(rows, 0);
	enum app_err err = row_fill(rows, plan, array->items + array->count * size);
	array->count += !err;
	return err;
}

static enum app_err array_read(struct db_rows *rows, const struct schema *schema,
			       struct row_array *array)
{
	struct row_plan plan = { 0 };
	for (;;) {
		bool has_row = false;
		enum app_err err = db_rows_next(rows, &has_row);
		if (err || !has_row)
			return err;
		if (!plan.schema)
			err = plan_make(rows, schema, array->owned, &plan);
		if (!err)
			err = array_add(rows, &plan, array);
		if (err)
			return err;
	}
}

enum app_err model_all(struct ctx *c, const char *sql, struct db_binds binds,
		       const struct schema *schema, size_t most, struct array *ret)
{
	AUTO(db_rows) rows = { 0 };
	struct row_array array = { .most = most };
	enum app_err err = db_query(c, sql, binds, &rows);
	if (!err)
		err = array_read(&rows, schema, &array);
	if (err)
		return err;
	*ret = (struct array){ .items = array.items, .count = array.count };
	return APP_OK;
}

enum app_err model_owned(struct ctx *c, struct sql *sql, const struct schema *schema, size_t most,
			 struct array *ret, int64_t **ret_owners)
{
	AUTO(db_rows) rows = { 0 };
	struct row_array array = { .owned = true, .most = most };
	enum app_err err = db_query(c, buf_text(&sql->text), sql_binds(sql), &rows);
	if (!err)
		err = array_read(&rows, schema, &array);
	if (err)
		return err;
	if (!array.items)
		array.items = arena_raw(c->arena, 1);
	*ret = (struct array){ .items = array.items, .count = array.count };
	*ret_owners = array.owners;
	return APP_OK;
}

enum app_err model_one_sql(struct ctx *c, struct sql *sql, const struct schema *schema, void *ret)
{
	return model_one(c, buf_text(&sql->text), sql_binds(sql), schema, ret);
}

enum app_err model_int(struct ctx *c, const char *sql, struct db_binds binds, int64_t *ret)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row;
	enum app_err err = db_query_first(c, sql, binds, &rows, &has_row);
	if (err)
		return err;
	if (!has_row)
		return APP_NOT_FOUND;
	*ret = db_column_int(&rows, 0);
	return APP_OK;
}
