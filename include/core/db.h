/*
 * The database. Reads and writes go separate ways: a read runs on the thread that asks, on a
 * connection that cannot write; a write is handed to a thread of the driver's, which runs it in a
 * transaction and tells when that is durable. SQLite has one such thread, where all writes that
 * wait share a commit; PostgreSQL has some, and each write a transaction of its own. A failed call
 * has recorded its failure in the context (ctx_fail): callers only pass the error on.
 *
 * SQL is one dialect on every driver: $1, $2 … placeholders, RETURNING. It is a named constant
 * above its only user and is never built from input. Not lower(): it means something else on each;
 * see .key in core/field.h.
 */
#ifndef CROFT_CORE_DB_H
#define CROFT_CORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/ctx.h"
#include "base/each.h"
#include "base/exposure.h"
#include "core/config.h"

struct app;
struct db;

/*
 * What db_open() is given. What is zero or NULL and may not be, by db_option_group, takes its
 * preset there: a test only needs the url.
 */
struct db_options {
	/* sqlite:PATH, sqlite::memory:, postgresql://USER:PASSWORD@HOST:PORT/NAME. */
	const char *url;
	/* Whether a start applies migrations: 0 auto (not in production), 1 always, 2 never. */
	int64_t migrate;
	/* A read that takes longer is stopped: APP_UNAVAILABLE. 0: no bound. */
	int64_t query_ms;
	/* The same for one command inside a write. */
	int64_t write_ms;
	/* A statement that takes longer is logged. 0: none is. */
	int64_t slow_query_ms;
	/* Every statement is logged before it is run. */
	bool echo;
	/* Most commands that wait for a writer; one more is APP_UNAVAILABLE. */
	int64_t queue;

	/* ---- SQLite only ---- */

	/* How long a write waits for a lock that another process holds. */
	int64_t busy_ms;
	/* Page cache of one connection, in KiB. */
	int64_t cache_kib;
	/* Most commands that share one commit. */
	int64_t batch;

	/* ---- PostgreSQL only ---- */

	/* The URL of a server for queries outside writes; NULL or empty: none. */
	const char *replica_url;
	/* The name under which the server lists our connections. */
	const char *application_name;
	/* How many connections are kept open at least, and how many there are at most. */
	int64_t pool_min, pool_max;
	/* How long to wait for a connection when all are taken. */
	int64_t acquire_ms;
	/* How long opening a connection may take. */
	int64_t connect_ms;
	/* How long a write waits for a row that another write holds. 0: no bound. */
	int64_t lock_ms;
	/* A connection that is older is replaced. */
	int64_t recycle_seconds;
};
/* The settings of section [database]. */
extern const struct option_group db_option_group;

/* What kind of place a URL names, by its text alone. */
enum db_place { DB_PLACE_UNKNOWN = 0, DB_PLACE_MEMORY, DB_PLACE_FILE, DB_PLACE_SERVER };
/* *ret_path (may be NULL) is the path of a file, a part of the URL and perhaps ""; else NULL. */
enum db_place db_place_of(const char *url, const char **ret_path);

/* Whether the URLs can be understood; APP_INVALID names the option. Opens nothing. */
enum app_err db_check(struct ctx *c, const struct db_options *options) MUST_USE;
/*
 * Whether what is there may be opened by the name in the URL; APP_INVALID says why not. Opens no
 * database.
 */
enum app_err db_ground_check(struct ctx *c, const struct db_options *options) MUST_USE;
/*
 * Tells the files that the database at options->url consists of or is reached with, whether or not
 * they are there: those of SQLite, the keys and passwords that a URL of PostgreSQL names. A URL
 * that is not understood has none.
 */
typedef void db_file_fn(void *arg, const char *path, enum exposure_kind kind);
void db_files(struct ctx *c, const struct db_options *options, db_file_fn *tell, void *arg);
/*
 * Opens the database, creating the file (mode 0600) and its folder if missing. Runs no migration.
 */
enum app_err db_open(struct ctx *c, const struct db_options *options, struct db **ret_db) MUST_USE;
/* Finishes what the writer has queued, checkpoints, closes every connection. */
void db_close(struct db *db);
/* The name of its driver and of the folder of its migrations, sql/<name>. */
const char *db_driver(const struct db *db);

/* ---- values ---- */

/*
 * Three are bound only: DB_BOOL is kept as an integer or a boolean and comes back as DB_INT 0 or 1;
 * DB_JSON is JSON text for a column of text or of JSON and comes back as DB_TEXT; DB_DATE is days
 * since 1970 (.integer), kept as a text or a date, and comes back as the DB_TEXT of date_text().
 */
enum db_type { DB_NULL = 0, DB_INT, DB_REAL, DB_TEXT, DB_BLOB, DB_BOOL, DB_JSON, DB_DATE };

