/*
 * What came from path, query, headers or a form: which names and values are a field's, what it is
 * called there, and how it is shown. Nothing is bound here.
 */
#include "pairs.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

/* ---- names ---- */

/* On the wire, header names have '-' where fields have '_', and no case. */
static bool is_header_named(const char *header, const char *name)
{
	for (; *header && *name; header++, name++) {
		char want = *name == '_' ? '-' : str_lower(*name);
		if (str_lower(*header) != want)
			return false;
	}
	return !*header && !*name;
}

bool schema_takes_header(const struct schema *schema, const char *name)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *field = &schema->fields[i];
		if (field->in == IN_HEADER && is_header_named(name, field->name))
			return true;
	}
	return false;
}

bool pairs_have(const struct pairs *p, const struct input_pair *pair, const struct field *field)
{
	return p->source == IN_HEADER ? is_header_named(pair->name, field->name)
				      : strcmp(pair->name, field->name) == 0;
}

const char *pairs_name(struct binder *b, const struct pairs *p, const struct field *field)
{
	if (p->source != IN_HEADER || !strchr(field->name, '_'))
		return field->name;
	char *name = arena_strdup(b->c->arena, field->name);
	for (char *at = name; *at; at++)
		if (*at == '_')
			*at = '-';
	return name;
}

const struct input_pair *pairs_find(const struct pairs *p, const struct input_pair *at,
				    const struct field *field)
{
	for (; at->name; at++)
		if (pairs_have(p, at, field))
			return at;
	return NULL;
}

/* ---- values ---- */

const char *pairs_echo(struct binder *b, const struct pairs *p, const struct field *field)
{
	struct buf out;
	buf_init(&out, b->c->arena);
	buf_add_char(&out, '[');
	for (const struct input_pair *at = pairs_find(p, p->all, field); at;
	     at = pairs_find(p, at + 1, field)) {
		if (out.len > ECHO_MAX)
			return "null";
		if (out.len > 1)
			buf_add_char(&out, ',');
		buf_add_text(&out, echo_text(b, at->value, at->value_len));
	}
	buf_add_char(&out, ']');
	return buf_text(&out);
}

/* ---- sources ---- */

const char *source_root(enum field_source source)
{
	switch (source) {
	case IN_PATH: return "path";
	case IN_QUERY: return "query";
	case IN_HEADER: return "header";
	default: return "body";
	}
}

struct pairs pairs_of(const struct input *input, enum field_source source)
{
	static const struct input_pair none[1];
	const struct input_pair *all[] = {
		[IN_BODY] = NULL,          [IN_PATH] = input->path,
		[IN_QUERY] = input->query, [IN_HEADER] = input->headers,
		[IN_FORM] = input->form,   [NOT_INPUT] = NULL,
	};
	return (struct pairs){
		.source = source,
		.all = all[source] ? all[source] : none,
		.root = { .name = source_root(source) },
	};
}

void pair_subject(struct binder *b, const struct input *input, const struct field *field,
		  struct place *ret_at, struct subject *ret)
{
	struct pairs p = pairs_of(input, field->in);
	const struct input_pair *pair = pairs_find(&p, p.all, field);
	ret_at->name = pairs_name(b, &p, field);
	if (!pair)
		return;
	ret->text = pair->value;
	ret->len = pair->value_len;
	if (field->type == FIELD_ARRAY && !ret->secret)
		ret->echo = pairs_echo(b, &p, field);
}
