/* Unicode text: normal forms as UAX #15 lists them, and which names are the same one. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/text.h"
#include "testing/rows.h"

enum { LAST_POINT = 0x10FFFF, MANY_MARKS = 200000 };

static bool is_surrogate(uint32_t point)
{
	return point >= 0xD800 && point <= 0xDFFF;
}

/* ---- which names are the same ---- */

struct key_case {
	const char *text, *key;
};

static void text_has_key(void **state)
{
	const struct key_case *t = *state;
	AUTO(arena) arena = { 0 };
	size_t len = 7;
	const char *key = text_fold(&arena, t->text, strlen(t->text), &len);
	assert_string_equal(key, t->key);
	assert_int_equal(len, strlen(t->key));
}

#define KEY_ROW(sentence, from, to) \
	ROW_OF("key: " sentence, text_has_key, (&(struct key_case){ from, to }))

struct pair_case {
	const char *a, *b;
	bool same;
};

static void pair_is_judged(void **state)
{
	const struct pair_case *t = *state;
	AUTO(arena) arena = { 0 };
	const char *a = text_fold(&arena, t->a, strlen(t->a), NULL);
	const char *b = text_fold(&arena, t->b, strlen(t->b), NULL);
	if (t->same)
		assert_string_equal(a, b);
	else
		assert_string_not_equal(a, b);
}

#define SAME_ROW(sentence, x, y) \
	ROW_OF("the same name: " sentence, pair_is_judged, (&(struct pair_case){ x, y, true }))
#define OTHER_ROW(sentence, x, y) \
	ROW_OF("another name: " sentence, pair_is_judged, (&(struct pair_case){ x, y, false }))

/* ---- normal forms ---- */

struct form_case {
	const char *text;
	const char *forms[4]; /* by enum text_form */
};

static void forms_are_right(void **state)
{
	const struct form_case *t = *state;
	AUTO(arena) arena = { 0 };
	for (size_t form = 0; form < COUNT_OF(t->forms); form++) {
		size_t len = 0;
		assert_string_equal(
			text_normal(&arena, (enum text_form)form, t->text, strlen(t->text), &len),
			t->forms[form]);
		assert_int_equal(len, strlen(t->forms[form]));
	}
}

/* In the order of UAX #15's own table: NFD, NFC, NFKD, NFKC. */
#define FORM_ROW(sentence, from, nfd, nfc, nfkd, nfkc) \
	ROW_OF("forms: " sentence, forms_are_right, \
	       (&(struct form_case){ from, { nfd, nfc, nfkd, nfkc } }))

/* ---- every code point there is ---- */

static void check_point(struct arena *arena, uint32_t point)
{
	struct buf text;
	buf_init(&text, arena);
	str_utf8_add(&text, point);
	size_t len, again_len;
	const char *key = text_fold(arena, text.data, text.len, &len);
	const char *again = text_fold(arena, key, len, &again_len);
	assert_int_equal(len, again_len);
	assert_memory_equal(key, again, len);
	assert_true(len <= text.len * TEXT_GROWTH_MAX);
	for (int form = TEXT_NFD; form <= TEXT_NFKC; form++) {
		const char *other = text_normal(arena, (enum text_form)form, text.data, text.len,
						&len);
		assert_true(len <= text.len * TEXT_GROWTH_MAX);
		const char *other_key = text_fold(arena, other, len, &len);
		assert_int_equal(len, again_len);
		assert_memory_equal(other_key, key, len);
	}
}

static void every_code_point_has_one_key(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	for (uint32_t point = 0; point <= LAST_POINT; point++) {
		if (is_surrogate(point))
			continue;
		check_point(&arena, point);
		arena_reset(&arena);
	}
}

/* ---- odd input ---- */

