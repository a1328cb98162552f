/*
 * Counts that stay true: numbers of rows that were counted once and are moved along with each
 * commit of this process, so that a list of a million rows is not counted anew because one was
 * written. But for the first five functions for the writer thread.
 */
#ifndef CROFT_SRC_CORE_SQLITE_CHANGES_COUNTS_H
#define CROFT_SRC_CORE_SQLITE_CHANGES_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/sqlite/internal.h"

void sqlite_counts_open(struct sqlite *s);
void sqlite_counts_close(struct sqlite *s);
void sqlite_count_begin(struct ctx *c, const struct db_memory_key *key);
void sqlite_count_fail(struct ctx *c);
void sqlite_count_keep(struct ctx *c, const struct db_memory_key *key, int64_t number);
/* A transaction begins; a row changes in it; … */
void sqlite_counts_begin(struct sqlite_counts *counts, struct sqlite_conn *conn);
void sqlite_counts_change(struct sqlite_counts *counts, sqlite3 *handle, int what,
			  const char *name);
/* … a statement makes a step, which fails; savepoints begin and end; … */
struct sqlite_step {
	size_t changes;
	int64_t total;
	bool goes_on;
};
struct sqlite_step sqlite_counts_step(const struct sqlite_counts *counts, sqlite3_stmt *stmt);
void sqlite_counts_failed(struct sqlite_counts *counts, sqlite3_stmt *stmt,
			  const struct sqlite_step *step);
void sqlite_counts_control(struct sqlite_counts *counts, enum sqlite_control what);
/* … it has been committed, or nobody knows: before its versions are published, and after. */
void sqlite_counts_work(struct sqlite *s, bool committed);
void sqlite_counts_publish(struct sqlite *s, bool all_touched);

#endif
