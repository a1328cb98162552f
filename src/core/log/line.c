/*
 * A line under construction, in a buffer of the caller's. Allocates nothing, since it runs for
 * every request. Escaping is the one place that keeps outside text from forging a line or speaking
 * to the terminal.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "internal.h"

void line_add(struct line *line, const char *bytes, size_t len)
{
	if (line->full || line->room - line->len < len) {
		line->full = true;
		return;
	}
	memcpy(line->data + line->len, bytes, len);
	line->len += len;
}

/* Bytes at the start of the text that stand for themselves inside a JSON string. */
static size_t plain_run(const char *text, size_t len)
{
	size_t run = 0;
	while (run < len && text[run] >= ' ' && text[run] < 0x7F && text[run] != '"' &&
	       text[run] != '\\')
		run++;
	return run;
}

static void add_escape(struct line *line, uint32_t code_point)
{
	static const char digits[] = "0123456789abcdef";
	static const char named[] = {
		['"'] = '"', ['\\'] = '\\', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'
	};
	if (code_point < sizeof(named) && named[code_point]) {
		line_add(line, (const char[]){ '\\', named[code_point] }, 2);
		return;
	}
	char escape[6] = {
		'\\',
		'u',
		digits[code_point >> 12 & 15],
		digits[code_point >> 8 & 15],
		digits[code_point >> 4 & 15],
		digits[code_point & 15],
	};
	line_add(line, escape, sizeof(escape));
}

/* Adds the first character, which is not plain; returns the bytes it takes of the text. */
static size_t add_special(struct line *line, const char *text, size_t len)
{
	uint32_t code_point = 0;
	size_t step = str_utf8_next(text, len, &code_point);
	if (!step) {
		line_add_lit(line, "\xEF\xBF\xBD"); /* U+FFFD, the replacement character */
		return 1;
	}
	/* All unprintable code points lie below U+10000, so one \u suffices. */
	if (code_point == '"' || code_point == '\\' || str_is_unprintable(code_point))
		add_escape(line, code_point);
	else
		line_add(line, text, step);
	return step;
}

/*
 * The length of the text, or the longest part of it that may be written, ending between two
 * characters.
 */
static size_t writable_len(const char *text, bool *ret_cut)
{
	size_t len = strnlen(text, LOG_VALUE_MAX + 1);
	*ret_cut = len > LOG_VALUE_MAX;
	if (!*ret_cut)
		return len;
	len = LOG_VALUE_MAX;
	for (int i = 0; i < 3 && ((unsigned char)text[len] & 0xC0) == 0x80; i++)
		len--;
	return len;
}

void line_add_escaped(struct line *line, const char *text)
{
	bool cut;
	size_t len = writable_len(text, &cut), at = 0;
	while (at < len) {
		size_t run = plain_run(text + at, len - at);
		line_add(line, text + at, run);
		at += run;
		if (at < len)
			at += add_special(line, text + at, len - at);
	}
	if (cut)
		line_add_lit(line, "\xE2\x80\xA6"); /* … */
}

void line_add_int(struct line *line, int64_t value)
{
	char digits[STR_INT64_ROOM];
	line_add(line, digits, str_int64(value, digits));
}

void line_add_real(struct line *line, double value)
{
	if (!isfinite(value)) {
		line_add_lit(line, "null");
		return;
	}
	char text[32];
	int len = snprintf(text, sizeof(text), "%.15g", value);
	/* A locale may have put a comma. */
	char *comma = memchr(text, ',', (size_t)len);
	if (comma)
		*comma = '.';
	line_add(line, text, (size_t)len);
}

void line_add_time(struct line *line, struct instant at)
{
	/* 2026-01-02T03:04:05 */
	enum { SECOND_LEN = 19 };
	static _Thread_local struct {
		int64_t second;
		char text[INSTANT_TEXT_ROOM]; /* empty: nothing cached yet */
	} cache;
	int64_t us = at.us % 1000000;
	if (us < 0)
		us += 1000000;
	int64_t second = (at.us - us) / 1000000;
	if (!cache.text[0] || cache.second != second) {
		instant_text((struct instant){ at.us - us }, cache.text);
		cache.second = second;
	}
	int ms = (int)(us / 1000);
	char fraction[5] = { '.', (char)('0' + ms / 100), (char)('0' + ms / 10 % 10),
			     (char)('0' + ms % 10), 'Z' };
	line_add(line, cache.text, SECOND_LEN);
	line_add(line, fraction, sizeof(fraction));
}
