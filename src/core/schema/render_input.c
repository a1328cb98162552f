/*
 * An input as JSON that binds to the same struct again: for keeping it, and for showing what was
 * asked. Answers are render.c's.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "internal.h"

static void render_members(const struct schema *schema, const void *value, bool flat,
			   struct buf *out);

/* ---- what is there ---- */

static bool is_zero(const void *value, size_t size)
{
	static const char zeroes[sizeof(struct array)];
	return memcmp(value, zeroes, size) == 0;
}

static bool is_blank(const struct schema *schema, const void *value);

/* Whether the value of a member that is no struct maybe_… is what absence leaves, too. */
static bool is_blank_member(const struct field *field, const void *member)
{
	switch (field->type) {
	case FIELD_OBJECT: return is_blank(field->object, member);
	case FIELD_ARRAY: return !((const struct array *)member)->items;
	case FIELD_RAW_JSON: return !((const struct raw_json *)member)->len;
	default: return is_zero(member, field->size);
	}
}

static enum presence presence_of(const struct field *field, const void *value)
{
	if (field->maybe)
		return field_presence(field, value);
	if (!is_blank_member(field, (const char *)value + field->offset))
		return GIVEN;
	/* A preset that is not there was sent as null, or as this very value. */
	if (field->required || field->preset)
		return field->nullable ? IS_NULL : GIVEN;
	return ABSENT;
}

static bool is_blank(const struct schema *schema, const void *value)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *field = &schema->fields[i];
		const char *member = (const char *)value + field->offset;
		if (!field_is_member(field, false))
			continue;
		if (field->maybe ? field_presence(field, value) != ABSENT
				 : !is_blank_member(field, member))
			return false;
	}
	return true;
}

/* ---- values ---- */

static void render_array(const struct field *field, const struct array *array, struct buf *out)
{
	size_t size = array->count ? array_item_size(field) : 0;
	const char *item = array->items;
	buf_add_char(out, '[');
	for (size_t i = 0; i < array->count; i++, item += size) {
		if (i)
			buf_add_char(out, ',');
		if (field->object)
			render_members(field->object, item, false, out);
		else
			render_scalar(field->item_type, item, out);
	}
	buf_add_char(out, ']');
}

static void render_value(const struct field *field, const void *value, struct buf *out)
{
	if (field->type == FIELD_ARRAY)
		render_array(field, value, out);
	else if (field->type == FIELD_OBJECT)
		render_members(field->object, value, false, out);
	else
		render_scalar(field->type, value, out);
}

/* ---- members ---- */

static void render_member(const struct field *field, const void *value, struct buf *out)
{
	enum presence is = presence_of(field, value);
	if (is == ABSENT)
		return;
	json_add_key(out, field->name);
	if (is == GIVEN)
		render_value(field, field_content(field, value), out);
	else
		buf_add_lit(out, "null");
}

static void render_members(const struct schema *schema, const void *value, bool flat,
			   struct buf *out)
{
	buf_add_char(out, '{');
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *field = &schema->fields[i];
		if (field->secret)
			continue;
		if (field_is_member(field, flat))
			render_member(field, value, out);
		else if (flat && field->type == FIELD_LIST_QUERY)
			field->reader->render(field, value, out);
	}
	buf_add_char(out, '}');
}

void schema_render_input(const struct schema *schema, const void *value, struct buf *out)
{
	render_members(schema, value, true, out);
}

/* ---- secrets ---- */

/* Whether one is a member of it itself; adds where there may be others. */
static bool has_own_secrets(struct schema_walk *walk, const struct schema *schema, bool flat)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *field = &schema->fields[i];
		if (!field_is_member(field, flat))
			continue;
		if (field->secret)
			return true;
		if (field->object)
			schema_walk_add(walk, field->object);
	}
	return false;
}

bool schema_has_secrets(const struct schema *schema)
{
	AUTO(arena) arena;
	arena_init(&arena, 0);
	struct schema_walk inner = { .arena = &arena };
	bool has = has_own_secrets(&inner, schema, true);
	for (const struct schema *at; !has && (at = schema_walk_next(&inner));)
		has = has_own_secrets(&inner, at, false);
	return has;
}
