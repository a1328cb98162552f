/*
 * Inserting one row, and the pieces of an INSERT that insert_many.c builds longer ones from. Only
 * inside a write. Rules that a row breaks are told by core/db.
 */
#include "base/str.h"
#include "internal.h"

bool insert_has(const struct model *model, const struct field *field, const void *in)
{
	if (write_has(field, in))
		return true;
	bool is_outside = field->in == IN_PATH || field->in == IN_QUERY || field->in == IN_HEADER;
	if (!is_outside || !field_is_column(field) || str_eq(field->name, "id"))
		return false;
	const struct field *row = schema_field(model->row, field->name);
	return row && field_is_column(row) && field_presence(field, in) != ABSENT;
}

static const void *row_at(const struct insert_rows *rows, size_t at)
{
	return (const char *)rows->items + at * rows->schema->size;
}

static bool any_has(const struct insert_rows *rows, const struct field *field)
{
	for (size_t i = 0; i < rows->count; i++)
		if (insert_has(rows->model, field, row_at(rows, i)))
			return true;
	return false;
}

/* What is kept here all rows give or none. */
static bool keeps(const struct insert_rows *rows, const char *column)
{
	return rows->model->timestamps && !write_gives(rows->schema, rows->items, column);
}

static void insert_names(struct sql *sql, const struct insert_rows *rows)
{
	const char *comma = "";
	for (size_t i = 0; i < rows->schema->count; i++) {
		const struct field *field = &rows->schema->fields[i];
		if (!any_has(rows, field))
			continue;
		write_name(sql, &comma, field->name);
		if (fold_written(rows->model, field))
			write_name(sql, &comma, fold_written(rows->model, field));
	}
	if (search_inserts(sql->c, rows->model, rows->schema, rows->items))
		write_name(sql, &comma, rows->model->fts_column);
	if (keeps(rows, "created_at"))
		write_name(sql, &comma, "created_at");
	if (keeps(rows, "updated_at"))
		write_name(sql, &comma, "updated_at");
}

static void insert_value(struct sql *sql, const char **comma, struct db_value value)
{
	sql_add(sql, *comma);
	sql_bind(sql, value);
	*comma = ", ";
}

/* A field and, if it has one, its folded form. */
static void insert_field(struct sql *sql, const char **comma, const struct insert_rows *rows,
			 const struct field *field, const void *in)
{
	bool folded = fold_written(rows->model, field);
	if (!insert_has(rows->model, field, in)) {
		write_name(sql, comma, folded ? "DEFAULT, DEFAULT" : "DEFAULT");
		return;
	}
	struct db_value value = field_value(field, in);
	insert_value(sql, comma, value);
	if (folded)
		insert_value(sql, comma, fold_stored(sql->c, rows->model, field, value));
}

void insert_values(struct sql *sql, const struct insert_rows *rows, size_t at)
{
	struct db_value now = db_bind_instant(ctx_now(sql->c));
	const void *in = row_at(rows, at);
	const char *comma = "";
	for (size_t i = 0; i < rows->schema->count; i++)
		if (any_has(rows, &rows->schema->fields[i]))
			insert_field(sql, &comma, rows, &rows->schema->fields[i], in);
	if (search_inserts(sql->c, rows->model, rows->schema, rows->items)) {
		sql_add(sql, comma);
		search_insert(sql, rows->model, rows->schema, in);
		comma = ", ";
	}
	if (keeps(rows, "created_at"))
		insert_value(sql, &comma, now);
	if (keeps(rows, "updated_at"))
		insert_value(sql, &comma, now);
}

void insert_start(struct sql *sql, const struct insert_rows *rows)
{
	sql_add(sql, "INSERT INTO ");
	sql_add(sql, rows->model->table);
	sql_add(sql, " (");
	insert_names(sql, rows);
	sql_add(sql, ") VALUES (");
}

static bool inserts_nothing(const struct model *model, const struct schema *schema, const void *in)
{
	for (size_t i = 0; i < schema->count; i++)
		if (insert_has(model, &schema->fields[i], in))
			return false;
	return !model->timestamps;
}

/* 0: the rows of the model are read without it. */
static int64_t row_id(const struct model *model, const void *row)
{
	const struct field *id = schema_field(model->row, "id");
	bool is_number = id && id->type == FIELD_INT && !id->maybe;
	return is_number ? *(const int64_t *)field_content(id, row) : 0;
}

enum app_err model_insert(struct ctx *c, const struct model *model, const struct schema *in_schema,
			  const void *in, void *ret)
{
	enum app_err err = write_check(c, model, "model_insert");
	if (!err)
		err = input_check(c, model, in_schema, in);
	if (err)
		return err;
	struct sql sql;
	sql_init(&sql, c, NULL);
	if (inserts_nothing(model, in_schema, in)) {
		sql_add(&sql, "INSERT INTO ");
		sql_add(&sql, model->table);
		sql_add(&sql, " DEFAULT VALUES");
	} else {
		const struct insert_rows rows = { model, in_schema, in, 1 };
		insert_start(&sql, &rows);
		insert_values(&sql, &rows, 0);
		sql_add(&sql, ")");
	}
	write_returning(&sql, model);
	err = model_one_sql(c, &sql, model->row, ret);
	if (!err)
		ctx_touch(c, model->table, row_id(model, ret));
	return err;
}
