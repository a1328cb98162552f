/*
 * Whether an input gives a table all that it wants of a new row: a column that is NOT NULL, has no
 * default and that nothing fills would make each insert fail.
 */
#include "base/buf.h"
#include "base/str.h"
#include "core/model_check.h"
#include "internal.h"

/* What core/model fills in by itself. */
static bool is_kept(const struct model *model, const char *column)
{
	if (model->timestamps && (str_eq(column, "created_at") || str_eq(column, "updated_at")))
		return true;
	for (size_t i = 0; i < model->row->count; i++) {
		const char *fold = field_folded_column(&model->row->fields[i]);
		if (fold && str_eq(fold, column))
			return true;
	}
	return model->fts_column && str_eq(model->fts_column, column);
}

/* Of a column that takes no null; NULL: nothing is wrong. */
static const char *column_fault(const struct model *model, const struct schema *in,
				const char *column)
{
	const struct field *field = schema_field(in, column);
	if (is_kept(model, column))
		return NULL;
	if (!field || field->in == NOT_INPUT)
		return field ? NULL : "has no value for it";
	return field_can_be_null(field) ? "may give null" : NULL;
}

enum app_err model_check_insert(struct ctx *c, const struct model *model, const struct schema *in)
{
	struct db_columns columns;
	struct buf faults;
	enum app_err err = db_columns_read(c, model->table, &columns);
	buf_init(&faults, c->arena);
	for (size_t i = 0; !err && !columns.is_view && i < columns.count; i++) {
		const struct db_column *column = &columns.at[i];
		if (column->may_be_null || column->has_default)
			continue;
		const char *what = column_fault(model, in, column->name);
		if (what)
			buf_printf(&faults, " %s, and %s %s.", column->name, in->name, what);
	}
	if (err || !faults.len)
		return err;
	return ctx_fail(
		c, APP_CONFLICT,
		"No row of the table %s could be made. NOT NULL without a default is:%s Give "
		"it a default, let it be null, or add it to what makes a row.",
		model->table, buf_text(&faults));
}
