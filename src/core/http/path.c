/* Decodes targets and forms. See path.h for which fault gives 400 and which 404. */
#include "path.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"

static bool holds_control(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return true;
	}
	return false;
}

/* The bytes with escapes decoded, or NULL when an escape is broken. */
static const char *decode(struct arena *arena, const char *text, size_t len, bool form,
			  size_t *ret_len)
{
	if (!memchr(text, '%', len) && !(form && memchr(text, '+', len))) {
		*ret_len = len;
		return arena_strndup(arena, text, len);
	}
	return str_percent_decode(arena, text, len, form, ret_len);
}

/* ---- the path ---- */

static enum app_err check_segment(struct ctx *c, const struct path_segment *segment)
{
	if (holds_control(segment->text, segment->len))
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

static enum app_err add_segment(struct ctx *c, const char *raw, size_t raw_len, struct path *path)
{
	struct path_segment *segment = &path->segments[path->count];

	if (raw_len == 0 || path->count == PATH_SEGMENTS_MAX)
		return ctx_fail(c, APP_NOT_FOUND, "Not Found");
	segment->text = decode(c->arena, raw, raw_len, false, &segment->len);
	if (!segment->text)
		return ctx_fail(c, APP_BAD_REQUEST, "The path holds a broken percent escape");
	path->count++;
	return check_segment(c, segment);
}

/* The decoded path in one piece. Decoding never makes it longer than the raw one. */
static const char *join(struct ctx *c, const struct path *path, size_t raw_len)
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

static enum app_err split_segments(struct ctx *c, const char *raw, size_t len, struct path *path)
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

enum app_err path_split(struct ctx *c, const char *target, struct path *ret)
{
	size_t len = strcspn(target, "?");
	struct path path = { 0 };

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

/* ---- query and form ---- */

/* One pair under way. */
struct pair_text {
	const char *where;
	const char *raw;
	size_t len;
};

static enum app_err read_name(struct ctx *c, const struct pair_text *text, size_t len,
			      const char **ret)
{
	size_t decoded;
	const char *name = decode(c->arena, text->raw, len, true, &decoded);

	if (!name)
		return ctx_fail(c, APP_BAD_REQUEST,
				"A %s parameter's name holds a broken percent escape", text->where);
	if (holds_control(name, decoded))
		return ctx_fail(c, APP_BAD_REQUEST,
				"A %s parameter's name holds a control character", text->where);
	if (!str_is_utf8(name, decoded))
		return ctx_fail(c, APP_BAD_REQUEST, "A %s parameter's name is not valid UTF-8",
				text->where);
	*ret = name;
	return APP_OK;
}

static enum app_err read_value(struct ctx *c, const struct pair_text *text, size_t from,
			       struct input_pair *pair)
{
	const char *value = decode(c->arena, text->raw + from, text->len - from, true,
				   &pair->value_len);
	const char *fault = NULL;

	if (!value)
		fault = "holds a broken percent escape";
	else if (memchr(value, '\0', pair->value_len))
		fault = "holds a NUL";
	else if (!str_is_utf8(value, pair->value_len))
		fault = "is not valid UTF-8";
	if (fault)
		return ctx_fail(c, APP_BAD_REQUEST, "The %s parameter '%s' %s", text->where,
				pair->name, fault);
	pair->value = value;
	return APP_OK;
}

static enum app_err read_pair(struct ctx *c, const struct pair_text *text, struct input_pair *pair)
{
	const char *equals = memchr(text->raw, '=', text->len);
	size_t name_len = equals ? (size_t)(equals - text->raw) : text->len;

	enum app_err err = read_name(c, text, name_len, &pair->name);
	if (err)
		return err;
	return read_value(c, text, equals ? name_len + 1 : text->len, pair);
}

/* How many pairs there are; stops counting past the bound. */
static size_t count_pairs(const char *text, size_t len)
{
	size_t count = 0;

	for (size_t i = 0; i < len && count <= PATH_PAIRS_MAX; i++)
		count += text[i] != '&' && (i == 0 || text[i - 1] == '&');
	return count;
}

enum app_err path_pairs(struct ctx *c, const char *where, const char *text, size_t len,
			const struct input_pair **ret)
{
	static const struct input_pair none[1];
	size_t count = count_pairs(text, len), done = 0;

	if (count == 0) {
		*ret = none;
		return APP_OK;
	}
	if (count > PATH_PAIRS_MAX)
		return ctx_fail(c, APP_BAD_REQUEST, "More than %d %s parameters", PATH_PAIRS_MAX,
				where);

	struct input_pair *pairs = arena_zero(c->arena, (count + 1) * sizeof(*pairs));
	for (const char *at = text, *end = text + len; at < end;) {
		const char *stop = memchr(at, '&', (size_t)(end - at));
		struct pair_text pair = { where, at, (size_t)((stop ? stop : end) - at) };

		at = stop ? stop + 1 : end;
		if (pair.len == 0)
			continue;
		enum app_err err = read_pair(c, &pair, &pairs[done++]);
		if (err)
			return err;
	}
	*ret = pairs;
	return APP_OK;
}
