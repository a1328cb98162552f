/*
 * What is known of the tables, between version.c, which the writing connection tells what changes,
 * and version_read.c, which is asked.
 */
#ifndef CROFT_SRC_CORE_SQLITE_CHANGES_VERSION_STATE_H
#define CROFT_SRC_CORE_SQLITE_CHANGES_VERSION_STATE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "versions.h"

enum {
	/* further ones have no version */
	TABLES_MOST = 256,
	/* so that one is always free */
	TABLE_BUCKETS = 2 * TABLES_MOST,
	LAST_NAMES = 4,
};

enum countable { COUNTABLE_UNKNOWN = 0, COUNTABLE, NOT_COUNTABLE };

struct table_version {
	char *name;
	uint64_t version;
	/* by which commit of this process it changed last */
	uint64_t published;
	enum countable countable;
	/* the writer thread's: by the transaction under way */
	bool touched;
};

struct sqlite_versions {
	/* guards all but what is the writer thread's */
	pthread_mutex_t lock;
	struct table_version tables[TABLES_MOST];
	size_t count;
	/* a place in tables, plus 1; 0: free */
	uint16_t buckets[TABLE_BUCKETS];
	/* commits of this process, the one under way included */
	uint64_t own;
	/* those of them that readers were told of */
	uint64_t published;
	/* so that an odd number is ours */
	bool own_under_way;
	/* see shared.c; NULL: it could not be had */
	uint64_t *shared;

	/* the writer thread's */
	/* NULL: rows are not seen */
	struct sqlite_counts *counts;
	/*
	 * As SQLite named them: most changes hit one of the few tables that those before them hit.
	 */
	const char *last[LAST_NAMES];
	size_t next_last;
	/* the schema changed, or more tables were touched than fit */
	bool all;
};

/* The number in the page that processes share. */
static inline uint64_t sqlite_versions_shared(const struct sqlite_versions *v)
{
	return __atomic_load_n(v->shared, __ATOMIC_SEQ_CST);
}

/* How many commits were begun when that number stood there. */
static inline uint64_t sqlite_versions_commits(uint64_t shared)
{
	return shared / 2 + shared % 2;
}

/* Another process is in a commit, which some may see already, or has died in one. */
static inline bool sqlite_versions_is_foreign(const struct sqlite_versions *v, uint64_t shared)
{
	return shared % 2 && !v->own_under_way;
}

/* With the lock held. A commit of another process that is under way is yet to come. */
struct sqlite_moment sqlite_versions_moment_now(const struct sqlite_versions *v);

/* Finds the table or adds it; NULL when there is no room. With the lock held. */
struct table_version *sqlite_versions_table(struct sqlite_versions *v, const char *name);

#endif
