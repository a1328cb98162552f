/*
 * Query strings and form bodies as names and values (the form encoding of the URL Standard §5).
 * Decoded once: from here on nobody sees percent signs again.
 */
#ifndef CROFT_SRC_CORE_HTTP_PARSE_PAIRS_H
#define CROFT_SRC_CORE_HTTP_PARSE_PAIRS_H

#include <stddef.h>

#include "base/attr.h"
#include "base/ctx.h"
#include "core/schema.h"

/* of one query or form */
enum { PAIRS_MAX = 100 };

/*
 * Reads name=value pairs joined by '&'; '+' is a space. `where` is "query" or "form", for the error
 * text. The array lives in the arena and ends with a NULL name; it is never NULL. APP_BAD_REQUEST:
 * more than PAIRS_MAX pairs, a broken escape, text that is not UTF-8, a NUL, a control character in
 * a name.
 */
enum app_err pairs_read(struct ctx *c, const char *where, const char *text, size_t len,
			const struct input_pair **ret) MUST_USE;

#endif
