/*
 * The one vocabulary of failure: every function that can fail returns `enum app_err`. The list
 * gives each error its HTTP status, its slug (the "code" of an error answer) and its default text.
 * What happened in detail is kept in the context: see ctx_fail() in base/ctx.h.
 */
#ifndef CROFT_BASE_ERR_H
#define CROFT_BASE_ERR_H

#define APP_ERR_LIST(X) \
	X(APP_OK, 200, "ok", "OK") \
	X(APP_BAD_REQUEST, 400, "bad_request", "Bad Request") \
	X(APP_UNAUTHENTICATED, 401, "unauthenticated", "Not authenticated") \
	X(APP_FORBIDDEN, 403, "forbidden", "Not allowed") \
	X(APP_NOT_FOUND, 404, "not_found", "Not Found") \
	X(APP_METHOD_NOT_ALLOWED, 405, "method_not_allowed", "Method Not Allowed") \
	X(APP_NOT_ACCEPTABLE, 406, "not_acceptable", "Not Acceptable") \
	X(APP_REQUEST_TIMEOUT, 408, "request_timeout", "Request Timeout") \
	X(APP_CONFLICT, 409, "conflict", "Conflict") \
	X(APP_PRECONDITION_FAILED, 412, "precondition_failed", "Precondition Failed") \
	X(APP_TOO_LARGE, 413, "too_large", "Request body is too large") \
	X(APP_TARGET_TOO_LONG, 414, "target_too_long", "Request target is too long") \
	X(APP_UNSUPPORTED_MEDIA, 415, "unsupported_media_type", "Unsupported Media Type") \
	X(APP_RANGE_NOT_SATISFIABLE, 416, "range_not_satisfiable", "Range Not Satisfiable") \
	X(APP_INVALID, 422, "validation_error", "Validation Error") \
	X(APP_TOO_MANY, 429, "too_many_requests", "Too Many Requests") \
	X(APP_HEADERS_TOO_LARGE, 431, "headers_too_large", "Request headers are too large") \
	X(APP_INTERNAL, 500, "internal_error", "Internal Server Error") \
	X(APP_NOT_IMPLEMENTED, 501, "not_implemented", "Not Implemented") \
	X(APP_UNAVAILABLE, 503, "unavailable", "Service Unavailable") \
	X(APP_STORAGE_FULL, 507, "storage_full", "Storage is full") \
	X(APP_IDS_EXHAUSTED, 507, "ids_exhausted", "There is no id left for a new row")

enum app_err {
#define X(name, status, slug, text) name,
	APP_ERR_LIST(X)
#undef X
};

/* The HTTP status, slug and default public text of an error. Never NULL. */
int app_err_status(enum app_err err);
const char *app_err_slug(enum app_err err);
const char *app_err_text(enum app_err err);

/*
 * Of an errno that a write ended with: APP_STORAGE_FULL when there is no room on the disk, in a
 * quota, or under the limit on the size of a file, else APP_UNAVAILABLE.
 */
enum app_err app_err_of_errno(int why);

#endif
