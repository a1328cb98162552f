/* Comparing, classifying and parsing text, each case a row. */
#include "base/str.h"

#include <locale.h>
#include <string.h>

#include "base/arena.h"
#include "testing/rows.h"

struct int_case {
	const char *text;
	bool good;
	int64_t value;
};

static void int_is_read(void **state)
{
	const struct int_case *t = *state;
	int64_t value = 42;
	assert_int_equal(str_to_int64(t->text, &value), t->good);
	assert_true(value == (t->good ? t->value : 42));
}

#define INT_GOOD(text, value) \
	ROW_OF("integer: '" text "' is read", int_is_read, \
	       (&(struct int_case){ text, true, value }))
#define INT_BAD(sentence, text) \
	ROW_OF("integer: " sentence " is refused", int_is_read, \
	       (&(struct int_case){ text, false, 0 }))

struct digits_case {
	const char *text;
	size_t most, count;
	int64_t value;
};

static void digits_are_read(void **state)
{
	const struct digits_case *t = *state;
	int64_t value = 42;
	assert_int_equal(str_read_digits(t->text, t->most, &value), t->count);
	assert_true(value == t->value);
	assert_int_equal(str_is_digits(t->text), t->count && t->count == strlen(t->text));
}

#define DIGITS(sentence, text, most, count, value) \
	ROW_OF("digits: " sentence, digits_are_read, \
	       (&(struct digits_case){ text, most, count, value }))

static void only_letters_of_ascii_have_two_cases(void **state)
{
	(void)state;
	for (int byte = 1; byte < 256; byte++) {
		char as_char = (char)byte;
		bool is_letter = str_is_alpha(as_char);
		assert_int_equal(str_lower(as_char) != str_upper(as_char), is_letter);
		assert_true(str_lower(str_upper(as_char)) == str_lower(as_char));
		assert_true(is_letter || str_upper(as_char) == as_char);
	}
	assert_true(str_upper('a') == 'A' && str_upper('z') == 'Z' && str_lower('Q') == 'q');
}

static void integers_are_written(void **state)
{
	(void)state;
	static const int64_t values[] = { 0, 7, -7, 10, -1000, INT64_MAX, INT64_MIN };
	for (size_t i = 0; i < COUNT_OF(values); i++) {
		char text[STR_INT64_ROOM];
		int64_t value = 1;
		size_t len = str_int64(values[i], text);
		assert_true(str_span_to_int64(text, len, &value));
		assert_true(value == values[i]);
	}
}

static void a_span_ends_where_it_is_told(void **state)
{
	(void)state;
	int64_t value = 0;
	assert_true(str_span_to_int64("-123", 3, &value));
	assert_true(value == -12);
	assert_false(str_span_to_int64("-123", 1, &value));
	assert_false(str_span_to_int64("123", 0, &value));
	assert_true(value == -12);
}

struct double_case {
	const char *text;
	bool good;
	double value;
};

static void double_is_read(void **state)
{
	const struct double_case *t = *state;
	double value = 42;
	assert_int_equal(str_to_double(t->text, &value), t->good);
	assert_true(value == (t->good ? t->value : 42));
}

#define DOUBLE_GOOD(text, value) \
	ROW_OF("number: '" text "' is read", double_is_read, \
	       (&(struct double_case){ text, true, value }))
#define DOUBLE_BAD(sentence, text) \
	ROW_OF("number: " sentence " is refused", double_is_read, \
	       (&(struct double_case){ text, false, 0 }))

static void double_ignores_locale(void **state)
{
	(void)state;
	/* No such locale may be installed; then the row proves the same thing in C. */
	setlocale(LC_ALL, "de_DE.UTF-8");
	double value = 0;
	assert_true(str_to_double("1.5", &value));
	assert_true(value == 1.5);
	assert_false(str_to_double("1,5", &value));
	setlocale(LC_ALL, "C");
}

struct distance_case {
	const char *a, *b;
	size_t edits;
};

static void distance_is_counted(void **state)
{
	const struct distance_case *t = *state;
	assert_int_equal(str_distance(t->a, t->b), t->edits);
	assert_int_equal(str_distance(t->b, t->a), t->edits);
}

