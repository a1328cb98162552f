/*
 * Field tables as JSON Schema (2020-12), in the conventions and the key order of FastAPI's
 * documents. What a field accepts is said once in the table, so the document cannot disagree; which
 * values that are, document_type.c prints.
 */
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "document.h"

/* ---- fields ---- */

static void add_preset(struct buf *out, const struct field *field)
{
	if (field->type == FIELD_TEXT) {
		document_text(out, "default", field->preset);
		return;
	}
	/* FastAPI leaves out a default that is null. */
	if (strcmp(field->preset, "null") == 0)
		return;
	json_add_key(out, "default");
	buf_add_text(out, field->preset);
}

/*
 * What is rendered is null for a struct maybe_… that is not GIVEN, whether or not the input may be
 * null, and for a relation to a row that is gone.
 */
static bool may_be_null(const struct field *field, enum schema_form form)
{
	if (field->relation)
		return field->type == FIELD_OBJECT && !field->required;
	return field->type != FIELD_RAW_JSON &&
	       (field->nullable || (form != FORM_INPUT && field->maybe));
}

static void add_description(struct buf *out, const struct field *field, enum schema_form form)
{
	AUTO(buf) text = { 0 };
	if (form == FORM_INPUT)
		field_describe_input(field, &text);
	else if (field->relation && form != FORM_ANSWER)
		buf_printf(&text, "%s%sEmbedded with include=%s.", field->doc ? field->doc : "",
			   field->doc ? ". " : "", field->name);
	else if (field->doc)
		buf_add_text(&text, field->doc);
	if (text.len)
		document_text(out, "description", buf_text(&text));
}

/* Whether .omit_null of the schema may leave it out. */
static bool is_omitted(const struct schema *schema, const struct field *field,
		       enum schema_form form)
{
	bool may_be_raw_null = field->type == FIELD_RAW_JSON && (field->nullable || field->maybe);
	return schema->omit_null && form != FORM_INPUT &&
	       (may_be_null(field, form) || may_be_raw_null);
}

static void print_field(const struct field *field, enum schema_form form, bool null_too,
			struct buf *out)
{
	buf_add_text(out, null_too ? "{\"anyOf\":[{" : "{");
	document_type(field, form, out);
	if (null_too)
		buf_add_lit(out, "},{\"type\":\"null\"}]");
	if (field->type != FIELD_OBJECT) {
		json_add_key(out, "title");
		buf_add_char(out, '"');
		schema_title(field->name, out);
		buf_add_char(out, '"');
	}
	add_description(out, field, form);
	if (form == FORM_INPUT && field_fills_in(field))
		add_preset(out, field);
	if (field->secret) {
		json_add_key(out, "writeOnly");
		buf_add_lit(out, "true");
	}
	if (field->example) {
		json_add_key(out, "examples");
		buf_printf(out, "[%s]", field->example);
	}
	buf_add_char(out, '}');
}

void field_document(const struct field *field, bool as_input, struct buf *out)
{
	enum schema_form form = as_input ? FORM_INPUT : FORM_ANSWER;
	print_field(field, form, may_be_null(field, form), out);
}

/* ---- schemas ---- */

static bool is_required(const struct schema *schema, const struct field *field,
			enum schema_form form)
{
	if (!schema_form_has(field, form) || is_omitted(schema, field, form))
		return false;
	switch (form) {
	case FORM_INPUT: return field->required && !field->preset;
	case FORM_ANSWER: return true;
	case FORM_EMBEDDED: return !field->relation;
	case FORM_ROW: return str_eq(field->name, "id");
	}
	return false;
}

static void add_properties(struct buf *out, const struct schema *schema, enum schema_form form)
{
	json_add_key(out, "properties");
	buf_add_char(out, '{');
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *field = &schema->fields[i];
		if (!schema_form_has(field, form))
			continue;
		json_add_key(out, field->name);
		print_field(field, form,
			    may_be_null(field, form) && !is_omitted(schema, field, form), out);
	}
	buf_add_char(out, '}');
}

static void add_required(struct buf *out, const struct schema *schema, enum schema_form form)
{
	bool any = false;
	for (size_t i = 0; i < schema->count; i++) {
		if (!is_required(schema, &schema->fields[i], form))
			continue;
		if (!any)
			json_add_key(out, "required");
		buf_printf(out, "%s\"%s\"", any ? "," : "[", schema->fields[i].name);
		any = true;
	}
	if (any)
		buf_add_char(out, ']');
}

/* Texts have no schema of their lines; that of all of them together is said besides. */
static void add_lines(struct buf *out, const struct schema *schema, enum schema_form form)
{
	document_text(out, "type", "string");
	document_text(out, "contentMediaType", schema_media_type(schema));
	json_add_key(out, "contentSchema");
	buf_add_char(out, '{');
	document_type(schema->fields, form, out);
	buf_add_char(out, '}');
	document_text(out, "description", "Each item as JSON, on a line of its own.");
}

static void add_object(struct buf *out, const struct schema *schema, enum schema_form form)
{
	add_properties(out, schema, form);
	if (form == FORM_INPUT && !schema->open) {
		json_add_key(out, "additionalProperties");
		buf_add_lit(out, "false");
	}
	document_text(out, "type", "object");
	add_required(out, schema, form);
}

void schema_document(const struct schema *schema, enum schema_form form, struct buf *out)
{
	buf_add_char(out, '{');
	switch (schema->shape) {
	case SHAPE_OBJECT: add_object(out, schema, form); break;
	case SHAPE_ARRAY: document_type(schema->fields, form, out); break;
	case SHAPE_LINES: add_lines(out, schema, form); break;
	}
	json_add_key(out, "title");
	buf_add_char(out, '"');
	schema_form_name(schema, form, out);
	buf_add_lit(out, "\"}");
}
