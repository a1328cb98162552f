/*
 * gzip (RFC 1952) for answers, by zlib; the only place that knows it. Each thread keeps one
 * compressor of 128 KB for its lifetime instead of building one for every answer. Request bodies
 * are never unpacked.
 */
#ifndef CROFT_CORE_GZIP_H
#define CROFT_CORE_GZIP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

struct buf;

/* Appends the bytes in gzip form. False, and nothing appended, when that would not be smaller. */
bool gzip_pack(const void *bytes, size_t len, struct buf *out) MUST_USE;

/*
 * Appends what the gzip bytes hold, which must be exactly `size` bytes. For our own embedded files.
 * False, and nothing appended, when they hold anything else.
 */
bool gzip_unpack(const void *gzip, size_t len, size_t size, struct buf *out) MUST_USE;

#endif
