/*
 * The first look at a request: refuses every shape that libmicrohttpd lets through but that is
 * unclear or hostile (request smuggling, odd targets, header tricks). Called by server.c before
 * anything else; knows no route. While it walks the headers it keeps the ones the pipeline needs,
 * so nobody looks them up again.
 */
#ifndef CROFT_HTTP_GUARD_H
#define CROFT_HTTP_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "core/http.h"

enum {
	GUARD_TARGET_MAX = 8192, /* bytes of path and query together */
	GUARD_AMPERSANDS_MAX = 100,
	GUARD_HEADERS_MAX = 100,
	GUARD_METHOD_MAX = 16,
};

/* The headers that are kept: an index into guard_head.value. */
enum guard_field {
	GUARD_HOST = 0,
	GUARD_RANGE,
	GUARD_ACCEPT,
	GUARD_COOKIE,
	GUARD_EXPECT,
	GUARD_ORIGIN,
	GUARD_IF_MATCH,
	GUARD_IF_RANGE,
	GUARD_USER_AGENT,
	GUARD_CONTENT_TYPE,
	GUARD_X_REQUEST_ID,
	GUARD_AUTHORIZATION,
	GUARD_IF_NONE_MATCH,
	GUARD_CONTENT_LENGTH,
	GUARD_ACCEPT_ENCODING,
	GUARD_X_FORWARDED_FOR,
	GUARD_CONTENT_ENCODING,
	GUARD_TRANSFER_ENCODING,
	GUARD_ACCESS_CONTROL_REQUEST_METHOD,
	GUARD_ACCESS_CONTROL_REQUEST_HEADERS,
	GUARD_FIELDS,
};

/* Start with a zeroed struct. Values are not copied: they live as long as the headers do. */
struct guard_head {
	/* NULL: not sent. The first one when sent again; the last one of X-Forwarded-For. */
	const char *value[GUARD_FIELDS];
	size_t count; /* headers seen */
	/* Set by guard_finish(): */
	enum http_method method;
	int64_t content_length; /* -1: not sent */
	bool chunked;
	/* The first fault; APP_OK: none so far. */
	enum app_err err;
	const char *why; /* public text that lives for ever */
};

/*
 * Checks the raw request target (RFC 9112 §3.2, origin form only), before anything parses it.
 * APP_TARGET_TOO_LONG or APP_BAD_REQUEST; then *ret_why is a public text that lives for ever.
 */
enum app_err guard_target(const char *target, const char **ret_why) MUST_USE;

/*
 * Takes one header; `value` is NUL-terminated at value[value_len] and may be NULL when empty.
 * False: refused, see head->err; further calls change nothing.
 */
bool guard_header(struct guard_head *head, const char *name, size_t name_len, const char *value,
		  size_t value_len);

/*
 * Checks the head as a whole: method, version, Host, and how the body is framed (RFC 9112 §6).
 * Returns head->err: APP_BAD_REQUEST, APP_NOT_IMPLEMENTED (unknown method or transfer coding) or
 * APP_HEADERS_TOO_LARGE. The connection must be closed after any of them.
 */
enum app_err guard_finish(struct guard_head *head, const char *method,
			  const char *version) MUST_USE;

#endif
