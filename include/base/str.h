/*
 * Text helpers that libc lacks: UTF-8, hex, base64url, percent-decoding, strict number parsing,
 * nearest name. ASCII rules only: nothing here depends on the locale.
 */
#ifndef CROFT_BASE_STR_H
#define CROFT_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

struct arena;
struct buf;

/* False when either is NULL. */
bool str_eq(const char *a, const char *b);
bool str_eq_nocase(const char *a, const char *b);
bool str_starts(const char *text, const char *prefix);
bool str_starts_nocase(const char *text, const char *prefix);
bool str_ends(const char *text, const char *suffix);
/* Of ASCII; any other byte stays. */
char str_lower(char byte);
char str_upper(char byte);
bool str_is_digit(char byte);
bool str_is_alpha(char byte);
/* Of a name in C or SQL: a letter, a digit or an underscore. */
bool str_is_word(char byte);
/* Of a hexadecimal digit in either case; -1 of any other byte. */
int str_hex_value(char digit);
/* RFC 9110 §5.6.2 tchar */
bool str_is_token_char(char byte);
/* Whether one of the bytes is a control character of ASCII; a tab is one, too. */
bool str_has_control(const char *text, size_t len);

/*
 * Whether the bytes are well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, at most
 * U+10FFFF).
 */
bool str_is_utf8(const char *text, size_t len);
/* Code points in well-formed UTF-8. */
size_t str_utf8_count(const char *text, size_t len);
/*
 * Reads the first code point; returns the bytes it takes, or 0 when none or not well-formed UTF-8.
 */
size_t str_utf8_next(const char *text, size_t len, uint32_t *ret_code_point);
/*
 * How many bytes are shown of a text that may show `most`: all, or as many as end between two code
 * points.
 */
size_t str_utf8_cut(const char *text, size_t len, size_t most);
/* Appends one code point (at most 0x10FFFF) as UTF-8. */
void str_utf8_add(struct buf *buf, uint32_t code_point);

/*
 * The whole text as a decimal integer: optional sign, digits, nothing else. False (and *ret
 * untouched) when it is anything else or does not fit.
 */
bool str_to_int64(const char *text, int64_t *ret) MUST_USE;
/* The same of so many bytes. */
bool str_span_to_int64(const char *text, size_t len, int64_t *ret) MUST_USE;
/*
 * How many digits the text begins with, of at most `len` bytes or up to a NUL, and their number;
 * INT64_MAX when it is past that, 0 without digits.
 */
size_t str_read_digits(const char *text, size_t len, int64_t *ret);
/* Whether the text is digits, at least one, and nothing else. */
bool str_is_digits(const char *text);
/* The other way round: at most STR_INT64_ROOM bytes, without a NUL. Returns how many. */
enum { STR_INT64_ROOM = 20 };
size_t str_int64(int64_t value, char out[STR_INT64_ROOM]);
/*
 * The whole text as a finite decimal number with optional fraction and exponent, in the C locale.
 */
bool str_to_double(const char *text, double *ret) MUST_USE;

/*
 * Decodes %XX in `text` (RFC 3986 §2.1), '+' as a space when `form` is set. The result is in the
 * arena, NUL-terminated, its length in *ret_len. NULL when an escape is broken.
 */
char *str_percent_decode(struct arena *arena, const char *text, size_t len, bool form,
			 size_t *ret_len) MUST_USE;

/*
 * The folder that a path names something in, in the arena: "/etc" of "/etc/croft", "/" of "/etc",
 * "." of "croft".
 */
const char *str_folder(struct arena *arena, const char *path);
/* The name that a path has in that folder: what follows its last slash. */
const char *str_file_name(const char *path);

/* Lower-case hex; `out` has room for 2*len + 1. */
void str_hex(const void *bytes, size_t len, char *out);

/* RFC 4648 §5 without padding. Room for str_base64url_room(len) bytes including the NUL. */
size_t str_base64url_room(size_t len);
/* Returns the text's length. */
size_t str_base64url(const void *bytes, size_t len, char *out);
/*
 * Strict decoding: no padding, no white space, unused bits zero, so each value has exactly one
 * spelling. False when the text is anything else or needs more than `room` bytes.
 */
bool str_base64url_decode(const char *text, size_t len, void *out, size_t room,
			  size_t *ret_len) MUST_USE;

/*
 * Edits (insert, delete, replace, swap neighbours) between two names, for "did you mean". Names
 * over 64 bytes are not compared closely: 0 when equal, else the longer one's length.
 */
size_t str_distance(const char *a, const char *b);

/*
 * Control characters, line and paragraph separators, marks that turn the writing direction, byte
 * order mark.
 */
bool str_is_unprintable(uint32_t code_point);
/*
 * Copies `text` for one line of a log or a terminal: unprintable characters and broken UTF-8 become
 * \xNN.
 */
void str_add_printable(struct buf *buf, const char *text, size_t len);

#endif
