/*
 * Hash map from text to pointer, on an arena or the heap. Keys are hashed with SipHash-1-3 under a
 * key drawn once per process, so a client cannot choose names that collide. Keys are not copied:
 * they must outlive the map.
 */
#ifndef CROFT_BASE_MAP_H
#define CROFT_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct map_slot {
	/* NULL: free */
	const char *key;
	size_t key_len;
	uint64_t hash;
	void *value;
};

struct map {
	struct map_slot *slots;
	/* `room` is a power of two, or 0. */
	size_t count, room;
	struct arena *arena;
};

/* Arena NULL: heap. */
void map_init(struct map *map, struct arena *arena);
void map_done(struct map *map);

/* The value under the key, or NULL. */
void *map_get(const struct map *map, const char *key, size_t key_len);
/* Sets the value (not NULL). Returns the value that stood there before, or NULL. */
void *map_put(struct map *map, const char *key, size_t key_len, void *value);

/*
 * The next slot in use at or after *at, advancing *at past it; NULL at the end. Start with *at = 0.
 */
const struct map_slot *map_next(const struct map *map, size_t *at);

uint64_t map_hash(const char *bytes, size_t len);

#endif
