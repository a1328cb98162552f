/*
 * The writer: one thread and one writing connection. It takes all that waits at once, so the busier
 * it is the more writes share a commit.
 */
#include "writer.h"
#include "core/sqlite/files/files.h"
#include "core/sqlite/fts/fts.h"
#include "core/sqlite/internal.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"

/* without a write before the log is copied back and emptied */
enum { IDLE_S = 1 };

/* When the log is to be emptied because nobody writes; negative: it is empty. */
static int64_t checkpoint_wait_us(const struct sqlite_writer *w, int64_t now_us)
{
	if (!w->conn || !w->conn->writer.wal_pages)
		return -1;
	int64_t at_us = w->quiet_since_us + SECONDS_US(IDLE_S);
	if (w->no_room && w->room_at_us > at_us)
		at_us = w->room_at_us;
	return at_us > now_us ? at_us - now_us : 0;
}

/*
 * Waits for work, and in the first pause after it empties the log. Called and left with the lock
 * held.
 */
static void writer_sleep(struct sqlite_writer *w)
{
	int64_t now_us = clock_monotonic_us();
	int64_t log_us = checkpoint_wait_us(w, now_us), fts_us = sqlite_fts_wait_us(w);
	bool for_log = log_us >= 0 && log_us <= fts_us;
	w->asleep = true;
	bool woken = thread_wait(&w->wake, &w->lock, now_us + (for_log ? log_us : fts_us));
	w->asleep = false;
	if (woken || w->queue.first || w->queue.closed)
		return;
	pthread_mutex_unlock(&w->lock);
	if (for_log) {
		sqlite_checkpoint_idle(w);
		/* a log that a reader holds is not tried again at once */
		w->quiet_since_us = clock_monotonic_us();
	} else {
		sqlite_fts_look(w);
	}
	pthread_mutex_lock(&w->lock);
}

/* ---- other work than writes ---- */

/* Each does one piece, bounded in rows or pages, or says that there is none. */
static bool (*const kinds[])(struct sqlite_writer *w) = {
	sqlite_checkpoint_due, sqlite_fts_step, sqlite_fts_merge,
	sqlite_fts_compare,    sqlite_fts_mend,
};

/* The kinds take turns, so that none keeps another waiting where there is always some of it. */
static bool piece_do(struct sqlite_writer *w)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		int kind = w->next_piece;
		w->next_piece = (kind + 1) % (int)COUNT_OF(kinds);
		if (kinds[kind](w)) {
			w->pieces++;
			return true;
		}
	}
	return false;
}

/*
 * Whoever waits to write waits for one piece at most; or, after a batch of very many rows, for as
 * many as these want.
 */
static void pieces_between(struct sqlite_writer *w)
{
	int64_t most = 1 + sqlite_fts_behind(w);
	while (most-- && piece_do(w))
		;
}

/* False when there is nothing to do while nobody writes. Called and left with the lock held. */
static bool writer_idle(struct sqlite_writer *w)
{
	pthread_mutex_unlock(&w->lock);
	bool any = piece_do(w);
	if (any)
		w->quiet_since_us = clock_monotonic_us();
	pthread_mutex_lock(&w->lock);
	return any;
}

/* ---- the thread ---- */

/* The oldest writes, as a list; NULL when the queue is empty and the writer is to stop. */
static struct db_write *writer_take(struct sqlite_writer *w)
{
	const struct db_queue *queue = &w->queue;
	pthread_mutex_lock(&w->lock);
	while (!queue->first && !queue->closed)
		if (!writer_idle(w) && !queue->first && !queue->closed)
			writer_sleep(w);
	struct db_write *batch = db_queue_take(&w->queue, w->sqlite->options->batch);
	pthread_mutex_unlock(&w->lock);
	return batch;
}

static void *writer_main(void *arg)
{
	struct sqlite_writer *w = arg;
	struct db_write *batch;
	while ((batch = writer_take(w))) {
		sqlite_commit(w, batch);
		sqlite_fts_committed(w);
		pieces_between(w);
		w->quiet_since_us = clock_monotonic_us();
	}
	sqlite_fts_drain(w);
	return NULL;
}

