/* JSON laid out for people: two columns deeper for each level, a member or an item on a line. */
#include "base/buf.h"
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
