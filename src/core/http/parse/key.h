/*
 * Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a string in quotes, as the draft has
 * it, or the bare text that many clients send.
 */
#ifndef CROFT_SRC_CORE_HTTP_PARSE_KEY_H
#define CROFT_SRC_CORE_HTTP_PARSE_KEY_H

#include <stdbool.h>

#include "base/attr.h"

/* Bytes of a key, and room for them. */
enum { KEY_MAX = 255, KEY_ROOM = KEY_MAX + 1 };

/*
 * Reads the header, which has no blanks around it: 1 to KEY_MAX printable bytes of ASCII. The two
 * forms of one text are one key. False: it is none.
 */
bool key_read(const char *header, char ret[KEY_ROOM]) MUST_USE;

#endif
