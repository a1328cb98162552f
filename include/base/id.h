/*
 * Random bytes and identifiers from the kernel's generator (getrandom(2)), drawn in blocks per
 * thread.
 */
#ifndef CROFT_BASE_ID_H
#define CROFT_BASE_ID_H

#include <stddef.h>

enum {
	ID_TEXT_LEN = 26, /* 130 bits in Crockford's base32, lower case */
	ID_ROOM = ID_TEXT_LEN + 1,
};

/* Unpredictable bytes; ends the process if the kernel cannot give any. */
void random_bytes(void *out, size_t len);

/* A fresh unguessable identifier of letters and digits. */
void id_new(char out[ID_ROOM]);

#endif
