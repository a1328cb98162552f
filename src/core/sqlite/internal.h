/*
 * What the SQLite files share. One struct sqlite per open database: a writing connection that only
 * the writer thread touches, and a read-only connection for each thread that reads.
 */
#ifndef CROFT_SQLITE_INTERNAL_H
#define CROFT_SQLITE_INTERNAL_H

#include <pthread.h>
/*
 * Debian's library has the hook; its header shows it to those who say so. See sqlite_counts_open()
 * for one that has not.
 */
#define SQLITE_ENABLE_PREUPDATE_HOOK 1
#include <sqlite3.h>
#pragma weak sqlite3_preupdate_hook
#pragma weak sqlite3_preupdate_old
#pragma weak sqlite3_preupdate_new
#pragma weak sqlite3_preupdate_count
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "core/db_driver.h"
#include "core/db_statements.h"

/* What follows the scheme of a URL when nothing is kept. */
#define SQLITE_MEMORY ":memory:"

/* Values of one statement: a list with all its filters has 2,100. */
enum { SQLITE_BINDS_MAX = 2500 };

struct app;
struct sqlite_writer;
struct sqlite_versions;
struct sqlite_signals;
struct sqlite_counts;
struct sqlite_fts;

/* Prepared statements of one connection; the writer's has those of every command. */
enum {
	STATEMENTS_KEPT = 128,
	STATEMENTS_KEPT_WRITER = 256,
};

/* What a start finds: see mark.c. */
enum sqlite_mark_state {
	SQLITE_MARK_NONE, /* nothing is known of the file */
	SQLITE_MARK_SAME,
	SQLITE_MARK_OTHER,
};

/* files beside the database */
enum { SQLITE_BESIDE = 3 };

/* A result code of our own, for what overwrite.c finds. */
enum { SQLITE_READONLY_OVERWRITTEN = SQLITE_READONLY | (255 << 8) };

/*
 * The database file, and what the index of the log said of checkpoints, when both were looked at
 * last: overwrite.c.
 */
struct sqlite_ground {
	bool known;
	int64_t bytes;
	struct timespec changed;
	uint32_t salt[2], changes, frames, attempted;
};

/* That a process has the database open: lock.c and name.c. */
struct sqlite_hold {
	int lock_fd; /* of the -lock file; -1: none */
	/* of the database itself, never to be closed but by sqlite_hold_drop(); -1: none */
	int file_fd;
};
#define SQLITE_HOLD_NONE ((struct sqlite_hold){ -1, -1 })

/* How the log was left: mark.c. */
struct sqlite_note {
	uint32_t salt[2], sums[2];
	uint32_t frames, copied; /* committed into the log; of them in the file */
	uint32_t begins;         /* not 0: another log may have begun */
	uint32_t copying;        /* not 0: a checkpoint may have changed the file */
};

/* The beginning of `<database>-lock`: shared.c. */
enum { SQLITE_SIGNALS_ROOM = 32 };
struct sqlite_shared {
	uint64_t commits; /* version.c */
	char mark[1016];  /* written, not mapped: mark.c */
	uint64_t signals[SQLITE_SIGNALS_ROOM];
};

struct sqlite {
	struct db *db;
	const struct db_options *options; /* of struct db */
	/* absolute and without links; of a memory database its name for the memdb VFS */
	char *path;
	char *named; /* the path as the URL has it, made absolute; NULL: a memory database */
	bool memory;
	dev_t device; /* with the next: which file was opened; the path may come to name another */
	ino_t inode;
	/* Of what SQLite and lock.c keep beside it, in the order of file.c; 0: not seen yet. */
	_Atomic ino_t beside[SQLITE_BESIDE];
	_Atomic bool moved;  /* told in the log that the path, or one beside it, names another */
	_Atomic bool linked; /* told in the log: the file has more than one name */
	_Atomic bool overwritten;    /* told in the log: another wrote into the file or its log */
	pthread_mutex_t ground_lock; /* held during our checkpoints; guards the next */
	struct sqlite_ground ground;
	uint64_t name;           /* see sqlite_name_of() */
	struct sqlite_note note; /* with the next three, what mark.c wrote last */
	int64_t left_bytes;
	struct timespec left_changed;
	char boot[36]; /* the kernel's id of this boot */
	/* the file was as it should be when it was opened, so that it may be told how it is left */
	bool marks;
	_Atomic bool damaged; /* SQLite met what cannot be there; told in the log */
	uint64_t serial; /* random: tells this database from one opened later at the same address */
	struct sqlite_hold hold;
	pthread_mutex_t readers_lock;
	struct sqlite_conn *readers;
	struct sqlite_writer *writer;
	struct sqlite_shared *shared; /* NULL: it could not be had */
	struct sqlite_signals *signals;
	struct sqlite_versions *versions;
	struct sqlite_counts *counts; /* NULL: the library cannot show changed rows */
	_Atomic bool fts_damaged;     /* a statement said that a full-text index is */
};

