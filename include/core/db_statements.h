/*
 * The prepared statements that a driver keeps for one connection: found by a hash of their SQL and
 * compared in full, ordered by their last use. For the thread that has the connection. How many are
 * kept, and what letting one go means, the driver decides; nothing here allocates.
 */
#ifndef CROFT_CORE_DB_STATEMENTS_H
#define CROFT_CORE_DB_STATEMENTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

enum { DB_STATEMENT_BUCKETS = 256 };

/*
 * What a driver's own struct begins with. The first three are the driver's to fill in and to free.
 */
struct db_statement {
	char *sql;
	size_t len;
	/* What db_statement_hash() gives, or something made from it. */
	uint64_t hash;
	struct db_statement *chain;
	struct db_statement *newer, *older;
};

/* Zeroed: none. */
struct db_statements {
	int count;
	struct db_statement *newest, *oldest;
	struct db_statement *buckets[DB_STATEMENT_BUCKETS];
};

uint64_t db_statement_hash(const char *sql, size_t len);
/* `hash` with one value more that tells statements apart. */
uint64_t db_statement_hash_more(uint64_t hash, unsigned value);

/* Changes no order. NULL: none is kept. */
struct db_statement *db_statements_find(const struct db_statements *all, uint64_t hash,
					const char *sql, size_t len);
/* Of those with the same hash and SQL the one after `at`; NULL: there is none. */
struct db_statement *db_statements_next(const struct db_statement *at);
/* Adds it as the newest. */
void db_statements_add(struct db_statements *all, struct db_statement *statement);
/* It was used: it is the newest from now on. */
void db_statements_touch(struct db_statements *all, struct db_statement *statement);
/* Takes it out; it is the caller's again. */
void db_statements_remove(struct db_statements *all, struct db_statement *statement);

/* One that is not written as the drivers want it, which is a fault of the program. */
enum app_err db_statement_fail(struct ctx *c, const char *why, const char *sql);

#endif
