/*
 * The parameters of an operation in the document: those of its path, its query and its headers,
 * what conditions it may be asked with, and what stages of modules take.
 */
#include "internal.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/list.h"

/* What the operation of the route takes, or NULL. */
static const struct schema *input_of(const struct router_entry *entry)
{
	return entry->route->op ? entry->route->op->in : NULL;
}

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

/* Authorization is described by how one signs in, and nowhere else: OpenAPI 3.1 §4.8.12.2 */
static bool is_told(const struct field *field, enum field_source source)
{
	return field->in == source &&
	       !(source == IN_HEADER && str_eq(field->name, "authorization"));
}

static void print_fields_from(const struct schema *in, enum field_source source,
			      struct arena *arena, struct buf *out)
{
	for (size_t i = 0; in && i < in->count; i++) {
		const struct field *field = &in->fields[i];
		if (!is_told(field, source))
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

static const struct field prefer_field = {
	.name = "prefer",
	.type = FIELD_TEXT,
	.pattern = "^([^\"]|\"([^\"\\\\]|\\\\.)*\")*$",
	.doc = "With dry-run (without a value) the answer is the one that this would have, with "
	       "Preference-Applied: dry-run, and nothing is changed. Other preferences are ignored "
	       "(RFC 7240)",
};

static const struct field key_field = {
	.name = "idempotency_key",
	.type = FIELD_TEXT,
	.pattern = "^(\"([ !#-\\[\\]-~]|\\\\[\"\\\\]){1,255}\"|[!#-~]([ -~]{0,253}[!-~])?)$",
	.doc = "A text of your own, such as a UUID: sent again with the same key and input, this "
	       "is not done again, but answered as before, with Idempotency-Replayed: true; with "
	       "another input it is a 422",
};

/* Whether a header stands in the list by that name, in whatever case. */
static bool has_header(const struct router_entry *entry, size_t count, const char *name,
		       struct arena *arena)
{
	const struct schema *in = input_of(entry);
	for (size_t i = 0; i < count; i++)
		if (str_eq_nocase(entry->stages->headers[i], name))
			return true;
	for (size_t i = 0; in && i < in->count; i++)
		if (in->fields[i].in == IN_HEADER &&
		    str_eq_nocase(header_name(arena, in->fields[i].name), name))
			return true;
	return false;
}

/* What the stage of a module takes; two may take the same. */
static void print_taken(const struct router_entry *entry, const struct router_stage *at,
			struct arena *arena, struct buf *out)
{
	for (size_t i = 0; i < MODULE_HEADERS_MAX && at->stage->takes[i].name; i++) {
		const struct module_header *header = &at->stage->takes[i];
		const struct field field = { .name = header->name,
					     .type = FIELD_TEXT,
					     .doc = header->doc };
		if (has_header(entry, at->first_header + i, header->name, arena))
			continue;
		print_parameter(&(struct parameter){ .name = header->name,
						     .in = "header",
						     .required = header->required,
						     .field = &field },
				out);
	}
}

static void print_all_taken(const struct router_entry *entry, struct arena *arena, struct buf *out)
{
	for (enum module_place place = NOWHERE; entry->stages && place < MODULE_PLACES; place++) {
		const struct router_stage *at = entry->stages->at[place];
		for (; at && at->stage; at++)
			print_taken(entry, at, arena, out);
	}
}

static void print_header(bool is_taken, const char *name, const struct field *field,
			 struct buf *out)
{
	if (is_taken)
		print_parameter(&(struct parameter){ .name = name, .in = "header", .field = field },
				out);
}

/* What the server itself makes of it. */
static void print_wished(const struct answers *answers, struct buf *out)
{
	print_header(answers->matched, "if-match", &if_match_field, out);
	print_header(answers->unchanged, "if-none-match", &if_none_match_field, out);
	print_header(answers->part, "range", &range_field, out);
	print_header(answers->keyed, "idempotency-key", &key_field, out);
	print_header(answers->tried, "prefer", &prefer_field, out);
}

void openapi_parameters(const struct document_row *row, const struct answers *answers,
			struct arena *arena, struct buf *out)
{
	const struct schema *in = input_of(row->entry);
	struct buf list;
	buf_init(&list, arena);
	buf_add_char(&list, '[');
	print_path_parameters(row->entry, arena, &list);
	print_fields_from(in, IN_QUERY, arena, &list);
	print_fields_from(in, IN_HEADER, arena, &list);
	print_all_taken(row->entry, arena, &list);
	print_wished(answers, &list);
	if (list.len == 1)
		return;
	openapi_key(out, "parameters");
	buf_add(out, list.data, list.len);
	buf_add_char(out, ']');
}
