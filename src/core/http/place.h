/*
 * The thread that a request is worked on by, and the way to another one. Private to core/http.
 *
 * A QUERY begins on the event loop that read it, with a budget: once it has taken more, what was
 * done is undone and it begins again in POOL_READ, where those of one client wait for each other
 * and nobody else does. What was dear lately goes there at once. Other work that grows with what
 * clients send or get, and whatever may wait for a database server, goes on in POOL_WORK. So
 * nothing on an event loop is longer than its bound. The bounds stand where a thread is chosen: in
 * stage_thread.c, stage_budget.c and stage_answer.c.
 */
#ifndef CROFT_SRC_CORE_HTTP_PLACE_H
#define CROFT_SRC_CORE_HTTP_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/pool.h"
#include "stage.h"

struct http_exchange;

/*
 * Whose turn it takes in the pool: the actor's, or that of the network it came from. 0: nobody's.
 */
uint64_t place_client(const struct http_exchange *x);

/* The next stage runs on a worker of that lane. */
enum stage_result place_on_worker(struct http_exchange *x, enum pool_lane lane);

/* The moment a request can be begun again from: its body is in, and nothing was done for it yet. */
void place_mark(struct http_exchange *x);
/* Bytes that were taken from the arena since then; 0: it has not come. */
size_t place_footprint(const struct http_exchange *x);
/*
 * Back to that moment, but for who asks: what was read and answered since is dropped. Nothing may
 * have been changed.
 */
void place_undo(struct http_exchange *x);

#endif
