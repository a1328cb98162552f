/* Texts, instants and dates as JSON: the only way text gets into it here. */
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "core/json.h"
#include "gate.h"

static size_t add_control(struct buf *out, unsigned char byte)
{
	static const char digits[] = "0123456789abcdef";
	static const char meant[] = "\b\f\n\r\t\"\\", letters[] = "bfnrt\"\\";
	const char *known = byte ? strchr(meant, byte) : NULL;
	if (known) {
		char escape[2] = { '\\', letters[known - meant] };
		buf_add(out, escape, sizeof(escape));
	} else {
		char escape[6] = { '\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15] };
		buf_add(out, escape, sizeof(escape));
	}
	return 1;
}

/* A sequence of more than one byte, or a broken one; returns the bytes used. */
static size_t add_multibyte(struct buf *out, const char *at, size_t len)
{
	uint32_t code_point = 0;
	size_t step = str_utf8_next(at, len, &code_point);
	if (!step) {
		buf_add_lit(out, "\xEF\xBF\xBD");
		return 1;
	}
	/* Line separators end a line for some readers of logs and scripts. */
	if (code_point == 0x2028 || code_point == 0x2029)
		buf_add(out, code_point == 0x2028 ? "\\u2028" : "\\u2029", 6);
	else
		buf_add(out, at, step);
	return step;
}

void json_add_text(struct buf *out, const char *text, size_t len)
{
	const char *at = text, *end = text + len;
	char *room = buf_reserve(out, len + 2);
	const char *plain = gate_plain_run(at, end);
	*room = '"';
	memcpy(room + 1, at, (size_t)(plain - at));
	out->len += 1 + (size_t)(plain - at);
	while (plain < end) {
		unsigned char byte = (unsigned char)*plain;
		size_t used = byte < 0x80 ? add_control(out, byte)
					  : add_multibyte(out, plain, (size_t)(end - plain));
		at = plain + used;
		plain = gate_plain_run(at, end);
		buf_add(out, at, (size_t)(plain - at));
	}
	buf_add_char(out, '"');
}

void json_add_key(struct buf *out, const char *name)
{
	if (out->len && out->data[out->len - 1] != '{')
		buf_add_char(out, ',');
	buf_add_char(out, '"');
	buf_add_text(out, name);
	buf_add_lit(out, "\":");
}

void json_add_instant(struct buf *out, struct instant value)
{
	char *room = buf_reserve(out, INSTANT_TEXT_ROOM + 2);
	size_t len = instant_text(value, room + 1);
	room[0] = room[len + 1] = '"';
	out->len += len + 2;
}

void json_add_date(struct buf *out, struct date value)
{
	char text[DATE_TEXT_ROOM];
	buf_add_char(out, '"');
	buf_add(out, text, date_text(value, text));
	buf_add_char(out, '"');
}