#define DISTANCE_ROW(left, right, edits) \
	ROW_OF("distance: '" left "' and '" right "'", distance_is_counted, \
	       (&(struct distance_case){ left, right, edits }))

static void distance_of_long_names(void **state)
{
	(void)state;
	char a[201], b[66];
	memset(a, 'a', 200), a[200] = '\0';
	memset(b, 'a', 65), b[65] = '\0';
	assert_int_equal(str_distance(a, a), 0);
	assert_int_equal(str_distance(a, b), 200);
	b[64] = '\0';
	b[0] = 'x';
	assert_int_equal(str_distance(b, b + 1), 1);
}

static void comparing(void **state)
{
	(void)state;
	assert_true(str_eq("a", "a"));
	assert_false(str_eq("a", "A"));
	assert_false(str_eq(NULL, "a"));
	assert_false(str_eq("a", NULL));
	assert_false(str_eq(NULL, NULL));
	assert_true(str_eq_nocase("Content-LENGTH", "content-length"));
	assert_false(str_eq_nocase("ab", "abc"));
	assert_false(str_eq_nocase("abc", "ab"));
	assert_false(str_eq_nocase("[", "{"));
	assert_false(str_eq_nocase("\xc4", "\xe4"));
	assert_false(str_eq_nocase(NULL, NULL));
}

static void beginnings_and_ends(void **state)
{
	(void)state;
	assert_true(str_starts("Bearer x", "Bearer "));
	assert_true(str_starts("x", ""));
	assert_false(str_starts("Bear", "Bearer"));
	assert_true(str_starts_nocase("bEARER x", "Bearer "));
	assert_false(str_starts_nocase("bear", "Bearer"));
	assert_true(str_ends("posts.sql", ".sql"));
	assert_true(str_ends("", ""));
	assert_false(str_ends("sql", ".sql"));
}

static void control_characters(void **state)
{
	(void)state;
	assert_true(str_has_control("a\tb", 3));
	assert_true(str_has_control("a\n", 2));
	assert_true(str_has_control("\x7f", 1));
	assert_true(str_has_control("a\0b", 3));
	assert_false(str_has_control("a\n", 1));
	assert_false(str_has_control("a \xc2\x80~", 5));
	assert_false(str_has_control("", 0));
}

static void folders_of_paths(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	assert_string_equal(str_folder(&arena, "/etc/croft/app.ini"), "/etc/croft");
	assert_string_equal(str_folder(&arena, "data/croft.db"), "data");
	assert_string_equal(str_folder(&arena, "/croft.db"), "/");
	assert_string_equal(str_folder(&arena, "croft.db"), ".");
	assert_string_equal(str_folder(&arena, ""), ".");
}

