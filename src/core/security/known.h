/* Tokens that this thread has verified; see known.c. */
#ifndef CROFT_SRC_CORE_SECURITY_KNOWN_H
#define CROFT_SRC_CORE_SECURITY_KNOWN_H

#include <stdbool.h>
#include <stddef.h>

struct security;
struct token;

/* What it says, if it is one of the last; *ret is untouched if not. */
bool known_find(const struct security *security, const char *text, size_t len, struct token *ret);
void known_add(const struct security *security, const char *text, size_t len,
	       const struct token *token);

#endif
