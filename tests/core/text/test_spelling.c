/* White space at the ends of texts, and small letters. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/text.h"
#include "testing/rows.h"

enum { LAST_POINT = 0x10FFFF };

struct spelling {
	const char *text, *want;
};

static void text_is_trimmed(void **state)
{
	const struct spelling *row = *state;
	size_t len = strlen(row->text);
	const char *text = text_trim(row->text, &len);
	assert_int_equal(len, strlen(row->want));
	assert_memory_equal(text, row->want, len);
}

static void text_is_lowered(void **state)
{
	const struct spelling *row = *state;
	AUTO(arena) arena = { 0 };
	size_t len = 7;
	assert_string_equal(text_lower(&arena, row->text, strlen(row->text), &len), row->want);
	assert_int_equal(len, strlen(row->want));
}

#define TRIM_ROW(sentence, from, to) \
	ROW_OF("trim: " sentence, text_is_trimmed, (&(struct spelling){ from, to }))
#define LOWER_ROW(sentence, from, to) \
	ROW_OF("small: " sentence, text_is_lowered, (&(struct spelling){ from, to }))

static void check_point(struct arena *arena, uint32_t point)
{
	struct buf text;
	buf_init(&text, arena);
	str_utf8_add(&text, point);
	size_t len, again_len;
	const char *small = text_lower(arena, text.data, text.len, &len);
	const char *again = text_lower(arena, small, len, &again_len);
	assert_int_equal(len, again_len);
	assert_memory_equal(small, again, len);
	const char *key = text_fold(arena, text.data, text.len, &again_len);
	const char *small_key = text_fold(arena, small, len, &len);
	if (len != again_len || memcmp(key, small_key, len) != 0)
		fail_msg("U+%04X", point);
}

static void every_code_point_has_one_small_form(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	for (uint32_t point = 0; point <= LAST_POINT; point++) {
		if (point >= 0xD800 && point <= 0xDFFF)
			continue;
		check_point(&arena, point);
		arena_reset(&arena);
	}
}

static void odd_bytes_are_kept_apart(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	size_t len;
	assert_memory_equal(text_lower(&arena, "A\0B", 3, &len), "a\0b", 4);
	assert_int_equal(len, 3);
	assert_string_equal(text_lower(&arena, "A\xff\xc3", 3, NULL), "a\xef\xbf\xbd\xef\xbf\xbd");
	len = 4;
	const char *text = text_trim(" \xff\xc3 ", &len);
	assert_int_equal(len, 2);
	assert_memory_equal(text, "\xff\xc3", 2);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		TRIM_ROW("nothing to do", "a b", "a b"),
		TRIM_ROW("blanks, tabs and line ends at both ends", " \t\r\n a  b \v\f ", "a  b"),
		TRIM_ROW("at one end", "a ", "a"),
		TRIM_ROW("white space alone", " \u3000\n", ""),
		TRIM_ROW("nothing", "", ""),
		TRIM_ROW("that of Unicode",
			 "\u00A0\u1680\u2000\u200A\u2028\u2029\u202F\u205F\uFEFFx\u3000", "x"),
		TRIM_ROW("a zero width space is a character", "\u200Bx", "\u200Bx"),
		TRIM_ROW("so is U+0085, as in patterns", "\xC2\x85x", "\xC2\x85x"),

		LOWER_ROW("ASCII", "Aa[Z]{", "aa[z]{"),
		LOWER_ROW("Latin, Greek, Cyrillic", "\u00C9\u0100\u0394\u0416",
			  "\u00E9\u0101\u03B4\u0436"),
		LOWER_ROW("beyond the first plane", "\U00010400", "\U00010428"),
		LOWER_ROW("one that grows by a byte", "\u023A", "\u2C65"),
		LOWER_ROW("one that shrinks", "\u212A", "k"),
		LOWER_ROW("sharp s stays, and its capital becomes it", "\u00DF\u1E9E",
			  "\u00DF\u00DF"),
		LOWER_ROW("a sigma at the end of a word is one like others", "\u039F\u03A3",
			  "\u03BF\u03C3"),
		LOWER_ROW("\u0130 keeps its dot", "\u0130", "i\u0307"),
		LOWER_ROW("nothing", "", ""),

		ROW("every code point's small form is its own, and has the same key",
		    every_code_point_has_one_small_form),
		ROW("a NUL and bytes that are no UTF-8 do not end it", odd_bytes_are_kept_apart),
	};
	return rows_run("core/text spelling", rows, COUNT_OF(rows));
}
