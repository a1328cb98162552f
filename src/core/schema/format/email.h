/* E-mail addresses: the practical part of RFC 5321 in ASCII. */
#ifndef CROFT_SRC_CORE_SCHEMA_FORMAT_EMAIL_H
#define CROFT_SRC_CORE_SCHEMA_FORMAT_EMAIL_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Bytes, which the document says, too: RFC 5321 §4.5.3.1.3, less its brackets. */
enum { EMAIL_MAX = 254 };

/*
 * NULL when well-formed, else the reason in email-validator's words, in the arena. Quotes the text
 * only when it may.
 */
const char *email_fault(struct arena *arena, const char *text, size_t len, bool may_quote);

#endif