struct db_value {
	enum db_type type;
	union {
		int64_t integer;
		double real;
		struct {
			const void *bytes;
			size_t len;
		};
	};
};

struct db_binds {
	const struct db_value *values;
	size_t count;
};

struct db_value db_bind_int(int64_t value);
struct db_value db_bind_bool(bool value);
struct db_value db_bind_real(double value);
/* NULL binds null. The text must last until the statement has started. */
struct db_value db_bind_text(const char *value);
/* The same of bytes; NULL binds null. */
struct db_value db_bind_bytes(const void *bytes, size_t len);
/* As microseconds since 1970. */
struct db_value db_bind_instant(struct instant value);
struct db_value db_bind_date(struct date value);
/* Whether .bytes and .len say what it is. */
bool db_value_has_bytes(const struct db_value *value);
struct db_value db_bind_same(struct db_value value);
#define DB_NONE ((struct db_value){ .type = DB_NULL })

/* clang-format off */
#define DB_BIND_ONE(x) \
	_Generic((x), \
		bool:            db_bind_bool, \
		int:             db_bind_int, \
		unsigned:        db_bind_int, \
		long:            db_bind_int, \
		long long:       db_bind_int, \
		double:          db_bind_real, \
		char *:          db_bind_text, \
		const char *:    db_bind_text, \
		struct instant:  db_bind_instant, \
		struct date:     db_bind_date, \
		struct db_value: db_bind_same)(x)
/* clang-format on */
#define DB_ITEM(x) DB_BIND_ONE(x),
#define DB_ZERO(x) 0,

/*
 * BIND(id, email): typed values for $1, $2, …; BIND() for none. At most 32; a longer list is an
 * array of struct db_value of the caller's. Values are copied when the statement starts.
 */
#define BIND(...) \
	((struct db_binds){ \
		.values = (const struct db_value[]){ FOR_EACH(DB_ITEM, __VA_ARGS__) DB_NONE }, \
		.count = sizeof((char[]){ FOR_EACH(DB_ZERO, __VA_ARGS__) 0 }) - 1, \
	})

/* ---- statements ---- */

/* A result set being read. Zero it; the statement goes back to the cache when the scope is left. */
struct db_rows {
	struct ctx *c;
	/* The driver's; NULL: nothing is open. */
	void *statement;
	void *connection;
	bool done;
	/* The driver has stepped ahead to the first row. */
	bool primed;
};

/*
 * Starts a query: inside a write in its transaction, outside of one on a connection that only
 * reads.
 * AUTO(db_rows) rows = { 0 };  err = db_query(c, SQL, BIND(id), &rows);
 */
enum app_err db_query(struct ctx *c, const char *sql, struct db_binds binds,
		      struct db_rows *ret_rows) MUST_USE;
/* The same, and moves to the first row; *ret_row tells whether there is one. */
enum app_err db_query_first(struct ctx *c, const char *sql, struct db_binds binds,
			    struct db_rows *ret_rows, bool *ret_row) MUST_USE;
/* The number in the first column of the first row; 0 for null or when there is no row. */
enum app_err db_query_int(struct ctx *c, const char *sql, struct db_binds binds,
			  int64_t *ret) MUST_USE;
/* Moves to the next row; *ret_row tells whether there is one. */
enum app_err db_rows_next(struct db_rows *rows, bool *ret_row) MUST_USE;
void db_rows_auto(struct db_rows *rows);

/* Columns of the current row, from 0. Text and bytes are valid until the next db_rows_next(). */
int db_column_count(const struct db_rows *rows);
const char *db_column_name(const struct db_rows *rows, int column);
enum db_type db_column_type(const struct db_rows *rows, int column);
int64_t db_column_int(const struct db_rows *rows, int column);
double db_column_real(const struct db_rows *rows, int column);
/* NULL for null; ret_len may be NULL. */
const char *db_column_text(const struct db_rows *rows, int column, size_t *ret_len);

/*
 * Runs a statement to its end, ignoring rows. ret_changed (may be NULL) gets the number of rows it
 * changed. Only inside a write. A broken unique rule is APP_CONFLICT and names the field, taken
 * from the index name "<table>_<column>_key" or the column; foreign key, not-null and check rules
 * are APP_CONFLICT or APP_INVALID.
 */
enum app_err db_exec(struct ctx *c, const char *sql, struct db_binds binds,
		     int64_t *ret_changed) MUST_USE;

/*
 * Runs every statement of a script, as migrations are; only inside a write. `first_line` is the
 * line of its file that `sql` starts on: the cause of a failure names the line. The script may not
 * begin or end transactions.
 */
