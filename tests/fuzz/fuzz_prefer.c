/*
 * Fuzz target of Prefer. A regular expression says whether its quotes are closed; then the items of
 * the list, cut by another, say what is asked for.
 */
#include "fuzz/target.h"

#include <regex.h>

#include "core/http/parse/prefer.h"

#define QUOTED "\"([^\"\\]|\\\\.)*\""
#define CLOSED "^([^\"]|" QUOTED ")*$"
/* An item from its beginning, and what is behind it. */
#define ITEM "^[ \t,]*([^\",]|" QUOTED ")*"
#define ASKS "^[ \t,]*dry-run[ \t]*(=[ \t]*(\"\")?[ \t]*)?([;,]|$)"
#define NAMES "^[ \t,]*dry-run([ \t=;,]|$)"
#define VALUED "^[ \t,]*dry-run[ \t]*="

enum { PATTERNS = 5 };

static bool matches(size_t which, const char *text, regmatch_t *part)
{
	static const char *const patterns[PATTERNS] = { CLOSED, ITEM, ASKS, NAMES, VALUED };
	static regex_t made[PATTERNS];
	static bool is_made[PATTERNS];
	if (!is_made[which])
		assert(!regcomp(&made[which], patterns[which], REG_EXTENDED | REG_ICASE));
	is_made[which] = true;
	return !regexec(&made[which], text, 1, part, 0);
}

static enum prefer expected(const char *header)
{
	enum prefer found = PREFER_NOTHING;
	regmatch_t part = { 0 };
	if (!matches(0, header, &part))
		return PREFER_UNCLEAR;
	for (const char *at = header; *at && matches(1, at, &part) && part.rm_eo;
	     at += part.rm_eo) {
		regmatch_t ignored;
		enum prefer item = !matches(3, at, &ignored) ? PREFER_NOTHING
				   : matches(2, at, &ignored) || !matches(4, at, &ignored)
					   ? PREFER_DRY_RUN
					   : PREFER_UNCLEAR;
		found = item > found ? item : found;
	}
	return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size < 512 ? size : 512);
	assert(prefer_read(text) == expected(text));
	free(text);
	return 0;
}
