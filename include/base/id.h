/* Identifiers that nobody can guess, of random bytes. */
#ifndef CROFT_BASE_ID_H
#define CROFT_BASE_ID_H

enum {
	/* 130 bits in Crockford's base32, lower case. */
	ID_TEXT_LEN = 26,
	ID_ROOM = ID_TEXT_LEN + 1,
};

/* A fresh one, of letters and digits. */
void id_new(char out[ID_ROOM]);

#endif
