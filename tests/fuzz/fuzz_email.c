/*
 * Fuzz target of e-mail addresses: a regular expression and the lengths of RFC 5321 say once more
 * which there are.
 */
#include "fuzz/target.h"

#include <regex.h>

#include "base/str.h"
#include "core/schema/format/email.h"

#define ATOM "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
#define LABEL "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"

static bool labels_fit(const char *domain)
{
	for (size_t len; *domain; domain += len + (domain[len] == '.')) {
		len = strcspn(domain, ".");
		if (len > 63)
			return false;
		if (!domain[len] && strspn(domain, "0123456789") == len)
			return false;
	}
	return true;
}

static bool is_email(const char *text, size_t len)
{
	static regex_t grammar;
	static bool is_made;
	if (!is_made)
		assert(!regcomp(&grammar, "^" ATOM "(\\." ATOM ")*@" LABEL "(\\." LABEL ")+$",
				REG_EXTENDED | REG_NOSUB));
	is_made = true;
	if (strlen(text) != len || len > 254 || strchr(text, ']') ||
	    regexec(&grammar, text, 0, NULL, 0))
		return false;
	const char *at = strchr(text, '@');
	return at - text <= 64 && labels_fit(at + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(arena) arena = { 0 };
	char *text = fuzz_text(data, size);
	const char *why = email_fault(&arena, text, size, true);
	const char *quiet = email_fault(&arena, text, size, false);
	assert(!why == is_email(text, size) && !why == !quiet);
	/* what is said of it is a sentence, whatever it was */
	if (why)
		assert(str_ends(why, ".") && str_is_utf8(why, strlen(why)) && strlen(why) < 200);
	free(text);
	return 0;
}
