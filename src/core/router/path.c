/*
 * Decodes the path of a target and cuts it into segments, once: from here on nobody sees percent
 * signs again, so "%252e" stays the text "%2e".
 */
#include "core/router.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"

static enum app_err check_segment(struct ctx *c, const struct router_segment *segment)
{
	if (str_has_control(segment->text, segment->len))
		return ctx_fail(c, APP_BAD_REQUEST, "The path holds a control character");
	/*
	 * Proxies and file systems read these as dividers, so they must not come to mean anything
	 * here.
	 */
	if (memchr(segment->text, '/', segment->len) || memchr(segment->text, '\\', segment->len))
		return ctx_fail(c, APP_BAD_REQUEST,
				"The path holds an encoded slash or a backslash");
	if (!str_is_utf8(segment->text, segment->len))
		return ctx_fail(c, APP_BAD_REQUEST, "The path is not valid UTF-8");
	if (str_eq(segment->text, ".") || str_eq(segment->text, ".."))
		return ctx_fail(c, APP_NOT_FOUND, "Not Found");
	return APP_OK;
}

static enum app_err add_segment(struct ctx *c, const char *raw, size_t raw_len,
				struct router_path *path)
{
	struct router_segment *segment = &path->segments[path->count];
	if (raw_len == 0 || path->count == ROUTER_SEGMENTS_MAX)
		return ctx_fail(c, APP_NOT_FOUND, "Not Found");
	segment->text = str_percent_decode(c->arena, raw, raw_len, false, &segment->len);
	if (!segment->text)
		return ctx_fail(c, APP_BAD_REQUEST, "The path holds a broken percent escape");
	path->count++;
	return check_segment(c, segment);
}

/* The decoded path in one piece. Decoding never makes it longer than the raw one. */
static const char *join(struct ctx *c, const struct router_path *path, size_t raw_len)
{
	char *text = arena_raw(c->arena, raw_len + 1), *at = text;
	for (size_t i = 0; i < path->count; i++) {
		*at++ = '/';
		memcpy(at, path->segments[i].text, path->segments[i].len);
		at += path->segments[i].len;
	}
	if (path->count == 0 || path->trailing_slash)
		*at++ = '/';
	*at = '\0';
	return text;
}

static enum app_err split_segments(struct ctx *c, const char *raw, size_t len,
				   struct router_path *path)
{
	const char *end = raw + len;
	for (const char *at = raw + 1; at < end;) {
		const char *slash = memchr(at, '/', (size_t)(end - at));
		const char *stop = slash ? slash : end;
		enum app_err err = add_segment(c, at, (size_t)(stop - at), path);
		if (err)
			return err;
		path->trailing_slash = slash && slash + 1 == end;
		at = stop + 1;
	}
	path->text = join(c, path, len);
	return APP_OK;
}

enum app_err router_path_split(struct ctx *c, const char *target, struct router_path *ret)
{
	size_t len = strcspn(target, "?");
	struct router_path path = { 0 };
	if (target[0] != '/')
		return ctx_fail(c, APP_BAD_REQUEST, "The request target must begin with a slash");
	if (target[len] == '?') {
		path.query = target + len + 1;
		path.query_len = strlen(path.query);
	}
	enum app_err err = split_segments(c, target, len, &path);
	if (!err)
		*ret = path;
	return err;
}
