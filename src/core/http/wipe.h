/*
 * Giving back what an answer has taken. Private to core/http.
 */
#ifndef CROFT_SRC_CORE_HTTP_WIPE_H
#define CROFT_SRC_CORE_HTTP_WIPE_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"

struct http_server;

struct leftover {
	/* what was read for it */
	struct arena rows;
	/* on the heap, or empty */
	struct buf body;
	/* of server->unsent.held, */
	int64_t counted;
	/* and of this client's share; NULL: of nobody's */
	atomic_int_fast64_t *share;
};

/* Wipes and frees all of it, here or soon in the pool; then it is not counted any more. */
void wipe_leftover(struct http_server *server, struct leftover *left);

#endif
