/* Reads and writes the text of a refresh token; who signed it is not asked here. */
#include "refresh_text.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"

#define PREFIX "r."

bool refresh_text_is_meant(const char *text)
{
	return str_starts(text, PREFIX);
}

/* A number up to a dot, in one spelling; NULL: there is none. */
static const char *read_number(const char *text, int64_t *ret)
{
	size_t len = strcspn(text, ".");
	bool is_spelt = text[len] && (*text != '0' || len == 1) && *text != '-' && *text != '+';
	return is_spelt && str_span_to_int64(text, len, ret) ? text + len + 1 : NULL;
}

bool refresh_text_read(const char *text, struct refresh_text *ret)
{
	size_t len;
	const char *at = refresh_text_is_meant(text) ? text + strlen(PREFIX) : NULL;
	at = at ? read_number(at, &ret->session_id) : NULL;
	at = at ? read_number(at, &ret->generation) : NULL;
	return at && str_base64url_decode(at, strlen(at), ret->signature, SIGNATURE_BYTES, &len) &&
	       len == SIGNATURE_BYTES;
}

void refresh_text_write(const struct refresh_text *token, char ret[REFRESH_TEXT_ROOM])
{
	char signature[2 * SIGNATURE_BYTES];
	str_base64url(token->signature, SIGNATURE_BYTES, signature);
	snprintf(ret, REFRESH_TEXT_ROOM, PREFIX "%lld.%lld.%s", (long long)token->session_id,
		 (long long)token->generation, signature);
}
