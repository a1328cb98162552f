/*
 * Inserting one row, and the pieces of an INSERT that insert_many.c builds longer ones from. Only inside a write.
 * Rules that a row breaks are told by core/db.
 */
#include "base/str.h"
#include "internal.h"

enum app_err write_check(struct ctx *c, const struct model *model, const char *what)
{
	if (c->db)
		return APP_OK;
	return app_fail_cause(
		c, APP_INTERNAL,
		"%s of '%s' was called outside a write: make the operation a COMMAND, "
		"or wrap the work in db_write()",
		what, model->name);
}

enum app_err input_check(struct ctx *c, const struct model *model, const struct schema *schema,
			 const void *in)
{
	struct fold_fault fault;
	enum app_err err = fold_check(c, model, schema, in, &fault);
	if (!err && fault.what)
		return schema_fault(c, "body", fault.field, "%s %s", fault.field, fault.what);
	return err;
}

/* Whether the input has a say in a column that is kept here otherwise. */
bool write_gives(const struct schema *schema, const void *in, const char *column)
{
	const struct field *field = schema_field(schema, column);
	return field && field_is_written(field) && field_is_present(field, in);
}

void write_name(struct sql *sql, const char **comma, const char *name)
{
	sql_add(sql, *comma);
	sql_add(sql, name);
	*comma = ", ";
}

void write_returning(struct sql *sql, const struct model *model)
{
	sql_add(sql, " RETURNING ");
	sql_columns(sql, model->row);
}

bool write_has(const struct field *field, const void *in)
{
	return field_is_written(field) && field_is_present(field, in);
}

bool insert_has(const struct model *model, const struct field *field, const void *in)
{
	if (write_has(field, in))
		return true;
	bool is_outside = field->in == IN_PATH || field->in == IN_QUERY || field->in == IN_HEADER;
	if (!is_outside || !field_is_column(field) || str_eq(field->name, "id"))
		return false;
	const struct field *row = schema_field(model->row, field->name);
	return row && field_is_column(row) && field_is_present(field, in);
}

static void insert_names(struct sql *sql, const struct model *model, const struct schema *schema,
			 const void *in)
{
	const char *comma = "";
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *field = &schema->fields[i];
		if (!insert_has(model, field, in))
			continue;
		write_name(sql, &comma, field->name);
		if (fold_written(model, field))
			write_name(sql, &comma, fold_written(model, field));
	}
	if (search_inserts(sql->c, model, schema, in))
		write_name(sql, &comma, model->fts_column);
	if (model->timestamps && !write_gives(schema, in, "created_at"))
		write_name(sql, &comma, "created_at");
	if (model->timestamps && !write_gives(schema, in, "updated_at"))
		write_name(sql, &comma, "updated_at");
}

static void insert_value(struct sql *sql, const char **comma, struct db_value value)
{
	sql_add(sql, *comma);
	sql_bind(sql, value);
	*comma = ", ";
}

void insert_values(struct sql *sql, const struct model *model, const struct schema *schema,
		   const void *in)
{
	struct db_value now = db_bind_instant(ctx_now(sql->c));
	const char *comma = "";
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *field = &schema->fields[i];
		if (!insert_has(model, field, in))
			continue;
		struct db_value value = field_value(field, in);
		insert_value(sql, &comma, value);
		if (fold_written(model, field))
			insert_value(sql, &comma, fold_stored(sql->c, model, field, value));
	}
	if (search_inserts(sql->c, model, schema, in)) {
		sql_add(sql, comma);
		search_insert(sql, model, schema, in);
		comma = ", ";
	}
	if (model->timestamps && !write_gives(schema, in, "created_at"))
		insert_value(sql, &comma, now);
	if (model->timestamps && !write_gives(schema, in, "updated_at"))
		insert_value(sql, &comma, now);
}

void insert_start(struct sql *sql, const struct model *model, const struct schema *schema,
		  const void *in)
{
	sql_add(sql, "INSERT INTO ");
	sql_add(sql, model->table);
	sql_add(sql, " (");
	insert_names(sql, model, schema, in);
	sql_add(sql, ") VALUES (");
}

static bool inserts_nothing(const struct model *model, const struct schema *schema, const void *in)
{
	for (size_t i = 0; i < schema->count; i++)
		if (insert_has(model, &schema->fields[i], in))
			return false;
	return !model->timestamps;
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
		insert_start(&sql, model, in_schema, in);
		insert_values(&sql, model, in_schema, in);
		sql_add(&sql, ")");
	}
	write_returning(&sql, model);
	return model_one_sql(c, &sql, model->row, ret);
}
