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

/* 2^63 and beyond are no int64_t. */
static int64_t whole(double bound)
{
	if (bound >= 0x1p63)
		return INT64_MAX;
	return bound <= -0x1p63 ? INT64_MIN : (int64_t)bound;
}

int64_t field_least_int(const struct field *field)
{
	if (!field->has_min)
		return INT64_MIN;
	int64_t least = whole(ceil(field->min));
	bool is_bound = field->exclusive_min && ceil(field->min) == field->min;
	return is_bound && least < INT64_MAX ? least + 1 : least;
}

int64_t field_most_int(const struct field *field)
{
	if (!field->has_max)
		return INT64_MAX;
	int64_t most = whole(floor(field->max));
	bool is_bound = field->exclusive_max && floor(field->max) == field->max;
	return is_bound && most > INT64_MIN ? most - 1 : most;
}

const char *field_folded_column(const struct field *field)
{
	return field->key ? field->key : field->folded;
}
