/*
 * JSON values to members: types are strict here ("1" is no integer). Which value belongs to which
 * field is bind_members.c's.
 */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "internal.h"

/* ---- types ---- */

static void fault_text_type(struct binder *b, const struct subject *s)
{
	const struct field *f = s->field;
	if (f->choices) {
		const char *expected = choices_text(b, f->choices);
		fault_add(b, s, "literal_error", fault_ctx(b, "expected", expected),
			  "Input should be %s", expected);
		return;
	}
	switch (f->format) {
	case FORMAT_UUID:
		fault_add(b, s, "uuid_type", NULL,
			  "UUID input should be a string, bytes or UUID object");
		return;
	case FORMAT_URI:
		fault_add(b, s, "url_type", NULL, "URL input should be a string or URL");
		return;
	case FORMAT_DATE:
		fault_add(b, s, "date_type", NULL, "Input should be a valid date");
		return;
	case FORMAT_DATE_TIME:
		fault_add(b, s, "datetime_type", NULL, "Input should be a valid datetime");
		return;
	default: fault_add(b, s, "string_type", NULL, "Input should be a valid string");
	}
}

static void bind_text(struct binder *b, const struct subject *s)
{
	if (json_node_kind(s->node) != JSON_TEXT) {
		fault_text_type(b, s);
		return;
	}
	const char *text = json_node_text(s->node);
	take_text(b, s, text, strlen(text));
}

static void bind_int(struct binder *b, const struct subject *s)
{
	int64_t value;
	if (json_node_kind(s->node) != JSON_NUMBER) {
		fault_add(b, s, "int_type", NULL, "Input should be a valid integer");
		return;
	}
	switch (json_node_int(s->node, &value)) {
	case NUMBER_OK: take_int(b, s, value); return;
	case NUMBER_FRACTION:
		fault_add(b, s, "int_from_float", NULL,
			  "Input should be a valid integer, got a number with a fractional part");
		return;
	default:
		fault_add(b, s, "int_parsing_size", NULL,
			  "Unable to parse input string as an integer, exceeded maximum size");
	}
}

static void bind_real(struct binder *b, const struct subject *s)
{
	double value;
	if (json_node_kind(s->node) != JSON_NUMBER)
		fault_add(b, s, "float_type", NULL, "Input should be a valid number");
	else if (json_node_real(s->node, &value))
		fault_add(b, s, "finite_number", NULL, "Input should be a finite number");
	else
		take_real(b, s, value);
}

static void bind_bool(struct binder *b, const struct subject *s)
{
	if (json_node_kind(s->node) == JSON_BOOL)
		take_bool(b, s, json_node_is_true(s->node));
	else
		fault_add(b, s, "bool_type", NULL, "Input should be a valid boolean");
}

static void bind_instant(struct binder *b, const struct subject *s)
{
	if (json_node_kind(s->node) == JSON_TEXT)
		take_instant(b, s, json_node_text(s->node));
	else
		fault_add(b, s, "datetime_type", NULL, "Input should be a valid datetime");
}

static void bind_date(struct binder *b, const struct subject *s)
{
	if (json_node_kind(s->node) == JSON_TEXT)
		take_date(b, s, json_node_text(s->node));
	else
		fault_add(b, s, "date_type", NULL, "Input should be a valid date");
}

static void bind_raw(struct binder *b, const struct subject *s)
{
	const struct json_span *span = s->node.span;
	if (json_node_kind(s->node) == JSON_NULL)
		take_made_null(b, s);
	else
		take_raw(b, s, (struct raw_json){ span->at, span->len });
}

/* ---- arrays and objects ---- */

static void bind_items(struct binder *b, const struct subject *s, struct array *array)
{
	struct field item = array_item(s->field);
	size_t size = array_item_size(s->field), i = 0;
	for (struct json_node n = json_node_first(s->node); n.item && !faults_are_full(b);
	     n = json_node_next(n)) {
		struct place at = { .up = s->at, .index = i };
		struct subject each = {
			.field = &item,
			.at = &at,
			.base = (char *)array->items + i++ * size,
			.secret = s->secret,
			.node = n,
		};
		bind_value(b, &each);
	}
}

