/*
 * The form that words have in full-text indexes, and a table of what most code points become in it
 * by themselves: to normalise every text as a whole would take many times as long. The table is
 * made of the slow way when it is needed first.
 */
#include <pthread.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/text.h"
#include "internal.h"

enum { TABLE_END = 0x3000 };

struct range {
	uint32_t first, last;
};

static bool is_in(const struct range *ranges, size_t count, uint32_t point)
{
	for (size_t i = 0; i < count; i++)
		if (point >= ranges[i].first && point <= ranges[i].last)
			return true;
	return false;
}

/* ---- any text ---- */

/*
 * Points of Hebrew, vowel marks of Arabic and its tatweel: most texts are written without. Hamza
 * and madda stay.
 */
static bool is_optional(uint32_t point)
{
	static const struct range ranges[] = {
		{ 0x0591, 0x05BD }, { 0x05BF, 0x05BF }, { 0x05C1, 0x05C2 }, { 0x05C4, 0x05C5 },
		{ 0x05C7, 0x05C7 }, { 0x0610, 0x061A }, { 0x0640, 0x0640 }, { 0x064B, 0x0652 },
		{ 0x0656, 0x065F }, { 0x0670, 0x0670 }, { 0x06D6, 0x06DC }, { 0x06DF, 0x06E4 },
		{ 0x06E7, 0x06E8 }, { 0x06EA, 0x06ED },
	};
	return point >= 0x0591 && point <= 0x06ED && is_in(ranges, COUNT_OF(ranges), point);
}

/* Leaves out the marks on a to z and the optional ones; the text is taken apart. */
static void marks_drop(const char *text, size_t len, struct buf *ret)
{
	bool on_latin = false;
	size_t step;
	for (size_t at = 0; at < len; at += step) {
		uint32_t point = 0;
		step = str_utf8_next(text + at, len - at, &point);
		bool is_mark = point >= 0x80 && text_class_of(point) == TEXT_MARK;
		if (!is_mark)
			on_latin = point >= 'a' && point <= 'z';
		if (!(is_mark && on_latin) && !is_optional(point))
			buf_add(ret, text + at, step);
	}
}

char *word_form(struct arena *arena, const char *text, size_t len, size_t *ret_len)
{
	struct buf kept;
	size_t folded_len, apart_len;
	const char *folded = text_fold(arena, text, len, &folded_len);
	const char *apart = text_normal(arena, TEXT_NFD, folded, folded_len, &apart_len);
	buf_init(&kept, arena);
	buf_reserve(&kept, apart_len);
	marks_drop(apart, apart_len, &kept);
	return text_normal(arena, TEXT_NFC, kept.data, kept.len, ret_len);
}

/* ---- parts of a text ---- */

/*
 * Whether it may join what stands before it: a mark, what becomes one or a part of a syllable, and
 * what leaves nothing behind. Rather too many than one too few.
 */
static bool may_join(uint32_t point)
{
	static const struct range joining[] = {
		{ 0x00AD, 0x00AD },   { 0x061C, 0x061C },   { 0x0640, 0x0640 },
		{ 0x1100, 0x11FF },   { 0x180B, 0x180F },   { 0x200B, 0x200F },
		{ 0x202A, 0x202E },   { 0x2060, 0x206F },   { 0x3131, 0x318E },
		{ 0xFCF2, 0xFCF4 },   { 0xFE70, 0xFE7F },   { 0xFEFF, 0xFEFF },
		{ 0xFF9E, 0xFFDC },   { 0xFFF0, 0xFFF8 },   { 0x1BCA0, 0x1BCA3 },
		{ 0x1D173, 0x1D17A }, { 0xE0000, 0xE0FFF },
	};
	return text_class_of(point) == TEXT_MARK || is_in(joining, COUNT_OF(joining), point);
}

size_t word_part(const char *text, size_t len)
{
	size_t at = WORD_PART_BYTES;
	if (len <= WORD_PART_BYTES)
		return len;
	while (at > WORD_PART_BYTES - 3 && ((unsigned char)text[at] & 0xC0) == 0x80)
		at--;
	while (at < len && at < WORD_PART_MOST) {
		uint32_t point = 0;
		size_t step = str_utf8_next(text + at, len - at, &point);
		if (step && !may_join(point))
			break;
		at += step ? step : 1;
	}
	return at;
}

/* ---- one code point ---- */

static uint16_t table[TABLE_END];

/* Consonants and vowels that are put together to a syllable. */
static bool is_jamo(uint32_t point)
{
	return point >= 0x1100 && point <= 0x11FF;
}

static uint16_t point_look_up(struct arena *arena, uint32_t point)
{
	struct buf text;
	size_t len;
	uint32_t becomes = 0;
	buf_init(&text, arena);
	str_utf8_add(&text, point);
	const char *form = word_form(arena, text.data, text.len, &len);
	if (is_jamo(point) || text_class_of(point) == TEXT_MARK || !len ||
	    str_utf8_next(form, len, &becomes) != len || becomes > UINT16_MAX)
		return WORD_UNCLEAR;
	switch (text_class_of(becomes)) {
	case TEXT_LETTER:
	case TEXT_DIGIT:
	case TEXT_NUMBER: return (uint16_t)becomes;
	case TEXT_MARK: return WORD_UNCLEAR;
	default: return WORD_PARTS;
	}
}

static void table_make(void)
{
	AUTO(arena) arena = { 0 };
	for (uint32_t point = 0; point < TABLE_END; point++) {
		table[point] = point_look_up(&arena, point);
		if (point % 256 == 0)
			arena_reset(&arena);
	}
}

/* Kana, ideographs and syllables of Hangul are what they are. */
static bool is_plain(uint32_t point)
{
	static const struct range ranges[] = {
		{ 0x3041, 0x3096 }, { 0x30A1, 0x30FA }, { 0x3400, 0x4DBF },
		{ 0x4E00, 0x9FFF }, { 0xAC00, 0xD7A3 },
	};
	return is_in(ranges, COUNT_OF(ranges), point);
}

uint32_t word_point(uint32_t code_point)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, table_make);
	if (code_point < TABLE_END)
		return table[code_point];
	return is_plain(code_point) ? code_point : WORD_UNCLEAR;
}
