/*
 * The UTF-8 part of base/str.h: checking, counting, appending, and making text fit for one line of
 * a log or a terminal. The rules are those of RFC 3629. No case folding, no normalisation.
 */
#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"

/*
 * What the lead byte promises: length of the sequence and the range of its second byte (Unicode
 * table 3-7).
 */
struct lead {
	/* 0: not a lead byte */
	size_t len;
	unsigned char low, high;
};

static struct lead lead_of(unsigned char byte)
{
	if (byte < 0x80)
		return (struct lead){ 1, 0, 0 };
	if (byte < 0xC2 || byte > 0xF4)
		return (struct lead){ 0, 0, 0 };
	if (byte < 0xE0)
		return (struct lead){ 2, 0x80, 0xBF };
	if (byte < 0xF0)
		return (struct lead){ 3, byte == 0xE0 ? 0xA0 : 0x80, byte == 0xED ? 0x9F : 0xBF };
	return (struct lead){ 4, byte == 0xF0 ? 0x90 : 0x80, byte == 0xF4 ? 0x8F : 0xBF };
}

size_t str_utf8_next(const char *text, size_t len, uint32_t *ret_code_point)
{
	const unsigned char *bytes = (const unsigned char *)text;
	if (!len)
		return 0;
	struct lead lead = lead_of(bytes[0]);
	if (!lead.len || lead.len > len)
		return 0;
	if (lead.len == 1) {
		*ret_code_point = bytes[0];
		return 1;
	}
	if (bytes[1] < lead.low || bytes[1] > lead.high)
		return 0;
	uint32_t code_point = bytes[0] & (0x7Fu >> lead.len);
	for (size_t i = 1; i < lead.len; i++) {
		if ((bytes[i] & 0xC0) != 0x80)
			return 0;
		code_point = code_point << 6 | (bytes[i] & 0x3Fu);
	}
	*ret_code_point = code_point;
	return lead.len;
}

bool str_is_utf8(const char *text, size_t len)
{
	const uint64_t high_bits = 0x8080808080808080u;
	size_t at = 0;
	while (at < len) {
		uint64_t eight;
		if (len - at >= sizeof(eight)) {
			/* Nearly all text is ASCII: look at eight bytes at once. */
			memcpy(&eight, text + at, sizeof(eight));
			if (!(eight & high_bits)) {
				at += sizeof(eight);
				continue;
			}
		}
		uint32_t ignored;
		size_t step = str_utf8_next(text + at, len - at, &ignored);
		if (!step)
			return false;
		at += step;
	}
	return true;
}

size_t str_utf8_count(const char *text, size_t len)
{
	size_t count = 0;
	for (size_t i = 0; i < len; i++)
		count += ((unsigned char)text[i] & 0xC0) != 0x80;
	return count;
}

size_t str_utf8_cut(const char *text, size_t len, size_t most)
{
	if (len <= most)
		return len;
	while (most && ((unsigned char)text[most] & 0xC0) == 0x80)
		most--;
	return most;
}

void str_utf8_add(struct buf *buf, uint32_t code_point)
{
	assert(code_point <= 0x10FFFF);
	char *at = buf_reserve(buf, 4);
	if (code_point < 0x80) {
		at[0] = (char)code_point;
		buf->len += 1;
	} else if (code_point < 0x800) {
		at[0] = (char)(0xC0 | code_point >> 6);
		at[1] = (char)(0x80 | (code_point & 0x3F));
		buf->len += 2;
	} else if (code_point < 0x10000) {
		at[0] = (char)(0xE0 | code_point >> 12);
		at[1] = (char)(0x80 | (code_point >> 6 & 0x3F));
		at[2] = (char)(0x80 | (code_point & 0x3F));
		buf->len += 3;
	} else {
		at[0] = (char)(0xF0 | code_point >> 18);
		at[1] = (char)(0x80 | (code_point >> 12 & 0x3F));
		at[2] = (char)(0x80 | (code_point >> 6 & 0x3F));
		at[3] = (char)(0x80 | (code_point & 0x3F));
		buf->len += 4;
	}
}

bool str_is_unprintable(uint32_t code_point)
{
	return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) ||
	       code_point == 0x200E || code_point == 0x200F ||
	       (code_point >= 0x2028 && code_point <= 0x202E) ||
	       (code_point >= 0x2066 && code_point <= 0x2069) || code_point == 0xFEFF;
}

static void add_escaped(struct buf *buf, const char *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < len; i++) {
		unsigned char byte = (unsigned char)bytes[i];
		char escape[4] = { '\\', 'x', digits[byte >> 4], digits[byte & 15] };
		buf_add(buf, escape, sizeof(escape));
	}
}

void str_add_printable(struct buf *buf, const char *text, size_t len)
{
	size_t at = 0;
	while (at < len) {
		uint32_t code_point = 0;
		size_t step = str_utf8_next(text + at, len - at, &code_point);
		if (step && !str_is_unprintable(code_point))
			buf_add(buf, text + at, step);
		else
			add_escaped(buf, text + at, step ? step : 1);
		at += step ? step : 1;
	}
}
