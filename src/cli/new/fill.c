/* Text that is laid out as the formatters of the tree would. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "new.h"

/* Of its first line, begun at a column; a tab goes on to the next multiple of eight. */
static size_t columns_of(const char *text, size_t column)
{
	for (; *text && *text != '\n'; text++) {
		if (*text == '\t')
			column += 8 - column % 8;
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
