/*
 * The yardstick of `make bench`: the four requests that croft is measured with, written straight on libmicrohttpd,
 * SQLite and libsodium, with nothing in between. It does what any server must do for them and no more.
 */
#ifndef CROFT_BENCH_BARE_H
#define CROFT_BENCH_BARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BARE_BODY_ROOM = 16384, BARE_NAME_ROOM = 256, BARE_BATCH = 256 };

struct text {
	char bytes[BARE_BODY_ROOM];
	size_t len;
};

/* ---- bare_store.c: users in croft's table ---- */

/* Opens the writer and starts its thread. The path is kept. Exits the program when that fails. */
void store_open(const char *path);
void store_close(void);
/* Fills the table up to `count` users. */
void store_seed(int64_t count);

/* One user, and a page of 20 with the count, as croft's JSON. False: not there. On this thread's reader. */
bool store_user(int64_t id, struct text *ret);
void store_page(int64_t page, struct text *ret);

/* A row to insert; ready() is called on the writer's thread once it is durable. */
struct store_insert {
	char username[BARE_NAME_ROOM], email[BARE_NAME_ROOM];
	int status; /* 201, 409 or 500 */
	struct text json;
	void (*ready)(struct store_insert *insert);
	void *owner;
	struct store_insert *next;
};
void store_submit(struct store_insert *insert);

/* ---- bare_token.c: HS256 ---- */

enum { BARE_TOKEN_ROOM = 512 };
void token_make(char ret[BARE_TOKEN_ROOM]);
/* Whether the signature is ours, compared in constant time, and the token not expired. */
bool token_is_good(const char *token);

#endif
