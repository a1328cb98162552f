/*
 * Bump allocator for one request, task or command: allocate freely, drop whole. What is dropped is
 * wiped. Not thread-safe: an arena belongs to the one thread that works on its request at a time.
 * Under AddressSanitizer the unused part of every chunk is poisoned.
 */
#ifndef CROFT_BASE_ARENA_H
#define CROFT_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/attr.h"

struct arena_chunk;

struct arena {
	/* Newest first; NULL until the first allocation. */
	struct arena_chunk *chunk;
	/* Free space of the newest chunk. */
	char *at, *end;
	/* Bytes of an ordinary chunk. */
	size_t chunk_size;
};

/* Prepares an empty arena that grows by `chunk_size` bytes (0: 4,096). Allocates nothing yet. */
void arena_init(struct arena *arena, size_t chunk_size);
/*
 * Frees everything but the oldest chunk, which is kept for the next request when it has the
 * ordinary size.
 */
void arena_reset(struct arena *arena);
/* Frees everything. The arena may be used again. */
void arena_done(struct arena *arena);
/* For AUTO(arena). */
void arena_auto(struct arena *arena);

/*
 * A moment of an arena. What was allocated since is dropped by going back to it; what was there
 * then stays.
 */
struct arena_mark {
	struct arena_chunk *chunk;
	char *at;
};
struct arena_mark arena_mark(const struct arena *arena);
void arena_rewind(struct arena *arena, struct arena_mark mark);
/*
 * The same, but `ret_rest`, which is not initialised before, gets the chunks that were added since:
 * for who has not the time to wipe them.
 */
void arena_part(struct arena *arena, struct arena_mark mark, struct arena *ret_rest);

/* None of these returns NULL. Memory is aligned for any type and lives until reset or done. */
void *arena_zero(struct arena *arena, size_t size) MUST_USE;
/* Not zeroed. */
void *arena_raw(struct arena *arena, size_t size) MUST_USE;
char *arena_strdup(struct arena *arena, const char *text) MUST_USE;
/* Copies `len` bytes and adds a NUL. */
char *arena_strndup(struct arena *arena, const char *text, size_t len) MUST_USE;
char *arena_printf(struct arena *arena, const char *format, ...) MUST_USE PRINTF_LIKE(2, 3);
char *arena_vprintf(struct arena *arena, const char *format, va_list args) MUST_USE
	PRINTF_LIKE(2, 0);

/*
 * Grows the block `at` of `old_size` bytes to `new_size`; in place when it was the last one
 * allocated. New bytes are not zeroed. `at` may be NULL when old_size is 0.
 */
void *arena_grow(struct arena *arena, void *at, size_t old_size, size_t new_size) MUST_USE;

/* All bytes held from the heap, used or not. */
size_t arena_footprint(const struct arena *arena);

#endif
