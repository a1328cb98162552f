/* How a request is turned away because there is no room for it: counted, and told when to ask. */
#include "load.h"

#include "exchange.h"
#include "server.h"

void load_turned_away(struct http_exchange *x)
{
	x->is_turned_away = true;
	refusals_add(&x->server->refusals.requests);
}

enum app_err load_refuse(struct http_exchange *x, const char *why)
{
	load_turned_away(x);
	x->may_be_held = true;
	return ctx_fail_retry(&x->c, APP_UNAVAILABLE, 1, "%s", why);
}

enum app_err load_refuse_busy(struct http_exchange *x)
{
	return load_refuse(x, "The server is busy; try again in a moment");
}
