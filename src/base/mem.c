/* Checked heap allocation; the only place that decides what out-of-memory means. */
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#include "base/app_name.h"
#include "base/say.h"

void mem_out(size_t wanted)
{
	say_error(APP_NAME ": out of memory (%zu bytes wanted)\n", wanted);
	abort();
}

void *mem_new(size_t count, size_t size)
{
	void *at = calloc(count ? count : 1, size ? size : 1);
	if (!at)
		mem_out(count * size);
	return at;
}

void *mem_resize(void *at, size_t size)
{
	void *grown = realloc(at, size ? size : 1);
	if (!grown)
		mem_out(size);
	return grown;
}

void mem_wipe(void *at, size_t size)
{
	if (size)
		explicit_bzero(at, size);
}

void mem_drop(void *at, size_t size)
{
	if (at)
		mem_wipe(at, size);
	free(at);
}

void *mem_move(void *at, size_t old_size, size_t size)
{
	void *moved = malloc(size ? size : 1);
	if (!moved)
		mem_out(size);
	if (at)
		memcpy(moved, at, old_size);
	mem_drop(at, old_size);
	return moved;
}

void mem_scour(size_t size)
{
	enum { KEPT = 8 };
	void *blocks[KEPT];
	for (size_t i = 0; i < KEPT; i++) {
		blocks[i] = malloc(size);
		if (blocks[i])
			mem_wipe(blocks[i], size);
	}
	for (size_t i = KEPT; i > 0; i--)
		free(blocks[i - 1]);
}

char *mem_strdup(const char *text)
{
	size_t size = strlen(text) + 1;
	return memcpy(mem_new(1, size), text, size);
}
