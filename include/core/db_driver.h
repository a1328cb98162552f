/*
 * What a driver of the database is: a table of functions, and the session a write runs in. For
 * core/db and its drivers (core/sqlite, core/postgres) only: nothing else knows which one is at
 * work.
 */
#ifndef CROFT_CORE_DB_DRIVER_H
#define CROFT_CORE_DB_DRIVER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/db.h"
#include "core/dialect.h"

struct db_echo;
struct db_listener;
struct db_tools;
struct ticker;

/* Retry-After, in seconds, of what should work in a moment. */
enum { DB_RETRY_S = 1 };

/*
 * The transaction a write runs in. c->db points to it while run() is called, and is NULL otherwise.
 */
struct db_session {
	void *connection;
	/* How many struct db_tx are open. */
	int depth;
	/* When this write must have ended, by c->clock; INT64_MAX: never. */
	int64_t deadline_us;
	/* What the write left for when it is committed: base/held.h. */
	struct held *held;
	/* What the write has raised: core/db_signal.h. */
	unsigned signals;
};

/*
 * For drivers: runs the write in the session, which has a connection and a deadline; what it has to
 * log goes with it.
 */
enum app_err db_session_run(struct db_session *session, struct db_write *write) MUST_USE;
/*
 * For drivers: when a write that begins now must have ended, by c->clock; INT64_MAX: never.
 * `write_ms`: database.write_ms.
 */
int64_t db_write_deadline(const struct db_write *write, int64_t write_ms);
/*
 * For drivers: the signals of those that were committed, or may have been, of a list by ->next up
 * to `end`; and telling them, in this process and to others. To be done once it is committed,
 * before db_write_done().
 */
unsigned db_signals_of(const struct db_write *first, const struct db_write *end);
void db_signals_tell(struct db *db, unsigned signals);
/* For drivers: what another process has told. */
void db_signals_hear(struct db *db, unsigned signals);
/*
 * For drivers: the writes that wait, the oldest first. The lock around each call, and waking who
 * takes them, are the driver's. `most` is database.queue for one that is added: false when so many
 * wait, or none is taken any more, and db_queue_refuse() says so. Of those that are taken it is how
 * many at most; they are a list by ->next, NULL when none waits.
 */
struct db_queue {
	struct db_write *first, **last;
	int64_t waiting;
	/* Set by the driver, which stops. */
	bool closed;
};
void db_queue_init(struct db_queue *queue);
bool db_queue_add(struct db_queue *queue, struct db_write *write, int64_t most) MUST_USE;
enum app_err db_queue_refuse(struct ctx *c) MUST_USE;
struct db_write *db_queue_take(struct db_queue *queue, int64_t most) MUST_USE;
/* For drivers: tells the submitter how it ended, write->err. The write may be gone afterwards. */
void db_write_done(struct db_write *write);

/* For drivers: a deadline has passed; others are in the way. */
enum app_err db_fail_late(struct ctx *c) MUST_USE;
enum app_err db_fail_busy(struct ctx *c) MUST_USE;
/*
 * For drivers: `err` is what was recorded of a statement of a script; the cause then names its
 * line. Failures that say nothing of the script stay as they are.
 */
enum app_err db_fail_in_line(struct ctx *c, enum app_err err, int line) MUST_USE;

enum db_savepoint { DB_SAVEPOINT, DB_RELEASE, DB_ROLLBACK_TO };

/* Each function does what the function of db.h with its name promises. */
struct db_driver {
	const char *name;
	/* What its URLs begin with, the colon included; the second may be NULL. */
	const char *schemes[2];
	enum db_place place;
	/* What follows the scheme when nothing is kept; NULL: there is no such place. */
	const char *memory;
	/* Never NULL; with .copy where the dialect has no catalog. */
	const struct db_tools *tools;
	/* Whether database.replica_url is read. */
	bool has_replicas;

	/* `place` is what follows the scheme of options->url. */
	enum app_err (*check)(struct ctx *c, const struct db_options *options, const char *place);
	/*
	 * After check(), before a start: whether what is there may be opened. NULL: nothing to look
	 * at.
	 */
	enum app_err (*ground_check)(struct ctx *c, const struct db_options *options,
				     const char *place);
	/* The same place, which check() may not have seen. */
	void (*files)(struct ctx *c, const struct db_options *options, const char *place,
		      db_file_fn *tell, void *arg);
	/* The same place; sets db->state. */
	enum app_err (*open)(struct ctx *c, struct db *db, const char *place);
	void (*close)(struct db *db);
	enum app_err (*ping)(struct ctx *c);
	struct db_stats (*stats)(struct db *db);

