/*
 * What schemas and fields are called in documents, and the forms in which a schema stands there: as
 * an input, an answer, a row that fields= narrows, or embedded.
 */
#include "base/buf.h"
#include "base/str.h"
#include "internal.h"

/* ---- names ---- */

/* "post_create" → "PostCreate", or with a space between the words. */
static void add_words(const char *name, const char *between, struct buf *out)
{
	bool start = true, any = false;
	for (; *name; name++) {
		if (*name == '_' || *name == '-' || *name == '.') {
			start = true;
			continue;
		}
		if (start && any)
			buf_add_text(out, between);
		buf_add_char(out, start ? str_upper(*name) : *name);
		start = false;
		any = true;
	}
}

void schema_component_name(const char *name, struct buf *out)
{
	add_words(name, "", out);
}

void schema_title(const char *name, struct buf *out)
{
	add_words(name, " ", out);
}

/* ---- forms ---- */

static bool has_relations(const struct schema *schema)
{
	for (size_t i = 0; i < schema->count; i++)
		if (schema->fields[i].relation && !schema->fields[i].secret)
			return true;
	return false;
}

enum schema_form schema_form_within(const struct field *field, enum schema_form form)
{
	if (form == FORM_INPUT)
		return FORM_INPUT;
	if (field->narrowed)
		return FORM_ROW;
	return has_relations(field->object) ? FORM_EMBEDDED : FORM_ANSWER;
}

void schema_form_name(const struct schema *schema, enum schema_form form, struct buf *out)
{
	schema_component_name(schema->name, out);
	if (form == FORM_ROW)
		buf_add_lit(out, "Row");
	else if (form == FORM_EMBEDDED && has_relations(schema))
		buf_add_lit(out, "Embedded");
}

bool schema_form_has(const struct field *field, enum schema_form form)
{
	return form == FORM_INPUT ? field->in == IN_BODY && !field->relation
				  : !field_is_kept_back(field);
}
