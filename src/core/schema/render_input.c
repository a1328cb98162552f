/*
 * An input as JSON that binds to the same struct again: for keeping it, and for showing what was
 * asked. Answers are render.c's.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "internal.h"

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

enum {
	/* Of what may close what holds the last that fits: inputs are not nested deeper. */
	CLOSING_MOST = JSON_DEPTH_MAX,
};

/* Where it is written to, and how far: what ends behind `end` is taken back. */
struct writing {
	struct buf *out;
	size_t end;
	bool is_cut, has_secrets;
};

static void render_members(const struct schema *schema, const void *value, bool flat,
			   struct writing *w);

/* Long ones are not even begun: they may be very long. */
static bool may_fit(const struct writing *w, enum field_type type, const void *value)
{
	size_t room = w->end > w->out->len ? w->end - w->out->len - 1 : 0;
	const char *text = type == FIELD_TEXT ? *(const char *const *)value : NULL;
	if (text)
		return strnlen(text, room + 1) <= room;
	return type == FIELD_RAW_JSON ? ((const struct raw_json *)value)->len <= room : room > 0;
}

/* Whether what was written is within the end, but for so many bytes. */
static bool fits(const struct writing *w, size_t past)
{
	return w->out->len <= w->end || w->out->len - w->end <= past;
}

static bool scalar_fits(enum field_type type, const void *value, struct writing *w)
{
	if (!may_fit(w, type, value))
		return false;
	render_scalar(type, value, w->out);
	return fits(w, 0);
}

/* What is inside fits: brackets that close it may be behind the end. */
static bool object_fits(const struct schema *schema, const void *value, struct writing *w)
{
	render_members(schema, value, false, w);
	return fits(w, CLOSING_MOST);
}

static void take_back(struct writing *w, size_t from)
{
	w->out->len = from;
	w->is_cut = true;
}

static bool array_fits(const struct field *field, const struct array *array, struct writing *w)
{
	size_t size = array->count ? array_item_size(field) : 0;
	const char *item = array->items;
	bool fit = true;
	buf_add_char(w->out, '[');
	for (size_t i = 0; i < array->count && fit; i++, item += size) {
		size_t from = w->out->len;
		if (i)
			buf_add_char(w->out, ',');
		fit = field->object ? object_fits(field->object, item, w)
				    : scalar_fits(field->item_type, item, w);
		if (!fit)
			take_back(w, from);
	}
	buf_add_char(w->out, ']');
	return fits(w, CLOSING_MOST);
}

static bool value_fits(const struct field *field, const void *value, struct writing *w)
{
	if (field->type == FIELD_ARRAY)
		return array_fits(field, value, w);
	if (field->type == FIELD_OBJECT)
		return object_fits(field->object, value, w);
	return scalar_fits(field->type, value, w);
}

/* ---- members ---- */

static bool member_fits(const struct field *field, const void *value, struct writing *w)
{
	enum presence is = presence_of(field, value);
	if (is == ABSENT)
		return true;
	json_add_key(w->out, field->name);
	if (is == GIVEN)
		return value_fits(field, field_content(field, value), w);
	buf_add_lit(w->out, "null");
	return fits(w, 0);
}

static bool list_fits(const struct field *field, const void *value, struct writing *w)
{
	field->reader->render(field, value, w->out);
	return fits(w, 0);
}

static void render_members(const struct schema *schema, const void *value, bool flat,
			   struct writing *w)
{
	buf_add_char(w->out, '{');
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *field = &schema->fields[i];
		size_t from = w->out->len;
		bool fit = true;
		if (field->secret && !w->has_secrets)
			continue;
		if (field_is_member(field, flat))
			fit = member_fits(field, value, w);
		else if (flat && field->type == FIELD_LIST_QUERY)
			fit = list_fits(field, value, w);
		if (!fit)
			take_back(w, from);
	}
	buf_add_char(w->out, '}');
}

void schema_render_input(const struct schema *schema, const void *value, struct buf *out)
{
	render_members(schema, value, true, &(struct writing){ .out = out, .end = SIZE_MAX });
}

void schema_render_whole(const struct schema *schema, const void *value, struct buf *out)
{
	render_members(schema, value, true,
		       &(struct writing){ .out = out, .end = SIZE_MAX, .has_secrets = true });
}

#define SAYS_CUT "\"\xE2\x80\xA6\":\"cut\""

void schema_render_input_within(const struct schema *schema, const void *value, size_t most,
				struct buf *out)
{
	size_t kept = CLOSING_MOST + sizeof("," SAYS_CUT);
	struct writing w = { .out = out, .end = out->len + (most > kept ? most - kept : 0) };
	render_members(schema, value, true, &w);
	if (!w.is_cut)
		return;
	out->len--;
	if (out->data[out->len - 1] != '{')
		buf_add_char(out, ',');
	buf_add_lit(out, SAYS_CUT "}");
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
