/* Text that is laid out as the formatters of the tree would. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "new.h"

enum { TAB = 8 };

/* Of its first line, begun at a column; a tab goes on to the next multiple of eight. */
static size_t columns_of(const char *text, size_t column)
{
	for (; *text && *text != '\n'; text++) {
		if (*text == '\t')
			column += TAB - column % TAB;
		else if (((unsigned char)*text & 0xC0) != 0x80)
			column++;
	}
	return column;
}

void new_fill(struct buf *out, const char *opening, const char *next, const char *const *arguments,
	      size_t count, const char *end)
{
	size_t column = columns_of(opening, 0);
	buf_add_text(out, opening);
	for (size_t i = 0; i < count; i++) {
		const char *behind = i + 1 < count ? "," : end;
		size_t after = columns_of(behind, columns_of(arguments[i], column + (i > 0)));
		if (i && after > NEW_LINE_MAX) {
			buf_printf(out, "\n%s", next);
			after = columns_of(behind, columns_of(arguments[i], columns_of(next, 0)));
		} else if (i) {
			buf_add_char(out, ' ');
		}
		buf_printf(out, "%s%s", arguments[i], behind);
		column = after;
	}
}

/* As many columns of white space. */
static const char *space(struct ctx *c, size_t columns)
{
	char *text = arena_raw(c->arena, columns + 1);
	size_t tabs = columns / TAB;
	memset(text, '\t', tabs);
	memset(text + tabs, ' ', columns % TAB);
	text[tabs + columns % TAB] = '\0';
	return text;
}

/* What stands between commas is not parted. */
static void line_wrap(struct ctx *c, char *line, struct buf *out)
{
	enum { ARGUMENTS_MAX = 16 };
	const char *arguments[ARGUMENTS_MAX];
	size_t count = 0;
	bool is_entry = str_starts(line, "\t{ ");
	char *bracket = is_entry ? line + 2 : strchr(line, '(');
	char *next = bracket ? bracket + 1 : NULL;
	if (columns_of(line, 0) <= NEW_LINE_MAX || !bracket) {
		buf_printf(out, "%s\n", line);
		return;
	}
	const char *opening = arena_strndup(c->arena, line, (size_t)(next - line));
	while (next && count < ARGUMENTS_MAX) {
		char *comma = strstr(next, ", ");
		arguments[count++] = next;
		if (comma)
			*comma = '\0';
		next = comma ? comma + 2 : NULL;
	}
	new_fill(out, opening, space(c, columns_of(opening, 0)), arguments, count, "\n");
}

const char *new_wrapped(struct ctx *c, const char *text)
{
	struct buf out;
	buf_init(&out, c->arena);
	for (const char *at = text; *at; at = new_line_after(at))
		line_wrap(c, arena_strndup(c->arena, at, strcspn(at, "\n")), &out);
	return buf_text(&out);
}

bool new_is_one_line(struct buf *text)
{
	const char *first = buf_text(text);
	return first[strcspn(first, "\n") + 1] == '\0' && text->len <= NEW_LINE_MAX + 1;
}

const char *new_capital(struct ctx *c, const char *name)
{
	char *text = arena_strdup(c->arena, name);
	text[0] = str_upper(text[0]);
	for (char *at = text; *at; at++)
		if (*at == '_')
			*at = ' ';
	return text;
}
