/*
 * Judges one header and keeps it when somebody reads it later. Runs for every header, so each byte
 * is looked up in a table and each name is compared at most once. Decides nothing about routes or
 * bodies.
 */
#include "guard.h"

#include <string.h>
#include <strings.h>

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
	[GUARD_EXPECT] = { "expect", NULL },
	[GUARD_COOKIE] = { "cookie", "The Cookie header was sent more than once" },
	[GUARD_ORIGIN] = { "origin", "The Origin header was sent more than once" },
	[GUARD_PREFER] = { "prefer", NULL },
	[GUARD_IF_MATCH] = { "if-match", "The If-Match header was sent more than once" },
	[GUARD_IF_RANGE] = { "if-range", "The If-Range header was sent more than once" },
	[GUARD_CONTENT_TYPE] = { "content-type",
				 "The Content-Type header was sent more than once" },
	[GUARD_X_API_KEY] = { "x-api-key", "The X-API-Key header was sent more than once" },
	[GUARD_USER_AGENT] = { "user-agent", NULL },
	[GUARD_X_CSRF_TOKEN] = { "x-csrf-token",
				 "The X-CSRF-Token header was sent more than once" },
	[GUARD_X_REQUEST_ID] = { "x-request-id", NULL },
	[GUARD_AUTHORIZATION] = { "authorization",
				  "The Authorization header was sent more than once" },
	[GUARD_IF_NONE_MATCH] = { "if-none-match", NULL },
	[GUARD_SEC_FETCH_SITE] = { "sec-fetch-site",
				   "The Sec-Fetch-Site header was sent more than once" },
	[GUARD_CONTENT_LENGTH] = { "content-length",
				   "The Content-Length header was sent more than once" },
	[GUARD_ACCEPT_ENCODING] = { "accept-encoding", NULL },
	[GUARD_IDEMPOTENCY_KEY] = { "idempotency-key",
				    "The Idempotency-Key header was sent more than once" },
	[GUARD_X_FORWARDED_FOR] = { "x-forwarded-for", NULL },
	[GUARD_CONTENT_ENCODING] = { "content-encoding",
				     "The Content-Encoding header was sent more than once" },
	[GUARD_TRANSFER_ENCODING] = { "transfer-encoding",
				      "The Transfer-Encoding header was sent more than once" },
	[GUARD_ACCESS_CONTROL_REQUEST_METHOD] = { "access-control-request-method", NULL },
};

#define NAME_KEY(len, first) ((unsigned)(len) << 8 | (unsigned)(first))

/*
 * The only kept header that a name of this length and first letter can be: one comparison then
 * settles it.
 */
static enum guard_field field_candidate(const char *name, size_t len)
{
	switch (NAME_KEY(len, name[0] | 0x20)) {
	case NAME_KEY(4, 'h'): return GUARD_HOST;
	case NAME_KEY(5, 'r'): return GUARD_RANGE;
	case NAME_KEY(6, 'a'): return GUARD_ACCEPT;
	case NAME_KEY(6, 'c'): return GUARD_COOKIE;
	case NAME_KEY(6, 'e'): return GUARD_EXPECT;
	case NAME_KEY(6, 'o'): return GUARD_ORIGIN;
	case NAME_KEY(6, 'p'): return GUARD_PREFER;
	case NAME_KEY(8, 'i'): return (name[3] | 0x20) == 'm' ? GUARD_IF_MATCH : GUARD_IF_RANGE;
	case NAME_KEY(9, 'x'): return GUARD_X_API_KEY;
	case NAME_KEY(10, 'u'): return GUARD_USER_AGENT;
	case NAME_KEY(12, 'c'): return GUARD_CONTENT_TYPE;
	case NAME_KEY(12, 'x'):
		return (name[2] | 0x20) == 'c' ? GUARD_X_CSRF_TOKEN : GUARD_X_REQUEST_ID;
	case NAME_KEY(13, 'a'): return GUARD_AUTHORIZATION;
	case NAME_KEY(13, 'i'): return GUARD_IF_NONE_MATCH;
	case NAME_KEY(14, 'c'): return GUARD_CONTENT_LENGTH;
	case NAME_KEY(14, 's'): return GUARD_SEC_FETCH_SITE;
	case NAME_KEY(15, 'a'): return GUARD_ACCEPT_ENCODING;
	case NAME_KEY(15, 'i'): return GUARD_IDEMPOTENCY_KEY;
	case NAME_KEY(15, 'x'): return GUARD_X_FORWARDED_FOR;
	case NAME_KEY(16, 'c'): return GUARD_CONTENT_ENCODING;
	case NAME_KEY(17, 't'): return GUARD_TRANSFER_ENCODING;
	case NAME_KEY(29, 'a'): return GUARD_ACCESS_CONTROL_REQUEST_METHOD;
	default: return GUARD_FIELDS;
	}
}

