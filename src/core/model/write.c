/* What all writes of rows share: what is checked before, and pieces of their SQL. */
#include "internal.h"

enum app_err write_check(struct ctx *c, const struct model *model, const char *what)
{
	if (c->db)
		return APP_OK;
	return ctx_fail_cause(
		c, APP_INTERNAL,
		"%s of '%s' was called outside a write: make the operation a COMMAND, or wrap the "
		"work in db_write()",
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

bool write_gives(const struct schema *schema, const void *in, const char *column)
{
	const struct field *field = schema_field(schema, column);
	return field && write_has(field, in);
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
