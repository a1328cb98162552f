/* What the rules that change a value cannot go with, told when the server starts. */
#include "internal.h"

static const char *lower_fault(const struct field *field)
{
	if (field->secret || field->format == FORMAT_PASSWORD)
		return ".lower would make a secret easier to guess";
	switch (field->format) {
	case FORMAT_UUID:
	case FORMAT_DATE:
	case FORMAT_DATE_TIME: return ".lower: its format has a spelling of its own";
	default: return NULL;
	}
}

static const char *check_type_fault(const struct field *field)
{
	enum field_type takes = field->check.takes;
	if (!field->check.run || takes == field->type ||
	    (field->type == FIELD_ARRAY && takes == field_value_type(field)))
		return NULL;
	return "its check is for values of another type";
}

const char *field_spelling_fault(const struct field *field)
{
	if ((field->trim || field->lower) && field_value_type(field) != FIELD_TEXT)
		return ".trim and .lower are for texts";
	const char *why = field->lower ? lower_fault(field) : NULL;
	return why ? why : check_type_fault(field);
}
