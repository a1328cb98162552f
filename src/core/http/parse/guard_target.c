/*
 * Judges a request's target before anything parses it. Decodes nothing. Runs for every request, so
 * each byte is looked up in a table.
 */
#include "guard.h"

#include <string.h>

#include "base/str.h"
#include "host.h"

enum target_byte { TARGET_PLAIN = 0, TARGET_ILLEGAL, TARGET_ESCAPE, TARGET_AMPERSAND };

static const unsigned char target_bytes[256] = {
	[0 ... ' '] = TARGET_ILLEGAL, [127 ... 255] = TARGET_ILLEGAL, ['#'] = TARGET_ILLEGAL,
	['%'] = TARGET_ESCAPE,        ['&'] = TARGET_AMPERSAND,
};

/* What is wrong with the escape at `at`, or NULL. */
static const char *escape_fault(const unsigned char *at)
{
	if (str_hex_value((char)at[1]) < 0 || str_hex_value((char)at[2]) < 0)
		return "The request target holds a broken percent escape";
	if (at[1] == '0' && at[2] == '0')
		return "The request target holds a NUL";
	return NULL;
}

static const char *target_fault(const unsigned char *target)
{
	int ampersands = 0;
	for (const unsigned char *at = target; *at; at++) {
		const char *fault = NULL;
		switch ((enum target_byte)target_bytes[*at]) {
		case TARGET_PLAIN: break;
		case TARGET_ILLEGAL:
			fault = "The request target holds a character that is not allowed";
			break;
		case TARGET_ESCAPE: fault = escape_fault(at); break;
		case TARGET_AMPERSAND:
			if (++ampersands > GUARD_AMPERSANDS_MAX)
				fault = "Too many query parameters";
		}
		if (fault)
			return fault;
	}
	return NULL;
}

/* What stands behind "http://" or "https://" (RFC 9110 §4.2, in any case), or NULL. */
static const char *behind_scheme(const char *target)
{
	if (str_starts_nocase(target, "http://"))
		return target + strlen("http://");
	return str_starts_nocase(target, "https://") ? target + strlen("https://") : NULL;
}

/*
 * Where the path of a target begins, or NULL. That of a server without path is what follows, a
 * query or the end.
 */
static const char *find_path(const char *target)
{
	const char *authority = target[0] == '/' ? NULL : behind_scheme(target);
	if (!authority)
		return target[0] == '/' ? target : NULL;
	size_t len = strcspn(authority, "/?");
	return host_is_valid(authority, len) ? authority + len : NULL;
}

enum app_err guard_target(const char *target, const char **ret_path, const char **ret_why)
{
	if (strnlen(target, GUARD_TARGET_MAX + 1) > GUARD_TARGET_MAX) {
		*ret_why = "Request target is too long";
		return APP_TARGET_TOO_LONG;
	}
	bool for_server = str_eq(target, "*");
	const char *path = for_server ? target : find_path(target);
	const char *fault = path ? target_fault((const unsigned char *)path)
				 : "The request target must begin with a slash or name a server";
	if (!fault) {
		*ret_path = path;
		return APP_OK;
	}
	*ret_why = fault;
	return APP_BAD_REQUEST;
}
