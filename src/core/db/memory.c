/*
 * Numbers that hold for as long as a table does not change, such as how many of its rows meet a
 * condition. Shared by all threads; a bounded number is kept, each in one of the few slots that its
 * key's hash picks. What a version is, the driver knows.
 */
#include "memory.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "core/app.h"

enum { KEY_MOST = 1024, SLOTS_A_KEY = 4 };

void db_memory_init(struct db_memory *memory)
{
	pthread_mutex_init(&memory->lock, NULL);
}

void db_memory_done(struct db_memory *memory)
{
	for (size_t i = 0; i < DB_MEMORY_SLOTS; i++)
		free(memory->slots[i].key);
	pthread_mutex_destroy(&memory->lock);
}

/* The first of the slots that may hold the key. */
static struct db_memory_slot *slots_of(struct db_memory *memory, uint64_t hash)
{
	return &memory->slots[hash % (DB_MEMORY_SLOTS / SLOTS_A_KEY) * SLOTS_A_KEY];
}

static bool slot_is(const struct db_memory_slot *slot, const struct db_memory_key *key,
		    uint64_t hash)
{
	return slot->key && slot->hash == hash && slot->len == key->len &&
	       !memcmp(slot->key, key->bytes, key->len);
}

bool db_recall(struct ctx *c, const struct db_memory_key *key, int64_t *ret_number)
{
	if (key->len > KEY_MOST)
		return false;
	struct db_memory *memory = &c->app->db->memory;
	uint64_t hash = map_hash(key->bytes, key->len);
	bool known = false;
	pthread_mutex_lock(&memory->lock);
	struct db_memory_slot *slot = slots_of(memory, hash);
	for (struct db_memory_slot *end = slot + SLOTS_A_KEY; slot < end && !known; slot++) {
		known = slot_is(slot, key, hash) && slot->version == key->version;
		if (known) {
			*ret_number = slot->number;
			slot->asked = true;
		}
	}
	pthread_mutex_unlock(&memory->lock);
	return known;
}

/*
 * The slot that holds the key already, else a free one, else the one that was filled longest ago.
 */
static struct db_memory_slot *slot_for(struct db_memory *memory, const struct db_memory_key *key,
				       uint64_t hash)
{
	struct db_memory_slot *first = slots_of(memory, hash), *best = first;
	for (struct db_memory_slot *slot = first; slot < first + SLOTS_A_KEY; slot++) {
		if (slot_is(slot, key, hash))
			return slot;
		if (slot->filled < best->filled)
			best = slot;
	}
	return best;
}

static void slot_fill(struct db_memory_slot *slot, const struct db_memory_key *key, uint64_t hash)
{
	if (slot_is(slot, key, hash))
		return;
	free(slot->key);
	slot->key = mem_new(key->len, 1);
	memcpy(slot->key, key->bytes, key->len);
	slot->len = key->len;
	slot->hash = hash;
	slot->asked = false;
}

bool db_memory_renew(struct db_memory *memory, const struct db_memory_key *key, int64_t number)
{
	uint64_t hash = map_hash(key->bytes, key->len);
	pthread_mutex_lock(&memory->lock);
	struct db_memory_slot *slot = slot_for(memory, key, hash);
	slot_fill(slot, key, hash);
	bool asked = slot->asked;
	slot->asked = false;
	slot->version = key->version;
	slot->number = number;
	slot->filled = ++memory->fills;
	pthread_mutex_unlock(&memory->lock);
	return asked;
}

void db_remember_begin(struct ctx *c, const struct db_memory_key *key)
{
	const struct db *db = c->app->db;
	if (key->sql && key->len <= KEY_MOST && db->driver->count_begin)
		db->driver->count_begin(c, key);
}

void db_remember_nothing(struct ctx *c, const struct db_memory_key *key)
{
	const struct db *db = c->app->db;
	if (key->sql && key->len <= KEY_MOST && db->driver->count_fail)
		db->driver->count_fail(c);
}

void db_remember(struct ctx *c, const struct db_memory_key *key, int64_t number)
{
	const struct db *db = c->app->db;
	if (key->len > KEY_MOST)
		return;
	db_memory_renew(&c->app->db->memory, key, number);
	if (key->sql && db->driver->count_keep)
		db->driver->count_keep(c, key, number);
}
