/*
 * Growable byte buffer, on an arena or on the heap. Appending never fails (see base/mem.h for out
 * of memory); whoever appends what a client sends checks its bound first.
 */
#ifndef CROFT_BASE_BUF_H
#define CROFT_BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

struct arena;

struct buf {
	/* NULL while empty; not NUL-terminated: see buf_text(). */
	char *data;
	size_t len, room;
	/* NULL: on the heap, wiped and freed by buf_done(). */
	struct arena *arena;
};

/*
 * An empty buffer that grows inside `arena` (nothing to free), or on the heap when `arena` is NULL.
 */
void buf_init(struct buf *buf, struct arena *arena);
void buf_done(struct buf *buf);
/* For AUTO(buf). */
void buf_auto(struct buf *buf);

/*
 * Makes room for `more` bytes past the end and returns where they start; the caller adds to
 * buf->len.
 */
char *buf_reserve(struct buf *buf, size_t more);

void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_add_text(struct buf *buf, const char *text);
void buf_add_char(struct buf *buf, char byte);
void buf_add_int(struct buf *buf, int64_t value);
void buf_printf(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
void buf_vprintf(struct buf *buf, const char *format, va_list args) PRINTF_LIKE(2, 0);

/* Adds a string constant without measuring it at run time. */
#define buf_add_lit(buf, literal) buf_add((buf), "" literal, sizeof(literal) - 1)

/* The content as NUL-terminated text; valid until the next change. Never NULL. */
const char *buf_text(struct buf *buf);
void buf_clear(struct buf *buf);

#endif
