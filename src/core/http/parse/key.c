/* Reads a key in either form: RFC 8941 §3.3.3 for the one in quotes. Pure. */
#include "key.h"

#include <stddef.h>
#include <string.h>

static bool is_printable(char byte)
{
	return byte >= ' ' && byte <= '~';
}

static bool bare_read(const char *header, char ret[KEY_ROOM])
{
	size_t len = 0;
	while (is_printable(header[len]) && len < KEY_MAX)
		len++;
	if (!len || header[len] || *header == ' ' || header[len - 1] == ' ')
		return false;
	memcpy(ret, header, len + 1);
	return true;
}

/* `at` stands behind the first quote. Nothing may follow the second: no parameter is known. */
static bool quoted_read(const char *at, char ret[KEY_ROOM])
{
	size_t len = 0;
	for (; *at && *at != '"'; at++) {
		if (*at == '\\' && *++at != '"' && *at != '\\')
			return false;
		if (!is_printable(*at) || len == KEY_MAX)
			return false;
		ret[len++] = *at;
	}
	ret[len] = '\0';
	return len && *at && !at[1];
}

bool key_read(const char *header, char ret[KEY_ROOM])
{
	return *header == '"' ? quoted_read(header + 1, ret) : bare_read(header, ret);
}
