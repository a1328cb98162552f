/*
 * The bump allocator: alignment, large blocks, growing in place, reset, and poisoning under
 * AddressSanitizer.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <string.h>

#include "testing/rows.h"

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif
#ifdef WITH_ASAN
#include <sanitizer/asan_interface.h>
#endif

static void holds_nothing_at_first(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	assert_int_equal(arena_footprint(&arena), 0);
	arena_init(&arena, 0);
	assert_int_equal(arena_footprint(&arena), 0);
	arena_reset(&arena);
	assert_int_equal(arena_footprint(&arena), 0);
}

static void blocks_are_aligned_and_apart(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	char *blocks[200];
	for (size_t i = 0; i < COUNT_OF(blocks); i++) {
		blocks[i] = arena_raw(&arena, i);
		assert_int_equal((uintptr_t)blocks[i] % alignof(max_align_t), 0);
		memset(blocks[i], (int)i, i);
	}
	for (size_t i = 0; i < COUNT_OF(blocks); i++) {
		for (size_t j = 0; j < i; j++)
			assert_int_equal((unsigned char)blocks[i][j], i);
	}
}

static void zero_is_zeroed_even_in_used_memory(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	memset(arena_raw(&arena, 1000), 0xAA, 1000);
	arena_reset(&arena);
	const char *bytes = arena_zero(&arena, 1000);
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(bytes[i], 0);
}

static void large_blocks_fit(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	arena_init(&arena, 1024);
	char *small = arena_strdup(&arena, "small");
	char *large = arena_raw(&arena, 1 << 20);
	memset(large, 'x', 1 << 20);
	char *after = arena_strdup(&arena, "after");
	assert_string_equal(small, "small");
	assert_string_equal(after, "after");
	assert_true(arena_footprint(&arena) >= (1 << 20) + 1024);
}

/* What was there at the mark stays, what came since is the other's, in chunks of its own or not. */
static void a_part_takes_what_came_since(void **state)
{
	size_t count = *(const size_t *)*state;
	AUTO(arena) arena = { 0 };
	AUTO(arena) rest = { 0 };
	arena_init(&arena, 1024);
	char *before = arena_strdup(&arena, "before");
	size_t footprint = arena_footprint(&arena);
	struct arena_mark mark = arena_mark(&arena);
	for (size_t i = 0; i < count; i++)
		memset(arena_raw(&arena, 500), 'x', 500);
	size_t all = arena_footprint(&arena);
	arena_part(&arena, mark, &rest);
	assert_string_equal(before, "before");
	assert_int_equal(arena_footprint(&arena), footprint);
	assert_int_equal(arena_footprint(&rest), all - footprint);
	assert_ptr_equal(arena_strdup(&arena, "after"), mark.at);
}

static void reset_keeps_one_ordinary_chunk(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	arena_init(&arena, 1024);
	void *first = arena_raw(&arena, 10);
	size_t one_chunk = arena_footprint(&arena);
	for (int i = 0; i < 100; i++)
		(void)!arena_raw(&arena, 500);
	assert_true(arena_footprint(&arena) > 10 * one_chunk);
	arena_reset(&arena);
	assert_int_equal(arena_footprint(&arena), one_chunk);
	assert_ptr_equal(arena_raw(&arena, 10), first);
}

static void reset_gives_back_a_large_first_chunk(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	arena_init(&arena, 1024);
	(void)!arena_raw(&arena, 1 << 20);
	arena_reset(&arena);
	assert_int_equal(arena_footprint(&arena), 0);
	assert_string_equal(arena_strdup(&arena, "again"), "again");
}

static void done_may_be_used_again(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	(void)!arena_raw(&arena, 10);
	arena_done(&arena);
	assert_int_equal(arena_footprint(&arena), 0);
	assert_string_equal(arena_strdup(&arena, "again"), "again");
	arena_done(&arena);
	arena_done(&arena);
}

static void last_block_grows_in_place(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	char *block = arena_strdup(&arena, "0123456789");
	char *grown = arena_grow(&arena, block, 11, 500);
	assert_ptr_equal(grown, block);
	memset(grown + 11, 'x', 489);
	char *next = arena_raw(&arena, 1);
	assert_true(next >= grown + 500);
}

static void other_blocks_move_with_their_bytes(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	char *block = arena_strdup(&arena, "0123456789");
	char *behind = arena_strdup(&arena, "behind");
	char *grown = arena_grow(&arena, block, 11, 100);
	assert_ptr_not_equal(grown, block);
	assert_string_equal(grown, "0123456789");
	assert_string_equal(behind, "behind");
}

static void growing_over_the_chunk_moves(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	char *block = arena_strdup(&arena, "0123456789");
	char *grown = arena_grow(&arena, block, 11, 100000);
	assert_string_equal(grown, "0123456789");
	memset(grown, 'x', 100000);
}

