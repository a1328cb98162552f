/* The words of a text, as full-text indexes hold them and look for them. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/text.h"
#include "testing/rows.h"

#define ACUTE "\xCC\x81"

struct words_case {
	const char *text, *words;
};

static const char *words_of(struct arena *arena, const char *text)
{
	size_t len = 7;
	const char *words = text_words(arena, text, strlen(text), &len);
	assert_int_equal(len, strlen(words));
	return words;
}

static void text_has_words(void **state)
{
	const struct words_case *t = *state;
	AUTO(arena) arena = { 0 };
	assert_string_equal(words_of(&arena, t->text), t->words);
	assert_string_equal(words_of(&arena, t->words), t->words);
}

static void words_begin(void **state)
{
	(void)state;
	assert_true(text_words_begin("alpha beta", "al"));
	assert_true(text_words_begin("alpha beta", "be alpha"));
	assert_true(text_words_begin("alpha beta", ""));
	assert_false(text_words_begin("alpha beta", "pha"));
	assert_false(text_words_begin("alpha beta", "alpha betas"));
	assert_false(text_words_begin("", "a"));
}

/* ---- the table against the long way ---- */

/*
 * The same text once more, with a mark in every stretch that is dropped again: nothing in it is
 * clear.
 */
static const char *with_marks(struct arena *arena, const char *text)
{
	struct buf out;
	size_t step;
	buf_init(&out, arena);
	for (const char *at = text; *at; at += step) {
		uint32_t point;
		step = str_utf8_next(at, strlen(at), &point);
		buf_add(&out, at, step);
	}
	buf_add_text(&out, "e" ACUTE);
	return buf_text(&out);
}

/*
 * Each code point with a letter before and after, alone and beside a stretch that has to be
 * normalised.
 */
static void every_character_is_the_same_alone(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	for (uint32_t point = 1; point <= 0x10FFFF; point++) {
		if (point >= 0xD800 && point <= 0xDFFF)
			continue;
		struct buf text;
		buf_init(&text, &arena);
		buf_add_char(&text, 'k');
		str_utf8_add(&text, point);
		buf_add_char(&text, 'k');
		const char *plain = buf_text(&text);
		const char *one = words_of(&arena, arena_printf(&arena, "%se", plain));
		const char *other = words_of(&arena, with_marks(&arena, plain));
		if (strcmp(one, other) != 0)
			fail_msg("U+%04X: '%s' is '%s' and '%s'", point, plain, one, other);
		assert_string_equal(words_of(&arena, one), one);
		if (point % 16 == 0)
			arena_reset(&arena);
	}
}

/* ---- bounds ---- */

static void a_long_word_is_cut(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	struct buf text;
	buf_init(&text, &arena);
	for (int i = 0; i < TEXT_WORD_MAX; i++)
		buf_add_text(&text, i ? "й" : "a");
	const char *words = words_of(&arena, buf_text(&text));
	assert_int_equal(strlen(words), TEXT_WORD_MAX - 1);
	assert_true(str_is_utf8(words, strlen(words)));
	buf_add_text(&text, "e" ACUTE);
	assert_string_equal(words_of(&arena, buf_text(&text)), words);
}

static void many_words_are_bounded(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	struct buf text;
	buf_init(&text, &arena);
	for (int i = 0; i < 100000; i++)
		buf_printf(&text, "word%d ", i);
	size_t len = strlen(words_of(&arena, buf_text(&text)));
	assert_in_range(len, TEXT_WORDS_MAX - 20, TEXT_WORDS_MAX);
}

static void many_marks_take_no_more_than_their_length(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	struct buf text;
	buf_init(&text, &arena);
	for (int i = 0; i < 20000; i++)
		buf_add_text(&text, i ? ACUTE : "k");
	assert_string_equal(words_of(&arena, buf_text(&text)), "k");
}

/* Asked every 4,096 bytes of what is read and made; the answer is yes from the last time on. */
struct counting {
	int asked, last;
};

static bool counting_is_over(void *arg)
{
	struct counting *counting = arg;
	return ++counting->asked >= counting->last;
}

static const char *repeated(struct arena *arena, const char *text, int times)
{
	struct buf out;
	buf_init(&out, arena);
	while (times--)
		buf_add_text(&out, text);
	return buf_text(&out);
}

