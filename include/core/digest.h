/* SHA-256 (FIPS 180-4) of bytes and of files: to tell whether something is still what it was. */
#ifndef CROFT_CORE_DIGEST_H
#define CROFT_CORE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/ctx.h"

enum { DIGEST_BYTES = 32, DIGEST_TEXT_ROOM = 2 * DIGEST_BYTES + 1 };

void digest_bytes(const void *bytes, size_t len, unsigned char ret[DIGEST_BYTES]);
/* The same in lower-case hex. */
void digest_text(const void *bytes, size_t len, char ret[DIGEST_TEXT_ROOM]);
/* Whether two of these are the same, in a time that does not tell where they differ. */
bool digest_text_is(const char ours[DIGEST_TEXT_ROOM], const char theirs[DIGEST_TEXT_ROOM]);

/*
 * SipHash-2-4 (Aumasson and Bernstein) under a random key: for tables whose places nobody may aim
 * at.
 */
enum { DIGEST_KEY_BYTES = 16 };
uint64_t digest_short(const unsigned char key[DIGEST_KEY_BYTES], const void *bytes, size_t len);

/*
 * Reads the file to its end, in pieces, and writes the digest in lower-case hex, as sha256sum
 * prints it. ret_size (may be NULL) gets the bytes read. APP_NOT_FOUND or APP_UNAVAILABLE when it
 * cannot be read.
 */
enum app_err digest_file(struct ctx *c, const char *path, char ret_text[DIGEST_TEXT_ROOM],
			 int64_t *ret_size) MUST_USE;

#endif
