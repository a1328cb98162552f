/* The growable buffer; doubles its room, so appending is amortised O(1). */
#include "base/buf.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"

enum { BUF_FIRST_ROOM = 256 };

void buf_init(struct buf *buf, struct arena *arena)
{
	*buf = (struct buf){ .arena = arena };
}

void buf_done(struct buf *buf)
{
	if (!buf->arena)
		mem_drop(buf->data, buf->room);
	*buf = (struct buf){ .arena = buf->arena };
}

void buf_auto(struct buf *buf)
{
	buf_done(buf);
}

static void buf_grow(struct buf *buf, size_t wanted)
{
	size_t room = buf->room ? buf->room : BUF_FIRST_ROOM;
	while (room < wanted) {
		if (room > SIZE_MAX / 4)
			mem_out(wanted);
		room *= 2;
	}
	buf->data = buf->arena ? arena_grow(buf->arena, buf->data, buf->room, room)
			       : mem_move(buf->data, buf->room, room);
	buf->room = room;
}

char *buf_reserve(struct buf *buf, size_t more)
{
	if (more > SIZE_MAX / 4 - buf->len)
		mem_out(more);
	if (buf->room - buf->len < more || !buf->data)
		buf_grow(buf, buf->len + more);
	return buf->data + buf->len;
}

void buf_add(struct buf *buf, const void *bytes, size_t len)
{
	if (!len)
		return;
	memcpy(buf_reserve(buf, len), bytes, len);
	buf->len += len;
}

void buf_add_text(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void buf_add_char(struct buf *buf, char byte)
{
	*buf_reserve(buf, 1) = byte;
	buf->len++;
}

void buf_add_int(struct buf *buf, int64_t value)
{
	char digits[STR_INT64_ROOM];
	buf_add(buf, digits, str_int64(value, digits));
}

void buf_vprintf(struct buf *buf, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, again);
	va_end(again);
	assert(len >= 0);
	vsnprintf(buf_reserve(buf, (size_t)len + 1), (size_t)len + 1, format, args);
	buf->len += (size_t)len;
}

void buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	buf_vprintf(buf, format, args);
	va_end(args);
}

const char *buf_text(struct buf *buf)
{
	*buf_reserve(buf, 1) = '\0';
	return buf->data;
}

void buf_clear(struct buf *buf)
{
	buf->len = 0;
}
