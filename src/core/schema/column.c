/* Fields of rows as columns of a table: which ones are, and what the table has beside them. */
#include <math.h>

#include "core/schema.h"
#include "internal.h"

bool field_is_column(const struct field *field)
{
	return !field->relation && !field->not_column && field->type != FIELD_ARRAY &&
	       field->type != FIELD_OBJECT && field->type != FIELD_LIST_QUERY;
}

bool field_can_be_null(const struct field *field)
{
	return field->maybe || field->nullable;
}

double field_least(const struct field *field)
{
	if (field_value_type(field) == FIELD_INT)
		return field->exclusive_min ? floor(field->min) + 1 : ceil(field->min);
	return field->exclusive_min ? nextafter(field->min, INFINITY) : field->min;
}

double field_most(const struct field *field)
{
	if (field_value_type(field) == FIELD_INT)
		return field->exclusive_max ? ceil(field->max) - 1 : floor(field->max);
	return field->exclusive_max ? nextafter(field->max, -INFINITY) : field->max;
}

const char *field_folded_column(const struct field *field)
{
	return field->key ? field->key : field->folded;
}
