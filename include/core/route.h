/*
 * A row of a module's table of routes: a method, a path, and the operation or the raw handler that
 * answers. Says what a route is; the router finds one, the server runs it.
 */
#ifndef CROFT_CORE_ROUTE_H
#define CROFT_CORE_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "core/op.h"

struct arena;
struct http_exchange;

/* In front of every path that is not whole by itself. */
#define HTTP_API_PREFIX "/api/v1"

enum http_method { GET = 1, HEAD, POST, PUT, PATCH, DELETE, OPTIONS };

/*
 * Returns APP_OK once it has called one of http_answer_…(), or an error for the common error
 * answer.
 */
typedef enum app_err http_handler(struct ctx *c, struct http_exchange *exchange);

struct route {
	enum http_method method;
	/* "/posts/{post_id}"; below HTTP_API_PREFIX unless .root. */
	const char *path;
	const struct operation *op;
	/*
	 * Instead of running op: raw answer. op, if set, is then its documentation, says who may,
	 * and unless it has a body which parameters there are.
	 */
	http_handler *handle;
	/*
	 * Instead of op, for a body that comes as a form: its input is IN_FORM, all else is as with
	 * op. The module lists it in .operations. NULL: only op answers.
	 */
	const struct operation *form;
	/* Without op: who may; zero is ACCESS_DENY. */
	enum op_access access;
	/* Of success, a raw handler's may be a redirection; 0: 200. */
	int status;
	/* When the status depends on the result. */
	int (*status_of)(const void *out);
	/*
	 * for the document, with status_of: what it may be instead, with the same body; another
	 * success, or 503
	 */
	int other_status;
	/* The path is whole: no prefix. */
	bool root;
	/* Not in the document. */
	bool hidden;
	/* Error answers also carry RFC 6749 §5.2 "error" and "error_description". */
	bool oauth_errors;
	/* For the document: its handler gives browsers a file of static/ instead. */
	bool html;
	/* Bytes; 0: the setting server.max_body, or max_body_public. */
	int64_t max_body;
};

/* Whether it is the zero row behind the last of a table, or NULL for no table at all. */
bool route_is_end(const struct route *route);
/* "GET"; "?" for a value that is no method. */
const char *route_method_name(enum http_method method);
/*
 * The whole path, such as "/api/v1/posts/{post_id}"; "?" for a row without one. Lives in the arena
 * or for ever.
 */
const char *route_path(const struct route *route, struct arena *arena);
/* The status of success. */
int route_status(const struct route *route);
/* Who may call it, be it an operation or a raw handler. */
enum op_access route_access(const struct route *route);

#endif
