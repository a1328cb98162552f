/*
 * What the files of the router share: pattern.c cuts a route's path into parts, operation.c looks
 * at operations by themselves, check.c holds the route against its operation, schemas.c the schemas
 * of all routes against each other, stages.c gathers the stages of modules for each, versions.c
 * says which versions of the API have a route, scopes.c what has a document, retirement.c what
 * goes, tree.c finds a route by its path, router.c makes all of them.
 */
#ifndef CROFT_SRC_CORE_ROUTER_INTERNAL_H
#define CROFT_SRC_CORE_ROUTER_INTERNAL_H

#include "core/router.h"

/* ---- versions.c ---- */

/* Whether each route is of a version that can be. APP_INVALID names the fault. */
enum app_err router_check_versions(struct ctx *c, const struct module *const *modules) MUST_USE;
/* Whether the route has one path only: a whole one, or one below a mount. */
bool router_is_whole(const struct module *module, const struct route *route);
/* The last one that a route begins with. */
int router_count_versions(const struct module *const *modules);
/* Whether the version has the route: its own, or one of before that nothing has replaced. */
bool router_version_has(const struct module *const *modules, const struct module *module,
			const struct route *route, int version);

/* ---- retirement.c ---- */

/* Whether what modules say of whole versions can be. APP_INVALID names the fault. */
enum app_err router_check_retirements(struct ctx *c, const struct module *const *modules) MUST_USE;
/* Fills in when the entry goes; in the arena. APP_INVALID: days that are none. */
enum app_err router_read_retirement(struct ctx *c, struct arena *arena,
				    const struct module *const *modules,
				    struct router_entry *entry) MUST_USE;

/* ---- scopes.c ---- */

/* Whether what is mounted can be. APP_INVALID names the fault. */
enum app_err router_check_mounts(struct ctx *c, const struct module *const *modules) MUST_USE;
/* All that has a document, in the arena. */
struct router_scope *router_list_scopes(struct arena *arena, const struct module *const *modules,
					size_t *ret_count);
/* Whether nothing else has a path below a mount. APP_INVALID names the fault. */
enum app_err router_check_clashes(struct ctx *c, const struct router_entry *entries,
				  size_t count) MUST_USE;

/* ---- pattern.c ---- */

/* Records APP_INVALID with the text behind "Module posts, route GET /posts/{post_id}: ". */
enum app_err router_fault(struct ctx *c, const struct router_entry *entry, const char *format,
			  ...) MUST_USE PRINTF_LIKE(3, 4);
/* Whether the pattern has a parameter of that name. */
bool router_has_param(const struct router_entry *entry, const char *name, size_t len);
/*
 * Fills in the path and the parts of an entry whose module, route and version are set; they live in
 * the arena. APP_INVALID: it is no pattern.
 */
enum app_err router_read_pattern(struct ctx *c, struct arena *arena,
				 struct router_entry *entry) MUST_USE;

/* ---- operation.c ---- */

/*
 * What is wrong with the operation whatever leads to it, as a sentence in the arena about `it`;
 * NULL: nothing. `is_run`: run() is called, and so must be there.
 */
const char *router_operation_fault(struct ctx *c, const struct operation *op, const char *it,
				   bool is_run);
/* Whether another operation has the name; `other` may be NULL. */
bool router_is_namesake(const struct operation *op, const struct operation *other);
/*
 * Looks at the operations of the modules that need no route; `entries` are all routes. APP_INVALID
 * names the module, the operation and the fault.
 */
enum app_err router_check_operations(struct ctx *c, const struct module *const *modules,
				     const struct router_entry *entries, size_t count) MUST_USE;

/* ---- check.c ---- */

/*
 * Compiles the entry whose module, route and version are set; what it points to then lives in the
 * arena. APP_INVALID names the fault.
 */
enum app_err router_read_route(struct ctx *c, struct arena *arena,
			       struct router_entry *entry) MUST_USE;

/* ---- stages.c ---- */

/* Gathers those of a compiled route, which live in the arena. APP_INVALID: they are too many. */
enum app_err router_read_stages(struct ctx *c, struct arena *arena,
				const struct module *const *modules,
				struct router_entry *entry) MUST_USE;
/* Those of the route, or without one of what has no route; NULL: none. */
const struct router_stages *router_gather_stages(struct arena *arena,
						 const struct module *const *modules,
						 const struct router_entry *entry,
						 size_t *ret_count);

/* ---- schemas.c ---- */

/*
 * Whether no two schemas that the routes of the scope reach, as input, output, row of a list or
 * within another, have one name in its document. APP_INVALID names both and their routes.
 */
enum app_err router_check_schemas(struct ctx *c, const struct router_entry *entries, size_t count,
				  const struct router_scope *scope) MUST_USE;

#endif
