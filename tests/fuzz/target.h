/*
 * What every fuzz target needs: the function that the fuzzer calls, and the input cut into lines.
 */
#ifndef CROFT_TESTS_FUZZ_TARGET_H
#define CROFT_TESTS_FUZZ_TARGET_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ctx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Cuts the next line off; "" when none is left. It ends at its first NUL, as every text here does.
 */
static inline char *fuzz_line(char **rest)
{
	static char none[1];
	char *line = *rest ? strsep(rest, "\n") : none;
	*none = '\0';
	return line;
}

/* The input as a text of its own, exactly as long, so that reading past it is seen. Free it. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	assert(text);
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

#endif
