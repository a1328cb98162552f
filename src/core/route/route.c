/* What can be said of a route by its row alone. Checks nothing: the router does, at the start. */
#include "core/route.h"

/* Whoever forgot a member of a row is told so: the row must not pass for the end. */
bool route_is_end(const struct route *route)
{
	return !route || (!route->method && !route->path && !route->op && !route->handle);
}

bool api_version_is_end(const struct api_version *version)
{
	return !version || (!version->version && !version->deprecated && !version->sunset);
}

const char *route_method_name(enum http_method method)
{
	static const char *const names[] = {
		[GET] = "GET",     [HEAD] = "HEAD",     [POST] = "POST",       [PUT] = "PUT",
		[PATCH] = "PATCH", [DELETE] = "DELETE", [OPTIONS] = "OPTIONS",
	};
	return method >= GET && method <= OPTIONS ? names[method] : "?";
}

int route_status(const struct route *route)
{
	return route->status ? route->status : 200;
}

enum op_access route_access(const struct route *route)
{
	return route->op ? route->op->access : route->access;
}

const struct permission *route_permission(const struct route *route)
{
	return route->op ? route->op->permission : NULL;
}

int64_t route_proven_s(const struct route *route)
{
	return route->op ? route->op->proven_s : 0;
}