enum app_err guard_refuse(struct guard_head *head, enum app_err err, const char *why)
{
	if (!head->err) {
		head->err = err;
		head->why = why;
	}
	return head->err;
}

size_t guard_trim(char *value, size_t len)
{
	while (len && (value[len - 1] == ' ' || value[len - 1] == '\t'))
		len--;
	value[len] = '\0';
	return len;
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

/* The nearest proxy adds its entry last, and only that one can be trusted. */
static void keep_forwarded(struct guard_head *head, const char *value)
{
	if (head->forwarded_count == GUARD_FORWARDED_MAX)
		memmove(head->forwarded, head->forwarded + 1,
			--head->forwarded_count * sizeof(*head->forwarded));
	head->forwarded[head->forwarded_count++] = value;
}

/* Whichever line it stands on: a wish that was overlooked would be a change that nobody wanted. */
static void keep_preference(struct guard_head *head, const char *value)
{
	enum prefer prefer = prefer_read(value);
	if (prefer > head->prefer)
		head->prefer = prefer;
}

static void keep(struct guard_head *head, enum guard_field field, const char *value)
{
	if (field == GUARD_X_FORWARDED_FOR)
		keep_forwarded(head, value);
	else if (field == GUARD_PREFER)
		keep_preference(head, value);
	else if (!head->value[field])
		head->value[field] = value;
}

/* The field of that name, or GUARD_FIELDS: it is not kept. */
static enum guard_field field_find(const char *name, size_t len)
{
	enum guard_field field = len ? field_candidate(name, len) : GUARD_FIELDS;
	return field == GUARD_FIELDS || strncasecmp(name, known_fields[field].name, len) != 0
		       ? GUARD_FIELDS
		       : field;
}

/* What is wrong with the bytes of a header, or NULL. */
static const char *header_fault(const char *name, size_t name_len, const char *value,
				size_t value_len)
{
	if (name_len == 0 || !consists_of(name, name_len, IS_TOKEN))
		return "A header name holds a character that is not allowed";
	if (value && !consists_of(value, value_len, IS_VALUE))
		return "A header value holds a control character";
	return NULL;
}

static void take(struct guard_head *head, enum guard_field field, char *value, size_t len)
{
	if (head->value[field] && known_fields[field].twice) {
		guard_refuse(head, APP_BAD_REQUEST, known_fields[field].twice);
		return;
	}
	if (value && is_trimmed(field, value, len))
		guard_trim(value, len);
	keep(head, field, value ? value : "");
}

/* Of a request that is refused already: what its answer is made by. */
static void take_for_answer(struct guard_head *head, enum guard_field field, char *value,
			    size_t len)
{
	bool is_wanted = field == GUARD_ORIGIN || field == GUARD_ACCEPT ||
			 field == GUARD_X_REQUEST_ID;
	if (!is_wanted || head->value[field] || !value || !consists_of(value, len, IS_VALUE))
		return;
	guard_trim(value, len);
	head->value[field] = value;
}

void guard_header(struct guard_head *head, const char *name, size_t name_len, char *value,
		  size_t value_len)
{
	if (head->err) {
		take_for_answer(head, field_find(name, name_len), value, value_len);
		return;
	}
	const char *fault = header_fault(name, name_len, value, value_len);
	if (++head->count > GUARD_HEADERS_MAX)
		guard_refuse(head, APP_HEADERS_TOO_LARGE, "Too many headers");
	else if (fault)
		guard_refuse(head, APP_BAD_REQUEST, fault);
	if (head->err)
		return;
	enum guard_field field = field_find(name, name_len);
	if (field != GUARD_FIELDS)
		take(head, field, value, value_len);
}