/*
 * When what runs now must be stopped. The deadline is worked out once it has run for a while: most
 * never ask.
 */
struct sqlite_watch {
	const struct ctx *c;
	int64_t deadline_us; /* 0: not worked out yet */
};

struct sqlite_statement {
	struct db_statement entry; /* first: see statement_of() */
	sqlite3_stmt *stmt;
	bool busy;   /* lent out */
	bool cached; /* in the connection's table; else finalized when it comes back */
	int params;  /* values it takes: the highest $N */
	int *places; /* place i+1 takes value places[i]; NULL: $1, $2 … in order */
	struct sqlite_watch watch;
	int64_t began_us; /* when it was lent out; 0: nobody wants to know */
	int64_t rows;     /* read or changed since */
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

/* What was known of the tables at a moment; see sqlite_versions_mark(). */
struct sqlite_mark {
	uint64_t published, foreign;
	uint64_t stamp; /* see sqlite_versions_stand() */
};

struct sqlite_conn {
	struct sqlite *sqlite;
	sqlite3 *handle;
	bool writes;
	bool suspect; /* an I/O error was seen: not to be trusted with another commit */
	/* what became of a change that failed after its first rows; SQLITE_OK: none did */
	int unfinished;
	bool dropping;       /* a DROP TABLE is being prepared: see on_authorize() */
	bool schema_changed; /* the writer's: since it was looked for full-text indexes */
	bool own; /* under way: a statement of our own that may begin or end a transaction */
	int64_t query_ms;
	int64_t slow_us;                  /* a statement that takes longer is logged; 0: none is */
	int wal_pages;                    /* in the log after the last commit */
	struct sqlite_versions *versions; /* the writer's */
	struct sqlite_counts *counts;     /* the writer's; may be NULL */
	sqlite3_stmt *others;    /* the writer's: a number that moves with commits of others */
	uint64_t counting;       /* readers: the ticket of the count that was begun last; 0: none */
	int counting_at;         /* readers: its place among the numbers that are kept true */
	int64_t others_seen;     /* that number, when it was looked at last */
	const void *owner;       /* readers: the thread it belongs to */
	int together;            /* readers: calls of sqlite_reads_begin() that were not ended */
	bool began;              /* readers: a transaction is open, for what they share */
	struct sqlite_mark mark; /* of before it began */
	/* readers: the stamp of the state that a table's version was asked for last */
	uint64_t asked;
	struct sqlite_conn *next;
	struct sqlite_watch *watch; /* what sqlite3_step() is working on */
	int lent;                   /* statements out */
	struct db_statements statements;
	sqlite3_stmt *controls[CONTROLS];
};

struct sqlite_writer {
	struct sqlite *sqlite;
	struct app *app;          /* for the log */
	struct sqlite_conn *conn; /* NULL: must be opened again first */
	int checkpoint_at;        /* pages in the log that bring the next checkpoint */
	struct sqlite_fts *fts;
	int next_piece;         /* of the kinds in writer.c */
	int64_t quiet_since_us; /* when the last batch was done */
	int held_pages;         /* in the log when it was told last that a reader holds it */
	pthread_t thread;
	pthread_mutex_t lock; /* guards the five below */
	pthread_cond_t wake;
	struct db_write *first, **last;
	int64_t waiting;
	bool asleep, stopping;
	_Atomic bool failing; /* see health.c */
	_Atomic int64_t writes, commits, checkpoints, reopened, pieces;
};

/* ---- file.c ---- */

/* The database, and what SQLite and we keep beside it. */
void sqlite_files(struct ctx *c, const struct db_options *options, const char *place,
		  db_file_fn *tell, void *arg);

/* Whether a database can be at `path`; APP_INVALID says why not. Makes nothing. */
enum app_err sqlite_file_check(struct ctx *c, const char *path) MUST_USE;
/*
 * Creates the folder (0700) and the file (0600) if missing, unless what is beside it shows that
 * this would bury another. Sets the two paths of `s`.
 */
enum app_err sqlite_file_prepare(struct ctx *c, struct sqlite *s, const char *place) MUST_USE;

/* Remembers which file the path names; and whether it names another one now, or none. */
enum app_err sqlite_file_remember(struct ctx *c, struct sqlite *s) MUST_USE;
bool sqlite_file_moved(struct sqlite *s);
/* The writer, in a transaction that has changed something: all files are there now. */
void sqlite_file_remember_beside(struct sqlite *s);
/* SQLite says that the file is damaged, or that it is none of its own. */
void sqlite_file_damaged(struct sqlite *s);

/*
 * Run by root: gives a file that was made beside the database to whoever owns that, or its folder.
 */
void sqlite_file_own(int fd, const char *database);

/* ---- overwrite.c ---- */

/*
 * Whether the file or its log was written past SQLite, seen through a connection of the calling
 * thread. Stays so until the next start.
 */
bool sqlite_file_overwritten(struct sqlite *s, sqlite3 *handle);
/* What the index tells of the log. No frames: there is none. */
void sqlite_log_note(sqlite3 *handle, struct sqlite_note *ret);
/* Around a checkpoint of our own. False: it must not be made, and there is no end to be called. */
bool sqlite_file_checkpoint_begin(struct sqlite *s, sqlite3 *handle) MUST_USE;
void sqlite_file_checkpoint_end(struct sqlite *s, sqlite3 *handle);

/* ---- mark.c ---- */

/* How croft left the file and its log. Zeros when nothing is known. */
enum sqlite_mark_state sqlite_mark_read(const char *database, int lock_fd, struct sqlite_note *ret);
/*
 * The database is open, and sound; a commit is about to be made; a checkpoint begins, and has
 * ended; it is closed.
 */
void sqlite_mark_open(struct sqlite *s);
void sqlite_mark_begins(struct sqlite *s);
void sqlite_mark_copying(struct sqlite *s, bool copying);
void sqlite_mark_close(struct sqlite *s);
/* What was seen of file and log: s->ground is up to date. */
void sqlite_mark_ground(struct sqlite *s, const struct sqlite_note *log);
/* Whether the file, by this very name, is as croft left it, or open now. */
bool sqlite_mark_is_here(struct ctx *c, const char *database) MUST_USE;
/* Another file, which is sound, was put in its place while nobody has it open. */
void sqlite_mark_restored(struct ctx *c, const char *database);

/* ---- inspect.c ---- */

/*
 * Before the first connection: whether the file with its log is sound. Changes nothing; APP_INVALID
 * says what to do.
 */
enum app_err sqlite_inspect(struct ctx *c, struct sqlite *s) MUST_USE;
/* The same of a file that nobody has open, and what was known of it. */
enum app_err sqlite_inspect_file(struct ctx *c, const char *database, int lock_fd,
				 struct sqlite_note *ret_note) MUST_USE;

/* ---- leftover.c ---- */

/*
 * Before a database is opened, and perhaps created: whether that would bury what is left of
 * another.
 */
enum app_err sqlite_leftover_check(struct ctx *c, const char *place) MUST_USE;

/* ---- name.c ---- */

/* Refuses (APP_INVALID) a file that could be open by another name, too. Opens nothing. */
enum app_err sqlite_name_check(struct ctx *c, const struct db_options *options,
			       const char *place) MUST_USE;
/* Tells the file's name in its folder from others; the same after the machine was started anew. */
uint64_t sqlite_name_of(struct ctx *c, const char *database);
/*
 * For as long as *ret_fd is held: that the file is open by this name. APP_CONFLICT when a process
 * has it by another. -1: there is none. To be dropped after the last connection to the file.
 */
enum app_err sqlite_name_take(struct ctx *c, const char *database, int lock_fd,
			      int *ret_fd) MUST_USE;
void sqlite_name_drop(int *fd);

/* ---- lock.c ---- */

/*
 * Keeps other processes of ours from writing or checkpointing meanwhile. False when not had in
 * time.
 */
bool sqlite_lock_take(struct sqlite *s, int64_t wait_ms) MUST_USE;
void sqlite_lock_give(struct sqlite *s);
enum app_err sqlite_lock_open(struct ctx *c, struct sqlite *s) MUST_USE;
bool sqlite_is_shared(struct ctx *c);
bool sqlite_lock_is_shared(const struct sqlite *s);
/* Whether another open -lock file than this one says that the database is in use. */
bool sqlite_hold_is_shared(int lock_fd);
/* Whether another has it open who found it sound; and that one has. */
bool sqlite_hold_is_inspected(int lock_fd);
void sqlite_hold_inspected(int lock_fd);
/*
 * Until it is dropped: that the database is in use, which waits while another process has it alone;
 * or that nobody else uses it, else APP_CONFLICT at once. `database` is the absolute path.
 */
enum app_err sqlite_hold_shared(struct ctx *c, const char *database, int64_t wait_ms,
				struct sqlite_hold *ret) MUST_USE;
enum app_err sqlite_hold_alone(struct ctx *c, const char *database,
			       struct sqlite_hold *ret) MUST_USE;
/* After the last connection to the file is closed. */
void sqlite_hold_drop(struct sqlite_hold *hold);

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
bool sqlite_table_version(struct ctx *c, const char *table, uint64_t *ret_version);
/*
 * To be taken before a transaction that reads begins: whether a table has changed since is seen by
 * it.
 */
struct sqlite_mark sqlite_versions_mark(struct sqlite_versions *v);
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
/* The version of a table as it is now; for the writer, while no other process can commit. */
uint64_t sqlite_versions_number(const struct sqlite *s, const char *table);
/*
 * Whether the table is at that version, and nobody has committed anything, nor is about to, since
 * the stamp was taken.
 */
bool sqlite_versions_stand(const struct sqlite *s, const char *table, uint64_t stamp,
			   uint64_t version);
/* Whether the transaction under way changed the schema. */
bool sqlite_versions_all(const struct sqlite_versions *v);

/*
 * ---- counts.c, counts_keep.c, changes.c: numbers of rows that are kept true; but for the first
 * five for the writer thread ----
 */

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
void sqlite_counts_publish(struct sqlite *s, bool schema_changed);

/* ---- conn.c ---- */

/*
 * Opens and hardens a connection; returns SQLite's code, and sets *ret_conn only when that is
 * SQLITE_OK.
 */
int sqlite_conn_open(struct sqlite *s, bool writes, struct sqlite_conn **ret_conn) MUST_USE;
void sqlite_conn_close(struct sqlite_conn *conn); /* NULL is fine */
/* Begins or ends a transaction or savepoint; returns SQLite's code. */
int sqlite_conn_control(struct sqlite_conn *conn, enum sqlite_control what);
/* sqlite3_step() under the watch. */
int sqlite_conn_step(struct sqlite_conn *conn, sqlite3_stmt *stmt, struct sqlite_watch *watch);
/* The connection for this context: the writer's inside a write, else this thread's reader. */
enum app_err sqlite_conn_of(struct ctx *c, struct sqlite_conn **ret_conn) MUST_USE;

/* ---- settings.c ---- */

/* Returns SQLite's code. */
int sqlite_settings_make(const struct sqlite *s, sqlite3 *handle, bool writes) MUST_USE;

/* ---- reader.c ---- */

enum app_err sqlite_reader(struct ctx *c, struct sqlite *s, struct sqlite_conn **ret_conn) MUST_USE;
/* This thread's connection; NULL: none yet. */
struct sqlite_conn *sqlite_reader_have(struct sqlite *s);
void sqlite_reader_done(struct sqlite *s);
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
/* A deadline or the time budget is over. */
enum app_err sqlite_fail_late(struct ctx *c) MUST_USE;
/* The whole transaction is gone, and this write's work with it. */
enum app_err sqlite_fail_lost(struct ctx *c) MUST_USE;
/* For a COMMIT: one that failed in the middle may be found done by the next who opens the file. */
bool sqlite_is_in_doubt(int code);
enum app_err sqlite_fail_unknown(struct ctx *c, struct sqlite_conn *conn, int code);

/* ---- rows.c, column.c, exec.c ---- */

enum app_err sqlite_query(struct ctx *c, const char *sql, struct db_binds binds,
			  struct db_rows *ret_rows);
enum app_err sqlite_rows_next(struct db_rows *rows, bool *ret_row);
void sqlite_rows_close(struct db_rows *rows);
/*
 * SQLITE_ROWS rows = { 0 }; is AUTO(db_rows) for the files here: the writer works while the
 * database is still being opened, when the process does not know it yet.
 */
void sqlite_rows_auto(struct db_rows *rows);
#define SQLITE_ROWS __attribute__((cleanup(sqlite_rows_auto))) struct db_rows
int sqlite_column_count(const struct db_rows *rows);
const char *sqlite_column_name(const struct db_rows *rows, int column);
enum db_type sqlite_column_type(const struct db_rows *rows, int column);
int64_t sqlite_column_int(const struct db_rows *rows, int column);
double sqlite_column_real(const struct db_rows *rows, int column);
const char *sqlite_column_text(const struct db_rows *rows, int column, size_t *ret_len);
enum app_err sqlite_exec(struct ctx *c, const char *sql, struct db_binds binds,
			 int64_t *ret_changed);
enum app_err sqlite_script(struct ctx *c, const char *sql, size_t len, int first_line);
enum app_err sqlite_savepoint(struct ctx *c, enum db_savepoint what);

/* ---- function.c ---- */

/* The functions that SQL of core/model calls; returns SQLite's code. */
int sqlite_functions_add(sqlite3 *handle);

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

/* ---- dialect.c, fts_query.c ---- */

extern const struct db_dialect sqlite_dialect;
void sqlite_search_from(struct sql *sql, const char *index, const char *q);

/* ---- fts_step.c, inside any write ---- */

enum app_err sqlite_search_step(struct ctx *c, int64_t *ret_rows);
enum app_err sqlite_search_renew(struct ctx *c);

/* ---- health.c ---- */

enum app_err sqlite_ping(struct ctx *c) MUST_USE;
/*
 * After the transaction of these writes (a list by ->next up to `end`), before they are answered.
 */
void sqlite_health_note(struct sqlite_writer *w, const struct db_write *first,
			const struct db_write *end);

/* ---- writer.c, commit.c, checkpoint.c ---- */

/* Opens the writing connection and starts its thread. */
enum app_err sqlite_writer_start(struct ctx *c, struct sqlite *s,
				 struct sqlite_writer **ret_writer) MUST_USE;
/* Runs what is queued and ends the thread; sqlite_writer_drop() then checkpoints and closes. */
void sqlite_writer_stop(struct sqlite_writer *w);
void sqlite_writer_drop(struct sqlite_writer *w);
/* Has the thread look for other work than writes, if it sleeps; from any thread. */
void sqlite_writer_wake(struct sqlite_writer *w);
enum app_err sqlite_submit(struct db *db, struct db_write *write);
bool sqlite_is_writer(const struct db *db);
struct db_stats sqlite_stats(struct db *db);
/* Runs these writes (a list by ->next), makes them durable and calls done() for each. */
void sqlite_commit(struct sqlite_writer *w, struct db_write *batch);
/* Copies the log into the file once it has grown; false when it has not. */
bool sqlite_checkpoint_due(struct sqlite_writer *w);
/* Copies all of the log and empties it, unless a reader or another process is in the way. */
void sqlite_checkpoint_idle(struct sqlite_writer *w);

#endif
