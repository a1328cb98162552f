/*
 * Fuzz target of refresh tokens: a regular expression and the width of numbers say what is one, and
 * what was read is written as it came.
 */
#include "fuzz/target.h"

#include <errno.h>
#include <regex.h>

#include "modules/auth/refresh_text.h"

#define NUMBER "(0|[1-9][0-9]{0,18})"
/* 22 letters are four bits more than 16 bytes have: they are zero. */
#define TOKEN "^r\\." NUMBER "\\." NUMBER "\\.[A-Za-z0-9_-]{21}[AQgw]$"

static bool fits(const char *text, const regmatch_t *number)
{
	errno = 0;
	strtoll(text + number->rm_so, NULL, 10);
	return errno == 0;
}

static bool is_one(const char *text)
{
	static regex_t made;
	static bool is_made;
	regmatch_t found[3];
	if (!is_made)
		assert(!regcomp(&made, TOKEN, REG_EXTENDED));
	is_made = true;
	return !regexec(&made, text, 3, found, 0) && fits(text, &found[1]) && fits(text, &found[2]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size < 1024 ? size : 1024), again[REFRESH_TEXT_ROOM];
	struct refresh_text token;
	bool is_read = refresh_text_read(text, &token);
	assert(is_read == is_one(text));
	if (is_read) {
		assert(refresh_text_is_meant(text));
		assert(token.session_id >= 0 && token.generation >= 0);
		refresh_text_write(&token, again);
		assert(strcmp(again, text) == 0);
	}
	free(text);
	return 0;
}