enum app_err db_script(struct ctx *c, const char *sql, size_t len, int first_line) MUST_USE;

/* ---- tables ---- */

struct db_column {
	const char *name;
	/* DB_NULL: one that we do not write and read, or one that may hold values of several. */
	enum db_type type;
	/* With DB_NULL: what the database calls the former; NULL: it is the latter. */
	const char *foreign;
	/* The table takes null there. */
	bool may_be_null;
	/* The table has a value for it where a row is made without. */
	bool has_default;
};
struct db_columns {
	struct db_column *at;
	size_t count;
	/* Nothing is known of nulls, defaults and indexes. */
	bool is_view;
};
/* The columns of the table or view, in the arena; none when there is no such table. */
enum app_err db_columns_read(struct ctx *c, const char *table, struct db_columns *ret) MUST_USE;
/* The column of the name, or NULL. */
const struct db_column *db_columns_find(const struct db_columns *columns, const char *name);

/* ---- writes ---- */

typedef enum app_err db_write_fn(struct ctx *c, void *arg);

/*
 * The code of a failure after which nobody knows whether a write was made: its COMMIT was under
 * way.
 */
#define DB_OUTCOME_UNKNOWN "outcome_unknown"
bool db_outcome_is_unknown(const struct ctx *c);

/*
 * One write for a writer's thread. run() is called on that thread inside a transaction, which it
 * may share with others; an error rolls back its own work only. done() is called there once the
 * commit is durable (or has failed); it must be short: everyone else's answer waits behind it.
 * Owned by the submitter.
 */
struct db_write {
	struct ctx *c;
	db_write_fn *run;
	void *arg;
	/*
	 * NULL, or asked before, outside of a write, whether there is anything to do: *ret_due is
	 * true when it begins. Spares a transaction where each write has one of its own, and is not
	 * asked elsewhere; run() looks for itself as well.
	 */
	enum app_err (*look)(struct ctx *c, void *arg, bool *ret_due);
	void (*done)(struct db_write *write, enum app_err err);
	/* Not bound by write_ms: for migrations and maintenance. */
	bool slow;
	/* run() may be called once more, from its beginning, when its work was undone. */
	bool again;

	/* ---- the writer's and the driver's own ---- */

	/* How it ended. */
	enum app_err err;
	/* What run() left for when it is committed: base/held.h. */
	struct held *held;
	/* The signals that run() raised: core/db_signal.h. */
	unsigned signals;
	/* When it was queued, monotonic. */
	int64_t since_us;
	/* The next one in the queue. */
	struct db_write *next;
};

/* Queues a write; APP_UNAVAILABLE (and done() never called) when too many wait. */
enum app_err db_write_submit(struct db *db, struct db_write *write) MUST_USE;

/*
 * Queues a write and waits until it is durable. When already inside a write, runs nested in it.
 * Close the rows you read before you call it: on sqlite::memory: an open result set holds every
 * commit up.
 */
enum app_err db_write(struct ctx *c, db_write_fn *run, void *arg) MUST_USE;
/*
 * The same for a run() that leaves nothing behind but what it writes, so that it may be called
 * again: when PostgreSQL undid its work for another's sake (a deadlock, a serialization failure),
 * which nobody was told of, it is, a few times.
 */
enum app_err db_write_again(struct ctx *c, db_write_fn *run, void *arg) MUST_USE;
/* As db_write(), without the bound of write_ms; everyone else's writes wait behind it. */
enum app_err db_write_slow(struct ctx *c, db_write_fn *run, void *arg) MUST_USE;

/*
 * A nested transaction (SAVEPOINT) inside a write: rolls back when the scope is left without a
 * commit.
 */
struct db_tx {
	struct ctx *c;
	/* How deep it is nested, from 1; 0: it is not open. */
	int depth;
	/*
	 * What was held when it began, and the signals that were raised: a rollback drops the later
	 * ones.
	 */
	struct held *held;
	unsigned signals;
};
enum app_err db_tx_begin(struct ctx *c, struct db_tx *ret_tx) MUST_USE;
enum app_err db_tx_commit(struct db_tx *tx) MUST_USE;
void db_tx_auto(struct db_tx *tx);

/* Counts since the database was opened, but for `waiting`. */
struct db_stats {
	/* Writes that were run. */
	int64_t writes;
	/* Transactions that were committed: fewer than writes, which share them. */
	int64_t commits;
	/* Checkpoints of the write-ahead log. */
	int64_t checkpoints;
	/* Pieces of other work that the writer did between writes, checkpoints among them. */
	int64_t pieces;
	/* Writes that are queued now. */
	int64_t waiting;
	/* How often the writing connection was replaced after an I/O error. */
	int64_t reopened;
};
struct db_stats db_stats(struct db *db);

