/* The word is the signature of the session's id. */
#include "core/csrf.h"

#include <string.h>

#include "base/str.h"
#include "core/app.h"
#include "core/security.h"

#define PURPOSE "csrf"

void csrf_token(const struct ctx *c, int64_t session_id, char ret[CSRF_ROOM])
{
	unsigned char signature[SIGNATURE_BYTES];
	char id[STR_INT64_ROOM];
	security_sign(c->app->security, PURPOSE, id, str_int64(session_id, id), signature);
	str_base64url(signature, sizeof(signature), ret);
}

bool csrf_is_right(const struct ctx *c, int64_t session_id, const char *token)
{
	unsigned char signature[SIGNATURE_BYTES];
	char id[STR_INT64_ROOM];
	size_t len;
	return token &&
	       str_base64url_decode(token, strlen(token), signature, sizeof(signature), &len) &&
	       len == sizeof(signature) &&
	       security_verify(c->app->security, PURPOSE, id, str_int64(session_id, id), signature);
}
