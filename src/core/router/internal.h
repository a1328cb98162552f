/* Start-up checks of one route, and its pattern cut into parts. */
#ifndef CROFT_CORE_ROUTER_INTERNAL_H
#define CROFT_CORE_ROUTER_INTERNAL_H

#include "base/attr.h"
#include "base/ctx.h"

struct arena;
struct module;
struct route;
struct router_entry;

/*
 * Fills `ret` (all but .id) from the route; texts live in `arena`, which must outlive the router.
 * APP_INVALID with a text that names module, route and fault.
 */
enum app_err route_check(struct ctx *c, struct arena *arena, const struct module *module,
			 const struct route *route, struct router_entry *ret) MUST_USE;

#endif
