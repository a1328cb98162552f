/* Media types: of request bodies, and which are worth compressing. Pure. */
#include "media.h"

#include <string.h>
#include <strings.h>

#include "base/attr.h"
#include "base/str.h"

static bool slice_is(const char *text, size_t len, const char *name)
{
	return strlen(name) == len && strncasecmp(text, name, len) == 0;
}

static bool slice_ends(const char *text, size_t len, const char *suffix)
{
	size_t suffix_len = strlen(suffix);
	return len > suffix_len && slice_is(text + len - suffix_len, suffix_len, suffix);
}

/* The type without its parameters, and where these begin. */
static size_t essence_len(const char *type)
{
	return strcspn(type, " \t;");
}

/* ---- request bodies ---- */

/*
 * Whether the parameter at `at` ("charset=utf-8", up to `len`) asks for a character set that we do
 * not read.
 */
static bool is_foreign_charset(const char *at, size_t len)
{
	static const char name[] = "charset=";
	size_t name_len = sizeof(name) - 1;
	if (len < name_len || strncasecmp(at, name, name_len) != 0)
		return false;
	at += name_len;
	len -= name_len;
	if (len >= 2 && at[0] == '"' && at[len - 1] == '"') {
		at++;
		len -= 2;
	}
	return !slice_is(at, len, "utf-8") && !slice_is(at, len, "utf8");
}

/* Whether the parameters are in order: only divided by semicolons, and no charset but UTF-8. */
static bool params_are_fine(const char *at)
{
	at += strspn(at, " \t");
	while (*at == ';') {
		at += 1 + strspn(at + 1, " \t");
		size_t len = strcspn(at, " \t;");
		if (is_foreign_charset(at, len))
			return false;
		at += len;
		at += strspn(at, " \t");
	}
	return *at == '\0';
}

enum media_kind media_kind(const char *content_type)
{
	if (!content_type || !*content_type)
		return MEDIA_NONE;
	size_t len = essence_len(content_type);

	/* boundaries may hold anything; the multipart reader judges them */
	if (slice_is(content_type, len, "multipart/form-data"))
		return MEDIA_MULTIPART;
	if (!params_are_fine(content_type + len))
		return MEDIA_OTHER;
	if (slice_is(content_type, len, "application/json"))
		return MEDIA_JSON;
	if (slice_is(content_type, len, "application/x-www-form-urlencoded"))
		return MEDIA_FORM;
	if (strncasecmp(content_type, "application/", 12) == 0 &&
	    slice_ends(content_type, len, "+json") && len > 17)
		return MEDIA_JSON;
	return MEDIA_OTHER;
}

/* ---- compression ---- */

bool media_is_compressible(const char *type)
{
	static const char *const types[] = { "application/json",
					     "application/x-ndjson",
					     "application/javascript",
					     "application/xml",
					     "application/wasm",
					     "image/x-icon",
					     "font/ttf",
					     "font/otf" };
	size_t len = essence_len(type);

	/* an event stream must reach the client event by event */
	if (slice_is(type, len, "text/event-stream"))
		return false;
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (slice_is(type, len, types[i]))
			return true;
	return strncasecmp(type, "text/", 5) == 0 || slice_ends(type, len, "+json") ||
	       slice_ends(type, len, "+xml");
}
