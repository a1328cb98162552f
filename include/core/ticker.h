/*
 * The ticker: one thread for all that is done again and again. What it calls is done in a
 * millisecond and never waits, because everyone else's turn waits behind it: what takes longer is
 * handed on, to the database's writer or to the pool.
 */
#ifndef CROFT_CORE_TICKER_H
#define CROFT_CORE_TICKER_H

#include <stdint.h>

#include "base/attr.h"

struct ticker;
/* One of the things that a ticker does. */
struct tick;
typedef void tick_fn(void *arg);

/* Starts the thread. NULL when the system does not give one. */
struct ticker *ticker_new(void) MUST_USE;
/* Ends it. All that was added has been removed by then. NULL is fine. */
void ticker_drop(struct ticker *ticker);

/*
 * Has fn(arg) called every so many milliseconds, one at least, the first time when these are over.
 * Turns that were missed are not made up for.
 */
struct tick *ticker_add(struct ticker *ticker, int64_t every_ms, tick_fn *fn, void *arg) MUST_USE;
/*
 * Has it called at once, and then again after its time; while it is being called, once more. Any
 * thread may, so can fn itself.
 */
void ticker_wake(struct tick *tick);
/*
 * No call is under way when this is done, and none follows. Not from within one. NULL is fine.
 */
void ticker_remove(struct tick *tick);

#endif
