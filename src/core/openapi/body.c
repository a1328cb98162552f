/* The Request Body Object of an operation: JSON, a form, or both. */
#include "internal.h"

#include <string.h>

#include "base/arena.h"
#include "core/json.h"

static bool is_required(const struct field *field, enum field_source source)
{
	return field->in == source && field->required && !field->preset;
}

static bool any_is_required(const struct schema *in, enum field_source source)
{
	for (size_t i = 0; i < in->count; i++)
		if (is_required(&in->fields[i], source))
			return true;
	return false;
}

static void print_required(const struct schema *in, enum field_source source, struct buf *out)
{
	if (!any_is_required(in, source))
		return;
	openapi_key(out, "required");
	buf_add_char(out, '[');
	for (size_t i = 0; i < in->count; i++) {
		if (!is_required(&in->fields[i], source))
			continue;
		openapi_item(out);
		json_add_text(out, in->fields[i].name, strlen(in->fields[i].name));
	}
	buf_add_char(out, ']');
}

/* A form has no schema of its own: FastAPI makes a component Body_<operationId> of its fields. */
static const char *add_form_body(struct components *all, const struct schema *in, const char *id)
{
	const char *name = arena_printf(all->arena, "Body_%s", id);
	struct buf text;
	buf_init(&text, all->arena);
	buf_add_lit(&text, "{\"properties\":{");
	for (size_t i = 0; i < in->count; i++) {
		if (in->fields[i].in != IN_FORM)
			continue;
		openapi_key(&text, in->fields[i].name);
		field_document(&in->fields[i], true, &text);
	}
	buf_add_char(&text, '}');
	if (!in->open)
		buf_add_lit(&text, ",\"additionalProperties\":false");
	buf_add_lit(&text, ",\"type\":\"object\"");
	print_required(in, IN_FORM, &text);
	openapi_text(&text, "title", name);
	buf_add_char(&text, '}');
	components_add_text(all, name, buf_text(&text));
	return name;
}

static void print_content(struct buf *out, const char *media_type, const char *component)
{
	openapi_media_open(out, media_type);
	openapi_ref(out, component);
	buf_add_char(out, '}');
}

static bool has_json_body(const struct schema *in)
{
	return in && schema_uses(in, IN_BODY) && !schema_uses(in, IN_FORM);
}

/* What a body that is a form is bound by, or NULL. */
static const struct schema *form_of(const struct route *route)
{
	if (route->form)
		return route->form->in;
	bool is_form = route->op && route->op->in && schema_uses(route->op->in, IN_FORM);
	return is_form ? route->op->in : NULL;
}

void openapi_body(const struct document_row *row, struct components *all, struct buf *out)
{
	const struct operation *op = row->entry->route->op;
	const struct schema *in = op ? op->in : NULL, *form = form_of(row->entry->route);
	bool json = has_json_body(in);
	if (!form && !json)
		return;
	openapi_key(out, "requestBody");
	buf_add_char(out, '{');
	openapi_key(out, "content");
	buf_add_char(out, '{');
	if (json)
		print_content(out, "application/json", components_use(all, in, FORM_INPUT));
	if (form)
		print_content(out, "application/x-www-form-urlencoded",
			      add_form_body(all, form, row->id));
	buf_add_char(out, '}');
	/* a form without fields is sent as nothing; an empty object is not */
	if (json || any_is_required(form, IN_FORM))
		buf_add_lit(out, ",\"required\":true");
	buf_add_char(out, '}');
}
