/* What is known of that by the tables alone. */
#include "loop.h"

#include "exchange.h"
#include "server.h"

bool loop_bounds_query(const struct http_exchange *x)
{
	return x->op && !x->route->handle && x->op->kind == QUERY && !x->op->light && !x->op->vital;
}

/* Of a handler without an operation nobody knows more than who may call it. */
bool loop_would_block(const struct http_exchange *x)
{
	bool asks_sender = route_access(x->route) != ACCESS_PUBLIC;
	return x->server->db_blocks && (asks_sender || (x->op && !x->op->light));
}

/* One that asks the database may do so within the bound of a query, and nowhere else. */
bool loop_runs_stages(const struct http_exchange *x)
{
	const struct router_stages *stages = x->stages;
	if (!stages)
		return true;
	bool may_ask = !x->server->db_blocks && loop_bounds_query(x);
	return !stages->blocks && (!stages->asks || may_ask);
}
