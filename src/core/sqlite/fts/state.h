/* Full-text indexes (fts.h): what is known of them, and what the files here share. */
#ifndef CROFT_SRC_CORE_SQLITE_FTS_STATE_H
#define CROFT_SRC_CORE_SQLITE_FTS_STATE_H

#include "core/app.h"
#include "core/sqlite/writer/writer.h"
#include "fts.h"

struct arena;

enum {
	/* most rows that one step indexes: one segment */
	FTS_STEP_ROWS = 100,
	/* that it is good for until texts were met */
	FTS_STEP_ROWS_FIRST = 10,
	/* most bytes of their text, and those of one row more */
	FTS_STEP_TEXT = 256 * 1024,
	/* Bytes of text whose words are made in a few milliseconds; see step_rows. */
	FTS_PIECE_TEXT = 64 * 1024,
	/*
	 * From so many steps or bytes of text on, half of what a search looks through, a batch is
	 * followed by as many pieces as it brought rows for.
	 */
	FTS_BEHIND_STEPS = 25,
	FTS_BEHIND_TEXT = 4 * 1024 * 1024,
	FTS_BEHIND_PIECES = 100,
	/*
	 * New pages in the log that bring a step of each index that has rows to be indexed, however
	 * few: it may have met short texts, and these may be long. 1 MiB.
	 */
	FTS_OWED_PAGES = 256,
	/*
	 * Of a page. A search downwards reads the last page of a word in each segment from its
	 * beginning, so its time is segments times bytes; smaller ones cost more when they are
	 * written.
	 */
	FTS_PAGE_BYTES = 1000,
	/* that a merge writes; more with many segments */
	FTS_MERGE_PAGES = 64,
	/* segments of a level that FTS5 merges when it is asked to */
	FTS_MERGE_LEAST = 2,
	/* from here on they are merged while others write, too */
	FTS_SEGMENTS_MANY = 16,
	/* at 2,000 FTS5 takes no more: here all are merged, also what takes long */
	FTS_SEGMENTS_MOST = 1000,
	/*
	 * Pages of a merge that may go on while others write. FTS5 merges all rows of a word in one
	 * go, and in a larger one a common word takes longer than anyone should wait.
	 */
	FTS_MERGE_SMALL = 16384,
	/* after a piece that failed */
	FTS_AGAIN_MS = 5000,
	/* words that are remembered to be in <index>_words */
	FTS_KNOWN = 1 << 15,
};

struct fts_index {
	char *name;
	/* the statements, with its name in them */
	char *any, *take, *put, *drop, *done, *word, *merge, *structure, *rows, *source_rows,
		*config, *add, *last;
	/* FTS_KNOWN hashes, each at its own place */
	uint64_t *known;
	/* FTS5 does not merge by itself */
	bool configured;
	/* nothing was written to it since there was nothing to merge */
	bool merged;
	/* what a step is good for, by the length of the texts that it met last */
	int64_t step_rows;
	/* the mean of those texts; at least 1 */
	int64_t row_bytes;
	/* a step, though there may not be rows enough for one */
	bool owed;
	/* that it has as many rows as the table, once all is done */
	bool compared;
	struct fts_index *next;
};

struct sqlite_fts {
	/* a copy that has the database already while it is being opened */
	struct app app;
	struct fts_index *indexes;
	/* sqlite3_total_changes64() at the last look */
	int64_t seen;
	/* rows since no list had enough for a step, lists included */
	int64_t changed;
	/* rows of lists that the last batch changed, at most */
	int64_t brought;
	/* in the log at the last look */
	int log_pages;
	/* by so many it has, by the writes of others, since steps were owed */
	int grown;
	int64_t written_us, quiet_us, again_us;
	/* there may be rows on a list, */
	bool todo;
	/* and enough of them for a step while others write */
	bool due;
	/* since segments were looked at */
	bool stepped;
	/* its version when the indexes were looked for */
	int64_t schema;
	/* that another process has left something */
	_Atomic bool heard;
};

/* ---- index.c: what an index is ---- */

/* All indexes of the database, on the heap; fts_indexes_free() them. */
enum app_err fts_indexes_find(struct ctx *c, struct fts_index **ret) MUST_USE;
void fts_indexes_free(struct fts_index *indexes);

/* ---- step.c: inside a write ---- */

/*
 * Indexes the next rows that are to be, as many as a step has time for; *ret_rows: 0 when there are
 * none.
 */
enum app_err fts_step(struct ctx *c, struct fts_index *index, int64_t *ret_rows) MUST_USE;
/* The number that the statement gives; *ret stays when there is no row. */
enum app_err fts_count(struct ctx *c, const char *sql, int64_t *ret) MUST_USE;

/*
 * Empties the index and puts every row of its table on the list; for an index that is damaged, too.
 */
enum app_err fts_renew(struct ctx *c, struct fts_index *index) MUST_USE;
/* The statements for that, given the one that made the index. */
const char *fts_renew_script(struct arena *arena, const char *name, const char *sql);

/* ---- shape.c: inside a write ---- */

/* Merges until about so many pages are written. */
enum app_err fts_merge(struct ctx *c, struct fts_index *index, int64_t pages) MUST_USE;

/* What the segments of an index are like, and what FTS5 would merge next. */
struct fts_shape {
	int64_t segments;
	/* fewer than FTS_MERGE_LEAST: nothing, unless it is under way */
	int64_t merge_segments;
	int64_t merge_pages;
	bool under_way;
};
enum app_err fts_shape(struct ctx *c, const struct fts_index *index,
		       struct fts_shape *ret) MUST_USE;
/* APP_CONFLICT when the index does not hold together by itself. */
enum app_err fts_check(struct ctx *c, const struct fts_index *index) MUST_USE;
/* The same when it has not as many rows as its table. Only when nothing is on the list. */
enum app_err fts_compare(struct ctx *c, const struct fts_index *index) MUST_USE;

/* ---- work.c: on the writer thread, outside of a write ---- */

typedef enum app_err fts_work_fn(struct ctx *c, struct fts_index *index, int64_t *number);
/*
 * Does it in a transaction that is not flushed; *number goes in and comes out. What fails is
 * logged, and nothing is done for a while.
 */
enum app_err fts_work(struct sqlite_writer *w, struct fts_index *index, fts_work_fn *work,
		      int64_t *number);
/* Whether the list has so many rows. */
bool fts_has_todo(struct sqlite_writer *w, const struct fts_index *index, int64_t rows);
/* All zero when it cannot be had, and then nothing is merged. */
struct fts_shape fts_shape_now(struct sqlite_writer *w, const struct fts_index *index);
/* Which indexes there are, after the schema has changed. */
void fts_indexes_look(struct sqlite_writer *w);
/* A number that moves with the schema, whoever changes it. */
int64_t fts_schema_now(struct sqlite_writer *w);

#endif
