/*
 * Keeps the ring of keys as the table auth_keys has it. At the start keys that cannot be opened
 * end it; later the ring stays as it was, which is told in the log. A server looks again when it
 * hears of a change, be it another process's, and by itself now and then; the ticker calls, and a
 * worker of the pool reads.
 */
#include <pthread.h>
#include <string.h>

#include "base/arena.h"
#include "core/app.h"
#include "core/db_signal.h"
#include "core/log.h"
#include "core/pool.h"
#include "core/security.h"
#include "core/ticker.h"
#include "internal.h"
#include "signing.h"

/* Who was killed before he told has told nothing. Well below the time that a new key waits. */
enum { LOOK_MS = 3000 };

struct auth_keyring {
	struct pool_job job; /* first: look_run() gets its address */
	struct app *app;
	struct tick *tick; /* NULL: this is no server */
	struct auth_kept known;
	pthread_mutex_t lock; /* guards the three below */
	pthread_cond_t ended; /* a look has */
	bool under_way;       /* a look is */
	bool again;           /* it may have been too early for what was heard */
	bool stopping;
	bool failing; /* told in the log */
};

/* *ret_changed: they are others than before. Asks the primary: a replica may be behind. */
static enum app_err load(struct ctx *c, struct auth_keyring *ring, bool *ret_changed)
{
	struct auth_kept kept;
	c->reads_primary = true;
	enum app_err err = auth_keys_read(c, &kept);
	c->reads_primary = false;
	*ret_changed = !err && memcmp(&kept, &ring->known, sizeof(kept)) != 0;
	if (*ret_changed)
		err = keyring_set(c, kept.keys, kept.count);
	if (*ret_changed && !err)
		ring->known = kept;
	return err;
}

/* ---- in a server ---- */

static void tell(struct ctx *c, struct auth_keyring *ring, enum app_err err, bool has_changed)
{
	if (err && !ring->failing)
		log_failure(c, LOG_LEVEL_ERROR,
			    "the keys that sign access tokens stay as they were", err);
	else if (!err && has_changed)
		log_info(c, "the keys that sign access tokens were changed",
			 LOG_INT("count", (int64_t)ring->known.count));
	ring->failing = err != APP_OK;
}

static void look_end(struct auth_keyring *ring)
{
	pthread_mutex_lock(&ring->lock);
	ring->under_way = false;
	if (ring->again && !ring->stopping)
		ticker_wake(ring->tick);
	ring->again = false;
	/* Under the lock: the ring is gone as soon as it can be seen that the look has ended. */
	pthread_cond_signal(&ring->ended);
	pthread_mutex_unlock(&ring->lock);
}

static void look_run(struct pool_job *job)
{
	struct auth_keyring *ring = (struct auth_keyring *)job;
	AUTO(arena) arena = { 0 };
	struct ctx c;
	bool has_changed;
	ctx_init(&c, ring->app, &arena);
	enum app_err err = load(&c, ring, &has_changed);
	tell(&c, ring, err, has_changed);
	look_end(ring);
}

static void look(void *arg)
{
	struct auth_keyring *ring = arg;
	pthread_mutex_lock(&ring->lock);
	bool begins = !ring->under_way && !ring->stopping;
	ring->under_way = ring->under_way || begins;
	pthread_mutex_unlock(&ring->lock);
	if (!begins)
		return;
	ring->job = (struct pool_job){ .run = look_run };
	/* a pool that is full is asked again in a moment */
	if (pool_submit(ring->app->pool, POOL_WORK, &ring->job))
		look_end(ring);
}

static void on_signal(void *arg, unsigned signals)
{
	struct auth_keyring *ring = arg;
	if (!(signals & DB_IDENTITY))
		return;
	pthread_mutex_lock(&ring->lock);
	ring->again = ring->under_way;
	pthread_mutex_unlock(&ring->lock);
	ticker_wake(ring->tick);
}

/* ---- start and stop ---- */

static enum app_err start_keyring(struct ctx *c, struct auth_keyring *ring)
{
	bool has_changed;
	/* nothing can be signed, as commands of others than the server's user have it */
	if (security_must_sign(c)) {
		ctx_recover(c);
		return APP_OK;
	}
	enum app_err err = load(c, ring, &has_changed);
	if (err || !c->app->ticker)
		return err;
	ring->app = c->app;
	pthread_mutex_init(&ring->lock, NULL);
	pthread_cond_init(&ring->ended, NULL);
	ring->tick = ticker_add(ring->app->ticker, LOOK_MS, look, ring);
	db_signal_listen(ring->app->db, on_signal, ring);
	return APP_OK;
}

static void stop_keyring(struct ctx *c, struct auth_keyring *ring)
{
	(void)c;
	if (!ring->tick)
		return;
	db_signal_unlisten(ring->app->db, on_signal, ring);
	pthread_mutex_lock(&ring->lock);
	ring->stopping = true;
	while (ring->under_way)
		pthread_cond_wait(&ring->ended, &ring->lock);
	pthread_mutex_unlock(&ring->lock);
	ticker_remove(ring->tick);
	pthread_cond_destroy(&ring->ended);
	pthread_mutex_destroy(&ring->lock);
}

SERVICE(auth_keyring, start_keyring, stop_keyring);
