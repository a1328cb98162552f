/*
 * What is left of an answer once it is sent, or not wanted: wiped before it is given back. Where
 * that is much the pool does it, because an event loop has other clients, and it counts as held
 * until it is done.
 */
#include "wipe.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/app.h"
#include "core/pool.h"
#include "server.h"

/* some 40 us */
enum { WIPE_AT_ONCE = 512 * 1024 };

struct wipe_job {
	struct pool_job job;
	struct http_server *server;
	struct leftover left;
};

static void wipe_now(struct http_server *server, struct leftover *left)
{
	arena_done(&left->rows);
	mem_drop(left->body.data, left->body.len); /* all that was ever written there */
	(void)tally_add(&server->unsent.held, -left->counted, 0);
	if (left->share)
		(void)tally_add(left->share, -left->counted, 0);
}

static void wipe_run(struct pool_job *job)
{
	struct wipe_job *wipe = (struct wipe_job *)job;
	struct http_server *server = wipe->server;
	int64_t counted = wipe->left.counted;
	wipe_now(server, &wipe->left);
	(void)tally_add(&server->unsent.leaving, -counted, 0);
	free(wipe);
	/* Last: a stopping server waits for this. */
	atomic_fetch_sub_explicit(&server->wiping, 1, memory_order_release);
}

static bool wipe_in_pool(struct http_server *server, const struct leftover *left)
{
	struct wipe_job *wipe = mem_new(1, sizeof(*wipe));
	*wipe = (struct wipe_job){ { .run = wipe_run }, server, *left };
	atomic_fetch_add_explicit(&server->wiping, 1, memory_order_relaxed);
	(void)tally_add(&server->unsent.leaving, left->counted, INT64_MAX);
	if (!pool_submit(server->app->pool, POOL_WORK, &wipe->job))
		return true;
	(void)tally_add(&server->unsent.leaving, -left->counted, 0);
	atomic_fetch_sub_explicit(&server->wiping, 1, memory_order_relaxed);
	free(wipe);
	return false;
}

void wipe_leftover(struct http_server *server, struct leftover *left)
{
	size_t size = arena_footprint(&left->rows) + left->body.len;
	if (size <= WIPE_AT_ONCE || !wipe_in_pool(server, left))
		wipe_now(server, left);
}
