/* Texts without the white space around them, and in small letters. */
#include <utf8proc.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/text.h"

/* ECMA-262 §22.2.2.9, \s: WhiteSpace and LineTerminator. */
static bool is_space(uint32_t c)
{
	return (c >= 9 && c <= 13) || c == 0x20 || c == 0xA0 || c == 0x1680 ||
	       (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
	       c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

const char *text_trim(const char *text, size_t *len)
{
	size_t start = 0, end = 0, step;
	for (size_t at = 0; at < *len; at += step) {
		uint32_t c;
		step = str_utf8_next(text + at, *len - at, &c);
		bool space = step && is_space(c);
		step = step ? step : 1;
		if (!space)
			end = at + step;
		else if (!end)
			start = at + step;
	}
	*len = end > start ? end - start : 0;
	return text + start;
}

/* The one letter whose small form is two code points whatever stands around it. */
enum { CAPITAL_I_WITH_DOT = 0x130, DOT_ABOVE = 0x307 };

static void add_small(struct buf *out, uint32_t c)
{
	if (c == CAPITAL_I_WITH_DOT) {
		buf_add_char(out, 'i');
		str_utf8_add(out, DOT_ABOVE);
	} else {
		str_utf8_add(out, (uint32_t)utf8proc_tolower((utf8proc_int32_t)c));
	}
}

char *text_lower(struct arena *arena, const char *text, size_t len, size_t *ret_len)
{
	struct buf out;
	buf_init(&out, arena);
	buf_reserve(&out, len + 1);
	for (size_t at = 0, step; at < len; at += step) {
		uint32_t c = (unsigned char)text[at];
		step = c < 0x80 ? 1 : str_utf8_next(text + at, len - at, &c);
		if (c < 0x80)
			buf_add_char(&out, str_lower((char)c));
		else
			add_small(&out, step ? c : 0xFFFD);
		step = step ? step : 1;
	}
	if (ret_len)
		*ret_len = out.len;
	buf_add_char(&out, '\0');
	return out.data;
}
