/*
 * The encodings of base/str.h: percent-decoding, hex and base64url. Decoding is strict: what is not
 * exactly the encoding is refused, so no value has two spellings.
 */
#include "base/str.h"

#include <string.h>

#include "base/arena.h"

int str_hex_value(char digit)
{
	if (str_is_digit(digit))
		return digit - '0';
	char low = str_lower(digit);
	return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

char *str_percent_decode(struct arena *arena, const char *text, size_t len, bool form,
			 size_t *ret_len)
{
	if (!memchr(text, '%', len) && !(form && memchr(text, '+', len))) {
		*ret_len = len;
		return arena_strndup(arena, text, len);
	}
	char *out = arena_raw(arena, len + 1);
	size_t out_len = 0;
	for (size_t i = 0; i < len; i++) {
		char byte = text[i];
		if (byte == '%') {
			int high = len - i > 2 ? str_hex_value(text[i + 1]) : -1;
			int low = len - i > 2 ? str_hex_value(text[i + 2]) : -1;
			if (high < 0 || low < 0)
				return NULL;
			byte = (char)(high << 4 | low);
			i += 2;
		} else if (form && byte == '+') {
			byte = ' ';
		}
		out[out_len++] = byte;
	}
	out[out_len] = '\0';
	*ret_len = out_len;
	return out;
}

void str_hex(const void *bytes, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *from = bytes;
	for (size_t i = 0; i < len; i++) {
		*out++ = digits[from[i] >> 4];
		*out++ = digits[from[i] & 15];
	}
	*out = '\0';
}

static const char base64url_digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

size_t str_base64url_room(size_t len)
{
	return len / 3 * 4 + (len % 3 ? len % 3 + 1 : 0) + 1;
}

size_t str_base64url(const void *bytes, size_t len, char *out)
{
	const unsigned char *from = bytes;
	char *at = out;
	uint32_t bits = 0;
	unsigned held = 0; /* bits not written yet, fewer than six between bytes */
	for (size_t i = 0; i < len; i++) {
		bits = bits << 8 | from[i];
		for (held += 8; held >= 6; held -= 6)
			*at++ = base64url_digits[bits >> (held - 6) & 63];
	}
	if (held)
		*at++ = base64url_digits[bits << (6 - held) & 63];
	*at = '\0';
	return (size_t)(at - out);
}

static int base64url_value(char byte)
{
	if (byte >= 'A' && byte <= 'Z')
		return byte - 'A';
	if (byte >= 'a' && byte <= 'z')
		return byte - 'a' + 26;
	if (str_is_digit(byte))
		return byte - '0' + 52;
	if (byte == '-')
		return 62;
	return byte == '_' ? 63 : -1;
}

bool str_base64url_decode(const char *text, size_t len, void *out, size_t room, size_t *ret_len)
{
	size_t decoded = len / 4 * 3 + (len % 4 ? len % 4 - 1 : 0);
	if (len % 4 == 1 || decoded > room)
		return false;
	unsigned char *at = out;
	uint32_t bits = 0;
	unsigned held = 0;
	for (size_t i = 0; i < len; i++) {
		int value = base64url_value(text[i]);
		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
		held += 6;
		if (held >= 8) {
			held -= 8;
			*at++ = (unsigned char)(bits >> held);
		}
	}
	if (bits & ((1u << held) - 1))
		return false;
	*ret_len = decoded;
	return true;
}
