/*
 * When keys were used last: kept in memory, so that no read writes, and written once a minute by
 * the server, and as it stops. A kill loses the last minute.
 */
#include <pthread.h>

#include "core/app.h"
#include "core/db_round.h"
#include "core/log.h"
#include "internal.h"

enum {
	WRITE_EVERY_MS = 60 * 1000,
	/* keys of one minute; what is used beside them has its turn in another */
	KEYS_NOTED_MAX = 1024,
};

struct use {
	/* 0: nothing was noted here */
	int64_t key_id;
	struct instant at;
};

struct keys_used {
	struct db_round round;
	/* whether it writes what is noted */
	bool is_on;
	/* guards the next */
	pthread_mutex_t lock;
	/* by its id, from its place on */
	struct use noted[KEYS_NOTED_MAX];
	/* of the write that is under way; they stay where that fails */
	struct use writing[KEYS_NOTED_MAX];
	size_t count;
};
SERVICE_DECLARE(keys_used);

/* ---- noted ---- */

/* Of the key, or free; NULL: there is no room. */
static struct use *place_of(struct keys_used *used, int64_t key_id)
{
	for (size_t i = 0; i < KEYS_NOTED_MAX; i++) {
		struct use *at = &used->noted[((size_t)key_id + i) % KEYS_NOTED_MAX];
		if (!at->key_id || at->key_id == key_id)
			return at;
	}
	return NULL;
}

void keys_note_used(struct ctx *c, int64_t key_id)
{
	struct keys_used *used = NULL;
	if (c->app->services && keys_used_get(c, &used))
		ctx_recover(c);
	if (!used || !used->is_on)
		return;
	pthread_mutex_lock(&used->lock);
	struct use *at = place_of(used, key_id);
	if (at)
		*at = (struct use){ key_id, ctx_now(c) };
	pthread_mutex_unlock(&used->lock);
}

/* ---- written ---- */

static bool write_begins(void *of, struct ctx *c)
{
	(void)c;
	struct keys_used *used = of;
	if (used->count)
		return true;
	pthread_mutex_lock(&used->lock);
	for (size_t i = 0; i < KEYS_NOTED_MAX; i++) {
		if (used->noted[i].key_id)
			used->writing[used->count++] = used->noted[i];
		used->noted[i] = (struct use){ 0 };
	}
	pthread_mutex_unlock(&used->lock);
	return used->count > 0;
}

/* The row is shown with it, so its ETag is another. */
static const char SQL_USED[] = "UPDATE api_keys SET last_used_at = $2, updated_at ="
			       " CASE WHEN updated_at < $3 THEN $3 ELSE updated_at + 1 END"
			       " WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";

static enum app_err write_run(struct ctx *c, void *of)
{
	const struct keys_used *used = of;
	enum app_err err = APP_OK;
	for (size_t i = 0; !err && i < used->count; i++)
		err = db_exec(c, SQL_USED,
			      BIND(used->writing[i].key_id, used->writing[i].at, ctx_now(c)), NULL);
	return err;
}

static bool write_ends(void *of, struct ctx *c)
{
	(void)c;
	struct keys_used *used = of;
	used->count = 0;
	return false;
}

static const struct db_round_work write_work = {
	.begins = write_begins,
	.run = write_run,
	.ends = write_ends,
	.every_ms = WRITE_EVERY_MS,
	.failure = "when API keys were used last is not written yet",
};

/* ---- start and stop ---- */

static enum app_err start_used(struct ctx *c, struct keys_used *used)
{
	pthread_mutex_init(&used->lock, NULL);
	used->is_on = c->app->ticker != NULL;
	if (used->is_on)
		db_round_start(&used->round, c->app, &write_work, used);
	return APP_OK;
}

/* Nobody shows a key any more: what is noted is written now, and what failed before it, too. */
static void write_last(struct ctx *c, struct keys_used *used)
{
	enum app_err err = APP_OK;
	while (!err && write_begins(used, c)) {
		err = db_write_again(c, write_run, used);
		if (!err)
			write_ends(used, c);
	}
	if (err)
		log_failure(c, LOG_LEVEL_WARN, "when API keys were used last is lost", err);
	ctx_recover(c);
}

static void stop_used(struct ctx *c, struct keys_used *used)
{
	db_round_stop(&used->round);
	if (used->is_on)
		write_last(c, used);
	pthread_mutex_destroy(&used->lock);
}

SERVICE(keys_used, start_used, stop_used);
