/*
 * Between document.c, which prints fields and schemas, document_type.c, which says what their
 * values may be, document_text.c, which says it of texts, and document_words.c, in words.
 */
#ifndef CROFT_SRC_CORE_SCHEMA_DOCUMENT_H
#define CROFT_SRC_CORE_SCHEMA_DOCUMENT_H

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "core/json.h"
#include "internal.h"

/* Each adds a member of an object. */
static inline void document_text(struct buf *out, const char *key, const char *text)
{
	json_add_key(out, key);
	json_add_text(out, text, strlen(text));
}

static inline void document_int(struct buf *out, const char *key, int64_t value)
{
	json_add_key(out, key);
	buf_add_int(out, value);
}

/*
 * Whether what is sent need not be as its rules want it, because it is made so: they are told in
 * words.
 */
static inline bool document_is_respelled(const struct field *field)
{
	return field->trim || field->lower;
}

/* The members that say which values are valid, without braces. */
void document_type(const struct field *field, enum schema_form form, struct buf *out);

/*
 * The members beside "type" that say which texts are valid: what is said of the field, and what
 * holds for every input.
 */
void document_text_rules(const struct field *field, bool as_input, struct buf *out);

#endif
