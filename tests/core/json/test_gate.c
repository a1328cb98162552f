/*
 * The gate: what is JSON and what is not, where the fault is, and the limits. Texts are written as
 * testing/json.h says, what the gate says of them is as it is.
 */
#include "testing/json.h"
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"

struct gate_case {
	const char *text;
	size_t len;
	const char *why; /* NULL: accepted */
	size_t at;
};

#define GOOD(sentence, text_) \
	ROW_OF("accepts " sentence, gate_row, \
	       (&(struct gate_case){ text_, sizeof(text_) - 1, NULL, 0 }))
#define BAD(sentence, text_, at_, why_) \
	ROW_OF("refuses " sentence, gate_row, \
	       (&(struct gate_case){ text_, sizeof(text_) - 1, why_, at_ }))

/* The text is copied to a block of its own size, so that the sanitizer sees a read past its end. */
static void gate_row(void **state)
{
	const struct gate_case *row = *state;
	char *text = malloc(row->len ? row->len : 1);
	size_t at = 12345;
	const char *why = "accepted";
	memcpy(text, row->text, row->len);
	json_swap_bytes(text, row->len);
	bool ok = json_check(text, row->len, &at, &why);
	free(text);
	if (row->why) {
		assert_string_equal(why, row->why);
		assert_int_equal(at, row->at);
	}
	assert_int_equal(ok, !row->why);
}

static char *repeat(const char *piece, size_t times)
{
	size_t len = strlen(piece);
	char *text = malloc(len * times + 1);
	for (size_t i = 0; i < times; i++)
		memcpy(text + i * len, piece, len);
	text[len * times] = '\0';
	return json_swap(text);
}

static void expect(const char *text, size_t len, const char *want_why, size_t want_at)
{
	size_t at = 0;
	const char *why = NULL;
	assert_int_equal(json_check(text, len, &at, &why), !want_why);
	if (!want_why)
		return;
	assert_string_equal(why, want_why);
	assert_int_equal(at, want_at);
}

static void nested(size_t depth, const char *why, size_t at)
{
	char *open = repeat("[", depth), *close = repeat("]", depth), *text;
	assert_true(asprintf(&text, "%s%s", open, close) > 0);
	expect(text, strlen(text), why, at);
	free(open);
	free(close);
	free(text);
}

static void depth_64_is_accepted(void **state)
{
	(void)state;
	nested(64, NULL, 0);
}

static void depth_65_is_refused(void **state)
{
	(void)state;
	nested(65, "Nested deeper than 64 levels", 64);
}

static void depth_100000_is_refused(void **state)
{
	(void)state;
	nested(100000, "Nested deeper than 64 levels", 64);
	char *objects = repeat("{'a':", 100000);
	expect(objects, strlen(objects), "Nested deeper than 64 levels", 64 * 5);
	free(objects);
}

static void node_limit(void **state)
{
	(void)state;
	char *text = repeat("0,", 100000);
	text[0] = '[';
	text[1] = ' ';
	text[2 * 100000 - 1] = ']';
	/* 99,999 numbers and the array. */
	expect(text, 200000, NULL, 0);
	char *more = repeat("0,", 100001);
	more[0] = '[';
	more[1] = ' ';
	more[2 * 100001 - 1] = ']';
	expect(more, 200002, "More than 100000 values", 200000);
	free(text);
	free(more);
}

static char *many_keys(int count, int twice)
{
	char *text = malloc((size_t)count * 16 + 64), *at = text;
	*at++ = '{';
	for (int i = 0; i < count; i++)
		at += sprintf(at, "'k%06d':0,", i);
	at += sprintf(at, "'k%06d':0}", twice);
	return json_swap(text);
}

static void keys_80000(void **state)
{
	(void)state;
	char *fine = many_keys(80000, 80000), *twice = many_keys(80000, 4711);
	expect(fine, strlen(fine), NULL, 0);
	expect(twice, strlen(twice), "Duplicate key", 1 + 80000 * 12);
	free(fine);
	free(twice);
}