	enum app_err (*query)(struct ctx *c, const char *sql, struct db_binds binds,
			      struct db_rows *ret_rows);
	enum app_err (*next)(struct db_rows *rows, bool *ret_row);
	void (*rows_close)(struct db_rows *rows);
	int (*column_count)(const struct db_rows *rows);
	const char *(*column_name)(const struct db_rows *rows, int column);
	enum db_type (*column_type)(const struct db_rows *rows, int column);
	int64_t (*column_int)(const struct db_rows *rows, int column);
	double (*column_real)(const struct db_rows *rows, int column);
	const char *(*column_text)(const struct db_rows *rows, int column, size_t *ret_len);

	enum app_err (*exec)(struct ctx *c, const char *sql, struct db_binds binds,
			     int64_t *ret_changed);
	enum app_err (*script)(struct ctx *c, const char *sql, size_t len, int first_line);
	enum app_err (*savepoint)(struct ctx *c, enum db_savepoint what);
	/*
	 * Inside a write: keeps the migrations of other programs away until it ends. NULL: writes
	 * are alone anyway.
	 */
	enum app_err (*migrate_lock)(struct ctx *c);
	/* NULL: every table can be changed as it is. */
	enum app_err (*keys_last)(struct ctx *c, db_write_fn *run, void *arg);
	/* NULL: writes are alone anyway. */
	enum app_err (*lock)(struct ctx *c, const char *name);
	enum app_err (*submit)(struct db *db, struct db_write *write);
	/* Whether the calling thread is one that runs writes, and so must not wait for one. */
	bool (*is_writer)(const struct db *db);
	/*
	 * All three or none. The last ends what the thread's queries share until the next of them.
	 */
	void (*reads_begin)(struct db *db);
	void (*reads_end)(struct db *db);
	void (*reads_renew)(struct db *db);
	/* NULL: the driver cannot know. */
	bool (*table_version)(struct ctx *c, const char *table, uint64_t *ret_version);
	/* Whether another croft process has it open. NULL: the driver cannot know. */
	bool (*is_shared)(struct ctx *c);
	enum app_err (*search_step)(struct ctx *c, int64_t *ret_rows);
	/*
	 * Outside of a write: whether search_step() has anything to do. `anew`: there may be other
	 * indexes than at the last look. NULL: the driver sees to them by itself.
	 */
	enum app_err (*search_look)(struct ctx *c, bool anew, bool *ret_due);
	enum app_err (*search_renew)(struct ctx *c);
	/*
	 * May be NULL. Before a count: what is committed meanwhile will be added to it; and when
	 * the count has failed.
	 */
	void (*count_begin)(struct ctx *c, const struct db_memory_key *key);
	void (*count_fail)(struct ctx *c);
	/*
	 * May be NULL. Keeps a count true from now on, if it can: calls db_memory_renew() after
	 * each commit that touched the table.
	 */
	void (*count_keep)(struct ctx *c, const struct db_memory_key *key, int64_t number);
	const struct db_dialect *dialect;
	/* To other processes, which others_begin() and others_end() listen to. Never waits. */
	void (*signals_send)(struct db *db, unsigned signals);
	void (*others_begin)(struct db *db, struct ticker *ticker);
	void (*others_end)(struct db *db);
	/* A query is a round trip to a server, so it must not run on an event loop. */
	bool may_block;
};

extern const struct db_driver sqlite_driver;
extern const struct db_driver postgres_driver;

/*
 * What q of a search is made of: in the arena, each word once, and none that another begins with.
 */
struct db_words {
	const char **at;
	size_t count;
	/* All words of q, with a blank between two. */
	const char *text;
};
struct db_words db_words_of(struct ctx *c, const char *q);

/*
 * Logs a statement that took longer than database.slow_query_ms: its SQL, never its values. See
 * core/db/slow.c.
 */
void db_slow_log(const struct ctx *c, const char *sql, int64_t took_us, int64_t rows);

/* ---- memory.c ---- */

enum { DB_MEMORY_SLOTS = 256 };

struct db_memory_slot {
	/* On the heap; NULL: the slot is free. */
	char *key;
	size_t len;
	uint64_t hash, version;
	int64_t number;
	/* The number was asked for since it was filled in or renewed. */
	bool asked;
	/* The number of the fill that it is from: the lowest is the oldest. */
	uint64_t filled;
};

struct db_memory {
	pthread_mutex_t lock;
	struct db_memory_slot slots[DB_MEMORY_SLOTS];
	uint64_t fills;
};

/* Remembers the number. Whether the one before it was asked for. */
bool db_memory_renew(struct db_memory *memory, const struct db_memory_key *key, int64_t number);

struct db {
	const struct db_driver *driver;
	/* .url is the copy below. */
	struct db_options options;
	char *url;
	/* Owned by the driver. */
	void *state;
	/* NULL without database.echo. */
	struct db_echo *echo;
	struct db_memory memory;
	/* Guards `listeners`, and is held while they are called. */
	pthread_mutex_t listeners_lock;
	struct db_listener *listeners;
};

#endif
