/* What can be said of a route by its row alone. Checks nothing: the router does, at the start. */
#include "core/route.h"

#include "base/arena.h"
#include "base/str.h"

/* Whoever forgot a member of a row is told so: the row must not pass for the end. */
bool route_is_end(const struct route *route)
{
	return !route || (!route->method && !route->path && !route->op && !route->handle);
}

const char *route_method_name(enum http_method method)
{
	static const char *const names[] = {
		[GET] = "GET",     [HEAD] = "HEAD",     [POST] = "POST",       [PUT] = "PUT",
		[PATCH] = "PATCH", [DELETE] = "DELETE", [OPTIONS] = "OPTIONS",
	};
	return method >= GET && method <= OPTIONS ? names[method] : "?";
}

const char *route_path(const struct route *route, struct arena *arena)
{
	if (!route->path)
		return "?";
	if (route->root)
		return route->path;
	return arena_printf(arena, HTTP_API_PREFIX "%s",
			    str_eq(route->path, "/") ? "" : route->path);
}

int route_status(const struct route *route)
{
	return route->status ? route->status : 200;
}

enum op_access route_access(const struct route *route)
{
	return route->op ? route->op->access : route->access;
}
