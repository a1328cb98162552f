/* The columns of a model in SQL. */
#include "internal.h"

/*
 * By code points, as we promise. Equality says so too where the field is sorted by, since an index
 * serves one collation.
 */
void sql_column(struct sql *sql, const struct field *field, bool in_order)
{
	sql_add(sql, field->name);
	if (field->type == FIELD_TEXT && (in_order || field->sort))
		sql_add(sql, db_dialect(sql->c)->by_code_point);
}

void sql_columns(struct sql *sql, const struct schema *schema)
{
	const char *comma = "";
	for (size_t i = 0; i < schema->count; i++) {
		if (!field_is_column(&schema->fields[i]))
			continue;
		sql_add(sql, comma);
		sql_add(sql, schema->fields[i].name);
		comma = ", ";
	}
}

void sql_select(struct sql *sql, const struct model *model)
{
	sql_add(sql, "SELECT ");
	sql_columns(sql, model->row);
	sql_add(sql, " FROM ");
	sql_add(sql, model->table);
}
