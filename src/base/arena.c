/*
 * The bump allocator: a list of chunks, newest first; large blocks get a chunk of their own size.
 */
#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(at, size) ASAN_POISON_MEMORY_REGION(at, size)
#define UNPOISON(at, size) ASAN_UNPOISON_MEMORY_REGION(at, size)
#else
#define POISON(at, size) ((void)(at), (void)(size))
#define UNPOISON(at, size) ((void)(at), (void)(size))
#endif

enum {
	ARENA_CHUNK = 4096,
	ARENA_ALIGN = alignof(max_align_t),
};

struct arena_chunk {
	struct arena_chunk *older;
	/* bytes in data */
	size_t size;
	/* of them, once there is a newer chunk */
	size_t used;
	alignas(max_align_t) char data[];
};

static size_t align_up(size_t size)
{
	return (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
}

void arena_init(struct arena *arena, size_t chunk_size)
{
	*arena = (struct arena){ .chunk_size = chunk_size ? align_up(chunk_size) : ARENA_CHUNK };
}

static void arena_open_chunk(struct arena *arena, struct arena_chunk *chunk)
{
	arena->chunk = chunk;
	arena->at = chunk->data;
	arena->end = chunk->data + chunk->size;
	POISON(chunk->data, chunk->size);
}

static void arena_add_chunk(struct arena *arena, size_t wanted)
{
	if (!arena->chunk_size)
		arena->chunk_size = ARENA_CHUNK;
	size_t size = wanted > arena->chunk_size ? wanted : arena->chunk_size;
	if (size > SIZE_MAX / 2)
		mem_out(size);
	struct arena_chunk *chunk = malloc(sizeof(*chunk) + size);
	if (!chunk)
		mem_out(size);
	if (arena->chunk)
		arena->chunk->used = (size_t)(arena->at - arena->chunk->data);
	chunk->older = arena->chunk;
	chunk->size = size;
	arena_open_chunk(arena, chunk);
}

/* Nothing that a request brought along, a password say, stays in memory that is free. */
static void wipe(char *from, const char *to)
{
	size_t size = (size_t)(to - from);
	UNPOISON(from, size);
	mem_wipe(from, size);
}

/* Goes on where it was left in the chunk that is the newest from now on; NULL: none. */
static void arena_reopen_chunk(struct arena *arena, struct arena_chunk *chunk)
{
	arena->chunk = chunk;
	arena->at = chunk ? chunk->data + chunk->used : NULL;
	arena->end = chunk ? chunk->data + chunk->size : NULL;
}

static void arena_drop_chunk(struct arena *arena)
{
	struct arena_chunk *chunk = arena->chunk, *older = chunk->older;
	wipe(chunk->data, arena->at);
	UNPOISON(chunk->data, chunk->size);
	free(chunk);
	arena_reopen_chunk(arena, older);
}

void arena_reset(struct arena *arena)
{
	while (arena->chunk && arena->chunk->older)
		arena_drop_chunk(arena);
	if (!arena->chunk)
		return;
	if (arena->chunk->size != arena->chunk_size) {
		arena_drop_chunk(arena);
		return;
	}
	wipe(arena->chunk->data, arena->at);
	arena_open_chunk(arena, arena->chunk);
}

void arena_done(struct arena *arena)
{
	while (arena->chunk)
		arena_drop_chunk(arena);
}

void arena_auto(struct arena *arena)
{
	arena_done(arena);
}

struct arena_mark arena_mark(const struct arena *arena)
{
	return (struct arena_mark){ arena->chunk, arena->at };
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
	while (arena->chunk != mark.chunk)
		arena_drop_chunk(arena);
	if (!mark.chunk)
		return;
	wipe(mark.at, arena->at);
	arena->at = mark.at;
	POISON(arena->at, (size_t)(arena->end - arena->at));
}

void arena_part(struct arena *arena, struct arena_mark mark, struct arena *ret_rest)
{
	struct arena_chunk *oldest = NULL;
	arena_init(ret_rest, arena->chunk_size);
	for (struct arena_chunk *chunk = arena->chunk; chunk != mark.chunk; chunk = chunk->older)
		oldest = chunk;
	if (oldest) {
		*ret_rest = *arena;
		oldest->older = NULL;
		arena_reopen_chunk(arena, mark.chunk);
	}
	arena_rewind(arena, mark);
}

void *arena_raw(struct arena *arena, size_t size)
{
	if (size > SIZE_MAX / 2)
		mem_out(size);
	size_t wanted = align_up(size ? size : 1);
	if ((size_t)(arena->end - arena->at) < wanted)
		arena_add_chunk(arena, wanted);
	void *at = arena->at;
	arena->at += wanted;
	UNPOISON(at, size);
	return at;
}

void *arena_zero(struct arena *arena, size_t size)
{
	return memset(arena_raw(arena, size), 0, size);
}

void *arena_grow(struct arena *arena, void *at, size_t old_size, size_t new_size)
{
	assert(new_size >= old_size);
	size_t old_room = align_up(old_size ? old_size : 1);
	char *block = at;
	if (block && block + old_room == arena->at && new_size < SIZE_MAX / 2 &&
	    (size_t)(arena->end - block) >= align_up(new_size)) {
		arena->at = block + align_up(new_size);
		UNPOISON(block, new_size);
		return block;
	}
	void *moved = arena_raw(arena, new_size);
	if (old_size)
		memcpy(moved, at, old_size);
	return moved;
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
	char *copy = arena_raw(arena, len + 1);
	if (len)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_strndup(arena, text, strlen(text));
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, again);
	va_end(again);
	assert(len >= 0);
	char *text = arena_raw(arena, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, format, args);
	return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}

size_t arena_footprint(const struct arena *arena)
{
	size_t total = 0;
	for (const struct arena_chunk *chunk = arena->chunk; chunk; chunk = chunk->older)
		total += sizeof(*chunk) + chunk->size;
	return total;
}
