/*
 * Finds the route of a request. The routes of all modules are checked and compiled at start into a
 * tree of path segments; a fixed word wins over a parameter, so "/users/me" comes before
 * "/users/{user_id}". Read-only after start, so any thread may match.
 */
#ifndef CROFT_CORE_ROUTER_H
#define CROFT_CORE_ROUTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/ctx.h"
#include "core/module_stage.h"
#include "core/route.h"

struct arena;
struct input_pair;
struct module;
struct router;

/* Of a path and of a pattern. */
enum { ROUTER_SEGMENTS_MAX = 32 };

/* ---- paths ---- */

struct router_segment {
	/* Decoded, NUL-terminated; never empty. */
	const char *text;
	size_t len;
};

struct router_path {
	/* Decoded, "/posts/7"; a trailing slash is kept. */
	const char *text;
	struct router_segment segments[ROUTER_SEGMENTS_MAX];
	/* 0 for "/". */
	size_t count;
	/* False for "/". */
	bool trailing_slash;
	/* Raw text behind '?', inside the target; NULL: none. */
	const char *query;
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

/* One segment of a pattern: a word, or the name of a parameter. */
struct router_part {
	const char *text;
	size_t len;
	bool is_param;
};

enum {
	ROUTER_STAGES_MAX = 16,
	/* Headers that all of them together set on an answer. */
	ROUTER_SETS_MAX = 8,
};

/* One stage of a module, of a list that ends with .stage = NULL. */
struct router_stage {
	const struct module_stage *stage;
	/* Of its .takes among the headers of all. */
	size_t first_header;
};

/* The stages of modules that the requests of a route go through. */
struct router_stages {
	/* By their places; NULL: none is there. */
	const struct router_stage *at[MODULE_PLACES];
	/* What each of them takes, one after the other. */
	const char *const *headers;
	size_t header_count, set_count;
	/* Some of those that are set come with failures, too. */
	bool dresses_failures;
	/* One of them waits for something else than the database; one asks the database. */
	bool blocks, asks;
};

/* What the answers of a route say that will go. */
struct router_retirement {
	/* RFC 9745 §2: "@1688169599"; never NULL. */
	const char *deprecation;
	/* RFC 8594 §3, a date of HTTP; NULL: nobody knows when. */
	const char *sunset;
};

/* One compiled route, in one of the versions that have it. Lives as long as the router. */
struct router_entry {
	const struct module *module;
	const struct route *route;
	/* Of the API; 0: the path is whole or below a mount, and of none. */
	int version;
	/* The whole pattern: "/api/v1/posts/{post_id}". */
	const char *path;
	const struct router_part *parts;
	size_t part_count, param_count;
	/* NULL: none. */
	const struct router_stages *stages;
	/* NULL: it stays. */
	const struct router_retirement *retirement;
};

/*
 * Compiles and checks all routes of the modules (NULL-terminated), and checks their operations
 * without a route. APP_INVALID names the module and the route or the operation: a bad pattern, a
 * second route for the same method and path, an operation that is ACCESS_DENY, that has no function
 * or the name of another, a path parameter without its IN_PATH field or the other way round, a GET
 * whose input has a body, two schemas of one name in one document, too many stages of modules, a
 * version or a mount that is none, days that are none. Free with router_drop().
 */
enum app_err router_new(struct ctx *c, const struct module *const *modules,
			struct router **ret) MUST_USE;
/* NULL is fine. */
void router_drop(struct router *router);

/* All routes, in the order of modules and routes, those of versions one after the other. */
const struct router_entry *router_entries(const struct router *router, size_t *ret_count);

/* What has a document of its own: a version of the API, or all that is mounted below a path. */
struct router_scope {
	/* "v2", or as `mount`. */
	const char *name;
	/* Of its routes and its document: "/api/v2", or as `mount`. */
	const char *prefix;
	/* 0: none. */
	int version;
	/* "/shop"; NULL: a version. */
	const char *mount;
};

/* The versions from 1 on, which is always there, and behind them the mounts. */
const struct router_scope *router_scopes(const struct router *router, size_t *ret_count);
/* Whether the route is documented there; what is whole is in each version. */
bool router_is_of(const struct router_entry *entry, const struct router_scope *scope);

/* Those of answers to what has no route; NULL: none. */
const struct router_stages *router_stages_of_the_rest(const struct router *router);

/* ---- matching ---- */

enum router_result {
	ROUTER_NOT_FOUND = 0,
	/* .entry and .params are set. */
	ROUTER_FOUND,
	/* .allow is set. */
	ROUTER_METHOD_NOT_ALLOWED,
	/* OPTIONS on a path that exists: answer 204 with .allow */
	ROUTER_OPTIONS,
	/* There is such a path but for its trailing slash, whatever its methods: 307 */
	ROUTER_SLASH,
};

struct router_match {
	const struct router_entry *entry;
	/* Ends with a NULL name; never NULL when found. */
	const struct input_pair *params;
	/* "GET, HEAD, OPTIONS". */
	const char *allow;
};

/*
 * Finds the route. HEAD finds the GET route. What `ret` points to lives in the arena, the router
 * and the path; the members that the result does not name are NULL.
 */
enum router_result router_match(const struct router *router, struct arena *arena,
				enum http_method method, const struct router_path *path,
				struct router_match *ret) MUST_USE;

#endif
