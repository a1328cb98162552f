/*
 * Judges a request's target, headers and framing. Runs for every request, so each byte is looked up
 * in a table and each header name is compared at most once. Decides nothing about routes or bodies.
 */
#include "guard.h"

#include <string.h>
#include <strings.h>

/* ---- the target ---- */

enum target_byte { TARGET_PLAIN = 0, TARGET_ILLEGAL, TARGET_ESCAPE, TARGET_AMPERSAND };

static const unsigned char target_bytes[256] = {
	[0 ... ' '] = TARGET_ILLEGAL, [127 ... 255] = TARGET_ILLEGAL, ['#'] = TARGET_ILLEGAL,
	['%'] = TARGET_ESCAPE,        ['&'] = TARGET_AMPERSAND,
};

static bool is_hex(unsigned char byte)
{
	return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f');
}

/* What is wrong with the escape at `at`, or NULL. */
static const char *escape_fault(const unsigned char *at)
{
	if (!is_hex(at[1]) || !is_hex(at[2]))
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
			fault = ++ampersands > GUARD_AMPERSANDS_MAX ? "Too many query parameters"
								    : NULL;
		}
		if (fault)
			return fault;
	}
	return NULL;
}

/* What stands behind "http://" or "https://" (RFC 9110 §4.2, in any case), or NULL. */
static const char *behind_scheme(const char *target)
{
	if (strncasecmp(target, "http://", 7) == 0)
		return target + 7;
	return strncasecmp(target, "https://", 8) == 0 ? target + 8 : NULL;
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
	return guard_is_host(authority, len) ? authority + len : NULL;
}

