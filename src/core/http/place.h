/*
 * The thread that a request is worked on by, and the way to another one. Private to core/http.
 *
 * A QUERY begins on the event loop that read it, with a budget: once it has taken more, what was
 * done is undone and it begins again in POOL_READ, where those of one client wait for each other
 * and nobody else does. What was dear lately goes there at once. Other work that grows with what
 * clients send or get, and whatever may wait for a database server, goes on in POOL_WORK; of what
 * is vital in POOL_VITAL, but for large bodies. So nothing on an event loop is longer than its
 * bound. The bounds stand where a thread is chosen: in stage_thread.c, stage_budget.c and
 * stage_answer.c.
 */
#ifndef CROFT_SRC_CORE_HTTP_PLACE_H
#define CROFT_SRC_CORE_HTTP_PLACE_H

#include "core/pool.h"
#include "stage.h"

struct http_exchange;

/* That of its work: what is vital waits behind nothing else. */
enum pool_lane place_lane(const struct http_exchange *x);
/* The next stage runs on a worker of that lane. */
enum stage_result place_on_worker(struct http_exchange *x, enum pool_lane lane);

#endif