/*
 * A number that differs after every commit of a croft process that touched the table; those of
 * other programs go unnoticed. For remembering what a whole table says, such as its count. False
 * when the driver cannot know (PostgreSQL): then remember nothing.
 */
bool db_table_version(struct ctx *c, const char *table, uint64_t *ret_version);
/*
 * A number that was worked out at a version of a table; at any other version it is not known. The
 * bytes say which number: the SQL that gave it and the values it was given, say. Some hundred
 * numbers are kept; one whose bytes are more than 1 KiB is not. db_recall() leaves *ret_number
 * alone when it is false.
 */
struct db_memory_key {
	const void *bytes;
	size_t len;
	uint64_t version;
	/*
	 * For db_remember() only, and NULL unless the number is one: the count(*) of that table
	 * which gave it, and its values. Then SQLite moves it along with the commits of this
	 * process, if none was made while it was counted.
	 */
	const char *sql, *table;
	struct db_binds binds;
};
/*
 * Before a number that db_remember() is to be told of is counted: so what is committed meanwhile
 * can be added to it.
 */
void db_remember_begin(struct ctx *c, const struct db_memory_key *key);
bool db_recall(struct ctx *c, const struct db_memory_key *key, int64_t *ret_number) MUST_USE;
void db_remember(struct ctx *c, const struct db_memory_key *key, int64_t number);
/* In its place when the count failed: what was begun ends, so that the next one may be kept. */
void db_remember_nothing(struct ctx *c, const struct db_memory_key *key);

/*
 * Between the two the calling thread's queries outside writes see one state of the database, that
 * of the first of them; to share it also makes the others cheaper. For a request at most: meanwhile
 * the write-ahead log cannot start over. They nest. db_write() in between ends the state, and what
 * follows sees a new one; on PostgreSQL db_ping() and a query that fails do so, too. There the
 * thread holds one connection meanwhile. On sqlite::memory: each query goes on seeing the state of
 * its own moment. NULL is fine.
 */
void db_reads_begin(struct db *db);
void db_reads_end(struct db *db);

/* ---- full-text indexes ---- */

/*
 * Rows whose words are not in their full-text index yet are on a list beside it
 * (docs/search.md). SQLite's writer takes them from it by itself. Inside a write:
 * indexes the next few hundred at each index; *ret_rows is how many it has done, 0 when none is
 * left.
 */
enum app_err db_search_step(struct ctx *c, int64_t *ret_rows) MUST_USE;
/*
 * Inside a write: puts every row of every table that has an index on its list; on SQLite the index
 * is made anew, too.
 */
enum app_err db_search_renew(struct ctx *c) MUST_USE;
/* Does all that is to do, in writes of their own. */
enum app_err db_search_finish(struct ctx *c) MUST_USE;
/*
 * Looks each second, and when DB_SEARCH is told, whether there is any, until it is stopped, which
 * waits for the step under way; indexes of which it is not told are found within half a minute.
 * Wants app->ticker. NULL where the driver does it; stopping NULL is fine.
 */
struct db_search_keeper *db_search_keeper_start(struct app *app);
void db_search_keeper_stop(struct db_search_keeper *keeper);

/*
 * Only inside a write, as its first step: whoever else takes the lock of this name waits until the
 * write is done. For one that decides by many rows, or by rows that are not there, which cannot be
 * locked. Taken first, it closes no circle of waits. Where writes are alone anyway it does nothing.
 */
enum app_err db_lock(struct ctx *c, const char *name) MUST_USE;

/*
 * Inside a write: keeps the migrations of other programs away until it ends. Where writes are alone
 * anyway it does nothing.
 */
enum app_err db_migrate_lock(struct ctx *c) MUST_USE;
/*
 * Inside a write: runs what makes a table anew that others refer to. Meanwhile foreign keys are not
 * looked at, so that no row goes with the old table; at the end all are, and APP_CONFLICT names a
 * row that refers to none. Where tables need not be made anew this is APP_INTERNAL.
 */
enum app_err db_keys_last(struct ctx *c, db_write_fn *run, void *arg) MUST_USE;

/* Whether a query may block (a round trip to a server): then it must not run on an event loop. */
bool db_may_block(const struct db *db);
/*
 * Whether another croft process, on PostgreSQL a server, has the database open at the moment; false
 * when that cannot be known.
 */
bool db_is_shared(struct ctx *c);
/* Behind database.application_name where no server but a command is at work. */
#define DB_COMMAND_SUFFIX " command"

/* Whether the database answers and can be written; for health checks. */
enum app_err db_ping(struct ctx *c) MUST_USE;
/* Whether it answers; for pre-start. One whose disk is full can be read, and room may come. */
enum app_err db_reach(struct ctx *c) MUST_USE;

#endif