static void long_number_in_range(void **state)
{
	(void)state;
	char *zeros = repeat("0", 5000), *text;
	assert_true(asprintf(&text, "[0.%s1e4000,1]", zeros) > 0);
	expect(text, strlen(text), NULL, 0);
	free(text);
	assert_true(asprintf(&text, "[1%s]", zeros) > 0);
	expect(text, strlen(text), "Number out of range", 1);
	free(text);
	free(zeros);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		GOOD("an empty object", "{}"),
		GOOD("an empty array", "[]"),
		GOOD("white space of all four kinds", " \t\r\n[ \t\r\n1 \t\r\n, \t\r\n2 ] \n"),
		GOOD("a lone string", "'asd'"),
		GOOD("a lone number", "42"),
		GOOD("a lone negative number", "-0.1"),
		GOOD("true", "true"),
		GOOD("false", "false"),
		GOOD("null", "null"),
		GOOD("an empty string", "''"),
		GOOD("an empty name", "{'':0}"),
		GOOD("nested arrays", "[[],[[]]]"),
		GOOD("nested objects", "{'a':{'b':{'a':1}}}"),
		GOOD("the same name in two objects", "[{'a':1},{'a':1}]"),
		GOOD("-0", "[-0]"),
		GOOD("0e1", "[0e1]"),
		GOOD("0e+1", "[0e+1]"),
		GOOD("1E22", "[1E22]"),
		GOOD("1e-2", "[1e-2]"),
		GOOD("1E+2", "[1E+2]"),
		GOOD("123.456e78", "[123.456e78]"),
		GOOD("1.7976931348623157e308, the largest double", "[1.7976931348623157e308]"),
		GOOD("1e-400, which is 0", "[1e-400]"),
		GOOD("a number close to zero with 80 digits",
		     "[-0."
		     "0000000000000000000000000000000000000000000000000000000000000000000000000000"
		     "01]"),
		GOOD("an integer beyond int64 (the field's type decides)",
		     "[123456789012345678901234567890]"),
		GOOD("all short escapes", "['\\'\\\\\\/\\b\\f\\n\\r\\t']"),
		GOOD("an escape of a letter", "['\\u0061\\u30af\\u30EA']"),
		GOOD("a surrogate pair", "['\\uD801\\udc37']"),
		GOOD("two surrogate pairs", "['\\ud83d\\ude39\\ud83d\\udc8d']"),
		GOOD("U+10FFFF as bytes", "['\xF4\x8F\xBF\xBF']"),
		GOOD("two, three and four bytes of UTF-8",
		     "['\xC3\xA9\xE2\x82\xAC\xF0\x9D\x84\x9E']"),
		GOOD("U+2028 as bytes", "['\xE2\x80\xA8']"),
		GOOD("U+007F as a byte", "['a\x7F"
					 "b']"),
		GOOD("a noncharacter", "['\xEF\xBF\xBF']"),
		GOOD("an escaped control character", "['\\u0012']"),
		GOOD("escaped backslashes before a quote", "['\\\\\\\\']"),
		GOOD("a comment inside a string", "['a/*b*/c/*d//e']"),
		GOOD("a text of more than eight plain bytes",
		     "['0123456789abcdef0123456789abcdef\\n']"),
		GOOD("names that differ in case", "{'a':1,'A':2}"),
		GOOD("twenty names",
		     "{'a':0,'b':0,'c':0,'d':0,'e':0,'f':0,'g':0,'h':0,'i':0,'j':0,"
		     "'k':0,'l':0,'m':0,'n':0,'o':0,'p':0,'q':0,'r':0,'s':0,'t':0}"),

		BAD("nothing", "", 0, "Expecting value"),
		BAD("white space only", "  ", 2, "Expecting value"),
		BAD("a form feed", "[\f]", 1, "Expecting value"),
		BAD("a no-break space", "[\xC2\xA0]", 1, "Expecting value"),
		BAD("an open array", "[", 1, "Expecting value"),
		BAD("an open object", "{", 1, "Expecting property name enclosed in double quotes"),
		BAD("an array open after an item", "[1", 2, "Expecting ',' delimiter"),
		BAD("an array open after a comma", "[1,", 3, "Expecting value"),
		BAD("a trailing comma in an array", "[1,]", 3, "Expecting value"),
		BAD("a leading comma", "[,1]", 1, "Expecting value"),
		BAD("two commas", "[1,,2]", 3, "Expecting value"),
		BAD("a missing comma", "[1 2]", 3, "Expecting ',' delimiter"),
		BAD("a colon for a comma", "['a':1]", 4, "Expecting ',' delimiter"),
		BAD("an array closed by a brace", "[1}", 2, "Expecting ',' delimiter"),
		BAD("an object open after a name", "{'a'", 4, "Expecting ':' delimiter"),
		BAD("an object open after a colon", "{'a':", 5, "Expecting value"),
		BAD("an object open after a value", "{'a':1", 6, "Expecting ',' delimiter"),
		BAD("an object open after a comma", "{'a':1,", 7,
		    "Expecting property name enclosed in double quotes"),
		BAD("a trailing comma in an object", "{'a':1,}", 7,
		    "Expecting property name enclosed in double quotes"),
		BAD("a bare name", "{a:1}", 1, "Expecting property name enclosed in double quotes"),
		BAD("a name in single quotes", "{\"a\":1}", 1,
		    "Expecting property name enclosed in double quotes"),
		BAD("a number for a name", "{1:1}", 1,
		    "Expecting property name enclosed in double quotes"),
		BAD("no colon", "{'a' 1}", 5, "Expecting ':' delimiter"),
		BAD("two colons", "{'a'::1}", 5, "Expecting value"),
		BAD("no comma between members", "{'a':1 'b':2}", 7, "Expecting ',' delimiter"),
		BAD("trailing data", "[1]x", 3, "Extra data"),
		BAD("two values", "1 2", 2, "Extra data"),
		BAD("a closing bracket too many", "[]]", 2, "Extra data"),
		BAD("a NUL after the value", "[1]\0", 3, "Extra data"),
		BAD("a comment", "[1]/**/", 3, "Extra data"),
		BAD("a byte order mark", "\xEF\xBB\xBF{}", 0,
		    "Unexpected UTF-8 BOM (decode using utf-8-sig)"),
		BAD("UTF-16", "[\0'\0", 1, "Expecting value"),
		BAD("an open string", "'abc", 0, "Unterminated string starting at"),
		BAD("a string that ends in a backslash", "'\\", 0,
		    "Unterminated string starting at"),
		BAD("an unknown escape", "'\\x00'", 1, "Invalid \\escape"),
		BAD("an escaped NUL byte", "['\\\0']", 2, "Invalid \\escape"),
		BAD("an unknown escape after an é", "'\xC3\xA9\\q'", 2, "Invalid \\escape"),
		BAD("an upper-case U", "['\\U0041']", 2, "Invalid \\escape"),
		BAD("\\u without digits", "'\\u", 2, "Invalid \\uXXXX escape"),
		BAD("\\u with two digits", "'\\u00", 2, "Invalid \\uXXXX escape"),
		BAD("\\u without a closing quote", "'\\u0041", 2, "Invalid \\uXXXX escape"),
		BAD("\\u with a letter", "'\\u004g'", 2, "Invalid \\uXXXX escape"),
		BAD("\\u with a sign", "['\\u+123']", 3, "Invalid \\uXXXX escape"),
		BAD("\\u0000", "['a\\u0000b']", 3, "NUL character is not allowed"),
		BAD("\\u0000 in a name", "{'a\\u0000':1}", 3, "NUL character is not allowed"),
		BAD("a raw NUL", "['a\0b']", 3, "Invalid control character at"),
		BAD("a raw line feed", "['a\nb']", 3, "Invalid control character at"),
		BAD("a raw tab", "'\t'", 1, "Invalid control character at"),
		BAD("a raw U+001F after eight plain bytes", "'01234567\x1F'", 9,
		    "Invalid control character at"),
		BAD("a lone high surrogate", "['\\ud800']", 2, "Lone surrogate is not allowed"),
		BAD("a lone low surrogate", "['\\udc00']", 2, "Lone surrogate is not allowed"),
		BAD("a high surrogate before a letter", "['\\ud800abc']", 2,
		    "Lone surrogate is not allowed"),
		BAD("two high surrogates", "['\\ud800\\ud800']", 2,
		    "Lone surrogate is not allowed"),
		BAD("a high surrogate before another escape", "['\\ud800\\n']", 2,
		    "Lone surrogate is not allowed"),
		BAD("a high surrogate before a broken one", "['\\ud800\\u1x']", 9,
		    "Invalid \\uXXXX escape"),
		BAD("a byte that is no UTF-8", "['\xFF']", 2, "Invalid UTF-8"),
		BAD("Latin-1", "['\xE9']", 2, "Invalid UTF-8"),
		BAD("an overlong slash", "['\xC0\xAF']", 2, "Invalid UTF-8"),
		BAD("a surrogate as bytes", "['\xED\xA0\x80']", 2, "Invalid UTF-8"),
		BAD("beyond U+10FFFF", "['\xF4\x90\x80\x80']", 2, "Invalid UTF-8"),
		BAD("a cut sequence", "['\xE2\x82']", 2, "Invalid UTF-8"),
		BAD("a sequence cut by the end", "'\xE2\x82", 1, "Invalid UTF-8"),
		BAD("the second é broken: offsets are code points", "['\xC3\xA9\xC3\xA9\xC3']", 4,
		    "Invalid UTF-8"),
		BAD("broken UTF-8 in a name", "{'\xB9':0}", 2, "Invalid UTF-8"),
		BAD("é outside a string", "[\xC3\xA9]", 1, "Expecting value"),
		BAD("01", "01", 1, "Extra data"),
		BAD("-01", "[-01]", 3, "Expecting ',' delimiter"),
		BAD("1.", "1.", 1, "Extra data"),
		BAD(".5", ".5", 0, "Expecting value"),
		BAD("+1", "+1", 0, "Expecting value"),
		BAD("-", "-", 0, "Expecting value"),
		BAD("- 1", "[- 1]", 1, "Expecting value"),
		BAD("1e", "1e", 1, "Extra data"),
		BAD("1e+", "1e+", 1, "Extra data"),
		BAD("1.e5", "1.e5", 1, "Extra data"),
		BAD("0x1", "[0x1]", 2, "Expecting ',' delimiter"),
		BAD("1_000", "[1_000]", 2, "Expecting ',' delimiter"),
		BAD("full-width digits", "[\xEF\xBC\x91]", 1, "Expecting value"),
		BAD("1e400", "[1e400]", 1, "Number out of range"),
		BAD("-1e400", "[0,-1e400]", 3, "Number out of range"),
		BAD("an exponent of twenty digits", "[1e99999999999999999999]", 1,
		    "Number out of range"),
		BAD("NaN", "NaN", 0, "Expecting value"),
		BAD("Infinity", "Infinity", 0, "Expecting value"),
		BAD("-Infinity", "-Infinity", 0, "Expecting value"),
		BAD("tru", "tru", 0, "Expecting value"),
		BAD("TRUE", "[TRUE]", 1, "Expecting value"),
		BAD("truth", "[truth]", 1, "Expecting value"),
		BAD("nullx", "nullx", 4, "Extra data"),
		BAD("undefined", "[undefined]", 1, "Expecting value"),
		BAD("a duplicate key", "{'a':1,'b':2,'a':3}", 13, "Duplicate key"),
		BAD("a duplicate key with equal values", "{'a':1,'a':1}", 7, "Duplicate key"),
		BAD("a duplicate key in disguise", "{'a':1,'\\u0061':2}", 7, "Duplicate key"),
		BAD("a duplicate key with a pair in disguise",
		    "{'\xF0\x9D\x84\x9E':1,'\\ud834\\udd1e':2}", 7, "Duplicate key"),
		BAD("a duplicate inside another object", "[{'x':{'a\\n':1,'a\\n':1}}]", 15,
		    "Duplicate key"),
		BAD("a duplicate among twenty",
		    "{'a':0,'b':0,'c':0,'d':0,'e':0,'f':0,'g':0,'h':0,'i':0,'j':0,"
		    "'k':0,'l':0,'m':0,'n':0,'o':0,'p':0,'q':0,'r':0,'b':0}",
		    109, "Duplicate key"),

		ROW("accepts arrays nested 64 deep", depth_64_is_accepted),
		ROW("refuses depth 65", depth_65_is_refused),
		ROW("refuses 100,000 levels at the 65th", depth_100000_is_refused),
		ROW("accepts 100,000 values and refuses one more", node_limit),
		ROW("finds the one name given twice among 80,000", keys_80000),
		ROW("judges numbers of 5,000 digits by their value", long_number_in_range),
	};
	return rows_run("json gate", rows, COUNT_OF(rows));
}
