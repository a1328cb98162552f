/*
 * The thread that writes: its queue, its commits, and what it does between them.
 */
#ifndef CROFT_SRC_CORE_SQLITE_WRITER_WRITER_H
#define CROFT_SRC_CORE_SQLITE_WRITER_WRITER_H

#include "core/sqlite/internal.h"

struct app;
struct sqlite_fts;

struct sqlite_writer {
	struct sqlite *sqlite;
	/* for the log */
	struct app *app;
	/* NULL: must be opened again first */
	struct sqlite_conn *conn;
	/* pages in the log that bring the next checkpoint */
	int checkpoint_at;
	struct sqlite_fts *fts;
	/* of the kinds in writer.c */
	int next_piece;
	/* when the last batch or piece was done */
	int64_t quiet_since_us;
	/* in the log when it was told last that a reader holds it */
	int held_pages;
	/* while there is no room: when copying is tried again */
	int64_t room_at_us;
	pthread_t thread;
	/* guards the three below */
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct db_queue queue;
	bool asleep;
	/* see health.c */
	_Atomic bool failing;
	/* the file could not grow when the log was copied; told in the log */
	_Atomic bool no_room;
	_Atomic int64_t writes, commits, checkpoints, reopened, pieces;
};

/* ---- queue.c ---- */

/* Has the thread look for other work than writes, if it sleeps; from any thread. */
void sqlite_writer_wake(struct sqlite_writer *w);
enum app_err sqlite_submit(struct db *db, struct db_write *write);

/* ---- writer.c, commit.c, checkpoint.c ---- */

/* Opens the writing connection and starts its thread: s->writer. */
enum app_err sqlite_writer_start(struct ctx *c, struct sqlite *s) MUST_USE;
/* Runs what is queued and ends the thread; sqlite_writer_drop() then checkpoints and closes. */
void sqlite_writer_stop(struct sqlite_writer *w);
void sqlite_writer_drop(struct sqlite_writer *w);
bool sqlite_is_writer(const struct db *db);
struct db_stats sqlite_stats(struct db *db);
/* Runs these writes (a list by ->next), makes them durable and calls done() for each. */
void sqlite_commit(struct sqlite_writer *w, struct db_write *batch);
/* Copies the log into the file once it has grown; false when it has not. */
bool sqlite_checkpoint_due(struct sqlite_writer *w);
/* Copies all of the log and empties it, unless a reader or another process is in the way. */
void sqlite_checkpoint_idle(struct sqlite_writer *w);

/* ---- health.c ---- */

enum app_err sqlite_ping(struct ctx *c) MUST_USE;
/*
 * After the transaction of these writes (a list by ->next up to `end`), before they are answered.
 */
void sqlite_health_note(struct sqlite_writer *w, const struct db_write *first,
			const struct db_write *end);

#endif
