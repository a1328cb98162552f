/* One warning for all that were turned away since the last. */
#include "refusals.h"

#include "base/ctx.h"
#include "core/log.h"

static long count_take(atomic_long *count)
{
	return atomic_exchange_explicit(count, 0, memory_order_relaxed);
}

void refusals_tell(struct refusals *refusals)
{
	long requests = count_take(&refusals->requests),
	     connections = count_take(&refusals->connections);
	if (!requests && !connections)
		return;
	AUTO(ctx_own) own;
	ctx_own_init(&own, refusals->app);
	log_warn(&own.c, "turned away because there is no room", LOG_INT("requests", requests),
		 LOG_INT("connections", connections));
}
