/*
 * Cross-origin rules (Fetch standard §3.2): which browser pages from elsewhere may read our
 * answers. The list comes from the setting server.cors_origins; empty means none.
 */
#ifndef CROFT_SRC_CORE_HTTP_PARSE_CORS_H
#define CROFT_SRC_CORE_HTTP_PARSE_CORS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/ctx.h"

struct cors;

/* What every preflight answer says, beside origin and credentials. */
#define CORS_ALLOW_METHODS "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
#define CORS_ALLOW_HEADERS \
	"authorization, content-type, if-match, if-none-match, idempotency-key, prefer, " \
	"x-api-key, x-request-id"
#define CORS_MAX_AGE "600"
/* What a page may read of every answer beyond the headers that are always open to it. */
#define CORS_EXPOSE_HEADERS \
	"Deprecation, ETag, Idempotency-Replayed, Location, Preference-Applied, RateLimit-Limit, " \
	"RateLimit-Remaining, RateLimit-Reset, Retry-After, Sunset, X-Request-ID"

struct cors_answer {
	/* Access-Control-Allow-Origin: as asked, or "*"; NULL: none */
	const char *allow_origin;
	/* send Access-Control-Allow-Credentials: true */
	bool credentials;
	/* send Vary: Origin, whether allowed or not */
	bool vary;
};

/*
 * Reads the setting: exact origins such as "https://app.example.com", separated by spaces or
 * commas, or "*" alone. APP_INVALID with a text that names the entry. Free with cors_drop().
 */
enum app_err cors_new(struct ctx *c, const char *setting, struct cors **ret) MUST_USE;
/* NULL is fine */
void cors_drop(struct cors *cors);

/* The decision for a request's Origin header (NULL: not sent, then nothing but perhaps vary). */
struct cors_answer cors_decide(const struct cors *cors, const char *origin);

/* Whether another origin may get another answer, so that a cache must know of it. */
bool cors_varies(const struct cors *cors);

/* Whether an OPTIONS request is a preflight: both headers are there. */
bool cors_is_preflight(const char *origin, const char *request_method);

#endif
