/*
 * Finds the route of a request. The routes of all modules are compiled at start into a tree of path
 * segments; a fixed word wins over a parameter, so "/users/me" comes before "/users/{user_id}".
 * Read-only after start, so any thread may match.
 */
#ifndef CROFT_CORE_ROUTER_H
#define CROFT_CORE_ROUTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/ctx.h"
#include "core/route.h"

struct arena;
struct module;
struct router;

enum { ROUTER_SEGMENTS_MAX = 32 };

/* ---- paths ---- */

struct router_segment {
	const char *text; /* decoded, NUL-terminated; never empty */
	size_t len;
};

struct router_path {
	const char *text; /* decoded, "/posts/7"; a trailing slash is kept */
	struct router_segment segments[ROUTER_SEGMENTS_MAX];
	size_t count;        /* 0 for "/" */
	bool trailing_slash; /* false for "/" */
	const char *query;   /* raw text behind '?', inside the target; NULL: none */
	size_t query_len;
};

/*
 * Splits and decodes the target; texts live in the arena, `query` in the target.
 * APP_BAD_REQUEST: a broken escape, an encoded slash, a backslash, a control character, text that
 * is not UTF-8: no resource can have such a name.
 * APP_NOT_FOUND: an empty segment, "." or "..", too many segments: well-formed, but nothing is
 * there.
 */
enum app_err router_path_split(struct ctx *c, const char *target, struct router_path *ret) MUST_USE;

/* ---- routes ---- */

/* One segment of a pattern. */
struct router_part {
	const char *text; /* the word, or the parameter's name */
	size_t len;
	bool is_param;
};

/* One compiled route. */
struct router_entry {
	const struct module *module;
	const struct route *route;
	const char *path; /* the whole pattern: "/api/v1/posts/{post_id}" */
	size_t id;        /* 0 … count-1, in the order of modules and routes */
	const struct router_part *parts;
	size_t part_count, param_count;
};

enum router_result {
	ROUTER_NOT_FOUND = 0,
	ROUTER_FOUND,              /* .entry and .params are set */
	ROUTER_METHOD_NOT_ALLOWED, /* .allow is set */
	ROUTER_OPTIONS,            /* OPTIONS on a path that exists: answer 204 with .allow */
	ROUTER_SLASH, /* found but for its trailing slash: 307 for GET and HEAD, else 404 */
};

struct router_match {
	const struct router_entry *entry;
	const struct input_pair *params; /* ends with a NULL name; never NULL when found */
	const char *allow;               /* "GET, HEAD, OPTIONS" */
};

/*
 * Compiles and checks all routes. APP_INVALID names the module and the route: a bad pattern, a
 * second route for the same method and path, an operation that is ACCESS_DENY, a path parameter
 * without its IN_PATH field or the other way round, a GET whose input has a body. Free with
 * router_drop().
 */
enum app_err router_new(struct ctx *c, const struct module *const *modules,
			struct router **ret) MUST_USE;
void router_drop(struct router *router); /* NULL is fine */

/* All routes, in the order of modules and routes. */
const struct router_entry *router_entries(const struct router *router, size_t *ret_count);

/*
 * Finds the route. HEAD finds the GET route. What `ret` points to lives in the arena, the router
 * and the path; the members that the result does not name are NULL.
 */
enum router_result router_match(const struct router *router, struct arena *arena,
				enum http_method method, const struct router_path *path,
				struct router_match *ret) MUST_USE;

#endif
