/* UTF-8: what is well-formed, code points to bytes and back, text made fit for one line. */
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "testing/rows.h"

#define BYTES(literal) .text = (literal), .len = sizeof(literal) - 1

struct utf8_case {
	const char *text;
	size_t len;
	bool good;
	size_t count;
};

static void utf8_is_judged(void **state)
{
	const struct utf8_case *t = *state;
	assert_int_equal(str_is_utf8(t->text, t->len), t->good);
	if (t->good)
		assert_int_equal(str_utf8_count(t->text, t->len), t->count);
	/*
	 * The same bytes after and before ASCII, so that they meet the eight-byte stride at every
	 * offset.
	 */
	for (size_t pad = 0; pad < 17; pad++) {
		char around[128];
		memset(around, 'a', sizeof(around));
		memcpy(around + pad, t->text, t->len);
		assert_int_equal(str_is_utf8(around, pad + t->len), t->good);
		assert_int_equal(str_is_utf8(around, pad + t->len + 9), t->good);
	}
}

#define UTF8_ROW(sentence, bytes, is_good, points) \
	ROW_OF("UTF-8: " sentence, utf8_is_judged, \
	       (&(struct utf8_case){ BYTES(bytes), .good = is_good, .count = points }))

struct point_case {
	uint32_t code_point;
	const char *bytes;
};

static void code_point_round_trips(void **state)
{
	const struct point_case *t = *state;
	AUTO(buf) buf = { 0 };
	str_utf8_add(&buf, t->code_point);
	size_t len = t->code_point ? strlen(t->bytes) : 1;
	assert_int_equal(buf.len, len);
	assert_memory_equal(buf.data, t->bytes, len);
	uint32_t back = 0;
	assert_int_equal(str_utf8_next(buf.data, buf.len, &back), len);
	assert_int_equal(back, t->code_point);
	if (len > 1)
		assert_int_equal(str_utf8_next(buf.data, buf.len - 1, &back), 0);
}

#define POINT_ROW(sentence, point, text) \
	ROW_OF("UTF-8: " sentence, code_point_round_trips, (&(struct point_case){ point, text }))

static void utf8_next_of_nothing(void **state)
{
	(void)state;
	uint32_t point = 7;
	assert_int_equal(str_utf8_next("", 0, &point), 0);
	assert_int_equal(str_utf8_next("\xff", 1, &point), 0);
	assert_int_equal(point, 7);
}

struct printable_case {
	const char *text;
	size_t len;
	const char *result;
};

static void printable_is_written(void **state)
{
	const struct printable_case *t = *state;
	AUTO(buf) buf = { 0 };
	str_add_printable(&buf, t->text, t->len);
	assert_string_equal(buf_text(&buf), t->result);
}

struct cut_case {
	const char *text;
	size_t most, want;
};

static void text_is_cut_between_code_points(void **state)
{
	const struct cut_case *t = *state;
	assert_int_equal(str_utf8_cut(t->text, strlen(t->text), t->most), t->want);
}

#define CUT_ROW(sentence, text, most, want) \
	ROW_OF("cut: " sentence, text_is_cut_between_code_points, \
	       (&(struct cut_case){ text, most, want }))

