/* What the files of core/text share: how a code point goes into words. */
#ifndef CROFT_SRC_CORE_TEXT_INTERNAL_H
#define CROFT_SRC_CORE_TEXT_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

struct arena;

/* ---- word_form.c ---- */

enum { WORD_PARTS = 0, WORD_UNCLEAR = 1 };

/*
 * What a code point becomes in a word whatever stands around it; WORD_PARTS: it parts words;
 * WORD_UNCLEAR: that cannot be said of it alone. A text without unclear ones need not be
 * normalised.
 */
uint32_t word_point(uint32_t code_point);

/* Any text in the form that words have, not parted yet; in the arena. */
char *word_form(struct arena *arena, const char *text, size_t len, size_t *ret_len);

/*
 * The bytes from the beginning of the text that have their form whatever follows: about
 * WORD_PART_BYTES, up to a code point that joins nothing before it. Where none comes, as in marks
 * without end, WORD_PART_MOST and a few.
 */
enum { WORD_PART_BYTES = 2048, WORD_PART_MOST = 8192 };
size_t word_part(const char *text, size_t len);

#endif
