/*
 * Full-text indexes of an SQLite database, kept by the writer. Triggers of a table put the ids of
 * rows that were changed into <index>_todo, with the change itself; here they are taken from it
 * many at a time, between commits, because a segment of FTS5 for each row would cost more than the
 * row. docs/search.md tells what such an index is made of.
 */
#ifndef CROFT_SRC_CORE_SQLITE_FTS_FTS_H
#define CROFT_SRC_CORE_SQLITE_FTS_FTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct ctx;
struct sql;
struct sqlite_writer;

/* ---- fts.c, on the writer thread: what it does beside writes ---- */

void sqlite_fts_open(struct sqlite_writer *w);
void sqlite_fts_close(struct sqlite_writer *w);
/* After each batch. */
void sqlite_fts_committed(struct sqlite_writer *w);
/*
 * A piece of work each; false when there is none now. In turn: indexing rows, merging, comparing an
 * index with its table, and making one anew that is damaged, which alone takes as long as it takes.
 */
bool sqlite_fts_step(struct sqlite_writer *w);
bool sqlite_fts_merge(struct sqlite_writer *w);
bool sqlite_fts_compare(struct sqlite_writer *w);
bool sqlite_fts_mend(struct sqlite_writer *w);
/*
 * How many pieces more than one the last batch must be followed by, for what it brought not to pile
 * up.
 */
int64_t sqlite_fts_behind(struct sqlite_writer *w);
/*
 * After how many microseconds there may be a piece. Then it looks whether other programs have left
 * any.
 */
int64_t sqlite_fts_wait_us(struct sqlite_writer *w);
void sqlite_fts_look(struct sqlite_writer *w);
/*
 * Before the thread ends: indexes what is left, for a second at most, and leaves the rest to
 * others.
 */
void sqlite_fts_drain(struct sqlite_writer *w);

/* ---- step.c, inside any write ---- */

enum app_err sqlite_search_step(struct ctx *c, int64_t *ret_rows);
enum app_err sqlite_search_renew(struct ctx *c);

/* ---- query.c, for sqlite_dialect ---- */

void sqlite_search_from(struct sql *sql, const char *index, const char *q);

#endif
