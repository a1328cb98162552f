/*
 * Unicode text: the normal forms of UAX #15, and the folding that decides whether two names are the
 * same one. By utf8proc, so the answer is the same on every database and in every locale. Nothing
 * here fails: bytes that are no UTF-8, which neither a request nor PostgreSQL can bring but a file
 * can, become U+FFFD. Empty text is fine everywhere.
 */
#ifndef CROFT_CORE_TEXT_H
#define CROFT_CORE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

struct arena;

enum text_form { TEXT_NFD, TEXT_NFC, TEXT_NFKD, TEXT_NFKC };

/*
 * No result is longer than this many times the text: one code point (U+FDFA, three bytes) becomes
 * eighteen. On the way the arena holds about four bytes a code point more, some times over.
 */
enum { TEXT_GROWTH_MAX = 11 };

/*
 * The text in the form, NUL-terminated in the arena; ret_len (may be NULL) gets its bytes. Time
 * grows with the length only, however many marks follow each other. ASCII comes back as a copy at
 * once.
 */
char *text_normal(struct arena *arena, enum text_form form, const char *text, size_t len,
		  size_t *ret_len) MUST_USE;

/*
 * The key of a name: equal for texts that differ in case (full folding: ß is ss), in how marks are
 * encoded, in width and other compatibility forms, or in what cannot be seen (default ignorables
 * are dropped). That is NFKC_Casefold(NFD(text)), Unicode D147, done again until it changes
 * nothing: the key of a key is itself. It may be empty. Accents, and the dotless ı, stay what they
 * are: "cafe" is not "café".
 */
char *text_fold(struct arena *arena, const char *text, size_t len, size_t *ret_len) MUST_USE;

/*
 * Whether the text is ASCII: its key is then the text with A to Z in lower case, which every
 * database can make of it.
 */
bool text_is_ascii(const char *text, size_t len);

/*
 * Where the text begins without the white space at both ends; *len becomes its bytes. White space
 * is what \s is in the patterns of fields, and what JavaScript's trim() takes away.
 */
const char *text_trim(const char *text, size_t *len) MUST_USE;

/*
 * The text in small letters, NUL-terminated in the arena; ret_len (may be NULL) gets its bytes.
 * These are the lower-case mappings of Unicode for each code point by itself: Σ is σ at the end of
 * a word, too, and İ is i with a dot above. In small letters already: the same. Its key is that of
 * the text.
 */
char *text_lower(struct arena *arena, const char *text, size_t len, size_t *ret_len) MUST_USE;

/* What a code point is in running text, by its general category (UAX #44). */
enum text_class { TEXT_OTHER, TEXT_LETTER, TEXT_MARK, TEXT_DIGIT, TEXT_NUMBER, TEXT_SPACE };
/*
 * TEXT_DIGIT: Nd; TEXT_NUMBER: Nl and No; TEXT_SPACE: Z*. Controls, symbols and punctuation are
 * TEXT_OTHER.
 */
enum text_class text_class_of(uint32_t code_point);

/*
 * The words of a text as full-text indexes hold them: each once, in the order in which they first
 * come, with a blank between two. Letters, digits and other numbers are words, with the marks on
 * them; all else parts words. They are text_fold()ed, so case, width and the way in which marks are
 * encoded make no difference. Beyond that, what is often left out when people type is left out of
 * words: marks on the letters a to z, points of Hebrew, vowel marks and the tatweel of Arabic. The
 * words of words are the same words. NUL-terminated in the arena; ret_len (may be NULL) gets the
 * bytes.
 *
 * Of a word only the first TEXT_WORD_MAX bytes count, of a text the words until they fill
 * TEXT_WORDS_MAX bytes or folding has added TEXT_GROWN_MAX bytes to it: a code point may become
 * eighteen, and what a text costs is to be bounded by its length.
 */
enum { TEXT_WORD_MAX = 1000, TEXT_WORDS_MAX = 500000, TEXT_GROWN_MAX = 50000 };
char *text_words(struct arena *arena, const char *text, size_t len, size_t *ret_len) MUST_USE;

/*
 * The same for work that may have to stop: asks every few thousand bytes of what it reads and
 * makes. NULL once the answer was yes.
 */
struct text_watch {
	bool (*is_over)(void *arg);
	void *arg;
};
char *text_words_watched(struct arena *arena, const char *text, size_t len,
			 const struct text_watch *watch) MUST_USE;

/* The same as PostgreSQL reads a tsvector: each word in single quotes. */
char *text_words_quoted(struct arena *arena, const char *text, size_t len) MUST_USE;

/*
 * Whether each of the wanted words is the beginning of one of `words`; both as text_words() makes
 * them.
 */
bool text_words_begin(const char *words, const char *wanted);

#endif
