/* UUIDs (RFC 9562), as pydantic reads them: also without hyphens, in braces, as a URN. */
#ifndef CROFT_SRC_CORE_SCHEMA_FORMAT_UUID_H
#define CROFT_SRC_CORE_SCHEMA_FORMAT_UUID_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* "0188a1c0-…": bytes with and without the NUL. */
enum { UUID_LEN = 36, UUID_ROOM = UUID_LEN + 1 };

/* Gives the canonical spelling. False: uuid_fault() says why. */
bool uuid_read(const char *text, size_t len, char ret_uuid[UUID_ROOM]);
/*
 * Why it is none, as a part of a sentence in the arena. Quotes the text only when it may.
 */
const char *uuid_fault(struct arena *arena, const char *text, size_t len, bool may_quote);

#endif
