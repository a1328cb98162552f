/*
 * What the values of a field may be, as JSON Schema: their type, numbers' bounds, items of arrays,
 * and references to other schemas. Texts are document_text.c's.
 */
#include "document.h"

static void add_real(struct buf *out, const char *key, double value)
{
	json_add_key(out, key);
	json_add_real(out, value);
}

static void add_number_rules(struct buf *out, const struct field *field)
{
	if (field->has_max)
		add_real(out, field->exclusive_max ? "exclusiveMaximum" : "maximum", field->max);
	if (field->has_min)
		add_real(out, field->exclusive_min ? "exclusiveMinimum" : "minimum", field->min);
}

/*
 * The integer nearest to 1 that its rules allow. Without it the pages show a bound of int64_t,
 * which nobody would send.
 */
static void add_int_example(struct buf *out, const struct field *field)
{
	int64_t value = 1;
	if (value < field_least_int(field))
		value = field_least_int(field);
	if (value > field_most_int(field))
		value = field_most_int(field);
	json_add_key(out, "examples");
	buf_printf(out, "[%lld]", (long long)value);
}

/* What the field's own rules leave open ends where an int64_t does: larger ones are refused. */
static void add_int_rules(struct buf *out, const struct field *field)
{
	if (!field->has_max) {
		json_add_key(out, "exclusiveMaximum");
		buf_add_lit(out, "9223372036854775808");
	}
	add_number_rules(out, field);
	if (!field->has_min)
		document_int(out, "minimum", INT64_MIN);
	document_text(out, "format", "int64");
	if ((!field->has_min || !field->has_max) && !field->example)
		add_int_example(out, field);
}

static void add_reference(struct buf *out, const struct schema *schema, enum schema_form form)
{
	json_add_key(out, "$ref");
	buf_add_lit(out, "\"#/components/schemas/");
	schema_form_name(schema, form, out);
	buf_add_char(out, '"');
}

static void add_array_type(struct buf *out, const struct field *field, enum schema_form form)
{
	struct field item = array_item(field);
	item.secret = false;
	item.narrowed = field->narrowed;
	json_add_key(out, "items");
	buf_add_char(out, '{');
	document_type(&item, form, out);
	buf_add_char(out, '}');
	document_text(out, "type", "array");
	if (field->max_len)
		document_int(out, "maxItems", field->max_len);
	if (field->min_len)
		document_int(out, "minItems", field->min_len);
}

void document_type(const struct field *field, enum schema_form form, struct buf *out)
{
	switch (field->type) {
	case FIELD_TEXT:
		document_text(out, "type", "string");
		document_text_rules(field, form == FORM_INPUT, out);
		return;
	case FIELD_INT:
		document_text(out, "type", "integer");
		add_int_rules(out, field);
		return;
	case FIELD_REAL:
		document_text(out, "type", "number");
		add_number_rules(out, field);
		return;
	case FIELD_BOOL: document_text(out, "type", "boolean"); return;
	case FIELD_INSTANT:
		document_text(out, "type", "string");
		document_text(out, "format", "date-time");
		return;
	case FIELD_DATE:
		document_text(out, "type", "string");
		document_text(out, "format", "date");
		return;
	case FIELD_ARRAY: add_array_type(out, field, form); return;
	case FIELD_OBJECT:
		add_reference(out, field->object, schema_form_within(field, form));
		return;
	case FIELD_RAW_JSON: return;   /* anything */
	case FIELD_LIST_QUERY: return; /* many parameters: core/list/document.c */
	}
}