bool sqlite_is_writer(const struct db *db)
{
	const struct sqlite *s = db->state;
	return pthread_equal(pthread_self(), s->writer->thread);
}

struct db_stats sqlite_stats(struct db *db)
{
	struct sqlite_writer *w = ((struct sqlite *)db->state)->writer;
	pthread_mutex_lock(&w->lock);
	int64_t waiting = w->queue.waiting;
	pthread_mutex_unlock(&w->lock);
	return (struct db_stats){ .writes = w->writes,
				  .commits = w->commits,
				  .checkpoints = w->checkpoints,
				  .pieces = w->pieces,
				  .reopened = w->reopened,
				  .waiting = waiting };
}

static enum app_err fail_open(struct ctx *c, const struct sqlite *s, int code)
{
	switch (code & 0xff) {
	case SQLITE_NOTADB:
		return ctx_fail(c, APP_UNAVAILABLE, "'%s' is not an SQLite database", s->path);
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return ctx_fail(c, APP_UNAVAILABLE,
				"the database '%s' cannot be opened for writing; does this user "
				"own it and its folder?",
				s->path);
	default: return sqlite_fail(c, NULL, code, NULL);
	}
}

static enum app_err conn_start(struct ctx *c, struct sqlite *s, struct sqlite_conn **ret_conn)
{
	if (!sqlite_lock_take(s, s->options->busy_ms))
		return sqlite_fail(c, NULL, SQLITE_BUSY, NULL);
	int code = sqlite_conn_open(s, true, ret_conn);
	sqlite_lock_give(s);
	return code ? fail_open(c, s, code) : APP_OK;
}

enum app_err sqlite_writer_start(struct ctx *c, struct sqlite *s)
{
	struct sqlite_conn *conn;
	enum app_err err = conn_start(c, s, &conn);
	if (err)
		return err;
	sqlite_mark_open(s);
	struct sqlite_writer *w = mem_new(1, sizeof(*w));
	w->sqlite = s;
	w->app = c->app;
	w->conn = conn;
	sqlite_file_overwritten(s, conn->handle); /* what was is known before anything happens */
	db_queue_init(&w->queue);
	w->quiet_since_us = clock_monotonic_us();
	thread_cond_init(&w->wake);
	pthread_mutex_init(&w->lock, NULL);
	sqlite_fts_open(w);
	/* before the thread is there, which looks for it, too */
	s->writer = w;
	int failed = thread_start(&w->thread, "db-writer", writer_main, w);
	if (failed) {
		s->writer = NULL;
		sqlite_writer_drop(w);
		return ctx_fail(c, APP_UNAVAILABLE, "cannot start the database's writer thread: %s",
				strerror(failed));
	}
	return APP_OK;
}

void sqlite_writer_stop(struct sqlite_writer *w)
{
	pthread_mutex_lock(&w->lock);
	w->queue.closed = true;
	pthread_mutex_unlock(&w->lock);
	pthread_cond_signal(&w->wake);
	pthread_join(w->thread, NULL);
}

/*
 * The last connection copies the log into the file and removes it. Whoever has written nothing
 * leaves a log that has anything to one who does: a command that only reads changes no file.
 */
static bool may_end_log(const struct sqlite_writer *w)
{
	struct stat st;
	char log[PATH_MAX];
	if (!w->conn || w->conn->suspect || w->sqlite->memory ||
	    sqlite_file_overwritten(w->sqlite, w->conn->handle))
		return false;
	if (w->conn->writer.wal_pages)
		return true;
	snprintf(log, sizeof(log), "%s-wal", w->sqlite->path);
	return !stat(log, &st) && !st.st_size;
}

void sqlite_writer_drop(struct sqlite_writer *w)
{
	sqlite_checkpoint_idle(w);
	/* The last connection to close touches the log once more. */
	bool locked = sqlite_lock_take(w->sqlite, w->sqlite->options->busy_ms);
	sqlite_fts_close(w);
	if (may_end_log(w))
		sqlite3_db_config(w->conn->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
	sqlite_conn_close(w->conn);
	sqlite_mark_close(w->sqlite);
	if (locked)
		sqlite_lock_give(w->sqlite);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	free(w);
}
