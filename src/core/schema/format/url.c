/*
 * Whether a text is an http or https URL. It stays as it was sent; the words of the faults are
 * those of pydantic.
 */
#include "url.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"

enum { PORT_MAX = 65535 };

static const char *port_fault(const char *port, size_t len)
{
	int64_t value;
	bool fine = str_read_digits(port, len, &value) == len && value <= PORT_MAX;
	return fine ? NULL : "invalid port number";
}

static const char *after_ipv6(const char *host, size_t len)
{
	const char *close = memchr(host, ']', len);
	if (!close || close - host < 3)
		return NULL;
	for (const char *at = host + 1; at < close; at++)
		if (str_hex_value(*at) < 0 && *at != ':' && *at != '.')
			return NULL;
	return close + 1;
}

static bool is_host_char(char byte)
{
	unsigned char u = (unsigned char)byte;
	return str_is_alpha(byte) || str_is_digit(byte) || (byte && strchr("-._~", byte)) ||
	       u >= 0x80;
}

static const char *after_name(const char *host, size_t len)
{
	size_t i = 0;
	while (i < len && is_host_char(host[i]))
		i++;
	return host + i;
}

/* user@host:port, with the length of all three. */
static const char *authority_fault(const char *text, size_t len)
{
	const char *at = memrchr(text, '@', len), *end = text + len;
	const char *host = at ? at + 1 : text;
	size_t rest = (size_t)(end - host);
	if (!rest || *host == ':')
		return "empty host";
	const char *past = *host == '[' ? after_ipv6(host, rest) : after_name(host, rest);
	if (!past)
		return "invalid IPv6 address";
	if (past == end)
		return NULL;
	if (*past != ':')
		return "invalid international domain name";
	return port_fault(past + 1, (size_t)(end - past - 1));
}

/* The length of the scheme before its colon, or 0. */
static size_t scheme_len(const char *text)
{
	size_t len = 0;
	if (!str_is_alpha(text[0]))
		return 0;
	while (str_is_alpha(text[len]) || str_is_digit(text[len]) ||
	       (text[len] && strchr("+-.", text[len])))
		len++;
	return text[len] == ':' ? len : 0;
}

bool url_has_other_scheme(const char *text)
{
	return scheme_len(text) && !str_starts_nocase(text, "http:") &&
	       !str_starts_nocase(text, "https:");
}

const char *url_fault(const char *text)
{
	size_t scheme = scheme_len(text);
	if (!*text)
		return "input is empty";
	if (!scheme)
		return "relative URL without a base";
	const char *rest = text + scheme + 1;
	if (!str_starts(rest, "//"))
		return "empty host";
	rest += 2;
	const char *why = authority_fault(rest, strcspn(rest, "/?#\\"));
	if (why)
		return why;
	for (; *rest; rest++)
		if ((unsigned char)*rest <= 0x20 || *rest == 0x7f)
			return "spaces and control characters must be percent-encoded";
	return NULL;
}
