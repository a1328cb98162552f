/*
 * The hash map: open addressing, linear probing, at most three quarters full. Nothing is ever
 * removed, so there are no tombstones.
 */
#include "base/map.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/random.h"

enum { MAP_FIRST_ROOM = 16 };

/* Written once, before any thread can read it: the one exception to "no globals" in this file. */
static uint64_t hash_key[2];
static pthread_once_t hash_key_once = PTHREAD_ONCE_INIT;

static void hash_key_draw(void)
{
	random_bytes(hash_key, sizeof(hash_key));
}

static uint64_t rotate(uint64_t x, unsigned by)
{
	return x << by | x >> (64 - by);
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

static void sip_word(uint64_t v[4], uint64_t word)
{
	v[3] ^= word;
	sip_round(v);
	v[0] ^= word;
}

/* SipHash-1-3: one round a word, three at the end (Aumasson and Bernstein, 2012). */
uint64_t map_hash(const char *bytes, size_t len)
{
	pthread_once(&hash_key_once, hash_key_draw);
	uint64_t v[4] = {
		hash_key[0] ^ 0x736f6d6570736575u,
		hash_key[1] ^ 0x646f72616e646f6du,
		hash_key[0] ^ 0x6c7967656e657261u,
		hash_key[1] ^ 0x7465646279746573u,
	};
	uint64_t word;
	size_t at = 0;
	for (; len - at >= sizeof(word); at += sizeof(word)) {
		memcpy(&word, bytes + at, sizeof(word));
		sip_word(v, word);
	}
	word = 0;
	if (len > at)
		memcpy(&word, bytes + at, len - at);
	sip_word(v, word | (uint64_t)len << 56);
	v[2] ^= 0xFF;
	for (int i = 0; i < 3; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

void map_init(struct map *map, struct arena *arena)
{
	*map = (struct map){ .arena = arena };
}

void map_done(struct map *map)
{
	if (!map->arena)
		free(map->slots);
	map_init(map, map->arena);
}

/* The slot that holds the key, or the free one where it belongs. */
static struct map_slot *slot_of(const struct map *map, const struct map_slot *wanted)
{
	size_t mask = map->room - 1;
	for (size_t at = (size_t)wanted->hash & mask;; at = (at + 1) & mask) {
		struct map_slot *slot = &map->slots[at];
		if (!slot->key || (slot->hash == wanted->hash && slot->key_len == wanted->key_len &&
				   memcmp(slot->key, wanted->key, wanted->key_len) == 0))
			return slot;
	}
}

static void map_grow(struct map *map)
{
	struct map old = *map;
	map->room = old.room ? old.room * 2 : MAP_FIRST_ROOM;
	map->slots = map->arena ? arena_zero(map->arena, map->room * sizeof(*map->slots))
				: mem_new(map->room, sizeof(*map->slots));
	for (size_t i = 0; i < old.room; i++) {
		if (old.slots[i].key)
			*slot_of(map, &old.slots[i]) = old.slots[i];
	}
	if (!map->arena)
		free(old.slots);
}

void *map_get(const struct map *map, const char *key, size_t key_len)
{
	if (!map->count)
		return NULL;
	struct map_slot wanted = { .key = key, .key_len = key_len, .hash = map_hash(key, key_len) };
	return slot_of(map, &wanted)->value;
}

void *map_put(struct map *map, const char *key, size_t key_len, void *value)
{
	assert(key && value);
	if (map->count + 1 > map->room / 4 * 3)
		map_grow(map);
	struct map_slot wanted = {
		.key = key, .key_len = key_len, .hash = map_hash(key, key_len), .value = value
	};
	struct map_slot *slot = slot_of(map, &wanted);
	void *before = slot->value;
	if (slot->key) {
		slot->value = value;
	} else {
		*slot = wanted;
		map->count++;
	}
	return before;
}

const struct map_slot *map_next(const struct map *map, size_t *at)
{
	while (*at < map->room) {
		const struct map_slot *slot = &map->slots[(*at)++];
		if (slot->key)
			return slot;
	}
	return NULL;
}
