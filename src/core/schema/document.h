/*
 * Between document.c, which prints fields and schemas, and document_text.c, which says what a text
 * may be.
 */
#ifndef CROFT_SCHEMA_DOCUMENT_H
#define CROFT_SCHEMA_DOCUMENT_H

#include "base/buf.h"
#include "internal.h"

/* Adds a member of an object. */
void document_text(struct buf *out, const char *key, const char *text);
void document_int(struct buf *out, const char *key, int64_t value);

/*
 * The members beside "type" that say which texts are valid: what is said of the field, and what
 * holds for every input.
 */
void document_text_rules(const struct field *field, bool as_input, struct buf *out);

#endif