static void growing_from_nothing(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	char *block = arena_grow(&arena, NULL, 0, 8);
	memcpy(block, "1234567", 8);
	assert_string_equal(block, "1234567");
}

static void texts_are_copied_and_formatted(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	assert_string_equal(arena_strndup(&arena, "abcdef", 3), "abc");
	assert_string_equal(arena_strndup(&arena, NULL, 0), "");
	assert_string_equal(arena_strdup(&arena, ""), "");
	assert_string_equal(arena_printf(&arena, "%s-%d", "x", 7), "x-7");
	char *wide = arena_printf(&arena, "%10000d", 1);
	assert_int_equal(strlen(wide), 10000);
}

static void unused_memory_is_poisoned(void **state)
{
	(void)state;
#ifdef WITH_ASAN
	AUTO(arena) arena = { 0 };
	char *block = arena_raw(&arena, 10);
	assert_false(__asan_address_is_poisoned(block + 9));
	assert_true(__asan_address_is_poisoned(block + 10));
	assert_true(__asan_address_is_poisoned(block + 100));
	arena_reset(&arena);
	assert_true(__asan_address_is_poisoned(block));
#else
	skip();
#endif
}

static void goes_back_to_a_mark(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	arena_init(&arena, 256);
	arena_rewind(&arena, arena_mark(&arena));
	char *kept = arena_strdup(&arena, "kept");
	struct arena_mark mark = arena_mark(&arena);
	size_t before = arena_footprint(&arena);
	char *next = arena_raw(&arena, 16);
	memset(arena_raw(&arena, 1000), 1, 1000);
	memset(arena_raw(&arena, 100), 1, 100);
	arena_rewind(&arena, mark);
	assert_int_equal(arena_footprint(&arena), before);
	assert_string_equal(kept, "kept");
	assert_ptr_equal(arena_raw(&arena, 16), next);
#ifdef WITH_ASAN
	assert_true(__asan_address_is_poisoned(next + 16));
#endif
}

static void assert_wiped(const char *at, size_t size)
{
	for (size_t i = 0; i < size; i++)
		assert_int_equal(at[i], 0);
}

static void reset_wipes(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	arena_init(&arena, 1024);
	char *first = arena_raw(&arena, 700);
	memset(first, 'p', 700);
	memset(arena_raw(&arena, 5000), 'p', 5000); /* a newer chunk */
	arena_reset(&arena);
	char *again = arena_raw(&arena, 700);
	assert_ptr_equal(again, first);
	assert_wiped(again, 700);
}

static void going_back_wipes(void **state)
{
	(void)state;
	AUTO(arena) arena = { 0 };
	arena_init(&arena, 1024);
	char *kept = arena_strdup(&arena, "kept");
	struct arena_mark mark = arena_mark(&arena);
	char *since = arena_raw(&arena, 300);
	memset(since, 'p', 300);
	memset(arena_raw(&arena, 5000), 'p', 5000);
	arena_rewind(&arena, mark);
	assert_string_equal(kept, "kept");
	assert_ptr_equal(arena_raw(&arena, 300), since);
	assert_wiped(since, 300);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("what came after a mark is dropped by going back to it", goes_back_to_a_mark),
		ROW("an arena holds nothing before its first block", holds_nothing_at_first),
		ROW("blocks are aligned and do not overlap", blocks_are_aligned_and_apart),
		ROW("zeroed blocks are zero in memory used before",
		    zero_is_zeroed_even_in_used_memory),
		ROW("a block larger than a chunk gets its own", large_blocks_fit),
		ROW_OF("a part takes nothing when nothing came", a_part_takes_what_came_since,
		       &(size_t){ 0 }),
		ROW_OF("a part leaves the chunk that was there", a_part_takes_what_came_since,
		       &(size_t){ 1 }),
		ROW_OF("a part takes the chunks that came", a_part_takes_what_came_since,
		       &(size_t){ 100 }),
		ROW("reset keeps one ordinary chunk", reset_keeps_one_ordinary_chunk),
		ROW("reset gives back a first chunk that was large",
		    reset_gives_back_a_large_first_chunk),
		ROW("an arena works again after done", done_may_be_used_again),
		ROW("the last block grows in place", last_block_grows_in_place),
		ROW("another block moves with its bytes", other_blocks_move_with_their_bytes),
		ROW("growing over the end of the chunk moves", growing_over_the_chunk_moves),
		ROW("growing starts from nothing", growing_from_nothing),
		ROW("texts are copied and formatted", texts_are_copied_and_formatted),
		ROW("reset wipes what was used of the chunk that is kept", reset_wipes),
		ROW("going back to a mark wipes what came after it, in older chunks too",
		    going_back_wipes),
		ROW("unused memory is poisoned under AddressSanitizer", unused_memory_is_poisoned),
	};
	return rows_run("base/arena", rows, COUNT_OF(rows));
}
