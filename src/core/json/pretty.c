/*
 * JSON for people: laid out, two columns deeper for each level and a member or an item on a line;
 * and with nothing in its texts that a terminal would act on.
 */
#include "base/buf.h"
#include "base/str.h"
#include "core/json.h"

enum { INDENT = 2 };

static void line_begin(struct buf *out, size_t depth)
{
	buf_add_char(out, '\n');
	for (size_t i = 0; i < depth * INDENT; i++)
		buf_add_char(out, ' ');
}

/* Behind the text that begins at `at`. */
static size_t text_end(const char *text, size_t len, size_t at)
{
	for (at++; at < len && text[at] != '"'; at++)
		at += text[at] == '\\';
	return at < len ? at + 1 : len;
}

static void sign_add(struct buf *out, char sign, char next, size_t *depth)
{
	bool opens = sign == '{' || sign == '[', closes = sign == '}' || sign == ']';
	char last = out->len ? out->data[out->len - 1] : '\0';
	*depth -= closes;
	if (closes && last != '{' && last != '[')
		line_begin(out, *depth);
	buf_add_char(out, sign);
	*depth += opens;
	if (sign == ',' || (opens && next != '}' && next != ']'))
		line_begin(out, *depth);
	else if (sign == ':')
		buf_add_char(out, ' ');
}

void json_pretty(const char *text, size_t len, struct buf *out)
{
	size_t depth = 0;
	for (size_t at = 0; at < len;) {
		size_t end = text[at] == '"' ? text_end(text, len, at) : at + 1;
		if (end > at + 1)
			buf_add(out, text + at, end - at);
		else
			sign_add(out, text[at], end < len ? text[end] : '\0', &depth);
		at = end;
	}
}

/* Those below a space are escaped already, or are ends of lines between values. */
static bool is_shown(uint32_t code_point)
{
	return code_point < ' ' || !str_is_unprintable(code_point);
}

void json_printable(const char *text, size_t len, struct buf *out)
{
	size_t copied = 0;
	for (size_t at = 0, step; at < len; at += step) {
		/* what other programs wrote into a column may be broken */
		uint32_t code_point = 0xFFFD;
		step = str_utf8_next(text + at, len - at, &code_point);
		if (step && is_shown(code_point))
			continue;
		step = step ? step : 1;
		buf_add(out, text + copied, at - copied);
		buf_printf(out, "\\u%04x", code_point);
		copied = at + step;
	}
	if (copied < len)
		buf_add(out, text + copied, len - copied);
}
