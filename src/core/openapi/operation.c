/*
 * One Operation Object of the OpenAPI document: parameters and security of a route, read off its
 * operation. Its body stands in body.c, what it answers in responses.c. Key order and wording are
 * FastAPI's.
 */
#include "internal.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/json.h"
#include "core/list.h"

/* What its operation takes, or NULL. */
static const struct schema *input_of(const struct router_entry *entry)
{
	return entry->route->op ? entry->route->op->in : NULL;
}

/* ---- parameters ---- */

struct parameter {
	const char *name, *in;
	bool required;
	const struct field *field; /* NULL: any text */
	bool joined;               /* a list: one text with commas between its values */
};

static void print_parameter(const struct parameter *parameter, struct buf *out)
{
	const struct field *field = parameter->field;
	openapi_item(out);
	buf_add_char(out, '{');
	openapi_text(out, "name", parameter->name);
	openapi_text(out, "in", parameter->in);
	openapi_key(out, "required");
	buf_add_text(out, parameter->required ? "true" : "false");
	openapi_key(out, "schema");
	if (field)
		field_document(field, true, out);
	else
		buf_add_lit(out, "{\"type\":\"string\"}");
	AUTO(buf) words = { 0 };
	if (field)
		field_describe_input(field, &words);
	if (words.len)
		openapi_text(out, "description", buf_text(&words));
	if (parameter->joined)
		buf_add_lit(out, ",\"style\":\"form\",\"explode\":false");
	buf_add_char(out, '}');
}

static const struct field *field_find(const struct schema *schema, const char *name,
				      enum field_source source)
{
	for (size_t i = 0; schema && i < schema->count; i++)
		if (schema->fields[i].in == source && str_eq(schema->fields[i].name, name))
			return &schema->fields[i];
	return NULL;
}

static void print_path_parameters(const struct router_entry *entry, struct arena *arena,
				  struct buf *out)
{
	const struct schema *in = input_of(entry);
	for (size_t i = 0; i < entry->part_count; i++) {
		const struct router_part *part = &entry->parts[i];
		if (!part->is_param)
			continue;
		const char *name = arena_strndup(arena, part->text, part->len);
		print_parameter(&(struct parameter){ .name = name,
						     .in = "path",
						     .required = true,
						     .field = field_find(in, name, IN_PATH) },
				out);
	}
}

/* A header field is written with hyphens: if_match → if-match. */
static const char *header_name(struct arena *arena, const char *name)
{
	char *header = arena_strdup(arena, name);
	for (char *at = header; (at = strchr(at, '_'));)
		*at = '-';
	return header;
}

static void print_list_parameter(void *data, const struct field *parameter)
{
	print_parameter(&(struct parameter){ .name = parameter->name,
					     .in = "query",
					     .field = parameter,
					     .joined = parameter->type == FIELD_ARRAY },
			data);
}

static void print_fields_from(const struct schema *in, enum field_source source,
			      struct arena *arena, struct buf *out)
{
	for (size_t i = 0; in && i < in->count; i++) {
		const struct field *field = &in->fields[i];
		if (field->in != source)
			continue;
		if (field->type == FIELD_LIST_QUERY) {
			list_query_parameters(field, arena, print_list_parameter, out);
			continue;
		}
		struct parameter parameter = {
			.name = source == IN_HEADER ? header_name(arena, field->name) : field->name,
			.in = source == IN_HEADER ? "header" : "query",
			.required = field->required && !field->preset,
			.field = field,
		};
		print_parameter(&parameter, out);
	}
}

static const struct field if_match_field = {
	.name = "if_match",
	.type = FIELD_TEXT,
	.doc = "ETags of what you mean: an answer that has none of them is a 412",
};

static const struct field if_none_match_field = {
	.name = "if_none_match",
	.type = FIELD_TEXT,
	.doc = "ETags that you have: an answer that has one of them still is a 304 without a body",
};

static const struct field range_field = {
	.name = "range",
	.type = FIELD_TEXT,
	.doc = "Of the page, as bytes=0-99: one range that fits is a 206 (RFC 9110 §14.2)",
};

static void print_parameters(const struct document_row *row, const struct answers *answers,
			     struct arena *arena, struct buf *out)
{
	const struct schema *in = input_of(row->entry);
	struct buf list;
	buf_init(&list, arena);
	buf_add_char(&list, '[');
	print_path_parameters(row->entry, arena, &list);
	print_fields_from(in, IN_QUERY, arena, &list);
	print_fields_from(in, IN_HEADER, arena, &list);
	if (answers->matched)
		print_parameter(&(struct parameter){ .name = "if-match",
						     .in = "header",
						     .field = &if_match_field },
				&list);
	if (answers->unchanged)
		print_parameter(&(struct parameter){ .name = "if-none-match",
						     .in = "header",
						     .field = &if_none_match_field },
				&list);
	if (answers->part)
		print_parameter(&(struct parameter){ .name = "range",
						     .in = "header",
						     .field = &range_field },
				&list);
	if (list.len == 1)
		return;
	openapi_key(out, "parameters");
	buf_add(out, list.data, list.len);
	buf_add_char(out, ']');
}

/* ---- the operation ---- */

/* With what no schema of a parameter says. */
static void print_description(const struct operation *op, struct arena *arena, struct buf *out)
{
	const char *text = op->doc;
	if (schema_list_field(op->in))
		text = arena_printf(arena,
				    "%s%sAt most %d filters. Other names are taken, too: %s.",
				    text ? text : "", text ? " " : "", LIST_FILTERS_MAX,
				    list_query_aliases(op->in, arena));
	if (text)
		openapi_text(out, "description", text);
}

static void print_summary(const struct document_row *row, struct arena *arena, struct buf *out)
{
	const struct router_entry *entry = row->entry;
	const struct operation *op = entry->route->op;
	openapi_text(out, "summary", op && op->summary ? op->summary : entry->path);
	if (op)
		print_description(op, arena, out);
	openapi_text(out, "operationId", row->id);
	openapi_key(out, "security");
	buf_add_text(out, route_access(entry->route) == ACCESS_PUBLIC ? "[]" : OPENAPI_SIGNED_IN);
}

void openapi_operation(const struct document_row *row, const struct answers *answers,
		       struct components *all, struct buf *out)
{
	buf_add_char(out, '{');
	openapi_key(out, "tags");
	buf_add_char(out, '[');
	json_add_text(out, row->entry->module->name, strlen(row->entry->module->name));
	buf_add_char(out, ']');
	print_summary(row, all->arena, out);
	print_parameters(row, answers, all->arena, out);
	openapi_body(row, all, out);
	openapi_responses(row->entry->route, answers, all, out);
	buf_add_char(out, '}');
}
