/*
 * Who was turned away because there is no room: counted, and told together once a second. A line
 * for each would be work that grows with the very load that is being refused.
 */
#ifndef CROFT_SRC_CORE_HTTP_REFUSALS_H
#define CROFT_SRC_CORE_HTTP_REFUSALS_H

#include <stdatomic.h>

struct app;

struct refusals {
	struct app *app;
	/* since it was told last */
	atomic_long requests, connections;
};

static inline void refusals_add(atomic_long *count)
{
	atomic_fetch_add_explicit(count, 1, memory_order_relaxed);
}

/* Logs a warning with the counts unless both are 0, and begins anew. */
void refusals_tell(struct refusals *refusals);

#endif
