/*
 * The table: lines of four places, as long as a line of the processor's cache, so that one use
 * looks at one of those. A place whose time has come is free, whoever had it.
 */
#include "core/limit.h"

#include <assert.h>
#include <pthread.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/random.h"
#include "core/digest.h"

enum { LINE_PLACES = 4, CACHE_LINE = 64, LOCKS = 64 };

struct place {
	uint64_t key;
	/* until then it owes */
	int64_t until_us;
};

struct line {
	alignas(CACHE_LINE) struct place places[LINE_PLACES];
};

/* Apart, so that one that is taken does not slow down its neighbours. */
struct line_lock {
	alignas(CACHE_LINE) pthread_mutex_t mutex;
};

struct limit_table {
	/* of which line, line % LOCKS */
	struct line_lock locks[LOCKS];
	struct line *lines;
	size_t count;
	unsigned char secret[DIGEST_KEY_BYTES];
};

bool limit_is_set(const struct limit *limit)
{
	return limit->count != LIMIT_COUNT_NONE && (limit->count || limit->seconds || limit->burst);
}

bool limit_is_fine(const struct limit *limit)
{
	return limit->count > 0 && limit->seconds > 0 && limit->burst >= 0;
}

/* Zeroed, and where a line of the cache begins. */
static void *aligned_new(size_t size)
{
	void *at = aligned_alloc(CACHE_LINE, size);
	if (!at)
		mem_out(size);
	return memset(at, 0, size);
}

struct limit_table *limit_table_new(size_t lines)
{
	assert(lines && !(lines & (lines - 1)));
	struct limit_table *table = aligned_new(sizeof(*table));
	table->lines = aligned_new(lines * sizeof(*table->lines));
	table->count = lines;
	random_bytes(table->secret, sizeof(table->secret));
	for (size_t i = 0; i < LOCKS; i++)
		pthread_mutex_init(&table->locks[i].mutex, NULL);
	return table;
}

void limit_table_drop(struct limit_table *table)
{
	if (!table)
		return;
	for (size_t i = 0; i < LOCKS; i++)
		pthread_mutex_destroy(&table->locks[i].mutex);
	free(table->lines);
	free(table);
}

/* ---- keys ---- */

struct limit_key limit_key(const struct limit_table *table, uint64_t what, uint64_t who)
{
	const uint64_t words[] = { what, who };
	return (struct limit_key){ digest_short(table->secret, words, sizeof(words)) };
}

struct limit_key limit_key_text(const struct limit_table *table, uint64_t what, const char *text,
				size_t len)
{
	return limit_key(table, what, digest_short(table->secret, text, len));
}

/* ---- places ---- */

static pthread_mutex_t *line_lock(struct limit_table *table, struct limit_key key)
{
	size_t line = key.hash & (table->count - 1);
	pthread_mutex_t *mutex = &table->locks[line % LOCKS].mutex;
	pthread_mutex_lock(mutex);
	return mutex;
}

static struct line *line_of(struct limit_table *table, struct limit_key key)
{
	return &table->lines[key.hash & (table->count - 1)];
}

/* NULL: it has none. */
static struct place *place_find(struct line *line, struct limit_key key)
{
	for (size_t i = 0; i < LINE_PLACES; i++)
		if (line->places[i].key == key.hash)
			return &line->places[i];
	return NULL;
}

/* Its own, or else the one that owes least. */
static struct place *place_for(struct line *line, struct limit_key key)
{
	struct place *own = place_find(line, key);
	if (own)
		return own;
	struct place *least = line->places;
	for (size_t i = 1; i < LINE_PLACES; i++)
		if (line->places[i].until_us < least->until_us)
			least = &line->places[i];
	return least;
}

/* Of at most `most_us`: another's debt may be by another limit. */
static int64_t place_owes(const struct place *place, int64_t most_us, int64_t now_us)
{
	int64_t owed = place && place->until_us > now_us ? place->until_us - now_us : 0;
	return owed < most_us ? owed : most_us;
}

/* ---- limits ---- */

/* A limit as times: of one, and of all that may come at once. */
struct times {
	int64_t each_us, most_us;
};

static struct times times_of(const struct limit *limit)
{
	assert(limit_is_fine(limit));
	int64_t each_us = SECONDS_US(limit->seconds) / limit->count;
	if (!each_us)
		each_us = 1;
	return (struct times){ each_us, each_us * (limit->burst ? limit->burst : limit->count) };
}

static struct limit_answer answer_of(const struct times *times, int64_t owed_us, bool allowed)
{
	return (struct limit_answer){
		.allowed = allowed,
		.remaining = (int32_t)((times->most_us - owed_us) / times->each_us),
		.reset_us = owed_us,
		.retry_us = allowed ? 0 : owed_us + times->each_us - times->most_us,
	};
}

struct limit_answer limit_take(struct limit_table *table, struct limit_key key,
			       const struct limit *limit, int64_t now_us)
{
	const struct times times = times_of(limit);
	pthread_mutex_t *lock = line_lock(table, key);
	struct place *place = place_for(line_of(table, key), key);
	int64_t owed = place_owes(place, times.most_us, now_us);
	bool allowed = owed + times.each_us <= times.most_us;
	if (allowed)
		owed += times.each_us;
	*place = (struct place){ key.hash, now_us + owed };
	pthread_mutex_unlock(lock);
	return answer_of(&times, owed, allowed);
}

/* ---- costs ---- */

int64_t limit_owed(struct limit_table *table, struct limit_key key, int64_t now_us)
{
	pthread_mutex_t *lock = line_lock(table, key);
	int64_t owed = place_owes(place_find(line_of(table, key), key), INT64_MAX, now_us);
	pthread_mutex_unlock(lock);
	return owed;
}

int64_t limit_charge(struct limit_table *table, struct limit_key key, int64_t cost_us,
		     int64_t most_us, int64_t now_us)
{
	pthread_mutex_t *lock = line_lock(table, key);
	struct place *place = place_for(line_of(table, key), key);
	int64_t owed = place_owes(place, most_us, now_us) + cost_us;
	if (owed > most_us)
		owed = most_us;
	*place = (struct place){ key.hash, now_us + owed };
	pthread_mutex_unlock(lock);
	return owed;
}

void limit_forgive(struct limit_table *table, struct limit_key key)
{
	pthread_mutex_t *lock = line_lock(table, key);
	struct place *place = place_find(line_of(table, key), key);
	if (place)
		place->until_us = 0;
	pthread_mutex_unlock(lock);
}
