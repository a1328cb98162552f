/*
 * Numbers between text and C: exact integers, doubles that read back the same. Called by the binder, and
 * json_add_real() by whoever writes JSON. Bounds are not checked here.
 */
#include "number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/schema.h"

static const double exact_max = 9007199254740992.0; /* 2^53 */

/* ---- from JSON ---- */

static enum number_read digits_to_int(const char *at, const char *end, bool negative, int64_t *ret)
{
	/* Counted downwards, because INT64_MIN has no positive twin. */
	int64_t value = 0;
	for (; at < end; at++)
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_sub_overflow(value, *at - '0', &value))
			return NUMBER_TOO_BIG;
	if (!negative && value == INT64_MIN)
		return NUMBER_TOO_BIG;
	*ret = negative ? value : -value;
	return NUMBER_OK;
}

static bool is_integer_token(const char *token, size_t len)
{
	for (size_t i = token[0] == '-'; i < len; i++)
		if (!str_is_digit(token[i]))
			return false;
	return true;
}

enum number_read number_int_of_token(const char *token, size_t len, int64_t *ret)
{
	double value;
	if (is_integer_token(token, len)) {
		bool negative = token[0] == '-';
		return digits_to_int(token + negative, token + len, negative, ret);
	}
	enum number_read read = number_real_of_token(token, len, &value);
	if (read)
		return read;
	if (value != floor(value))
		return NUMBER_FRACTION;
	if (fabs(value) > exact_max)
		return NUMBER_TOO_BIG;
	*ret = (int64_t)value;
	return NUMBER_OK;
}

enum number_read number_real_of_token(const char *token, size_t len, double *ret)
{
	char near[64];
	char *copy = len < sizeof(near) ? near : mem_new(1, len + 1);
	memcpy(copy, token, len);
	copy[len] = '\0';
	bool ok = str_to_double(copy, ret);
	if (copy != near)
		free(copy);
	return ok ? NUMBER_OK : NUMBER_TOO_BIG;
}

/* ---- from text ---- */

/* No number anyone means is longer; longer text is refused unread. */
enum { NUMBER_TEXT_MAX = 400 };

static bool is_space(char byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/*
 * Copies the text without the white space around it and without each underscore that stands between two digits.
 * False when it is empty, too long, or has another underscore or a NUL.
 */
static bool clean_number(const char *text, size_t len, char out[NUMBER_TEXT_MAX + 1])
{
	size_t used = 0;
	for (; len && is_space(text[0]); text++)
		len--;
	while (len && is_space(text[len - 1]))
		len--;
	if (!len || len > NUMBER_TEXT_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!text[i])
			return false;
		if (text[i] != '_')
			out[used++] = text[i];
		else if (!i || i + 1 == len || !str_is_digit(text[i - 1]) ||
			 !str_is_digit(text[i + 1]))
			return false;
	}
	out[used] = '\0';
	return true;
}

/* Cuts ".000" off the end, but not from ".0". */
static void cut_zero_fraction(char *number)
{
	size_t len = strlen(number), zeros = len;
	while (zeros && number[zeros - 1] == '0')
		zeros--;
	if (zeros < len && zeros >= 2 && number[zeros - 1] == '.' &&
	    str_is_digit(number[zeros - 2]))
		number[zeros - 1] = '\0';
}

enum number_read number_int_of_text(const char *text, size_t len, int64_t *ret)
{
	char clean[NUMBER_TEXT_MAX + 1];
	if (!clean_number(text, len, clean))
		return NUMBER_BAD;
	/* "5.0_0" is no integer in pydantic either. */
	const char *point = memchr(text, '.', len);
	if (point && memchr(point, '_', (size_t)(text + len - point)))
		return NUMBER_BAD;
	cut_zero_fraction(clean);
	const char *digits = clean + (*clean == '-' || *clean == '+');
	if (!*digits || digits[strspn(digits, "0123456789")])
		return NUMBER_BAD;
	return str_to_int64(clean, ret) ? NUMBER_OK : NUMBER_TOO_BIG;
}

enum number_read number_real_of_text(const char *text, size_t len, double *ret)
{
	char clean[NUMBER_TEXT_MAX + 1];
	if (!clean_number(text, len, clean))
		return NUMBER_BAD;
	if (str_to_double(clean, ret))
		return NUMBER_OK;
	/* "inf", "nan" and "1e400" are numbers, but none that JSON can say. */
	char *end;
	double value = strtod(clean, &end);
	return end != clean && !*end && !isfinite(value) ? NUMBER_TOO_BIG : NUMBER_BAD;
}

bool bool_of_text(const char *text, size_t len, bool *ret)
{
	static const struct {
		const char *word;
		bool value;
	} words[] = {
		{ "true", true }, { "1", true },   { "on", true },     { "yes", true },
		{ "y", true },    { "t", true },   { "false", false }, { "0", false },
		{ "off", false }, { "no", false }, { "n", false },     { "f", false },
	};
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (strlen(words[i].word) == len && !strncasecmp(words[i].word, text, len)) {
			*ret = words[i].value;
			return true;
		}
	return false;
}

/* ---- to JSON ---- */

void json_add_real(struct buf *out, double value)
{
	/* Whole numbers of up to 15 digits print the same either way, and faster as integers. */
	if (fabs(value) < 1e15 && value == floor(value) && !(value == 0 && signbit(value))) {
		buf_add_int(out, (int64_t)value);
		return;
	}
	if (!isfinite(value)) {
		buf_add_lit(out, "null");
		return;
	}
	char text[32];
	int len = 0;
	for (int precision = 15; precision <= 17; precision++) {
		len = snprintf(text, sizeof(text), "%.*g", precision, value);
		if (strtod(text, NULL) == value)
			break;
	}
	buf_add(out, text, (size_t)len);
}