#define LONG_LIGATURE "\xEF\xB7\xBA" /* U+FDFA, which folds to eighteen */

static void what_folding_adds_is_bounded(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	struct counting counting = { .last = 1000 };
	const struct text_watch watch = { counting_is_over, &counting };
	const char *text = repeated(&arena, LONG_LIGATURE, 20000);
	const char *words = text_words_watched(&arena, text, strlen(text), &watch);
	assert_non_null(words);
	assert_non_null(strstr(words, " عليه "));
	assert_in_range(counting.asked, 1, 2 + (20000 * 3 + 2 * TEXT_GROWN_MAX) / 4096);
}

static void a_long_text_can_be_stopped(void **state)
{
	const char *piece = *state;
	AUTO(arena) arena = { 0 };
	struct counting counting = { .last = 3 };
	const struct text_watch watch = { counting_is_over, &counting };
	const char *text = repeated(&arena, piece, 20000);
	assert_null(text_words_watched(&arena, text, strlen(text), &watch));
	assert_int_equal(counting.asked, 3);
}

static void parts_have_the_words_of_the_whole(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	assert_string_equal(words_of(&arena, repeated(&arena, "ｶﾞ、", 3000)), "ガ");
	assert_string_equal(words_of(&arena, repeated(&arena, "、ㄱㅏ", 3000)), "가");
	assert_string_equal(words_of(&arena, repeated(&arena, "e" ACUTE "、", 3000)), "e");
}

#define WORDS(text, words) \
	ROW_OF("the words of '" text "' are '" words "'", text_has_words, \
	       (&(struct words_case){ text, words }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		WORDS("", ""),
		WORDS(" -- ", ""),
		WORDS("Engines, analytical ENGINES", "engines analytical"),
		WORDS("don't max_len 3.14", "don t max len 3 14"),
		WORDS("1e5abc", "1e5abc"),
		WORDS("é,b ж,c", "e b ж c"),
		WORDS("語,b 語、b", "語 b"),
		WORDS("Größe Straße STRASSE", "grosse strasse"),
		WORDS("Café Cafe" ACUTE " CAFE", "cafe"),
		WORDS("Łódź", "łodz"),
		WORDS("ΛΌΓΟΣ λόγος", "λόγοσ"),
		WORDS("йод и\xCC\x86од иод", "йод иод"),
		WORDS("हिन्दी", "हिन्दी"),
		WORDS("ภาษาไทย ที่นี่", "ภาษาไทย ที่นี่"),
		WORDS("שָׁלוֹם שלום", "שלום"),
		WORDS("مُحَمَّد محمد أحمد", "محمد أحمد"),
		WORDS("ｆｕｌｌ ｗｉｄｔｈ", "full width"),
		WORDS("ﬁne ½ ①", "fine 1 2"),
		WORDS("日本語テスト、はい", "日本語テスト はい"),
		WORDS("한국어 한국", "한국어 한국"),
		WORDS("a\xC2\xAD"
		      "b zero\xE2\x80\x8Bwidth",
		      "ab zerowidth"),
		WORDS("😀 wor", "wor"),
		WORDS("´ " ACUTE "b", "b"),
		ROW("wanted words are beginnings", words_begin),
		ROW("every character is in words what it is beside others",
		    every_character_is_the_same_alone),
		ROW("a long word is cut between characters", a_long_word_is_cut),
		ROW("the words of a text fill a bounded number of bytes", many_words_are_bounded),
		ROW("any number of marks on a letter is taken",
		    many_marks_take_no_more_than_their_length),
		ROW("what folding adds to a text is bounded", what_folding_adds_is_bounded),
		ROW_OF("a text of many words can be stopped", a_long_text_can_be_stopped, "ab cd "),
		ROW_OF("a text without blanks can be stopped", a_long_text_can_be_stopped, "語々"),
		ROW_OF("a text of marks can be stopped", a_long_text_can_be_stopped, ACUTE),
		ROW("a text that is normalised in parts has the words of the whole",
		    parts_have_the_words_of_the_whole),
	};
	return rows_run("core/text words", rows, COUNT_OF(rows));
}
