/*
 * What the SQLite files share. One struct sqlite per open database: a writing connection that only
 * the writer thread touches, and a read-only connection for each thread that reads.
 */
#ifndef CROFT_SRC_CORE_SQLITE_INTERNAL_H
#define CROFT_SRC_CORE_SQLITE_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "changes/versions.h"
#include "core/db_driver.h"
#include "core/db_statements.h"
#include "core/text.h"
#include "files/files.h"

/* What follows the scheme of a URL when nothing is kept. */
#define SQLITE_MEMORY ":memory:"

/*
 * Values of one statement. The filters of a list are 2,048 at most, whatever it is read in; what is
 * left is for a cursor and the caller's condition.
 */
enum { SQLITE_BINDS_MAX = 2500 };

struct sqlite_writer;
struct sqlite_signals;
struct sqlite_counts;

/* Prepared statements of one connection; the writer's has those of every command. */
enum {
	STATEMENTS_KEPT = 128,
	STATEMENTS_KEPT_WRITER = 256,
};

struct sqlite {
	struct db *db;
	/* of struct db */
	const struct db_options *options;
	/* absolute and without links; of a memory database its name for the memdb VFS */
	char *path;
	/* the path as the URL has it, made absolute; NULL: a memory database */
	char *named;
	bool memory;
	/* with the next: which file was opened; the path may come to name another */
	dev_t device;
	ino_t inode;
	/*
	 * Of what SQLite and files/lock.c keep beside it, in the order of files/file.c; 0: not seen
	 * yet.
	 */
	_Atomic ino_t beside[SQLITE_BESIDE];
	/* told in the log that the path, or one beside it, names another */
	_Atomic bool moved;
	/* told in the log: the file has more than one name */
	_Atomic bool linked;
	/* told in the log: another wrote into the file or its log */
	_Atomic bool overwritten;
	/* held during our checkpoints, of which `copies` tells; guards `ground` */
	pthread_mutex_t ground_lock;
	_Atomic bool copies;
	struct sqlite_ground ground;
	/* see sqlite_name_of() */
	uint64_t name;
	/* How the file and its log are left: files/mark.c. */
	struct {
		/* As it should be when it was opened, so that it may be told how it is left. */
		bool kept;
		/* with the next two, what was written last */
		struct sqlite_note note;
		struct sqlite_stamp left;
		/* the kernel's id of this boot */
		char boot[36];
	} mark;
	/* SQLite met what cannot be there; told in the log */
	_Atomic bool damaged;
	/* random: tells this database from one opened later at the same address */
	uint64_t serial;
	struct sqlite_hold hold;
	pthread_mutex_t readers_lock;
	struct sqlite_conn *readers;
	struct sqlite_writer *writer;
	/* NULL: it could not be had */
	struct sqlite_shared *shared;
	struct sqlite_signals *signals;
	struct sqlite_versions *versions;
	/* NULL: the library cannot show changed rows */
	struct sqlite_counts *counts;
	/* a statement said that a full-text index is */
	_Atomic bool fts_damaged;
	/* at least a step's worth of rows is to be indexed */
	_Atomic bool fts_waits;
};

/*
 * When what runs now must be stopped. The deadline is worked out once it has run for a while: most
 * never ask.
 */
struct sqlite_watch {
	const struct ctx *c;
	/* 0: not worked out yet */
	int64_t deadline_us;
};

struct sqlite_statement {
	/* first: see statement_of() */
	struct db_statement entry;
	sqlite3_stmt *stmt;
	/* lent out */
	bool busy;
	/* in the connection's table; else finalized when it comes back */
	bool cached;
	/* values it takes: the highest $N */
	int params;
	/* place i+1 takes value places[i]; NULL: $1, $2 … in order */
	int *places;
	struct sqlite_watch watch;
	/* when it was lent out; 0: nobody wants to know */
	int64_t began_us;
	/* read or changed since */
	int64_t rows;
};

enum sqlite_control {
	CONTROL_BEGIN,
	CONTROL_BEGIN_READ,
	CONTROL_COMMIT,
	CONTROL_ROLLBACK,
	CONTROL_SAVEPOINT,
	CONTROL_RELEASE,
	CONTROL_ROLLBACK_TO,
	CONTROLS
};

struct sqlite_conn {
	struct sqlite *sqlite;
	sqlite3 *handle;
	bool writes;
	/* an I/O error was seen: not to be trusted with another commit */
	bool suspect;
	/* what became of a change that failed after its first rows; SQLITE_OK: none did */
	int unfinished;
	/* under way: a statement of our own that may begin or end a transaction */
	bool own;
	int64_t query_ms;
	/* a statement that takes longer is logged; 0: none is */
	int64_t slow_us;
	/* what sqlite3_step() is working on */
	struct sqlite_watch *watch;
	/* stops those that the statement calls */
	struct text_watch functions;
	/* statements out */
	int lent;
	struct db_statements statements;
	sqlite3_stmt *controls[CONTROLS];
	/* Of the one that writes; zeros in the others. */
	struct {
		struct sqlite_versions *versions;
		/* may be NULL */
		struct sqlite_counts *counts;
		/* in the log after the last commit */
		int wal_pages;
		/* a DROP TABLE is being prepared: see on_authorize() */
		bool dropping;
		/* since it was looked for full-text indexes */
		bool schema_changed;
		/* a number that moves with commits of others */
		sqlite3_stmt *others;
		/* that number, when it was looked at last */
		int64_t others_seen;
	} writer;
	/* Of those that only read. */
	struct {
		struct sqlite_conn *next;
		/* the thread it belongs to */
		const void *owner;
		/* calls of sqlite_reads_begin() that were not ended */
		int together;
		/* a transaction is open, for what they share */
		bool began;
		/* of before it began */
		struct sqlite_moment moment;
		/* the stamp of the state that a table's version was asked for last */
		uint64_t asked;
		/* the ticket of the count that was begun last; 0: none */
		uint64_t counting;
		/* its place among the numbers that are kept true */
		int counting_at;
	} reader;
};

