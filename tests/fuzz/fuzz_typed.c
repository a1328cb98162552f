/*
 * Fuzz target of the codes of a second factor as they are typed: what they are is told again by
 * regular expressions, and a code without blanks and hyphens is the same one.
 */
#include "fuzz/target.h"

#include <ctype.h>
#include <regex.h>

#include "core/totp.h"

static bool matches(const char *pattern, const char *text)
{
	regex_t regex;
	assert(!regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB));
	bool does = !regexec(&regex, text, 0, NULL, 0);
	regfree(&regex);
	return does;
}

static char *plain_of(const char *text)
{
	char *plain = malloc(strlen(text) + 1), *end = plain;
	assert(plain);
	for (; *text; text++) {
		if (*text != ' ' && *text != '-')
			*end++ = (char)toupper((unsigned char)*text);
	}
	*end = '\0';
	return plain;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char code[TOTP_PAPER_LEN + 1], again[TOTP_PAPER_LEN + 1];
	char *text = fuzz_text(data, size), *plain = plain_of(text);
	enum totp_kind kind = totp_typed(text, code);
	assert((kind == TOTP_DEVICE) == matches("^[0-9]{6}$", plain));
	assert((kind == TOTP_PAPER) == matches("^[A-Z2-7]{16}$", plain));
	assert(!strcmp(code, kind == TOTP_NEITHER ? "" : plain));
	assert(totp_typed(code, again) == kind && !strcmp(code, again));
	free(plain);
	free(text);
	return 0;
}