#define PRINTABLE_ROW(sentence, bytes, wanted) \
	ROW_OF("printable: " sentence, printable_is_written, \
	       (&(struct printable_case){ BYTES(bytes), .result = wanted }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		CUT_ROW("what fits is whole", "a\xc3\xa9", 3, 3),
		CUT_ROW("a code point that does not fit is left out", "a\xc3\xa9", 2, 1),
		CUT_ROW("one of four bytes, too", "ab\xf0\x9f\x98\x80", 5, 2),
		CUT_ROW("nothing is left when the first does not fit", "\xf0\x9f\x98\x80", 3, 0),
		UTF8_ROW("nothing", "", true, 0),
		UTF8_ROW("ASCII with NUL", "a\0b", true, 3),
		UTF8_ROW("U+007F", "\x7f", true, 1),
		UTF8_ROW("two bytes, first and last", "\xc2\x80\xdf\xbf", true, 2),
		UTF8_ROW("three bytes, first and last", "\xe0\xa0\x80\xef\xbf\xbf", true, 2),
		UTF8_ROW("around the surrogates", "\xed\x9f\xbf\xee\x80\x80", true, 2),
		UTF8_ROW("four bytes, first and last", "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", true, 2),
		UTF8_ROW("words", "gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80", true, 6),
		UTF8_ROW("lone continuation", "\x80", false, 0),
		UTF8_ROW("overlong slash c0 af", "\xc0\xaf", false, 0),
		UTF8_ROW("overlong dot c0 ae", "\xc0\xae", false, 0),
		UTF8_ROW("overlong c1 bf", "\xc1\xbf", false, 0),
		UTF8_ROW("overlong in three bytes", "\xe0\x9f\xbf", false, 0),
		UTF8_ROW("overlong in four bytes", "\xf0\x8f\xbf\xbf", false, 0),
		UTF8_ROW("overlong NUL", "\xc0\x80", false, 0),
		UTF8_ROW("high surrogate", "\xed\xa0\x80", false, 0),
		UTF8_ROW("low surrogate", "\xed\xbf\xbf", false, 0),
		UTF8_ROW("surrogate pair (CESU-8)", "\xed\xa0\xbd\xed\xb8\x80", false, 0),
		UTF8_ROW("beyond U+10FFFF", "\xf4\x90\x80\x80", false, 0),
		UTF8_ROW("lead f5", "\xf5\x80\x80\x80", false, 0),
		UTF8_ROW("bytes fe ff", "\xfe\xff", false, 0),
		UTF8_ROW("two bytes cut short", "\xc3", false, 0),
		UTF8_ROW("three bytes cut short", "\xe2\x82", false, 0),
		UTF8_ROW("four bytes cut short", "\xf0\x9f\x98", false, 0),
		UTF8_ROW("third byte wrong", "\xe2\x82\x28", false, 0),
		UTF8_ROW("fourth byte wrong", "\xf0\x9f\x98\xc0", false, 0),
		UTF8_ROW("Latin-1", "caf\xe9!", false, 0),
		POINT_ROW("U+0000", 0, "\0"),
		POINT_ROW("U+007F is one byte", 0x7F, "\x7f"),
		POINT_ROW("U+0080 is two", 0x80, "\xc2\x80"),
		POINT_ROW("U+07FF is two", 0x7FF, "\xdf\xbf"),
		POINT_ROW("U+0800 is three", 0x800, "\xe0\xa0\x80"),
		POINT_ROW("U+20AC is three", 0x20AC, "\xe2\x82\xac"),
		POINT_ROW("U+FFFF is three", 0xFFFF, "\xef\xbf\xbf"),
		POINT_ROW("U+10000 is four", 0x10000, "\xf0\x90\x80\x80"),
		POINT_ROW("U+10FFFF is four", 0x10FFFF, "\xf4\x8f\xbf\xbf"),
		ROW("UTF-8: nothing and broken bytes have no first code point",
		    utf8_next_of_nothing),

		PRINTABLE_ROW("text stays", "gr\xc3\xbc\xc3\x9f \\ \"", "gr\xc3\xbc\xc3\x9f \\ \""),
		PRINTABLE_ROW("line ends and tabs", "a\r\n\tb", "a\\x0d\\x0a\\x09b"),
		PRINTABLE_ROW("NUL", "a\0b", "a\\x00b"),
		PRINTABLE_ROW("an escape sequence", "\x1b[31m", "\\x1b[31m"),
		PRINTABLE_ROW("DEL", "\x7f", "\\x7f"),
		PRINTABLE_ROW("C1 control sequence introducer", "\xc2\x9b", "\\xc2\\x9b"),
		PRINTABLE_ROW("no-break space stays", "\xc2\xa0", "\xc2\xa0"),
		PRINTABLE_ROW("U+2028 and U+2029", "\xe2\x80\xa8\xe2\x80\xa9",
			      "\\xe2\\x80\\xa8\\xe2\\x80\\xa9"),
		PRINTABLE_ROW("right-to-left override", "\xe2\x80\xae", "\\xe2\\x80\\xae"),
		PRINTABLE_ROW("broken bytes", "a\xff\xc3(", "a\\xff\\xc3("),
		PRINTABLE_ROW("a sequence cut short", "\xe2\x82", "\\xe2\\x82"),
	};
	return rows_run("base/utf8", rows, COUNT_OF(rows));
}
