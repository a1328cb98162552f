/*
 * JSON of the yardstick: appended to a text as long as it has room, with no check of what it says.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bare.h"

void text_add(struct text *out, const char *bytes, size_t len)
{
	if (out->len + len < out->room) {
		memcpy(out->bytes + out->len, bytes, len);
		out->len += len;
	}
}

void text_column(struct text *out, sqlite3_stmt *row, int column)
{
	const char *value = (const char *)sqlite3_column_text(row, column);

	if (!value) {
		TEXT_ADD(out, "null");
		return;
	}
	TEXT_ADD(out, "\"");
	for (size_t clean; *value; value += clean) {
		clean = strcspn(value, "\"\\");
		text_add(out, value, clean);
		if (value[clean]) {
			text_add(out, (const char[]){ '\\', value[clean] }, 2);
			clean++;
		}
	}
	TEXT_ADD(out, "\"");
}

void text_int(struct text *out, int64_t value)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%lld", (long long)value);
	text_add(out, digits, (size_t)len);
}

void text_time(struct text *out, int64_t us)
{
	time_t seconds = us / 1000000;
	struct tm at;
	char date[48];

	gmtime_r(&seconds, &at);
	int len = snprintf(date, sizeof(date), "\"%04d-%02d-%02dT%02d:%02d:%02d.%06dZ\"",
			   at.tm_year + 1900, at.tm_mon + 1, at.tm_mday, at.tm_hour, at.tm_min,
			   at.tm_sec, (int)(us % 1000000));
	text_add(out, date, (size_t)len);
}

void text_bool(struct text *out, int value)
{
	text_add(out, value ? "true" : "false", value ? 4 : 5);
}
