/*
 * What a client may ask of a row's fields: the one place that reads .sort, .filter, .search and
 * .relation, so that nothing can be asked for that is not answered here.
 */
#include "internal.h"

static bool is_scalar(const struct field *field)
{
	switch (field->type) {
	case FIELD_TEXT:
	case FIELD_INT:
	case FIELD_REAL:
	case FIELD_BOOL:
	case FIELD_INSTANT:
	case FIELD_DATE: return true;
	default: return false;
	}
}

bool field_is_kept_back(const struct field *field)
{
	return field->secret || field->unshown;
}

/* By what there is no column for, the database cannot be asked. */
static bool is_askable(const struct field *field)
{
	return !field_is_kept_back(field) && !field->relation && !field->not_column &&
	       is_scalar(field);
}

bool field_may_sort(const struct field *field)
{
	return field->sort && is_askable(field);
}

bool field_may_search(const struct field *field)
{
	return field->search && field->type == FIELD_TEXT && is_askable(field);
}

bool field_may_show(const struct field *field)
{
	return !field_is_kept_back(field) && !field->relation;
}

bool field_may_include(const struct field *field)
{
	return field->relation && !field_is_kept_back(field) && field->object;
}

unsigned field_may_filter(const struct field *field)
{
	unsigned may = is_askable(field) ? field->filter : 0;
	if (field->type != FIELD_TEXT)
		may &= ~(unsigned)FILTER_LIKE;
	if (field->type == FIELD_BOOL)
		may &= ~(unsigned)FILTER_ORDER;
	if (!field->maybe && !field->nullable)
		may &= ~(unsigned)FILTER_NULL;
	return may;
}
