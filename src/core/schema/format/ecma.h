/*
 * Patterns of field tables are regular expressions of ECMA-262 with the flag u, as JSON Schema has
 * them, so that the document says the very rule that is applied. They are matched by PCRE2, which
 * reads \s, \d, '.', '$' and much else in another way: ecma_translate() says the same in its words.
 * Private to core/schema.
 */
#ifndef CROFT_SRC_CORE_SCHEMA_FORMAT_ECMA_H
#define CROFT_SRC_CORE_SCHEMA_FORMAT_ECMA_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

struct ecma_fault {
	/* a part of a sentence: "nothing stands before the quantifier" */
	const char *why;
	/* bytes from the start */
	size_t at;
};

/*
 * Appends the pattern as PCRE2 reads it with PCRE2_UTF, PCRE2_DOLLAR_ENDONLY and
 * PCRE2_MATCH_UNSET_BACKREF. False with the first fault: what ECMA-262 does not know (possessive
 * quantifiers, \A, inline flags …) and what browsers refuse.
 */
bool ecma_translate(const char *pattern, struct buf *out, struct ecma_fault *ret_fault);

#endif
