/*
 * The first look at a request: refuses every shape that libmicrohttpd lets through but that is
 * unclear or hostile (request smuggling, odd targets, header tricks). Knows no route. While it
 * walks the headers it keeps the ones the pipeline needs, so nobody looks them up again.
 */
#ifndef CROFT_SRC_CORE_HTTP_PARSE_GUARD_H
#define CROFT_SRC_CORE_HTTP_PARSE_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "core/route.h"
#include "prefer.h"

enum {
	/* bytes of path and query together */
	GUARD_TARGET_MAX = 8192,
	GUARD_AMPERSANDS_MAX = 100,
	GUARD_HEADERS_MAX = 100,
	GUARD_METHOD_MAX = 16,
	/* bytes of request line and headers */
	GUARD_HEAD_MAX = 24 * 1024,
	/* lines of X-Forwarded-For that are kept: the last ones */
	GUARD_FORWARDED_MAX = 8,
};

/* The headers that are kept: an index into guard_head.value. */
enum guard_field {
	GUARD_HOST = 0,
	GUARD_RANGE,
	GUARD_ACCEPT,
	GUARD_EXPECT,
	GUARD_COOKIE,
	GUARD_ORIGIN,
	/* kept in guard_head.prefer */
	GUARD_PREFER,
	GUARD_IF_MATCH,
	GUARD_IF_RANGE,
	GUARD_CONTENT_TYPE,
	GUARD_X_API_KEY,
	GUARD_USER_AGENT,
	GUARD_X_CSRF_TOKEN,
	GUARD_X_REQUEST_ID,
	GUARD_AUTHORIZATION,
	GUARD_IF_NONE_MATCH,
	GUARD_SEC_FETCH_SITE,
	GUARD_CONTENT_LENGTH,
	GUARD_ACCEPT_ENCODING,
	GUARD_IDEMPOTENCY_KEY,
	/* kept in guard_head.forwarded */
	GUARD_X_FORWARDED_FOR,
	GUARD_CONTENT_ENCODING,
	GUARD_TRANSFER_ENCODING,
	GUARD_ACCESS_CONTROL_REQUEST_METHOD,
	GUARD_FIELDS,
};

/* Start with a zeroed struct. Values are not copied: they live as long as the headers do. */
struct guard_head {
	/* NULL: not sent. The first one when sent again. */
	const char *value[GUARD_FIELDS];
	/* the lines of X-Forwarded-For in the order they came; the last ones when there are more */
	const char *forwarded[GUARD_FORWARDED_MAX];
	size_t forwarded_count;
	/* of all lines of Prefer */
	enum prefer prefer;
	/* headers seen */
	size_t count;
	/* set by guard_finish() */
	enum http_method method;
	/* set by guard_finish(); -1: not sent */
	int64_t content_length;
	/* set by guard_finish() */
	bool chunked;
	/*
	 * Set by who called guard_target(): it is "*", the server as a whole, which OPTIONS alone
	 * may ask.
	 */
	bool for_server;
	/* set by them, too: the host of a target in absolute form; NULL: it names none */
	const char *named;
	/* the first fault; APP_OK: none so far */
	enum app_err err;
	/* public text that lives for ever */
	const char *why;
};

/*
 * Checks the raw request target (RFC 9112 §3.2, in origin, absolute or asterisk form), before
 * anything parses it. *ret_path is where its path begins, within `target`: at a '?' or the end when
 * a server was named without one, which means "/"; at the asterisk of that form.
 * APP_TARGET_TOO_LONG or APP_BAD_REQUEST; then *ret_why is a public text that lives for ever.
 */
enum app_err guard_target(const char *target, const char **ret_path, const char **ret_why) MUST_USE;

/*
 * Ends the value before the blanks behind it, which are no part of it (RFC 9110 §5.5). Returns its
 * length.
 */
size_t guard_trim(char *value, size_t len);

/*
 * Takes one header; `value` is NUL-terminated at value[value_len] and may be NULL when empty. A
 * value that is kept is trimmed in place, unless it says where the body ends, or it is a Host with
 * a tab. Once head->err is set, calls only look for what the answer is made by: Origin, so that a
 * page may read why, Accept and X-Request-ID.
 */
void guard_header(struct guard_head *head, const char *name, size_t name_len, char *value,
		  size_t value_len);

/*
 * Checks the head as a whole: method, version, Host, and how the body is framed (RFC 9112 §6).
 * Returns head->err: APP_BAD_REQUEST, APP_NOT_IMPLEMENTED (unknown method or transfer coding) or
 * APP_HEADERS_TOO_LARGE. The connection must be closed after any of them.
 */
enum app_err guard_finish(struct guard_head *head, const char *method,
			  const char *version) MUST_USE;

/* Refuses the whole, unless something was found before. `why` lives for ever. Returns head->err. */
enum app_err guard_refuse(struct guard_head *head, enum app_err err, const char *why);

/* ---- where the strings lie ---- */

struct guard_line {
	/* in the library's buffer */
	const char *method, *target, *version;
	/* as it came, with the query */
	size_t target_len;
};

struct guard_place {
	/* where the next name must begin; the byte behind the head */
	uintptr_t next, end;
	bool fine;
};

/*
 * `head_size`: bytes from the method to the empty line, and that one too. `start`: where the first
 * request of this connection began, NULL if this is the first. Bytes before the method are a fault,
 * but for an empty line in front of a later request (RFC 9112 §2.2): some clients send one behind a
 * body.
 */
void guard_place_begin(struct guard_place *place, const struct guard_line *line, size_t head_size,
		       const void *start);
/* In the order of the headers. Looks at no byte but those between name and value. */
void guard_place_header(struct guard_place *place, const char *name, size_t name_len,
			const char *value, size_t value_len);
/* Whether all of the head was read as it was sent. */
bool guard_place_holds(const struct guard_place *place);

#endif
