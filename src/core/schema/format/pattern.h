/*
 * Patterns of fields: regular expressions of ECMA-262 with the flag u (ecma.h). Any thread may ask;
 * each keeps what it has compiled until it ends.
 */
#ifndef CROFT_SRC_CORE_SCHEMA_FORMAT_PATTERN_H
#define CROFT_SRC_CORE_SCHEMA_FORMAT_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Bytes. Longer texts match no pattern: it bounds what a careless pattern can cost. */
enum { PATTERN_TEXT_MAX = 8192 };

/* Whether the text, which is valid UTF-8, has a match. The pattern is one without a fault. */
bool pattern_matches(const char *pattern, const char *text, size_t len);
/* What is wrong with the pattern itself, as a part of a sentence in the arena, or NULL. */
const char *pattern_fault(struct arena *arena, const char *pattern);

#endif
