/* What is known of the numbers that are kept true (counts.h), and of the changes under way. */
#ifndef CROFT_SRC_CORE_SQLITE_CHANGES_COUNTS_STATE_H
#define CROFT_SRC_CORE_SQLITE_CHANGES_COUNTS_STATE_H

#include "counts.h"

enum {
	/* numbers; the one that was asked for least gives way */
	COUNTS_KEPT = 64,
	/* rows of one transaction that are looked at: past them it is counted anew */
	CHANGES_MOST = 20000,
	/* at rows for one commit, by all the numbers together; the first may take more */
	LOOKS_MOST = 8000,
	/* of a table that is watched */
	COLUMNS_MOST = 64,
	/* savepoints in one another */
	MARKS_MOST = 64,
};

/*
 * A table that somebody counts. Of its changed rows only the columns are kept that a count asks
 * for.
 */
struct counted_table {
	char *name;
	/* as the hook counts them; 0: its rows cannot be looked at outside of it */
	int columns;
	char **column_names;
	/* then SQLite may show null where the row has it */
	bool *has_preset;
	/* columns by bit; 0: nobody counts now */
	uint64_t needs;
	/* of the transaction under way */
	size_t changes;
	struct counted_table *next;
};

/* A row before (0) or after (1) a change: the columns that its table needs, in their order. */
struct change {
	struct counted_table *table;
	int when;
	sqlite3_value **values;
};

/* What the transaction under way changed; the writer thread's alone. */
struct changes {
	/* in memory: the rows before and after, in tables as they are in the file */
	sqlite3 *mirrors[2];
	struct counted_table *tables;
	struct change *list;
	size_t count, room;
	size_t marks[MARKS_MOST];
	int depth;
	/* it is not known any more what this transaction changed */
	bool doubtful;
};

struct count {
	/* NULL: free */
	char *sql;
	char *table;
	void *key;
	size_t key_len;
	struct db_value *values;
	size_t value_count;
	int64_t number;
	/* of the table, at which the number is right */
	uint64_t version;
	/* the transaction under way when it was made */
	uint64_t epoch;
	/* of the reader that still counts; the number is then what came since. 0: none */
	uint64_t ticket;
	/* commits since anybody wanted it */
	int unasked;
	uint64_t needs;
	struct counted_table *of;
	/* while it is prepared: within its SELECT */
	bool nested;
	/* on the mirrors */
	sqlite3_stmt *counts[2];
	int64_t moved;
	/* to be moved with the commit under way */
	bool due;
	/* it was moved */
	bool sure;
};

struct sqlite_counts {
	/* guards what follows but for .changes, which only the writer thread has */
	pthread_mutex_t lock;
	struct count list[COUNTS_KEPT];
	uint64_t epoch, tickets;
	struct changes changes;
	/* Of each place the last ticket whose reader did not end it; 0: none. */
	_Atomic uint64_t given_up[COUNTS_KEPT];
};

/* ---- counts.c ---- */

/* Frees what it has: the place is free. */
void count_drop(struct count *count);

/* ---- changes.c, mirrors.c ---- */

bool changes_open(struct changes *changes) MUST_USE;
void changes_close(struct changes *changes);
void changes_forget(struct changes *changes);
/* Drops all rows but the first `count`. */
void changes_cut(struct changes *changes, size_t count);
/* The table as the handle has it; made when it is first asked for. */
struct counted_table *changes_table(struct changes *changes, sqlite3 *handle, const char *name);
/* NULL: nobody has asked for it. */
struct counted_table *changes_table_find(const struct changes *changes, const char *name);
/* Forgets the tables: the schema may have changed. No count may be left that has one. */
void changes_tables_drop(struct changes *changes);
/* Puts the rows into the mirrors, and takes them out again. */
bool changes_show(struct changes *changes) MUST_USE;
void changes_hide(struct changes *changes);

#endif
