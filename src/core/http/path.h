/*
 * Decodes a request target once: the path into segments, the query (or a form body) into pairs.
 * From here on nobody sees percent signs again, so "%252e" stays the text "%2e".
 */
#ifndef CROFT_HTTP_PATH_H
#define CROFT_HTTP_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/ctx.h"
#include "core/schema.h"

enum {
	PATH_SEGMENTS_MAX = 32,
	PATH_PAIRS_MAX = 100, /* of one query or form */
};

struct path_segment {
	const char *text; /* decoded, NUL-terminated; never empty */
	size_t len;
};

struct path {
	const char *text; /* decoded, "/posts/7"; a trailing slash is kept */
	struct path_segment segments[PATH_SEGMENTS_MAX];
	size_t count;        /* 0 for "/" */
	bool trailing_slash; /* false for "/" */
	const char *query;   /* raw text behind '?', inside the target; NULL: none */
	size_t query_len;
};

/*
 * Splits and decodes the target; texts live in the arena, `query` in the target.
 * APP_BAD_REQUEST: a broken escape, an encoded slash, a backslash, a control character, text that
 * is not UTF-8: no resource can have such a name.
 * APP_NOT_FOUND: an empty segment, "." or "..", too many segments: well-formed, but nothing is
 * there.
 */
enum app_err path_split(struct ctx *c, const char *target, struct path *ret) MUST_USE;

/*
 * Reads name=value pairs joined by '&' (the form encoding: '+' is a space). `where` is "query" or
 * "form", for the error text. The array lives in the arena and ends with a NULL name; it is never
 * NULL. APP_BAD_REQUEST: more than PATH_PAIRS_MAX pairs, a broken escape, text that is not UTF-8, a
 * NUL, a control character in a name.
 */
enum app_err path_pairs(struct ctx *c, const char *where, const char *text, size_t len,
			const struct input_pair **ret) MUST_USE;

#endif
