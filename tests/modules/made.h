/*
 * Inputs of operations, made of their schemas alone: each member of the body has a value that its
 * rules let in. For rows that try every operation there is.
 */
#ifndef CROFT_TESTS_MODULES_MADE_H
#define CROFT_TESTS_MODULES_MADE_H

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "core/schema.h"
#include "core/schema/format/pattern.h"
#include "testing/json.h"
#include "testing/stage.h"

struct made {
	struct arena *arena;
	/* What texts are made of that may be any: small letters. */
	const char *word;
	/* Of that schema one member more; NULL: of none. */
	const struct schema *with_in;
	const char *with;
};

/* As long as it may be, at most the word, and as long as it must be. */
static inline void made_word(struct buf *out, const struct made *made, const struct field *field)
{
	size_t len = strlen(made->word), most = (size_t)field->max_len,
	       least = (size_t)field->min_len;
	size_t wanted = most && len > most ? most : len < least ? least : len;
	for (size_t i = 0; i < wanted; i++)
		buf_add_char(out, made->word[i % len]);
}

static inline void made_text(struct buf *out, const struct made *made, const struct field *field)
{
	switch (field->format) {
	case FORMAT_EMAIL: buf_printf(out, "%s@example.org", made->word); break;
	case FORMAT_URI: buf_printf(out, "https://example.org/%s", made->word); break;
	case FORMAT_UUID: buf_add_text(out, "00000000-0000-4000-8000-000000000000"); break;
	case FORMAT_DATE: buf_add_text(out, "2026-01-02"); break;
	case FORMAT_DATE_TIME: buf_add_text(out, STAGE_TIME); break;
	case FORMAT_PASSWORD: buf_add_text(out, "engine of brass"); break;
	case FORMAT_NONE:
		if (field->choices)
			buf_add_text(out, field->choices[0]);
		else
			made_word(out, made, field);
	}
}

static inline void made_array(struct buf *out, const struct made *made, const struct field *field)
{
	if (field->item_type == FIELD_TEXT)
		buf_printf(out, "['%s']", field->choices ? field->choices[0] : made->word);
	else
		buf_add_text(out, field->item_type == FIELD_BOOL ? "[true]" : "[1]");
}

/* Of one that has no .object. */
static inline void made_value(struct buf *out, const struct made *made, const struct field *field)
{
	switch (field->type) {
	case FIELD_TEXT:
		buf_add_char(out, '\'');
		made_text(out, made, field);
		buf_add_char(out, '\'');
		break;
	case FIELD_INT:
		buf_printf(out, "%lld", field->has_min ? (long long)field_least_int(field) : 1LL);
		break;
	case FIELD_REAL: buf_printf(out, "%g", field->has_min ? field_least(field) : 1.0); break;
	case FIELD_BOOL: buf_add_text(out, "true"); break;
	case FIELD_INSTANT: buf_add_text(out, "'" STAGE_TIME "'"); break;
	case FIELD_DATE: buf_add_text(out, "'2026-01-02'"); break;
	case FIELD_RAW_JSON: buf_add_text(out, "{}"); break;
	case FIELD_ARRAY: made_array(out, made, field); break;
	case FIELD_OBJECT:
	case FIELD_LIST_QUERY: break;
	}
}

/*
 * Where a pattern lets no word in, or a list only names of what is there, the field itself says
 * what it may be.
 */
static inline void made_member(struct buf *out, const struct made *made, const struct field *field)
{
	bool is_any = !field->pattern ||
		      pattern_matches(field->pattern, made->word, strlen(made->word));
	if (field->example && (!is_any || field->type == FIELD_ARRAY))
		buf_add_text(out, json_swapped(made->arena, field->example));
	else
		made_value(out, made, field);
}

static inline void made_object(struct buf *out, const struct made *made,
			       const struct schema *schema)
{
	const char *comma = "";
	buf_add_char(out, '{');
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *field = &schema->fields[i];
		bool is_array = field->type == FIELD_ARRAY;
		if (field->in != IN_BODY)
			continue;
		buf_printf(out, "%s'%s':", comma, field->name);
		comma = ",";
		if (!field->object) {
			made_member(out, made, field);
			continue;
		}
		buf_add_text(out, is_array ? "[" : "");
		made_object(out, made, field->object);
		buf_add_text(out, is_array ? "]" : "");
	}
	if (schema == made->with_in)
		buf_printf(out, "%s'%s':1", comma, made->with);
	buf_add_char(out, '}');
}

/* A body as tests write it, in the arena; NULL: the operation takes none. */
static inline const char *made_body(const struct made *made, const struct schema *in)
{
	struct buf out;
	if (!in || !schema_uses(in, IN_BODY))
		return NULL;
	buf_init(&out, made->arena);
	made_object(&out, made, in);
	return buf_text(&out);
}

/* The same as a form has it; NULL: it takes none. */
static inline const char *made_form(const struct made *made, const struct schema *in)
{
	struct buf out;
	const char *between = "";
	if (!in || !schema_uses(in, IN_FORM))
		return NULL;
	buf_init(&out, made->arena);
	for (size_t i = 0; i < in->count; i++) {
		if (in->fields[i].in != IN_FORM)
			continue;
		buf_printf(&out, "%s%s=%s", between, in->fields[i].name,
			   in->fields[i].choices ? in->fields[i].choices[0] : made->word);
		between = "&";
	}
	if (in == made->with_in)
		buf_printf(&out, "%s%s=1", between, made->with);
	return buf_text(&out);
}

#endif
