/*
 * A row of a module's table of routes: a method, a path, and the operation or the raw handler that
 * answers. Says what a route is; the router finds one, the server runs it.
 */
#ifndef CROFT_CORE_ROUTE_H
#define CROFT_CORE_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "core/limit.h"
#include "core/op.h"

struct http_exchange;

/* In front of every path that is not whole by itself: in version 1, and in all, with a number. */
#define HTTP_API_PREFIX "/api/v1"
#define HTTP_VERSIONS_PREFIX "/api/v"

enum http_method { GET = 1, HEAD, POST, PUT, PATCH, DELETE, OPTIONS };

/*
 * Returns APP_OK once it has called one of http_answer_…(), or an error for the common error
 * answer.
 */
typedef enum app_err http_handler(struct ctx *c, struct http_exchange *exchange);

struct route {
	enum http_method method;
	/* "/posts/{post_id}"; below HTTP_API_PREFIX, or that of another version, unless .root. */
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
	/*
	 * How often it may be asked, beside the settings of [limits]: by an account, or where
	 * anyone may call by a network. LIMIT(30, 60): 30 a minute. Zero: as often as those say.
	 * LIMIT_NONE: as often as anybody likes.
	 */
	struct limit limit;
	/* Bytes; 0: the setting server.max_body, or max_body_public. */
	int64_t max_body;
	/*
	 * Of a GET that anyone may send, and whose answer is the same for all: the seconds that
	 * they and those between may keep it (Cache-Control). 0: nobody keeps it.
	 */
	int kept_s;
	/*
	 * Since which version of the API it is there, from 1 to 99; 0: that of its module. Later
	 * versions have it, too, until one has a route of its own with the same method and path,
	 * whatever the names of parameters.
	 */
	int version;
	/* The last that has it; 0: later ones do, too. */
	int last_version;
	/*
	 * Days as "2027-01-31": since when nobody should begin to use it (RFC 9745), and when it
	 * goes (RFC 8594), both in UTC. NULL: that of its version, if any.
	 */
	const char *deprecated, *sunset;
};

/* What is said of all routes of one version of the API that do not say it themselves. */
struct api_version {
	int version;
	/* As those of a route. */
	const char *deprecated, *sunset;
};

/*
 * A table of them with its end:
 *
 *	const struct route books_routes[] = ROUTES(
 *		{ GET, "/books", &books_list, .status = 200 },
 *		{ POST, "/books", &books_create, .status = 201 });
 */
#define ROUTES(...) \
	{ \
		__VA_ARGS__, \
		{ \
			0 \
		} \
	}

/* A table of what is said of versions, with its end. */
#define API_VERSIONS(...) \
	{ \
		__VA_ARGS__, \
		{ \
			0 \
		} \
	}

/* Whether it is the zero row behind the last of a table, or NULL for no table at all. */
bool route_is_end(const struct route *route);
/* "GET"; "?" for a value that is no method. */
const char *route_method_name(enum http_method method);
/* Whether it is the zero row behind the last of a table, or NULL for no table at all. */
bool api_version_is_end(const struct api_version *version);
/* The status of success. */
int route_status(const struct route *route);
/* Who may call it, be it an operation or a raw handler. */
enum op_access route_access(const struct route *route);
/* What he needs for it besides; NULL: nothing. */
const struct permission *route_permission(const struct route *route);
/* How old his proof of who he is may be, in seconds; 0: as old as it likes. */
int64_t route_proven_s(const struct route *route);

#endif
