/*
 * What changes: when a table did last, and what other processes are told by the page that they
 * share.
 */
#ifndef CROFT_SRC_CORE_SQLITE_CHANGES_VERSIONS_H
#define CROFT_SRC_CORE_SQLITE_CHANGES_VERSIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/db_driver.h"
#include "core/sqlite/library.h"

struct sqlite;
struct sqlite_counts;
struct sqlite_versions;

/* The beginning of `<database>-lock`: shared.c. */
enum { SQLITE_SIGNALS_ROOM = 32 };
struct sqlite_shared {
	/* version.c */
	uint64_t commits;
	char unused[56];
	/* written, not mapped: files/mark.c */
	char mark[960];
	uint64_t signals[SQLITE_SIGNALS_ROOM];
};

/* What was known of the tables at a moment; see sqlite_versions_moment(). */
struct sqlite_moment {
	uint64_t published, foreign;
	/* see sqlite_versions_stand() */
	uint64_t stamp;
};

/* ---- shared.c, signals.c ---- */

void sqlite_shared_open(struct sqlite *s);
void sqlite_shared_close(struct sqlite *s);
void sqlite_signals_open(struct sqlite *s);
void sqlite_signals_close(struct sqlite *s);
void sqlite_signals_send(struct db *db, unsigned signals);
void sqlite_others_begin(struct db *db, struct ticker *ticker);
void sqlite_others_end(struct db *db);

/* ---- version.c ---- */

void sqlite_versions_open(struct sqlite *s);
void sqlite_versions_close(struct sqlite *s);
/*
 * To be taken before a transaction that reads begins: whether a table has changed since is seen by
 * it.
 */
struct sqlite_moment sqlite_versions_moment(struct sqlite_versions *v);
/* The rest is for the writer thread: what it changes is seen from here on, … */
void sqlite_versions_watch(struct sqlite_versions *v, struct sqlite_counts *counts,
			   sqlite3 *handle);
/* … every table was touched by the transaction under way, … */
void sqlite_versions_touch_all(struct sqlite_versions *v);
/* … it begins, is about to be committed, has been (or may have been), or was rolled back. */
void sqlite_versions_begin(struct sqlite_versions *v);
void sqlite_versions_committing(struct sqlite_versions *v);
void sqlite_versions_committed(struct sqlite_versions *v);
void sqlite_versions_forget(struct sqlite_versions *v);
/*
 * Whether the transaction under way counts as one that touched every table: it changed the schema,
 * or more tables than are known apart.
 */
bool sqlite_versions_touched_all(const struct sqlite_versions *v);

/* ---- version_read.c ---- */

bool sqlite_table_version(struct ctx *c, const char *table, uint64_t *ret_version);
/* The version of a table as it is now; for the writer, while no other process can commit. */
uint64_t sqlite_versions_number(const struct sqlite *s, const char *table);
/*
 * Whether the table is at that version, and nobody has committed anything, nor is about to, since
 * the stamp was taken.
 */
bool sqlite_versions_stand(const struct sqlite *s, const char *table, uint64_t stamp,
			   uint64_t version);

#endif
