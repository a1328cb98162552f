/*
 * The prepared statements of one connection: a hash table and a list by last use. Knows nothing of
 * any driver.
 */
#include <string.h>

#include "core/db_statements.h"

static const uint64_t odd = 0x9e3779b97f4a7c15u;

/*
 * Eight bytes a step: the text is ours, so speed matters and resistance to chosen collisions does
 * not.
 */
uint64_t db_statement_hash(const char *sql, size_t len)
{
	uint64_t hash = len * odd, word;
	for (; len >= sizeof(word); sql += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, sql, sizeof(word));
		hash = (hash ^ word) * odd;
		hash ^= hash >> 29;
	}
	word = 0;
	memcpy(&word, sql, len);
	hash = (hash ^ word) * odd;
	return hash ^ (hash >> 32);
}

uint64_t db_statement_hash_more(uint64_t hash, unsigned value)
{
	hash = (hash ^ (value + 1)) * odd;
	return hash ^ (hash >> 32);
}

static struct db_statement *search(struct db_statement *at, uint64_t hash, const char *sql,
				   size_t len)
{
	while (at && (at->hash != hash || at->len != len || memcmp(at->sql, sql, len) != 0))
		at = at->chain;
	return at;
}

struct db_statement *db_statements_find(const struct db_statements *all, uint64_t hash,
					const char *sql, size_t len)
{
	return search(all->buckets[hash % DB_STATEMENT_BUCKETS], hash, sql, len);
}

struct db_statement *db_statements_next(const struct db_statement *at)
{
	return search(at->chain, at->hash, at->sql, at->len);
}

static void order_remove(struct db_statements *all, struct db_statement *at)
{
	*(at->newer ? &at->newer->older : &all->newest) = at->older;
	*(at->older ? &at->older->newer : &all->oldest) = at->newer;
}

static void order_add_newest(struct db_statements *all, struct db_statement *at)
{
	at->newer = NULL;
	at->older = all->newest;
	*(at->older ? &at->older->newer : &all->oldest) = at;
	all->newest = at;
}

void db_statements_add(struct db_statements *all, struct db_statement *statement)
{
	struct db_statement **bucket = &all->buckets[statement->hash % DB_STATEMENT_BUCKETS];
	statement->chain = *bucket;
	*bucket = statement;
	order_add_newest(all, statement);
	all->count++;
}

void db_statements_touch(struct db_statements *all, struct db_statement *statement)
{
	if (statement == all->newest)
		return;
	order_remove(all, statement);
	order_add_newest(all, statement);
}

void db_statements_remove(struct db_statements *all, struct db_statement *statement)
{
	struct db_statement **at = &all->buckets[statement->hash % DB_STATEMENT_BUCKETS];
	while (*at != statement)
		at = &(*at)->chain;
	*at = statement->chain;
	order_remove(all, statement);
	all->count--;
}

enum app_err db_statement_fail(struct ctx *c, const char *why, const char *sql)
{
	return ctx_fail_cause(c, APP_INTERNAL, "%s, in: %.200s", why, sql);
}
