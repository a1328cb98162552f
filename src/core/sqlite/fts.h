/*
 * Full-text indexes of an SQLite database, kept by the writer. Triggers of a table put the ids of rows that were changed into
 * <index>_todo, with the change itself; here they are taken from it many at a time, between commits, because a segment of
 * FTS5 for each row would cost more than the row. docs/architecture.md tells what such an index is made of.
 */
#ifndef CROFT_SQLITE_FTS_H
#define CROFT_SQLITE_FTS_H

#include "internal.h"

struct arena;

enum {
	FTS_STEP_ROWS = 100, /* most rows that one step indexes: one segment */
	FTS_MERGE_PAGES = 16,
	FTS_MERGE_LEAST = 4,      /* segments of a level that FTS5 merges when it is asked to */
	FTS_SEGMENTS_MANY = 32,   /* from here on they are merged while others write, too */
	FTS_SEGMENTS_MOST = 1000, /* at 2,000 FTS5 takes no more: above this merging comes first */
	/*
	 * Pages of a merge that may go on while others write. FTS5 merges all rows of a word in one go, and in a larger
	 * one a common word takes longer than anyone should wait.
	 */
	FTS_MERGE_SMALL = 4096,
	FTS_KNOWN = 1 << 15, /* words that are remembered to be in <index>_words */
};

struct fts_index {
	char *name;
	/* the statements, with its name in them */
	char *any, *take, *put, *drop, *done, *word, *merge, *structure, *rows, *source_rows,
		*config, *add, *last;
	uint64_t *known; /* FTS_KNOWN hashes, each at its own place */
	bool configured; /* FTS5 does not merge by itself */
	bool merged;     /* nothing was written to it since there was nothing to merge */
	bool compared;   /* that it has as many rows as the table, once all is done */
	struct fts_index *next;
};

/* ---- fts_index.c: what an index is ---- */

/* All indexes of the database, on the heap; fts_indexes_free() them. */
enum app_err fts_indexes_find(struct ctx *c, struct fts_index **ret) MUST_USE;
void fts_indexes_free(struct fts_index *indexes);

/* ---- fts_step.c: inside a write ---- */

/* Indexes the next rows that are to be, as many as a step has time for; *ret_rows: 0 when there are none. */
enum app_err fts_step(struct ctx *c, struct fts_index *index, int64_t *ret_rows) MUST_USE;
/* Merges some pages. */
enum app_err fts_merge(struct ctx *c, struct fts_index *index) MUST_USE;

/* What the segments of an index are like, and what FTS5 would merge next. */
struct fts_shape {
	int64_t segments;
	int64_t merge_segments; /* fewer than FTS_MERGE_LEAST: nothing, unless it is under way */
	int64_t merge_pages;
	bool under_way;
};
enum app_err fts_shape(struct ctx *c, const struct fts_index *index,
		       struct fts_shape *ret) MUST_USE;
/* Empties the index and puts every row of its table on the list; for an index that is damaged, too. */
enum app_err fts_renew(struct ctx *c, struct fts_index *index) MUST_USE;
/* The statements for that, given the one that made the index. */
const char *fts_renew_script(struct arena *arena, const char *name, const char *sql);
/* APP_CONFLICT when the index does not hold together by itself. */
enum app_err fts_check(struct ctx *c, const struct fts_index *index) MUST_USE;
/* The same when it has not as many rows as its table. Only when nothing is on the list. */
enum app_err fts_compare(struct ctx *c, const struct fts_index *index) MUST_USE;

#endif
