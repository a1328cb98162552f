/*
 * The moment that a request can be begun again from: its body is in, and nothing was done for it
 * yet. Private to core/http.
 */
#ifndef CROFT_SRC_CORE_HTTP_MARK_H
#define CROFT_SRC_CORE_HTTP_MARK_H

#include <stddef.h>

#include "base/arena.h"
#include "exchange.h"

/* It is now. */
void mark_set(struct http_exchange *x);

/* Bytes that were taken from the arena since then; 0: it has not come. */
static inline size_t mark_footprint(const struct http_exchange *x)
{
	return x->mark.stage ? arena_footprint(&x->arena) - x->mark.footprint : 0;
}

/*
 * Back to that moment, but for who asks: what was read and answered since is dropped. Nothing may
 * have been changed.
 */
void mark_undo(struct http_exchange *x);

#endif
