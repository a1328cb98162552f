/*
 * Parting a text into words, each once, for full-text indexes and for what is looked for in them. Most texts are taken
 * code point by code point; a stretch with one whose neighbours matter is normalised first.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/str.h"
#include "core/text.h"
#include "internal.h"

/* A word that is there already, by its place in the text of all of them. */
struct place {
	uint64_t hash;
	uint32_t at, len; /* 0 bytes: free */
};

struct words {
	struct arena *arena;
	struct buf text;
	size_t word; /* where the word under way begins */
	bool full;
	struct place *places;
	size_t room, count; /* room is a power of two */
};

/* ---- each once ---- */

/* The word's place, or the free one where it belongs. */
static struct place *place_find(const struct words *words, const struct place *word)
{
	size_t at = word->hash & (words->room - 1);
	for (;; at = (at + 1) & (words->room - 1)) {
		struct place *place = &words->places[at];
		if (!place->len ||
		    (place->hash == word->hash && place->len == word->len &&
		     !memcmp(words->text.data + place->at, words->text.data + word->at, word->len)))
			return place;
	}
}

static void places_grow(struct words *words)
{
	struct words old = *words;
	words->room = old.room ? old.room * 4 : 64;
	words->places = arena_zero(words->arena, words->room * sizeof(*words->places));
	for (size_t i = 0; i < old.room; i++)
		if (old.places[i].len)
			*place_find(words, &old.places[i]) = old.places[i];
}

/* Ends the word under way; it stays if it is new. */
static void word_end(struct words *words)
{
	size_t len = words->text.len - words->word;
	if (!len)
		return;
	if (words->count * 2 >= words->room)
		places_grow(words);
	const struct place word = { map_hash(words->text.data + words->word, len),
				    (uint32_t)words->word, (uint32_t)len };
	struct place *place = place_find(words, &word);
	if (place->len || words->word + len > TEXT_WORDS_MAX) {
		words->full = words->full || !place->len;
		words->text.len = words->word;
		return;
	}
	*place = word;
	words->count++;
	buf_add_char(&words->text, ' ');
	words->word = words->text.len;
}

static void word_add(struct words *words, const char *bytes, size_t len)
{
	/* A character that does not fit ends the word for good: nothing that follows may close the gap. */
	if (words->text.len - words->word <= TEXT_WORD_MAX)
		buf_add(&words->text, bytes, len);
}

/* What is longer was cut by word_add() after the character that passed the bound: back to before it. */
static void word_cut(struct words *words)
{
	size_t end = words->word + TEXT_WORD_MAX;
	if (words->text.len <= end)
		return;
	while (((unsigned char)words->text.data[end] & 0xC0) == 0x80)
		end--;
	words->text.len = end;
}

static void word_done(struct words *words)
{
	word_cut(words);
	word_end(words);
}

/* ---- a stretch that has to be normalised ---- */

static void stretch_add(struct words *words, const char *text, size_t len)
{
	size_t form_len, step;
	const char *form = word_form(words->arena, text, len, &form_len);
	for (size_t at = 0; at < form_len && !words->full; at += step) {
		uint32_t point = 0;
		step = str_utf8_next(form + at, form_len - at, &point);
		enum text_class class = text_class_of(point);
		bool in_word = words->text.len > words->word;
		if (class == TEXT_OTHER || class == TEXT_SPACE)
			word_done(words);
		else if (class != TEXT_MARK || in_word) /* a mark alone is no word */
			word_add(words, form + at, step);
	}
	word_done(words);
}

/* ---- the text ---- */

static uint32_t ascii_point(unsigned char byte)
{
	if ((byte >= 'a' && byte <= 'z') || str_is_digit((char)byte))
		return byte;
	return byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : WORD_PARTS;
}

static void point_add(struct words *words, uint32_t point)
{
	char ascii = (char)point;
	if (words->text.len - words->word > TEXT_WORD_MAX)
		return;
	if (point < 0x80)
		buf_add_char(&words->text, ascii);
	else
		str_utf8_add(&words->text, point);
}

/* Adds the words up to the next code point that certainly parts words, and past it; returns the bytes taken. */
static size_t stretch_take(struct words *words, const char *text, size_t len)
{
	bool unclear = false;
	size_t at = 0, step = 1;
	uint32_t point = WORD_PARTS;
	for (; at < len; at += step) {
		unsigned char byte = (unsigned char)text[at];
		uint32_t read = 0xFFFD;
		step = byte < 0x80 ? 1 : str_utf8_next(text + at, len - at, &read);
		step = step ? step : 1;
		point = byte < 0x80 ? ascii_point(byte) : word_point(read);
		if (point == WORD_PARTS)
			break;
		unclear = unclear || point == WORD_UNCLEAR;
		if (!unclear)
			point_add(words, point);
	}
	if (unclear) {
		words->text.len = words->word;
		stretch_add(words, text, at);
	} else {
		word_done(words);
	}
	return at < len ? at + step : len;
}

char *text_words(struct arena *arena, const char *text, size_t len, size_t *ret_len)
{
	struct words words = { .arena = arena };
	buf_init(&words.text, arena);
	buf_reserve(&words.text, (len < TEXT_WORDS_MAX ? len : TEXT_WORDS_MAX) + 2);
	for (size_t at = 0; at < len && !words.full;)
		at += stretch_take(&words, text + at, len - at);
	words.text.len -= words.count > 0; /* the blank after the last */
	if (ret_len)
		*ret_len = words.text.len;
	buf_add_char(&words.text, '\0');
	return words.text.data;
}

/* Words have neither quotes nor backslashes in them. */
char *text_words_quoted(struct arena *arena, const char *text, size_t len)
{
	struct buf out;
	size_t words_len;
	char *words = text_words(arena, text, len, &words_len);
	buf_init(&out, arena);
	buf_reserve(&out, words_len * 2 + 1);
	for (char *word; (word = strsep(&words, " "));)
		if (*word)
			buf_printf(&out, "%s'%s'", out.len ? " " : "", word);
	buf_add_char(&out, '\0');
	return out.data;
}

/* ---- looking for words ---- */

static bool has_beginning(const char *words, const char *wanted, size_t len)
{
	for (const char *at = words; *at; at++) {
		if (!strncmp(at, wanted, len))
			return true;
		at = strchr(at, ' ');
		if (!at)
			return false;
	}
	return false;
}

bool text_words_begin(const char *words, const char *wanted)
{
	while (*wanted) {
		size_t len = strcspn(wanted, " ");
		if (!has_beginning(words, wanted, len))
			return false;
		wanted += len + (wanted[len] == ' ');
	}
	return true;
}
