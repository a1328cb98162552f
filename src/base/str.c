/*
 * Comparing, classifying and strictly parsing text. Its neighbours hold the rest of base/str.h:
 * utf8.c the code points, encode.c the encodings. Used everywhere; depends on no locale.
 */
#include "base/str.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

bool str_eq(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

char str_lower(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

char str_upper(char byte)
{
	return byte >= 'a' && byte <= 'z' ? (char)(byte - 'a' + 'A') : byte;
}

bool str_is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

bool str_is_alpha(char byte)
{
	char low = str_lower(byte);
	return low >= 'a' && low <= 'z';
}

bool str_is_word(char byte)
{
	return str_is_alpha(byte) || str_is_digit(byte) || byte == '_';
}

bool str_is_token_char(char byte)
{
	return str_is_digit(byte) || str_is_alpha(byte) ||
	       (byte && strchr("!#$%&'*+-.^_`|~", byte) != NULL);
}

bool str_has_control(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return true;
	return false;
}

bool str_eq_nocase(const char *a, const char *b)
{
	if (!a || !b)
		return false;
	while (*a && str_lower(*a) == str_lower(*b))
		a++, b++;
	return str_lower(*a) == str_lower(*b);
}

bool str_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool str_starts_nocase(const char *text, const char *prefix)
{
	while (*prefix && str_lower(*text) == str_lower(*prefix))
		text++, prefix++;
	return !*prefix;
}

bool str_ends(const char *text, const char *suffix)
{
	size_t len = strlen(text), suffix_len = strlen(suffix);
	return len >= suffix_len && memcmp(text + len - suffix_len, suffix, suffix_len) == 0;
}

bool str_span_to_int64(const char *text, size_t len, int64_t *ret)
{
	const char *end = text + len;
	bool negative = len && *text == '-';
	if (len && (*text == '-' || *text == '+'))
		text++;
	if (text == end)
		return false;
	/* Counted downwards, because INT64_MIN has no positive twin. */
	int64_t value = 0;
	for (; text < end; text++) {
		if (!str_is_digit(*text) || __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_sub_overflow(value, *text - '0', &value))
			return false;
	}
	if (!negative && value == INT64_MIN)
		return false;
	*ret = negative ? value : -value;
	return true;
}

bool str_to_int64(const char *text, int64_t *ret)
{
	return str_span_to_int64(text, strlen(text), ret);
}

size_t str_read_digits(const char *text, size_t len, int64_t *ret)
{
	size_t count = 0;
	int64_t value = 0;
	for (; count < len && str_is_digit(text[count]); count++)
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, text[count] - '0', &value))
			value = INT64_MAX;
	*ret = value;
	return count;
}

static size_t count_digits(const char *text)
{
	size_t count = 0;
	while (str_is_digit(text[count]))
		count++;
	return count;
}

bool str_is_digits(const char *text)
{
	return *text && !text[count_digits(text)];
}

size_t str_int64(int64_t value, char out[STR_INT64_ROOM])
{
	char digits[STR_INT64_ROOM];
	size_t at = sizeof(digits);
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	do {
		digits[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (value < 0)
		digits[--at] = '-';
	memcpy(out, digits + at, sizeof(digits) - at);
	return sizeof(digits) - at;
}

/* sign? (digits ('.' digits?)? | '.' digits) ([eE] sign? digits)? and nothing else */
static bool is_decimal(const char *text)
{
	if (*text == '-' || *text == '+')
		text++;
	size_t digits = count_digits(text);
	text += digits;
	if (*text == '.') {
		text++;
		size_t fraction = count_digits(text);
		digits += fraction;
		text += fraction;
	}
	if (!digits)
		return false;
	if (str_lower(*text) != 'e')
		return !*text;
	text++;
	if (*text == '-' || *text == '+')
		text++;
	size_t exponent = count_digits(text);
	return exponent && !text[exponent];
}

bool str_to_double(const char *text, double *ret)
{
	if (!is_decimal(text))
		return false;
	/* glibc answers newlocale("C") with its built-in one: no memory, no failure. */
	locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	if (!c_locale)
		return false;
	double value = strtod_l(text, NULL, c_locale);
	freelocale(c_locale);
	if (!isfinite(value))
		return false;
	*ret = value;
	return true;
}

const char *str_folder(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return ".";
	return slash == path ? "/" : arena_strndup(arena, path, (size_t)(slash - path));
}

const char *str_file_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/*
 * Names longer than this are typed by nobody; the bound keeps a client from buying a quadratic
 * comparison.
 */
enum { DISTANCE_LEN_MAX = 64 };

static size_t min_size(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t str_distance(const char *a, const char *b)
{
	size_t a_len = strlen(a), b_len = strlen(b);
	if (a_len > DISTANCE_LEN_MAX || b_len > DISTANCE_LEN_MAX)
		return strcmp(a, b) == 0 ? 0 : (a_len > b_len ? a_len : b_len);
	/* Optimal string alignment; three rows of the matrix suffice, used in turn. */
	size_t rows[3][DISTANCE_LEN_MAX + 1];
	for (size_t j = 0; j <= b_len; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t *row = rows[i % 3], *above = rows[(i + 2) % 3],
		       *two_above = rows[(i + 1) % 3];
		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t replaced = above[j - 1] + (a[i - 1] != b[j - 1]);
			row[j] = min_size(replaced, min_size(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = min_size(row[j], two_above[j - 2] + 1);
		}
	}
	return rows[a_len % 3][b_len];
}
