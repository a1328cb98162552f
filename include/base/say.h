/*
 * A few words on a descriptor, most often standard error, from a program that must not hang on
 * whoever reads it. For what is said outside the log: the log has a thread of its own (core/log.h).
 */
#ifndef CROFT_BASE_SAY_H
#define CROFT_BASE_SAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

/* For words that matter. */
enum { SAY_WAIT_MS = 5000 };

/*
 * Writes the bytes; false when they are not all taken within `wait_ms` or the output fails. Safe in
 * a signal handler; SIGPIPE must be ignored or wanted.
 */
bool say(int fd, const void *bytes, size_t len, int64_t wait_ms);
/* The same for a text on standard error, with SAY_WAIT_MS. */
bool say_error(const char *format, ...) PRINTF_LIKE(1, 2);
/* Whether the output takes anything now, or would say at once that it cannot. */
bool say_is_ready(int fd);

#endif
