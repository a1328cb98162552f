/* Fields of rows as columns of a table: which ones are, and what the table has beside them. */
#include "core/schema.h"

bool field_is_column(const struct field *field)
{
	return !field->relation && !field->not_column && field->type != FIELD_ARRAY &&
	       field->type != FIELD_OBJECT && field->type != FIELD_LIST_QUERY;
}

bool field_can_be_null(const struct field *field)
{
	return field->maybe || field->nullable;
}

const char *field_folded_column(const struct field *field)
{
	return field->key ? field->key : field->folded;
}