static void broken_bytes_are_replaced(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	size_t len;
	const char *key = text_fold(&arena, "A\xff\xc3", 3, &len);
	assert_int_equal(len, 7);
	assert_string_equal(key, "a\xef\xbf\xbd\xef\xbf\xbd");
	assert_string_equal(text_normal(&arena, TEXT_NFC, "\xed\xa0\x80", 3, NULL),
			    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

static void nul_is_a_character(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	size_t len;
	assert_memory_equal(text_fold(&arena, "A\0\xc3\x89", 4, &len), "a\0\xc3\xa9", 5);
	assert_int_equal(len, 4);
	assert_memory_equal(text_fold(&arena, "A\0B", 3, &len), "a\0b", 4);
	assert_int_equal(len, 3);
}

/*
 * Two kinds of mark in turns, all of which must change places: with utf8proc's own ordering this
 * takes minutes.
 */
static void many_marks_are_ordered(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	AUTO(buf) text = { 0 };
	buf_add_lit(&text, "x");
	for (int i = 0; i < MANY_MARKS; i++)
		str_utf8_add(&text, i % 2 ? 0x0316 : 0x0301); /* classes 220 and 230 */
	size_t len;
	const char *normal = text_normal(&arena, TEXT_NFD, text.data, text.len, &len);
	assert_int_equal(len, text.len);
	for (size_t i = 0; i < MANY_MARKS; i++)
		assert_memory_equal(normal + 1 + 2 * i,
				    i < MANY_MARKS / 2 ? "\xcc\x96" : "\xcc\x81", 2);
}

struct class_case {
	uint32_t point;
	enum text_class class;
};

static void point_has_class(void **state)
{
	const struct class_case *t = *state;
	assert_int_equal(text_class_of(t->point), t->class);
}

#define CLASS_ROW(sentence, code_point, name) \
	ROW_OF("class: " sentence, point_has_class, (&(struct class_case){ code_point, name }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		KEY_ROW("nothing", "", ""),
		KEY_ROW("ASCII in lower case", "Casey_07@Example.ORG", "casey_07@example.org"),
		KEY_ROW("É as one code point", "\u00C9", "\u00E9"),
		KEY_ROW("É as two", "E\u0301", "\u00E9"),
		KEY_ROW("ß is ss", "Stra\u00DFe", "strasse"),
		KEY_ROW("capital ẞ is ss", "STRA\u1E9EE", "strasse"),
		KEY_ROW("İ is i with a dot", "\u0130stanbul", "i\u0307stanbul"),
		KEY_ROW("dotless ı stays", "\u0131", "\u0131"),
		KEY_ROW("final sigma is sigma", "\u039F\u03B4\u03BF\u03C2",
			"\u03BF\u03B4\u03BF\u03C3"),
		KEY_ROW("the Angstrom sign is å", "\u212B", "\u00E5"),
		KEY_ROW("the Kelvin sign is k", "\u212A", "k"),
		KEY_ROW("the Ohm sign is ω", "\u2126", "\u03C9"),
		KEY_ROW("fullwidth letters", "\uFF23\uFF52\uFF4F\uFF46\uFF54\uFF11", "croft1"),
		KEY_ROW("halfwidth katakana with its mark", "\uFF76\uFF9E", "\u30AC"),
		KEY_ROW("Hangul jamo", "\u1112\u1161\u11AB", "\uD55C"),
		KEY_ROW("Hangul compatibility jamo", "\u314E", "\u1112"),
		KEY_ROW("ligatures", "\uFB01sh \uFB03 \uFB06", "fish ffi st"),
		KEY_ROW("Armenian ligature ech yiwn", "\u0587", "\u0565\u0582"),
		KEY_ROW("small Cherokee is Cherokee", "\uAB70\uAB71\u13F8", "\u13A0\u13A1\u13F0"),
		KEY_ROW("capital Cherokee stays", "\u13A0", "\u13A0"),
		KEY_ROW("Deseret, beyond the first plane", "\U00010400", "\U00010428"),
		KEY_ROW("mathematical letters", "\U0001D400\U0001D7D8", "a0"),
		KEY_ROW("circled and superscript digits", "\u2460x\u00B2", "1x2"),
		KEY_ROW("titlecase digraph Dž", "\u01C5", "d\u017E"),
		KEY_ROW("long s", "\u017F", "s"),
		KEY_ROW("no-break and ideographic space are a space", "a\u00A0b\u3000c", "a b c"),
		KEY_ROW("soft hyphen and zero-width characters go", "a\u00ADb\u200Bc\u200Dd\uFEFF",
			"abcd"),
		KEY_ROW("variation selectors go", "\u2764\uFE0F", "\u2764"),
		KEY_ROW("the Hangul filler goes", "\u3164", ""),
		KEY_ROW("the sign of one ligature of eighteen letters", "\uFDFA",
			"\u0635\u0644\u0649 \u0627\u0644\u0644\u0647 "
			"\u0639\u0644\u064A\u0647 \u0648\u0633\u0644\u0645"),
		KEY_ROW("emoji and unassigned code points stay", "\U0001F600\u0378",
			"\U0001F600\u0378"),
		KEY_ROW("what is reserved for ignorables goes, too",
			"a\u2065b\uFFF0c\U000E0FFFd\U000E0041e", "abcde"),

		SAME_ROW("NFC and NFD", "\u00E0\u1EA5\u0439", "a\u0300a\u0302\u0301\u0438\u0306"),
		SAME_ROW("marks in any order that means the same", "q\u0323\u0307",
			 "q\u0307\u0323"),
		SAME_ROW("ypogegrammeni before or after the accent", "\u03B1\u0345\u0301",
			 "\u03B1\u0301\u0345"),
		SAME_ROW("a Greek capital with ypogegrammeni", "\u1FBC", "\u1FB3"),
		SAME_ROW("STRASSE and straße", "STRASSE", "stra\u00DFe"),
		OTHER_ROW("an accent tells names apart", "resume", "r\u00E9sum\u00E9"),
		OTHER_ROW("İ is not i", "\u0130", "i"),
		OTHER_ROW("ı is not i", "\u0131", "I"),
		OTHER_ROW("Cyrillic а is not Latin a", "\u0430", "a"),
		OTHER_ROW("ø is not o", "\u00F8", "o"),

		/* UAX #15, tables 4 to 8 */
		FORM_ROW("ASCII", "a B", "a B", "a B", "a B", "a B"),
		FORM_ROW("singletons", "\u212B\u2126", "A\u030A\u03A9", "\u00C5\u03A9",
			 "A\u030A\u03A9", "\u00C5\u03A9"),
		FORM_ROW("composites", "\u00C5\u00F4", "A\u030Ao\u0302", "\u00C5\u00F4",
			 "A\u030Ao\u0302", "\u00C5\u00F4"),
		FORM_ROW("several marks", "\u1E69 \u1E0B\u0323 q\u0307\u0323",
			 "s\u0323\u0307 d\u0323\u0307 q\u0323\u0307",
			 "\u1E69 \u1E0D\u0307 q\u0323\u0307",
			 "s\u0323\u0307 d\u0323\u0307 q\u0323\u0307",
			 "\u1E69 \u1E0D\u0307 q\u0323\u0307"),
		FORM_ROW("compatibility forms", "\uFB01 2\u2075 \u1E9B\u0323",
			 "\uFB01 2\u2075 \u017F\u0323\u0307", "\uFB01 2\u2075 \u1E9B\u0323",
			 "fi 25 s\u0323\u0307", "fi 25 \u1E69"),
		FORM_ROW("a composite that is excluded", "\u0958", "\u0915\u093C", "\u0915\u093C",
			 "\u0915\u093C", "\u0915\u093C"),
		FORM_ROW("Hangul", "\uD55C\uAE00", "\u1112\u1161\u11AB\u1100\u1173\u11AF",
			 "\uD55C\uAE00", "\u1112\u1161\u11AB\u1100\u1173\u11AF", "\uD55C\uAE00"),

		ROW("every code point has one key, in every form, and that is its own",
		    every_code_point_has_one_key),
		ROW("bytes that are no UTF-8 are replaced, one by one", broken_bytes_are_replaced),
		ROW("a NUL is a character like others", nul_is_a_character),
		ROW("200,000 marks in a row are put in order", many_marks_are_ordered),

		CLASS_ROW("a letter", 0x439, TEXT_LETTER),
		CLASS_ROW("a modifier letter", 0x2B0, TEXT_LETTER),
		CLASS_ROW("an ideograph", 0x6F22, TEXT_LETTER),
		CLASS_ROW("a combining accent", 0x301, TEXT_MARK),
		CLASS_ROW("a vowel sign of Devanagari", 0x93F, TEXT_MARK),
		CLASS_ROW("a digit", '7', TEXT_DIGIT),
		CLASS_ROW("a digit of Bengali", 0x9E7, TEXT_DIGIT),
		CLASS_ROW("a circled digit", 0x2460, TEXT_NUMBER),
		CLASS_ROW("a blank", ' ', TEXT_SPACE),
		CLASS_ROW("a no-break space", 0xA0, TEXT_SPACE),
		CLASS_ROW("a tab, which is a control", '\t', TEXT_OTHER),
		CLASS_ROW("an emoji", 0x1F600, TEXT_OTHER),
		CLASS_ROW("beyond Unicode", 0x110000, TEXT_OTHER),
	};
	return rows_run("core/text", rows, COUNT_OF(rows));
}
