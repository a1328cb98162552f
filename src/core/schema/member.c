/*
 * A field by its name, where its value lies in its struct, and what an array's items are. Knows
 * nothing of JSON.
 */
#include <stdlib.h>

#include "base/str.h"
#include "internal.h"

static const size_t maybe_value_at[] = {
	[FIELD_TEXT] = offsetof(struct maybe_text, value),
	[FIELD_INT] = offsetof(struct maybe_int, value),
	[FIELD_REAL] = offsetof(struct maybe_real, value),
	[FIELD_BOOL] = offsetof(struct maybe_bool, value),
	[FIELD_INSTANT] = offsetof(struct maybe_instant, value),
	[FIELD_DATE] = offsetof(struct maybe_date, value),
	[FIELD_RAW_JSON] = offsetof(struct maybe_json, value),
};

const struct field *schema_field(const struct schema *schema, const char *name)
{
	for (size_t i = 0; i < schema->count; i++)
		if (str_eq(schema->fields[i].name, name))
			return &schema->fields[i];
	return NULL;
}

bool schema_uses(const struct schema *schema, enum field_source source)
{
	for (size_t i = 0; i < schema->count; i++)
		if (schema->fields[i].in == source)
			return true;
	return false;
}

const struct field *schema_list_field(const struct schema *in)
{
	for (size_t i = 0; in && i < in->count; i++)
		if (in->fields[i].type == FIELD_LIST_QUERY)
			return &in->fields[i];
	return NULL;
}

bool field_fills_in(const struct field *field)
{
	return field->preset && !field->maybe;
}

/* Every struct maybe_… starts with it. */
static void presence_set(const struct field *field, void *base, enum presence is)
{
	*(enum presence *)(void *)((char *)base + field->offset) = is;
}

enum presence field_presence(const struct field *field, const void *base)
{
	return field->maybe
		       ? *(const enum presence *)(const void *)((const char *)base + field->offset)
		       : GIVEN;
}

void field_set_null(const struct field *field, void *base)
{
	presence_set(field, base, IS_NULL);
}

void *field_slot(const struct field *field, void *base)
{
	char *member = (char *)base + field->offset;
	if (!field->maybe)
		return member;
	presence_set(field, base, GIVEN);
	return member + maybe_value_at[field->type];
}

const void *field_content(const struct field *field, const void *base)
{
	const char *member = (const char *)base + field->offset;
	if (!field->maybe)
		return member;
	return field_presence(field, base) == GIVEN ? member + maybe_value_at[field->type] : NULL;
}

bool field_is_member(const struct field *field, bool flat)
{
	if (field->relation || field->type == FIELD_LIST_QUERY)
		return false;
	return field->in == IN_BODY || (flat && field->in != NOT_INPUT);
}

enum field_type field_value_type(const struct field *field)
{
	if (field->type != FIELD_ARRAY)
		return field->type;
	return field->object ? FIELD_OBJECT : field->item_type;
}

struct field array_item(const struct field *array)
{
	struct field item = *array;
	item.offset = 0;
	item.maybe = item.required = item.nullable = false;
	item.preset = NULL;
	item.type = field_value_type(array);
	item.min_len = 0;
	item.max_len = array->item_max_len;
	return item;
}

size_t array_item_size(const struct field *array)
{
	if (array->object)
		return array->object->size;
	switch (array->item_type) {
	case FIELD_TEXT: return sizeof(const char *);
	case FIELD_INT: return sizeof(int64_t);
	case FIELD_REAL: return sizeof(double);
	case FIELD_BOOL: return sizeof(bool);
	case FIELD_INSTANT: return sizeof(struct instant);
	case FIELD_DATE: return sizeof(struct date);
	default: break;
	}
	/* A mistake in a field table: arrays hold scalars, or objects of .object. */
	abort();
}
