/*
 * Structs to JSON, straight into the response buffer: the hot path of every answer. No tree, no
 * allocation but the buffer's own.
 */
#include <string.h>

#include "base/buf.h"
#include "internal.h"

static void render_array(const struct field *field, const struct array *array, struct buf *out);
static void render_struct(const struct schema *schema, const void *value, uint64_t hidden,
			  struct buf *out);
static void render_object(const struct schema *schema, const void *value, struct buf *out);

static void render_text(const char *text, struct buf *out)
{
	if (text)
		json_add_text(out, text, strlen(text));
	else
		buf_add_lit(out, "null");
}

static void render_bool(bool value, struct buf *out)
{
	if (value)
		buf_add_lit(out, "true");
	else
		buf_add_lit(out, "false");
}

static void render_raw(const struct raw_json *raw, struct buf *out)
{
	if (raw->len)
		buf_add(out, raw->text, raw->len);
	else
		buf_add_lit(out, "null");
}

void render_scalar(enum field_type type, const void *value, struct buf *out)
{
	switch (type) {
	case FIELD_TEXT: render_text(*(const char *const *)value, out); return;
	case FIELD_INT: buf_add_int(out, *(const int64_t *)value); return;
	case FIELD_REAL: json_add_real(out, *(const double *)value); return;
	case FIELD_BOOL: render_bool(*(const bool *)value, out); return;
	case FIELD_INSTANT: json_add_instant(out, *(const struct instant *)value); return;
	case FIELD_DATE: json_add_date(out, *(const struct date *)value); return;
	case FIELD_RAW_JSON: render_raw(value, out); return;
	default: buf_add_lit(out, "null");
	}
}

static void render_value(const struct field *field, const void *value, struct buf *out)
{
	switch (field->type) {
	case FIELD_ARRAY: render_array(field, value, out); return;
	case FIELD_OBJECT: render_object(field->object, value, out); return;
	default: render_scalar(field->type, value, out);
	}
}

static void render_item(const struct field *field, const struct array *array, const void *item,
			struct buf *out)
{
	if (field->object)
		render_struct(field->object, item, array->hidden, out);
	else
		render_scalar(field->item_type, item, out);
}

static void render_array(const struct field *field, const struct array *array, struct buf *out)
{
	size_t size = array->count ? array_item_size(field) : 0;
	const char *item = array->items;
	buf_add_char(out, '[');
	for (size_t i = 0; i < array->count; i++, item += size) {
		if (i)
			buf_add_char(out, ',');
		render_item(field, array, item, out);
	}
	buf_add_char(out, ']');
}

static void render_lines(const struct field *field, const struct array *array, struct buf *out)
{
	size_t size = array->count ? array_item_size(field) : 0;
	const char *item = array->items;
	for (size_t i = 0; i < array->count; i++, item += size) {
		render_item(field, array, item, out);
		buf_add_char(out, '\n');
	}
}

/*
 * `mark` is what stands before the name: a brace or a comma. Names are plain: they are C
 * identifiers.
 */
static void render_name(char mark, const char *name, struct buf *out)
{
	size_t len = strlen(name);
	char *room = buf_reserve(out, len + 4);
	room[0] = mark;
	room[1] = '"';
	memcpy(room + 2, name, len);
	room[len + 2] = '"';
	room[len + 3] = ':';
	out->len += len + 4;
}

/* A relation of one object is held by pointer. */
static const void *relation_value(const struct field *field, const void *member)
{
	return field->type == FIELD_OBJECT ? *(const void *const *)member : member;
}

static bool is_loaded(const struct field *field, const void *value)
{
	const void *member = relation_value(field, (const char *)value + field->offset);
	return field->type == FIELD_ARRAY ? ((const struct array *)member)->items : member;
}

static bool is_left_out(const struct field *field, const void *value)
{
	return field->relation && !is_loaded(field, value);
}

static bool is_null_raw(const struct raw_json *raw)
{
	return !raw->len || (raw->len == 4 && memcmp(raw->text, "null", 4) == 0);
}

/* Whether the member would be rendered as null. */
static bool is_null(const struct field *field, const void *value)
{
	const void *member = field_content(field, value);
	if (!member)
		return true;
	switch (field->type) {
	case FIELD_TEXT: return !*(const char *const *)member;
	case FIELD_RAW_JSON: return is_null_raw(member);
	case FIELD_OBJECT: return field->relation && !relation_value(field, member);
	default: return false;
	}
}

/* The mark is what stands before: a brace or a comma. Returns that of the next. */
static char render_member(char mark, const struct field *field, const void *value, struct buf *out)
{
	const void *member = field_content(field, value);
	render_name(mark, field->name, out);
	if (field->relation)
		member = relation_value(field, member);
	if (member)
		render_value(field, member, out);
	else
		buf_add_lit(out, "null");
	return ',';
}

static void render_end(char mark, struct buf *out)
{
	if (mark == '{')
		buf_add_char(out, '{');
	buf_add_char(out, '}');
}

static void render_struct(const struct schema *schema, const void *value, uint64_t hidden,
			  struct buf *out)
{
	bool has_mask = hidden != 0;
	char mark = '{';
	for (size_t i = 0; i < schema->count; i++, hidden >>= 1) {
		const struct field *field = &schema->fields[i];
		if (field_is_kept_back(field) || (hidden & 1) ||
		    (!has_mask && is_left_out(field, value)))
			continue;
		if (schema->omit_null && is_null(field, value))
			continue;
		mark = render_member(mark, field, value, out);
	}
	render_end(mark, out);
}

static void render_object(const struct schema *schema, const void *value, struct buf *out)
{
	render_struct(schema, value, 0, out);
}

/* ---- answers ---- */

static void render_answer(const struct schema *schema, const void *value, struct buf *out)
{
	char mark = '{';
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *field = &schema->fields[i];
		if (!field_is_kept_back(field) && !(schema->omit_null && is_null(field, value)))
			mark = render_member(mark, field, value, out);
	}
	render_end(mark, out);
}

void schema_render(const struct schema *schema, const void *value, struct buf *out)
{
	const struct field *field = schema->fields;
	switch (schema->shape) {
	case SHAPE_OBJECT: render_answer(schema, value, out); return;
	case SHAPE_ARRAY: render_array(field, field_content(field, value), out); return;
	case SHAPE_LINES: render_lines(field, field_content(field, value), out); return;
	}
}

const char *schema_media_type(const struct schema *schema)
{
	return schema->shape == SHAPE_LINES ? "application/x-ndjson" : "application/json";
}

const struct field *schema_unloaded(const struct schema *schema, const void *value)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *field = &schema->fields[i];
		bool may_be_null = field->type == FIELD_OBJECT && !field->required;
		if (!field_is_kept_back(field) && !may_be_null && is_left_out(field, value))
			return field;
	}
	return NULL;
}

uint64_t schema_hide_relations(const struct schema *schema)
{
	uint64_t hidden = HIDDEN_MASK;
	for (size_t i = 0; i < schema->count && i < HIDDEN_FIELDS_MAX; i++)
		if (schema->fields[i].relation)
			hidden |= (uint64_t)1 << i;
	return hidden;
}
