/*
 * Numbers and truths from text, in pydantic's lax way. Bounds are not checked here.
 */
#include "number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"

/* No number anyone means is longer; longer text is refused unread. */
enum { NUMBER_TEXT_MAX = 400 };

static bool is_space(char byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/*
 * Copies the text without the white space around it and without each underscore that stands between
 * two digits. False when it is empty, too long, or has another underscore or a NUL.
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
	if (!str_is_digits(digits))
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