static void bind_array(struct binder *b, const struct subject *s)
{
	if (json_node_kind(s->node) != JSON_ARRAY) {
		fault_add(b, s, "list_type", NULL, "Input should be a valid list");
		return;
	}
	size_t count = json_node_count(s->node), before = b->faults;
	if (!check_array_max(b, s, count))
		return;
	struct array *array = field_slot(s->field, s->base);
	array->items = arena_zero(b->c->arena, count * array_item_size(s->field));
	array->count = count;
	bind_items(b, s, array);
	if (b->faults == before)
		take_array(b, s, array);
}

static void bind_object(struct binder *b, const struct subject *s)
{
	assert(s->field->object); /* else the member's C type is none that a field can have */
	if (json_node_kind(s->node) != JSON_OBJECT) {
		fault_add(b, s, "model_attributes_type", NULL,
			  "Input should be a valid dictionary or object to extract fields from");
		return;
	}
	struct members inside = {
		.schema = s->field->object,
		.object = s->node,
		.at = s->at,
		.base = field_slot(s->field, s->base),
		.secret = s->secret,
	};
	bind_members(b, &inside);
}

static bool bind_null(const struct subject *s)
{
	if (!s->field->nullable || json_node_kind(s->node) != JSON_NULL)
		return false;
	take_null(s);
	return true;
}

void bind_value(struct binder *b, const struct subject *s)
{
	if (bind_null(s))
		return;
	switch (s->field->type) {
	case FIELD_TEXT: bind_text(b, s); return;
	case FIELD_INT: bind_int(b, s); return;
	case FIELD_REAL: bind_real(b, s); return;
	case FIELD_BOOL: bind_bool(b, s); return;
	case FIELD_INSTANT: bind_instant(b, s); return;
	case FIELD_DATE: bind_date(b, s); return;
	case FIELD_RAW_JSON: bind_raw(b, s); return;
	case FIELD_ARRAY: bind_array(b, s); return;
	case FIELD_OBJECT: bind_object(b, s); return;
	case FIELD_LIST_QUERY: return; /* no value of its own: bind_members.c */
	}
}

/* ---- presets ---- */

/*
 * A preset that is JSON text goes the way of a body. Faults would be mistakes in the field table.
 */
static void bind_preset_json(struct binder *b, const struct field *field, void *base)
{
	AUTO(json_tree) tree = { 0 };
	struct binder own = { .c = b->c, .schema = b->schema };
	struct place at = { .name = field->name };
	bool valid = json_tree_read(&tree, b->c->arena, field->preset, strlen(field->preset));
	assert(valid);
	if (!valid)
		return;
	struct subject s = {
		.field = field, .at = &at, .base = base, .node = json_tree_top(&tree)
	};
	bind_value(&own, &s);
	assert(!own.first);
}

const void *bind_value_alone(struct ctx *c, const struct field *field, const char *json,
			     const char **ret_why)
{
	AUTO(json_tree) tree = { 0 };
	struct schema alone = { .name = field->name, .fields = field, .count = 1 };
	struct binder b = { .c = c, .schema = &alone };
	struct place at = { .name = field->name };
	*ret_why = "it is no JSON text";
	if (!json_tree_read(&tree, c->arena, json, strlen(json)))
		return NULL;
	struct subject s = {
		.field = field,
		.at = &at,
		.base = arena_zero(c->arena, field->offset + field->size + sizeof(struct array)),
		.node = json_tree_top(&tree),
	};
	bind_value(&b, &s);
	*ret_why = b.first ? b.first->msg : NULL;
	return b.first ? NULL : s.base;
}

void bind_preset(struct binder *b, const struct field *field, void *base)
{
	if (field->type == FIELD_TEXT)
		*(const char **)field_slot(field, base) = field->preset;
	else
		bind_preset_json(b, field, base);
}
