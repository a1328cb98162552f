/*
 * Parting a text into words, each once, for full-text indexes and for what is looked for in them.
 * Most texts are taken code point by code point; a stretch with one whose neighbours matter is
 * normalised first.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/str.h"
#include "core/text.h"
#include "internal.h"

enum { ASK_BYTES = 4096 /* between looks whether to stop */ };

/* A word that is there already, by its place in the text of all of them. */
struct place {
	uint64_t hash;
	/* 0 bytes: free */
	uint32_t at, len;
};

struct words {
	struct arena *arena;
	struct buf text;
	/* where the word under way begins */
	size_t word;
	bool full;
	const struct text_watch *watch; /* NULL: nobody wants to stop it */
	size_t done;                    /* bytes since the watch was asked */
	size_t grown;                   /* bytes that folding has added */
	bool stopped;
	struct place *places;
	/* room is a power of two */
	size_t room, count;
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
	/*
	 * A character that does not fit ends the word for good: nothing that follows may close the
	 * gap.
	 */
	if (words->text.len - words->word <= TEXT_WORD_MAX)
		buf_add(&words->text, bytes, len);
}

/*
 * What is longer was cut by word_add() after the character that passed the bound: back to before
 * it.
 */
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

/* What has been read or made; the watch may end it all. */
static void words_count(struct words *words, size_t bytes)
{
	words->done += bytes;
	if (!words->watch || words->done < ASK_BYTES)
		return;
	words->done = 0;
	words->stopped = words->stopped || words->watch->is_over(words->watch->arg);
	words->full = words->full || words->stopped;
}

/* Marks that a cut has parted from their letter are left out: the word is long enough. */
static void part_add(struct words *words, const char *text, size_t len, bool is_cut)
{
	size_t form_len, step;
	const char *form = word_form(words->arena, text, len, &form_len);
	words->grown += form_len > len ? form_len - len : 0;
	for (size_t at = 0; at < form_len && !words->full; at += step) {
		uint32_t point = 0;
		step = str_utf8_next(form + at, form_len - at, &point);
		enum text_class class = text_class_of(point);
		bool in_word = words->text.len > words->word;
		is_cut = is_cut && class == TEXT_MARK;
		if (class == TEXT_OTHER || class == TEXT_SPACE)
			word_done(words);
		else if (class != TEXT_MARK || (in_word && !is_cut)) /* a mark alone is no word */
			word_add(words, form + at, step);
	}
	words->full = words->full || words->grown > TEXT_GROWN_MAX;
	words_count(words, form_len);
}

static void stretch_add(struct words *words, const char *text, size_t len)
{
	size_t part = 0;
	for (size_t at = 0; at < len && !words->full; at += part) {
		bool is_cut = part >= WORD_PART_MOST;
		part = word_part(text + at, len - at);
		part_add(words, text + at, part, is_cut);
	}
	word_done(words);
}

/* ---- the text ---- */

/* What an ASCII character is in a word, 0: it parts words. */
static const char ascii_table[128] = {
	['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4', ['5'] = '5', ['6'] = '6',
	['7'] = '7', ['8'] = '8', ['9'] = '9', ['A'] = 'a', ['B'] = 'b', ['C'] = 'c', ['D'] = 'd',
	['E'] = 'e', ['F'] = 'f', ['G'] = 'g', ['H'] = 'h', ['I'] = 'i', ['J'] = 'j', ['K'] = 'k',
	['L'] = 'l', ['M'] = 'm', ['N'] = 'n', ['O'] = 'o', ['P'] = 'p', ['Q'] = 'q', ['R'] = 'r',
	['S'] = 's', ['T'] = 't', ['U'] = 'u', ['V'] = 'v', ['W'] = 'w', ['X'] = 'x', ['Y'] = 'y',
	['Z'] = 'z', ['a'] = 'a', ['b'] = 'b', ['c'] = 'c', ['d'] = 'd', ['e'] = 'e', ['f'] = 'f',
	['g'] = 'g', ['h'] = 'h', ['i'] = 'i', ['j'] = 'j', ['k'] = 'k', ['l'] = 'l', ['m'] = 'm',
	['n'] = 'n', ['o'] = 'o', ['p'] = 'p', ['q'] = 'q', ['r'] = 'r', ['s'] = 's', ['t'] = 't',
	['u'] = 'u', ['v'] = 'v', ['w'] = 'w', ['x'] = 'x', ['y'] = 'y', ['z'] = 'z',
};

/* Adds the letters and digits of ASCII that the text begins with; returns how many. */
static size_t ascii_take(struct words *words, const char *text, size_t len)
{
	size_t most = TEXT_WORD_MAX + 1 - (words->text.len - words->word), at = 0;
	if (words->text.len - words->word > TEXT_WORD_MAX)
		most = 0;
	char *out = buf_reserve(&words->text, len < most ? len : most);
	for (; at < len; at++) {
		unsigned char byte = (unsigned char)text[at];
		if (byte >= 0x80 || !ascii_table[byte])
			break;
		if (at < most)
			out[at] = ascii_table[byte];
	}
	words->text.len += at < most ? at : most;
	return at;
}

static void point_add(struct words *words, uint32_t point)
{
	if (words->text.len - words->word <= TEXT_WORD_MAX)
		str_utf8_add(&words->text, point);
}

/*
 * Adds the words up to the next code point that certainly parts words, and past it; returns the
 * bytes taken.
 */
static size_t stretch_take(struct words *words, const char *text, size_t len)
{
	bool unclear = false;
	size_t at = ascii_take(words, text, len), step = 1;
	while (at < len && ((unsigned char)text[at] >= 0x80 || ascii_table[(int)text[at]])) {
		uint32_t read = 0xFFFD;
		step = str_utf8_next(text + at, len - at, &read);
		step = step ? step : 1;
		uint32_t point = word_point(read);
		if (point == WORD_PARTS)
			break;
		unclear = unclear || point == WORD_UNCLEAR;
		if (!unclear)
			point_add(words, point);
		at += step;
		if (!unclear)
			at += ascii_take(words, text + at, len - at);
	}
	if (unclear) {
		words->text.len = words->word;
		stretch_add(words, text, at);
	} else {
		word_done(words);
	}
	if (at == len)
		return len;
	return at + ((unsigned char)text[at] < 0x80 ? 1 : step);
}

static struct words words_part(struct arena *arena, const char *text, size_t len,
			       const struct text_watch *watch)
{
	struct words words = { .arena = arena, .watch = watch };
	buf_init(&words.text, arena);
	buf_reserve(&words.text, (len < TEXT_WORDS_MAX ? len : TEXT_WORDS_MAX) + 2);
	for (size_t at = 0; at < len && !words.full;) {
		size_t took = stretch_take(&words, text + at, len - at);
		words_count(&words, took);
		at += took;
	}
	words.text.len -= words.count > 0; /* the blank after the last */
	buf_add_char(&words.text, '\0');
	return words;
}

char *text_words(struct arena *arena, const char *text, size_t len, size_t *ret_len)
{
	struct words words = words_part(arena, text, len, NULL);
	if (ret_len)
		*ret_len = words.text.len - 1;
	return words.text.data;
}

char *text_words_watched(struct arena *arena, const char *text, size_t len,
			 const struct text_watch *watch)
{
	struct words words = words_part(arena, text, len, watch);
	return words.stopped ? NULL : words.text.data;
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
