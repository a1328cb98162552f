/* Texts of letters with values in them, and the same as HTML. One pass: no value is looked into. */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/mailer.h"

static const char *value_of(const struct letter_value *values, const char *name, size_t len)
{
	for (; values->name; values++)
		if (strlen(values->name) == len && memcmp(values->name, name, len) == 0)
			return values->value;
	return NULL;
}

/* No value begins a line, and none turns the direction of what follows. */
static void add_value(struct buf *out, const char *value)
{
	size_t len = strlen(value);
	uint32_t point;
	for (size_t at = 0, took; at < len; at += took) {
		took = str_utf8_next(value + at, len - at, &point);
		if (took && !str_is_unprintable(point))
			buf_add(out, value + at, took);
		took += !took;
	}
}

const char *letter_fill(struct arena *arena, const char *text, const struct letter_value *values)
{
	struct buf out;
	buf_init(&out, arena);
	while (*text) {
		const char *end = str_starts(text, "{{") ? strstr(text, "}}") : NULL;
		const char *value = end ? value_of(values, text + 2, (size_t)(end - text) - 2)
					: NULL;
		if (value)
			add_value(&out, value);
		else
			buf_add_char(&out, *text);
		text = value ? end + 2 : text + 1;
	}
	return buf_text(&out);
}

static void add_escaped(struct buf *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '&')
			buf_add_lit(out, "&amp;");
		else if (text[i] == '<')
			buf_add_lit(out, "&lt;");
		else if (text[i] == '>')
			buf_add_lit(out, "&gt;");
		else if (text[i] == '"')
			buf_add_lit(out, "&quot;");
		else
			buf_add_char(out, text[i]);
	}
}

static void add_line(struct buf *out, const char *line, size_t len)
{
	bool is_link = (str_starts(line, "http://") || str_starts(line, "https://")) &&
		       !memchr(line, ' ', len);
	if (is_link) {
		buf_add_lit(out, "<a href=\"");
		add_escaped(out, line, len);
		buf_add_lit(out, "\">");
	}
	add_escaped(out, line, len);
	if (is_link)
		buf_add_lit(out, "</a>");
	buf_add_lit(out, "\n");
}

const char *letter_html(struct arena *arena, const char *text)
{
	struct buf out;
	buf_init(&out, arena);
	buf_add_lit(&out, "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">\n<p>\n");
	while (*text) {
		size_t len = strcspn(text, "\n");
		if (len)
			add_line(&out, text, len);
		else
			buf_add_lit(&out, "</p>\n<p>\n");
		text += len + (text[len] == '\n');
	}
	buf_add_lit(&out, "</p>\n</html>\n");
	return buf_text(&out);
}
