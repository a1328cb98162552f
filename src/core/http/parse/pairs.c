/* Reads query strings and forms. Knows no names: the schema of an input does. */
#include "pairs.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"

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
	const char *name = str_percent_decode(c->arena, text->raw, len, true, &decoded);
	if (!name)
		return ctx_fail(c, APP_BAD_REQUEST,
				"A %s parameter's name holds a broken percent escape", text->where);
	if (str_has_control(name, decoded))
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
	const char *value = str_percent_decode(c->arena, text->raw + from, text->len - from, true,
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
	for (size_t i = 0; i < len && count <= PAIRS_MAX; i++)
		count += text[i] != '&' && (i == 0 || text[i - 1] == '&');
	return count;
}

enum app_err pairs_read(struct ctx *c, const char *where, const char *text, size_t len,
			const struct input_pair **ret)
{
	static const struct input_pair none[1];
	size_t count = count_pairs(text, len), done = 0;
	if (count == 0) {
		*ret = none;
		return APP_OK;
	}
	if (count > PAIRS_MAX)
		return ctx_fail(c, APP_BAD_REQUEST, "More than %d %s parameters", PAIRS_MAX, where);

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
