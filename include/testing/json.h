/*
 * JSON in tests is written with ' for " and the other way round, so that it reads as JSON in C:
 * "{'title':'T'}" for {"title":"T"}. A text that truly holds an apostrophe has \" there:
 * "{'title':'Ada\"s'}" for {"title":"Ada's"}; and \\' is JSON's \". Helpers that take or give such
 * text say so; they swap what they send, and what they got before they compare, so a failure shows
 * the text as the test has it. For text as it is there are cmocka's asserts.
 */
#ifndef CROFT_TESTING_JSON_H
#define CROFT_TESTING_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* Swaps ' and " in place; returns the text. */
char *json_swap(char *text);
void json_swap_bytes(char *text, size_t len);
/* The same in a copy, in the arena; NULL of NULL. */
const char *json_swapped(struct arena *arena, const char *text);
/*
 * What a program is given: a copy, with its quotes swapped if it begins with {' and so is JSON. The
 * caller frees it.
 */
char *json_operand(const char *text);

/*
 * Of `got`, which is as it came, and `want`, a piece of swapped text: all of it, some of it,
 * nothing of it.
 */
#define assert_json_equal(got, want) json_must_equal(got, want, __FILE__, __LINE__)
#define assert_json_has(got, want) json_must_hold(got, want, true, __FILE__, __LINE__)
#define assert_json_lacks(got, want) json_must_hold(got, want, false, __FILE__, __LINE__)

/* Whether some of `got`, as it came, is `want`, a piece of swapped text. */
bool json_has(const char *got, const char *want);
/* How often it is. */
int json_count(const char *got, const char *want);
/* What the first member of that name is, in JSON as it came: a number, else -1; a text, else "". */
long json_int(const char *text, const char *name);
const char *json_text(const char *text, const char *name, char *out, size_t room);

void json_must_equal(const char *got, const char *want, const char *file, int line);
void json_must_hold(const char *got, const char *want, bool there, const char *file, int line);

#endif