static void classes_of_bytes(void **state)
{
	(void)state;
	int digits = 0, alphas = 0, tokens = 0;
	for (int i = -128; i < 128; i++) {
		digits += str_is_digit((char)i);
		alphas += str_is_alpha((char)i);
		tokens += str_is_token_char((char)i);
	}
	assert_int_equal(digits, 10);
	assert_int_equal(alphas, 52);
	assert_int_equal(tokens, 10 + 52 + 15);
	for (const char *at = "()<>@,;:\\\"/[]?={} \t\r\n\x7f"; *at; at++)
		assert_false(str_is_token_char(*at));
	assert_false(str_is_token_char('\0'));
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("texts compare, with and without case", comparing),
		ROW("beginnings and ends", beginnings_and_ends),
		ROW("control characters are those of ASCII, within the length", control_characters),
		ROW("the folder of a path is what stands before its last name", folders_of_paths),
		ROW("classes of bytes are ASCII's and tchar is RFC 9110's", classes_of_bytes),

		DIGITS("up to what is none", "8080/x", SIZE_MAX, 4, 8080),
		DIGITS("no more than asked for", "80/80", 1, 1, 8),
		DIGITS("all of them", "0042", SIZE_MAX, 4, 42),
		DIGITS("none", "x1", SIZE_MAX, 0, 0),
		DIGITS("no sign", "-1", SIZE_MAX, 0, 0),
		DIGITS("none of nothing", "", SIZE_MAX, 0, 0),
		DIGITS("the largest number", "9223372036854775807", SIZE_MAX, 19, INT64_MAX),
		DIGITS("a number past it is it", "9223372036854775808", SIZE_MAX, 19, INT64_MAX),
		DIGITS("one far past it, too", "100000000000000000000000007", SIZE_MAX, 27,
		       INT64_MAX),
		ROW("only letters of ASCII have two cases", only_letters_of_ascii_have_two_cases),
		ROW("integers are written as they are read", integers_are_written),
		ROW("a span ends where it is told", a_span_ends_where_it_is_told),
		INT_GOOD("0", 0),
		INT_GOOD("-0", 0),
		INT_GOOD("+5", 5),
		INT_GOOD("007", 7),
		INT_GOOD("9223372036854775807", INT64_MAX),
		INT_GOOD("-9223372036854775808", INT64_MIN),
		INT_GOOD("9007199254740993", 9007199254740993),
		INT_BAD("int64 max + 1", "9223372036854775808"),
		INT_BAD("int64 min - 1", "-9223372036854775809"),
		INT_BAD("2^64", "18446744073709551616"),
		INT_BAD("a long run of digits", "99999999999999999999999999999999"),
		INT_BAD("nothing", ""),
		INT_BAD("a sign alone", "-"),
		INT_BAD("two signs", "--1"),
		INT_BAD("a leading space", " 1"),
		INT_BAD("a trailing space", "1 "),
		INT_BAD("a trailing newline", "1\n"),
		INT_BAD("a fraction", "1.0"),
		INT_BAD("an exponent", "1e3"),
		INT_BAD("hex", "0x10"),
		INT_BAD("an underscore", "1_000"),
		INT_BAD("a full-width digit", "\xef\xbc\x91"),

		DOUBLE_GOOD("0", 0.0),
		DOUBLE_GOOD("1.5", 1.5),
		DOUBLE_GOOD("-0.25", -0.25),
		DOUBLE_GOOD("+1e3", 1000.0),
		DOUBLE_GOOD("1E-2", 0.01),
		DOUBLE_GOOD(".5", 0.5),
		DOUBLE_GOOD("5.", 5.0),
		DOUBLE_GOOD("1.7976931348623157e308", 1.7976931348623157e308),
		DOUBLE_GOOD("1e-400", 0.0),
		DOUBLE_BAD("1e400", "1e400"),
		DOUBLE_BAD("nan", "nan"),
		DOUBLE_BAD("inf", "inf"),
		DOUBLE_BAD("-Infinity", "-Infinity"),
		DOUBLE_BAD("hex", "0x1p3"),
		DOUBLE_BAD("a comma", "1,5"),
		DOUBLE_BAD("nothing", ""),
		DOUBLE_BAD("a dot alone", "."),
		DOUBLE_BAD("a sign alone", "+"),
		DOUBLE_BAD("an exponent without digits", "1e"),
		DOUBLE_BAD("an exponent alone", "e5"),
		DOUBLE_BAD("a signed exponent without digits", "1e+"),
		DOUBLE_BAD("a fractional exponent", "1e1.5"),
		DOUBLE_BAD("a leading space", " 1"),
		DOUBLE_BAD("a trailing letter", "1f"),
		ROW("number: the locale changes nothing", double_ignores_locale),

		DISTANCE_ROW("", "", 0),
		DISTANCE_ROW("", "abc", 3),
		DISTANCE_ROW("port", "port", 0),
		DISTANCE_ROW("prot", "port", 1),
		DISTANCE_ROW("por", "port", 1),
		DISTANCE_ROW("pork", "port", 1),
		DISTANCE_ROW("kitten", "sitting", 3),
		DISTANCE_ROW("ca", "abc", 3),
		DISTANCE_ROW("created_at", "craeted_ta", 2),
		ROW("distance: long names are not compared closely", distance_of_long_names),

	};
	return rows_run("base/str", rows, COUNT_OF(rows));
}
