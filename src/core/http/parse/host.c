/* Tells hosts from what is none. Looks nothing up. */
#include "host.h"

#include <string.h>

#include "base/str.h"

enum {
	NAME_MOST = 255,
	ADDRESS_MOST = 45,
	HOST_ROOM = NAME_MOST + sizeof(":65535"),
};

/* RFC 3986 §3.2.2 reg-name: unreserved and sub-delims. */
static const char name_chars[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=";

bool port_is_valid(const char *digits, size_t len)
{
	int64_t port;
	return len >= 1 && len <= 5 && str_read_digits(digits, len, &port) == len && port <= 65535;
}

/* ":8080", ":" (RFC 3986 §3.2.3: the port may be empty) or nothing, up to the end. */
static bool is_port_part(const char *text)
{
	if (*text == '\0' || strcmp(text, ":") == 0)
		return true;
	return *text == ':' && port_is_valid(text + 1, strlen(text + 1));
}

/* Whether "%c3" stands for what may stand there, or for a part of a letter beyond ASCII. */
static bool is_name_escape(const char *at)
{
	int high = at[0] == '%' ? str_hex_value(at[1]) : -1;
	int low = high < 0 ? -1 : str_hex_value(at[2]);
	int byte = high * 16 + low;
	return low >= 0 && byte > 0 && (byte > 127 || strchr(name_chars, byte));
}

static size_t name_len(const char *text)
{
	size_t len = strspn(text, name_chars);
	while (is_name_escape(text + len)) {
		len += strlen("%41");
		len += strspn(text + len, name_chars);
	}
	return len;
}

static bool is_address(const char *host)
{
	size_t len = strspn(host + 1, "0123456789abcdefABCDEF:.");
	return len >= 2 && len <= ADDRESS_MOST && host[1 + len] == ']' &&
	       is_port_part(host + len + 2);
}

static bool is_name(const char *host)
{
	size_t len = name_len(host);
	return len > 0 && len <= NAME_MOST && !strstr(host, "..") && is_port_part(host + len);
}

bool host_is_valid(const char *text, size_t len)
{
	char host[HOST_ROOM];
	if (len >= sizeof(host) || memchr(text, '\0', len))
		return false;
	memcpy(host, text, len);
	host[len] = '\0';
	return host[0] == '[' ? is_address(host) : is_name(host);
}
