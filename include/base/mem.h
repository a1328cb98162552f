/*
 * Heap allocation that never returns NULL: out of memory ends the process with a line on stderr.
 * The database is durable and the supervisor restarts us, so nothing acknowledged is lost; inputs
 * are bounded before they are read, so no client can bring it about.
 */
#ifndef CROFT_BASE_MEM_H
#define CROFT_BASE_MEM_H

#include <stddef.h>

#include "base/attr.h"

/* Zeroed memory for `count` members of `size` bytes; the caller frees it with free(). */
void *mem_new(size_t count, size_t size) MUST_USE;
/* Grows or shrinks `at` (which may be NULL) to `size` bytes; new bytes are not zeroed. */
void *mem_resize(void *at, size_t size) MUST_USE;
/*
 * For what may be secret: grows a block (or NULL) of `old_size` bytes to `size`; the old one is
 * wiped before it is freed.
 */
void *mem_move(void *at, size_t old_size, size_t size) MUST_USE;
/* Wipes and frees; `at` may be NULL. */
void mem_drop(void *at, size_t size);
/*
 * Zeroes, though nobody reads it any more, which a compiler may take for a reason to leave memset()
 * out.
 */
void mem_wipe(void *at, size_t size);

/*
 * Wipes the blocks of about `size` bytes that the allocator keeps for this thread to give out
 * again: a library that has just freed a copy of a secret did not. For glibc, which keeps up to
 * seven of each size below 1 KiB and fills larger ones by itself.
 */
void mem_scour(size_t size);

char *mem_strdup(const char *text) MUST_USE;

NO_RETURN void mem_out(size_t wanted);

#endif