enum app_err guard_target(const char *target, const char **ret_path, const char **ret_why)
{
	if (strnlen(target, GUARD_TARGET_MAX + 1) > GUARD_TARGET_MAX) {
		*ret_why = "Request target is too long";
		return APP_TARGET_TOO_LONG;
	}
	bool for_server = strcmp(target, "*") == 0;
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

/* ---- one header ---- */

enum { IS_TOKEN = 1, IS_VALUE = 2 };

/*
 * RFC 9110 §5.6.2 tchar, and §5.5 field values with obs-text: anything but control characters, tab
 * excepted.
 */
static const unsigned char header_bytes[256] = {
	['\t'] = IS_VALUE,
	[' '] = IS_VALUE,
	['!'] = IS_TOKEN | IS_VALUE,
	['"'] = IS_VALUE,
	['#' ... '\''] = IS_TOKEN | IS_VALUE,
	['(' ... ')'] = IS_VALUE,
	['*' ... '+'] = IS_TOKEN | IS_VALUE,
	[','] = IS_VALUE,
	['-' ... '.'] = IS_TOKEN | IS_VALUE,
	['/'] = IS_VALUE,
	['0' ... '9'] = IS_TOKEN | IS_VALUE,
	[':' ... '@'] = IS_VALUE,
	['A' ... 'Z'] = IS_TOKEN | IS_VALUE,
	['[' ... ']'] = IS_VALUE,
	['^' ... 'z'] = IS_TOKEN | IS_VALUE,
	['{'] = IS_VALUE,
	['|'] = IS_TOKEN | IS_VALUE,
	['}'] = IS_VALUE,
	['~'] = IS_TOKEN | IS_VALUE,
	[128 ... 255] = IS_VALUE,
};

/*
 * Looks at every byte without a branch: nearly all texts are fine, so stopping early would not pay.
 */
static bool consists_of(const char *text, size_t len, unsigned class)
{
	unsigned all = class;

	for (size_t i = 0; i < len; i++)
		all &= header_bytes[(unsigned char)text[i]];
	return all != 0;
}

/* The kept headers: the name, and what to say when one that must be single comes twice. */
static const struct known {
	const char *name, *twice;
} known_fields[GUARD_FIELDS] = {
	[GUARD_HOST] = { "host", "The Host header was sent more than once" },
	[GUARD_RANGE] = { "range", "The Range header was sent more than once" },
	[GUARD_ACCEPT] = { "accept", NULL },
	[GUARD_COOKIE] = { "cookie", NULL },
	[GUARD_EXPECT] = { "expect", NULL },
	[GUARD_ORIGIN] = { "origin", "The Origin header was sent more than once" },
	[GUARD_IF_MATCH] = { "if-match", NULL },
	[GUARD_IF_RANGE] = { "if-range", "The If-Range header was sent more than once" },
	[GUARD_USER_AGENT] = { "user-agent", NULL },
	[GUARD_CONTENT_TYPE] = { "content-type",
				 "The Content-Type header was sent more than once" },
	[GUARD_X_REQUEST_ID] = { "x-request-id", NULL },
	[GUARD_AUTHORIZATION] = { "authorization",
				  "The Authorization header was sent more than once" },
	[GUARD_IF_NONE_MATCH] = { "if-none-match", NULL },
	[GUARD_CONTENT_LENGTH] = { "content-length",
				   "The Content-Length header was sent more than once" },
	[GUARD_ACCEPT_ENCODING] = { "accept-encoding", NULL },
	[GUARD_X_FORWARDED_FOR] = { "x-forwarded-for", NULL },
	[GUARD_CONTENT_ENCODING] = { "content-encoding",
				     "The Content-Encoding header was sent more than once" },
	[GUARD_TRANSFER_ENCODING] = { "transfer-encoding",
				      "The Transfer-Encoding header was sent more than once" },
	[GUARD_ACCESS_CONTROL_REQUEST_METHOD] = { "access-control-request-method", NULL },
	[GUARD_ACCESS_CONTROL_REQUEST_HEADERS] = { "access-control-request-headers", NULL },
};

#define NAME_KEY(len, first) ((unsigned)(len) << 8 | (unsigned)(first))

/*
 * The only kept header that a name of this length and first letter can be: one comparison then
 * settles it.
 */
static enum guard_field candidate(const char *name, size_t len)
{
	switch (NAME_KEY(len, name[0] | 0x20)) {
	case NAME_KEY(4, 'h'): return GUARD_HOST;
	case NAME_KEY(5, 'r'): return GUARD_RANGE;
	case NAME_KEY(6, 'a'): return GUARD_ACCEPT;
	case NAME_KEY(6, 'c'): return GUARD_COOKIE;
	case NAME_KEY(6, 'e'): return GUARD_EXPECT;
	case NAME_KEY(6, 'o'): return GUARD_ORIGIN;
	case NAME_KEY(8, 'i'): return (name[3] | 0x20) == 'm' ? GUARD_IF_MATCH : GUARD_IF_RANGE;
	case NAME_KEY(10, 'u'): return GUARD_USER_AGENT;
	case NAME_KEY(12, 'c'): return GUARD_CONTENT_TYPE;
	case NAME_KEY(12, 'x'): return GUARD_X_REQUEST_ID;
	case NAME_KEY(13, 'a'): return GUARD_AUTHORIZATION;
	case NAME_KEY(13, 'i'): return GUARD_IF_NONE_MATCH;
	case NAME_KEY(14, 'c'): return GUARD_CONTENT_LENGTH;
	case NAME_KEY(15, 'a'): return GUARD_ACCEPT_ENCODING;
	case NAME_KEY(15, 'x'): return GUARD_X_FORWARDED_FOR;
	case NAME_KEY(16, 'c'): return GUARD_CONTENT_ENCODING;
	case NAME_KEY(17, 't'): return GUARD_TRANSFER_ENCODING;
	case NAME_KEY(29, 'a'): return GUARD_ACCESS_CONTROL_REQUEST_METHOD;
	case NAME_KEY(30, 'a'): return GUARD_ACCESS_CONTROL_REQUEST_HEADERS;
	default: return GUARD_FIELDS;
	}
}

static bool refuse(struct guard_head *head, enum app_err err, const char *why)
{
	head->err = err;
	head->why = why;
	return false;
}

void guard_refuse(struct guard_head *head, enum app_err err, const char *why)
{
	if (!head->err)
		refuse(head, err, why);
}

size_t guard_trim(char *value, size_t len)
{
	while (len && (value[len - 1] == ' ' || value[len - 1] == '\t'))
		len--;
	value[len] = '\0';
	return len;
}

/* Of a request that is refused already: what its answer is made by. */
static bool is_for_the_answer(enum guard_field field)
{
	return field == GUARD_ORIGIN || field == GUARD_ACCEPT || field == GUARD_X_REQUEST_ID;
}

static void keep_for_answer(struct guard_head *head, const char *name, size_t name_len, char *value,
			    size_t value_len)
{
	enum guard_field field = name_len ? candidate(name, name_len) : GUARD_FIELDS;
	if (field == GUARD_FIELDS || !is_for_the_answer(field) || head->value[field] || !value ||
	    strncasecmp(name, known_fields[field].name, name_len) != 0 ||
	    !consists_of(value, value_len, IS_VALUE))
		return;
	guard_trim(value, value_len);
	head->value[field] = value;
}

/*
 * What says where the body ends the library has read, blanks and all; a tab behind Host is refused
 * by proxies, and so here.
 */
static bool is_trimmed(enum guard_field field, const char *value, size_t len)
{
	switch (field) {
	case GUARD_CONTENT_LENGTH:
	case GUARD_TRANSFER_ENCODING: return false;
	case GUARD_HOST: return !memchr(value, '\t', len);
	default: return true;
	}
}

static void keep_forwarded(struct guard_head *head, const char *value)
{
	if (head->forwarded_count == GUARD_FORWARDED_MAX)
		memmove(head->forwarded, head->forwarded + 1,
			--head->forwarded_count * sizeof(*head->forwarded));
	head->forwarded[head->forwarded_count++] = value;
}

static void keep(struct guard_head *head, enum guard_field field, const char *value)
{
	if (field == GUARD_X_FORWARDED_FOR)
		keep_forwarded(head, value);
	/* The nearest proxy adds its entry last, and only that one can be trusted. */
	if (!head->value[field] || field == GUARD_X_FORWARDED_FOR)
		head->value[field] = value;
}

bool guard_header(struct guard_head *head, const char *name, size_t name_len, char *value,
		  size_t value_len)
{
	if (head->err) {
		keep_for_answer(head, name, name_len, value, value_len);
		return false;
	}
	if (++head->count > GUARD_HEADERS_MAX)
		return refuse(head, APP_HEADERS_TOO_LARGE, "Too many headers");
	if (name_len == 0 || !consists_of(name, name_len, IS_TOKEN))
		return refuse(head, APP_BAD_REQUEST,
			      "A header name holds a character that is not allowed");
	if (value && !consists_of(value, value_len, IS_VALUE))
		return refuse(head, APP_BAD_REQUEST, "A header value holds a control character");

	enum guard_field field = candidate(name, name_len);
	if (field == GUARD_FIELDS || strncasecmp(name, known_fields[field].name, name_len) != 0)
		return true;
	if (head->value[field] && known_fields[field].twice)
		return refuse(head, APP_BAD_REQUEST, known_fields[field].twice);
	if (value && is_trimmed(field, value, value_len))
		guard_trim(value, value_len);
	keep(head, field, value ? value : "");
	return true;
}
