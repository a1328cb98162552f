/* Reads the header Cookie: `name=value`, with "; " in between (RFC 6265 §4.2). Pure. */
#include <string.h>

#include "core/cookie.h"
#include "internal.h"

/* RFC 6265 §4.1.1 cookie-octet */
static bool is_octet(char byte)
{
	return byte > ' ' && byte <= '~' && !strchr("\",;\\", byte);
}

bool cookie_value_is_fine(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_octet(text[i]))
			return false;
	return true;
}

/* Without the blanks behind it. */
static size_t trimmed(const char *text, size_t len)
{
	while (len && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	return len;
}

/* Whether the pair is of that name; `ret` is its value then. */
static bool pair_is(const char *pair, size_t len, const char *name, struct cookie_value *ret)
{
	size_t name_len = strlen(name);
	if (len <= name_len || pair[name_len] != '=' || memcmp(pair, name, name_len) != 0)
		return false;
	ret->text = pair + name_len + 1;
	ret->len = len - name_len - 1;
	return true;
}

enum cookie_found cookie_find(const char *header, const char *name, struct cookie_value *ret)
{
	enum cookie_found found = COOKIE_ABSENT;
	struct cookie_value value;
	size_t count = 0, len;
	for (const char *at = header; at && *at; at += len + (at[len] == ';')) {
		at += strspn(at, " \t");
		len = strcspn(at, ";");
		if (++count > COOKIES_MAX)
			return COOKIE_BAD;
		if (!pair_is(at, trimmed(at, len), name, &value))
			continue;
		if (found || !cookie_value_is_fine(value.text, value.len))
			return COOKIE_BAD;
		found = COOKIE_THERE;
		*ret = value;
	}
	return found;
}
