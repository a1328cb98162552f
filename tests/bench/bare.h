/*
 * The yardstick of `make bench`: the requests that croft is measured with, written straight on
 * libmicrohttpd, SQLite and libsodium, with nothing in between. It does what any server must do for
 * them and no more.
 */
#ifndef CROFT_TESTS_BENCH_BARE_H
#define CROFT_TESTS_BENCH_BARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BARE_BODY_ROOM = 65536, BARE_ROW_ROOM = 2048, BARE_NAME_ROOM = 256, BARE_BATCH = 256 };

struct sqlite3;
struct sqlite3_stmt;

/* ---- bare_text.c: JSON ---- */

/* Appends while there is room; what does not fit is left out. */
struct text {
	char *bytes;
	size_t room, len;
};

void text_add(struct text *out, const char *bytes, size_t len);
void text_column(struct text *out, struct sqlite3_stmt *row, int column);
void text_int(struct text *out, int64_t value);
void text_time(struct text *out, int64_t us);
void text_bool(struct text *out, int value);

#define QUOTED(literal) "\"" literal "\""
#define NAME(literal) QUOTED(literal) ":" /* of a member */
#define TEXT_ADD(out, literal) text_add((out), (literal), sizeof(literal) - 1)

/* ---- bare_store.c: users in croft's table ---- */

/* Opens the writer and starts its thread. The path is kept. Exits the program when that fails. */
void store_open(const char *path);
void store_close(void);

/*
 * For connections of one's own: the path, a connection with SQLite's flags, and what ends the
 * program on failure.
 */
void store_use(const char *path);
struct sqlite3 *store_opened(int flags);
struct sqlite3_stmt *store_prepared(struct sqlite3 *db, const char *sql);
void store_run(struct sqlite3 *db, const char *sql);
_Noreturn void store_die(struct sqlite3 *db, const char *what);
int64_t store_now(void); /* microseconds */

/*
 * One user, and a page of 20 with the count, as croft's JSON. False: not there. On this thread's
 * reader.
 */
bool store_user(int64_t id, struct text *ret);
void store_page(int64_t page, struct text *ret);

/* A row to insert; ready() is called on the writer's thread once it is durable. */
struct store_insert {
	char username[BARE_NAME_ROOM], email[BARE_NAME_ROOM];
	int status; /* 201, 409 or 500 */
	struct text json;
	char json_room[BARE_ROW_ROOM];
	void (*ready)(struct store_insert *insert);
	void *owner;
	struct store_insert *next;
};
void store_submit(struct store_insert *insert);

/* ---- bare_posts.c: posts in croft's table, with the SQL that croft makes ---- */

enum posts_kind {
	POSTS_BY_NUMBER, /* from = the page */
	POSTS_PUBLISHED, /* from = the page, filtered by status */
	POSTS_BY_CURSOR, /* from = the id before the first */
	POSTS_BY_KEY,    /* the same of all rows: nothing can read a page for less */
};
void posts_page(enum posts_kind kind, int64_t from, bool with_total, struct text *ret);

/* Inserts `count` rows in one transaction and prints the CPU time of that in nanoseconds. */
void posts_insert(int64_t count);

/* ---- bare_flush.c: the disk ---- */

/* Prints how many microseconds it takes to append 4 KiB to the file and make them durable. */
void flush_measure(const char *path);

/* ---- bare_token.c: HS256 ---- */

enum { BARE_TOKEN_ROOM = 512 };
void token_make(char ret[BARE_TOKEN_ROOM]);
/* Whether the signature is ours, compared in constant time, and the token not expired. */
bool token_is_good(const char *token);

#endif
