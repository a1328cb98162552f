/*
 * What an event loop may do of a request itself, however long that is. Private to core/http; the
 * ways to another thread are those of place.h.
 */
#ifndef CROFT_SRC_CORE_HTTP_LOOP_H
#define CROFT_SRC_CORE_HTTP_LOOP_H

#include <stdbool.h>

struct http_exchange;

/* Whether it is a query that ends and begins again elsewhere when it takes too much of its loop. */
bool loop_bounds_query(const struct http_exchange *x);
/* Whether it asks the database, be it only who sends the request, where that may block. */
bool loop_would_block(const struct http_exchange *x);
/* Whether the stages of modules that it passes may be run there. */
bool loop_runs_stages(const struct http_exchange *x);

#endif