/* ---- conn.c ---- */

/*
 * Opens and hardens a connection; returns SQLite's code, and sets *ret_conn only when that is
 * SQLITE_OK.
 */
int sqlite_conn_open(struct sqlite *s, bool writes, struct sqlite_conn **ret_conn) MUST_USE;
/* NULL is fine */
void sqlite_conn_close(struct sqlite_conn *conn);
/* Begins or ends a transaction or savepoint; returns SQLite's code. */
int sqlite_conn_control(struct sqlite_conn *conn, enum sqlite_control what);
/* sqlite3_step() under the watch. */
int sqlite_conn_step(struct sqlite_conn *conn, sqlite3_stmt *stmt, struct sqlite_watch *watch);

/* ---- untrusted.c ---- */

/*
 * A connection that trusts nothing in the file and touches no log; returns SQLite's code. Close it
 * in any case.
 */
int sqlite_untrusted_open(const char *path, int flags, sqlite3 **ret_handle);
/* "cannot <what> '<file>': …", of such a connection. */
enum app_err sqlite_untrusted_fail(struct ctx *c, const char *what, const char *file,
				   sqlite3 *handle, int code) MUST_USE;

/* ---- settings.c ---- */

/* Returns SQLite's code. */
int sqlite_settings_make(const struct sqlite *s, sqlite3 *handle, bool writes) MUST_USE;

/* ---- reader.c ---- */

/* The connection for this context: the writer's inside a write, else this thread's reader. */
enum app_err sqlite_conn_of(struct ctx *c, struct sqlite_conn **ret_conn) MUST_USE;
enum app_err sqlite_reader(struct ctx *c, struct sqlite *s, struct sqlite_conn **ret_conn) MUST_USE;
/* This thread's connection; NULL: none yet. */
struct sqlite_conn *sqlite_reader_have(struct sqlite *s);
/* Before a query: begins the transaction that it is to share, unless it has begun. */
void sqlite_reader_share(struct sqlite *s, struct sqlite_conn *conn);
void sqlite_reads_begin(struct db *db);
void sqlite_reads_end(struct db *db);
void sqlite_reads_renew(struct db *db);
void sqlite_readers_close(struct sqlite *s);

/* ---- statement.c ---- */

/* Lends a prepared statement; the cache keeps it. Give it back when done. */
enum app_err sqlite_statement_take(struct ctx *c, struct sqlite_conn *conn, const char *sql,
				   struct sqlite_statement **ret_statement) MUST_USE;
void sqlite_statement_give(struct sqlite_conn *conn, struct sqlite_statement *statement);
enum app_err sqlite_statement_bind(struct ctx *c, struct sqlite_conn *conn,
				   struct sqlite_statement *statement,
				   struct db_binds binds) MUST_USE;
void sqlite_statements_drop(struct sqlite_conn *conn);
/* Binds a copy; returns SQLite's code. */
int sqlite_value_bind(sqlite3_stmt *stmt, int place, const struct db_value *value);

/* ---- error.c ---- */

/*
 * Records what SQLite's code means. `conn` may be NULL (no message); so may `sql`, which goes into
 * the cause.
 */
enum app_err sqlite_fail(struct ctx *c, struct sqlite_conn *conn, int code,
			 const char *sql) MUST_USE;
/* The same for a code that constraint.c knows. */
enum app_err sqlite_constraint_fail(struct ctx *c, struct sqlite_conn *conn, int code) MUST_USE;
/* The whole transaction is gone, and this write's work with it. */
enum app_err sqlite_fail_lost(struct ctx *c) MUST_USE;
/* For a COMMIT: one that failed in the middle may be found done by the next who opens the file. */
bool sqlite_is_in_doubt(int code);
enum app_err sqlite_fail_unknown(struct ctx *c, struct sqlite_conn *conn, int code);

/* ---- keys.c ---- */

enum app_err sqlite_keys_last(struct ctx *c, db_write_fn *run, void *arg) MUST_USE;
enum app_err sqlite_savepoint(struct ctx *c, enum db_savepoint what);

/* ---- full.c ---- */

/* The code of a call that failed just now (NULL: open), SQLITE_FULL for every lack of room. */
int sqlite_full_code(sqlite3 *handle, int code);
/* The same of a checkpoint, which writes to the database file, of a handle that is open. */
int sqlite_full_code_checkpoint(sqlite3 *handle, int code);
/* Whether the limit on the size of files leaves the database and its log so many bytes. */
bool sqlite_files_may_grow(const struct sqlite *s, int64_t by);

/* ---- function.c ---- */

/*
 * The functions that SQL of core/model calls, which the watch stops (NULL: nothing does); it must
 * stay until the handle is closed. Returns SQLite's code.
 */
int sqlite_functions_add(sqlite3 *handle, struct text_watch *watch);

/* ---- dialect.c ---- */

extern const struct db_dialect sqlite_dialect;

/* ---- tools.c ---- */

extern const struct db_tools sqlite_tools;

#endif
