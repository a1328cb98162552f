/* A replacement is a change of every member: what create takes, as what update changes. */
#include <string.h>

#include "base/str.h"
#include "internal.h"

static bool is_null(enum field_type type, const void *value)
{
	if (!value)
		return true;
	if (type == FIELD_TEXT)
		return !*(const char *const *)value;
	return type == FIELD_RAW_JSON && !((const struct raw_json *)value)->len;
}

static void member_set(const struct field *from, const void *row, const struct field *to, void *set)
{
	const void *value = field_content(from, row);
	if (is_null(to->type, value))
		field_set_null(to, set);
	else if (from->maybe)
		memcpy((char *)set + to->offset, (const char *)row + from->offset, from->size);
	else
		memcpy(field_slot(to, set), value, from->size);
}

/* The members of both are in one order, as crud_fault() has it; create has more. */
void crud_set_all(const struct crud *crud, const void *row, void *set)
{
	const struct field *from = crud->create->fields;
	const struct field *end = from + crud->create->count;
	const struct field *to = crud->set->fields;
	const struct field *last = to + crud->set->count;
	for (; from < end && to < last; from++) {
		if (!str_eq(from->name, to->name))
			continue;
		if (to->in != NOT_INPUT)
			member_set(from, row, to, set);
		to++;
	}
}
