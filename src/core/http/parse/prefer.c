/* Reads Prefer item by item: `token [= word] *(; parameter)`, with commas in between. Pure. */
#include "prefer.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define BLANKS " \t"

static const char dry_run[] = "dry-run";

/* Where the item ends: at a comma outside of quotes, or the end. NULL: a quote stays open. */
static const char *item_end(const char *at)
{
	bool is_quoted = false;
	for (; *at && (is_quoted || *at != ','); at++) {
		if (*at == '"')
			is_quoted = !is_quoted;
		else if (is_quoted && *at == '\\' && at[1])
			at++;
	}
	return is_quoted ? NULL : at;
}

/* §2: an empty value is none. */
static bool has_value(const char *behind)
{
	const char *value = behind + strspn(behind, BLANKS);
	if (*value != '=')
		return false;
	value += 1 + strspn(value + 1, BLANKS);
	if (strncmp(value, "\"\"", 2) == 0)
		value += 2 + strspn(value + 2, BLANKS);
	return *value && !strchr(",;", *value);
}

static enum prefer item_read(const char *item)
{
	size_t len = strcspn(item, BLANKS "=;,");
	if (len != sizeof(dry_run) - 1 || strncasecmp(item, dry_run, len) != 0)
		return PREFER_NOTHING;
	return has_value(item + len) ? PREFER_UNCLEAR : PREFER_DRY_RUN;
}

enum prefer prefer_read(const char *header)
{
	enum prefer found = PREFER_NOTHING;
	for (const char *at = header; at && *at;) {
		at += strspn(at, BLANKS ",");
		enum prefer item = item_read(at);
		if (item > found)
			found = item;
		at = item_end(at);
		if (!at)
			found = PREFER_UNCLEAR;
	}
	return found;
}
