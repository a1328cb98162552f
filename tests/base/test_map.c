/* The hash map, on the heap and on an arena. */
#include "base/map.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "testing/rows.h"

static int one, two;

static void empty_finds_nothing(void **state)
{
	(void)state;
	struct map map;
	map_init(&map, NULL);
	size_t at = 0;
	assert_null(map_get(&map, "x", 1));
	assert_null(map_next(&map, &at));
	map_done(&map);
}

static void put_tells_what_stood_there(void **state)
{
	(void)state;
	struct map map;
	map_init(&map, NULL);
	assert_null(map_put(&map, "key", 3, &one));
	assert_ptr_equal(map_put(&map, "key", 3, &two), &one);
	assert_ptr_equal(map_get(&map, "key", 3), &two);
	assert_int_equal(map.count, 1);
	map_done(&map);
	assert_int_equal(map.count, 0);
	assert_null(map_get(&map, "key", 3));
}

static void keys_are_bytes_with_a_length(void **state)
{
	(void)state;
	struct map map;
	map_init(&map, NULL);
	assert_null(map_put(&map, "a\0b", 3, &one));
	assert_null(map_put(&map, "", 0, &two));
	assert_null(map_get(&map, "a", 1));
	assert_null(map_get(&map, "a\0c", 3));
	assert_null(map_get(&map, "A\0b", 3));
	assert_ptr_equal(map_get(&map, "a\0bzzz", 3), &one);
	assert_ptr_equal(map_get(&map, "whatever", 0), &two);
	map_done(&map);
}

enum { MANY = 5000 };

static void put_many(struct map *map, char (*keys)[16])
{
	for (size_t i = 0; i < MANY; i++) {
		int len = snprintf(keys[i], sizeof(keys[i]), "key-%zu", i);
		assert_null(map_put(map, keys[i], (size_t)len, keys[i]));
	}
}

static void check_many(const struct map *map, char (*keys)[16])
{
	assert_int_equal(map->count, MANY);
	assert_true(map->room >= MANY && (map->room & (map->room - 1)) == 0);
	for (size_t i = 0; i < MANY; i++)
		assert_ptr_equal(map_get(map, keys[i], strlen(keys[i])), keys[i]);
	assert_null(map_get(map, "key-5000", 8));
	size_t at = 0, seen = 0;
	const struct map_slot *slot;
	while ((slot = map_next(map, &at))) {
		assert_ptr_equal(slot->key, slot->value);
		seen++;
	}
	assert_int_equal(seen, MANY);
}

static void holds_many_on_the_heap(void **state)
{
	(void)state;
	static char keys[MANY][16];
	struct map map;
	map_init(&map, NULL);
	put_many(&map, keys);
	check_many(&map, keys);
	map_done(&map);
}

static void holds_many_on_an_arena(void **state)
{
	(void)state;
	static char keys[MANY][16];
	AUTO(arena) arena = { 0 };
	struct map map;
	map_init(&map, &arena);
	put_many(&map, keys);
	check_many(&map, keys);
	map_done(&map);
}

static void hash_depends_on_every_byte(void **state)
{
	(void)state;
	char text[33] = "0123456789abcdef0123456789abcdef";
	for (size_t len = 0; len <= 32; len++) {
		uint64_t hash = map_hash(text, len);
		assert_true(hash == map_hash(text, len));
		if (len < 32)
			assert_true(hash != map_hash(text, len + 1));
		for (size_t i = 0; i < len; i++) {
			text[i] = (char)(text[i] ^ 1);
			assert_true(hash != map_hash(text, len));
			text[i] = (char)(text[i] ^ 1);
		}
	}
	assert_true(map_hash("\0", 1) != map_hash("\0\0", 2));
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("an empty map finds nothing", empty_finds_nothing),
		ROW("putting again replaces and tells what stood there",
		    put_tells_what_stood_there),
		ROW("keys are bytes with a length", keys_are_bytes_with_a_length),
		ROW("thousands of keys on the heap", holds_many_on_the_heap),
		ROW("thousands of keys on an arena", holds_many_on_an_arena),
		ROW("the hash depends on every byte and the length", hash_depends_on_every_byte),
	};
	return rows_run("base/map", rows, COUNT_OF(rows));
}
