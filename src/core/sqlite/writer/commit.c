/*
 * One transaction for a batch of writes: each in a savepoint of its own, one durable commit for
 * all, then the answers. Runs on the writer thread. Nothing here tries a failed commit again: after
 * an error of the disk it is not known what reached it, so the connection is replaced and the
 * callers are told.
 */
#include <assert.h>

#include "base/clock.h"
#include "core/log.h"
#include "core/sqlite/changes/counts.h"
#include "core/sqlite/changes/versions.h"
#include "core/sqlite/files/files.h"
#include "core/sqlite/internal.h"
#include "writer.h"

/* for the lock between processes, when the queue has waited long already */
enum { LOCK_LEAST_MS = 50 };

static bool transaction_is_lost(const struct sqlite_writer *w)
{
	return sqlite3_get_autocommit(w->conn->handle) != 0;
}

static void log_reopen(struct sqlite_writer *w, int code)
{
	AUTO(ctx_own) own;
	ctx_own_init(&own, w->app);
	log_error(&own.c, "the database connection was replaced after an I/O error",
		  LOG_TEXT("file", w->sqlite->path), LOG_TEXT("result", sqlite3_errstr(code)));
}

/* A connection that saw an I/O error is closed without touching the log, and opened again. */
static int conn_ready(struct sqlite_writer *w)
{
	if (w->conn && (!w->conn->suspect || w->sqlite->memory))
		return SQLITE_OK;
	if (w->conn) {
		sqlite_conn_close(w->conn);
		w->conn = NULL;
	}
	int code = sqlite_conn_open(w->sqlite, true, &w->conn);
	/* what is in the log is not known; the first idle moment empties it */
	if (!code)
		w->conn->writer.wal_pages = 1;
	log_reopen(w, code);
	w->reopened++;
	return code;
}

/*
 * What is left of busy_ms for the oldest: while another process keeps the lock, one batch waits it
 * out, and those that queued up behind it are told soon, instead of each batch waiting in turn.
 */
static int64_t lock_wait_ms(const struct sqlite_writer *w, const struct db_write *oldest)
{
	int64_t waited_us = clock_monotonic_us() - oldest->since_us;
	int64_t busy_ms = w->sqlite->options->busy_ms;
	int64_t left_ms = busy_ms - waited_us / 1000;
	int64_t least_ms = busy_ms < LOCK_LEAST_MS ? busy_ms : LOCK_LEAST_MS;
	return left_ms > least_ms ? left_ms : least_ms;
}

static void transaction_watch(struct sqlite_writer *w)
{
	sqlite_versions_begin(w->sqlite->versions);
	if (w->sqlite->counts)
		sqlite_counts_begin(w->sqlite->counts, w->conn);
}

static int transaction_begin(struct sqlite_writer *w, const struct db_write *oldest)
{
	if (!sqlite_lock_take(w->sqlite, lock_wait_ms(w, oldest)))
		return SQLITE_BUSY;
	int code = conn_ready(w);
	if (!code && sqlite_file_overwritten(w->sqlite, w->conn->handle))
		code = SQLITE_READONLY_OVERWRITTEN;
	if (!code) {
		sqlite3_busy_timeout(w->conn->handle, (int)lock_wait_ms(w, oldest));
		code = sqlite_conn_control(w->conn, CONTROL_BEGIN);
	}
	if (code)
		sqlite_lock_give(w->sqlite);
	else
		transaction_watch(w);
	return code;
}

/*
 * A deferred foreign key would fail the commit, and so everyone's write: it is this one's failure.
 */
static enum app_err deferred_check(struct ctx *c, struct sqlite_conn *conn)
{
	int broken = 0, high = 0;
	sqlite3_db_status(conn->handle, SQLITE_DBSTATUS_DEFERRED_FKS, &broken, &high, 0);
	return broken ? sqlite_fail(c, conn, SQLITE_CONSTRAINT_FOREIGNKEY, NULL) : APP_OK;
}

static enum app_err session_run(struct sqlite_writer *w, struct db_write *write)
{
	struct ctx *c = write->c;
	struct db_session session = { .connection = w->conn,
				      .deadline_us = db_write_deadline(
					      write, w->sqlite->options->write_ms) };
	enum app_err err = db_session_run(&session, write);
	assert(!w->conn->lent && "a result set was left open");
	if (!err && w->conn->unfinished)
		err = sqlite_fail(c, w->conn, w->conn->unfinished, NULL);
	w->conn->unfinished = SQLITE_OK;
	return err;
}

/* Keeps or undoes what one write did. When even that fails, the whole transaction is given up. */
static enum app_err savepoint_end(struct sqlite_writer *w, struct ctx *c, enum app_err err)
{
	int code = SQLITE_OK;
	if (err)
		code = sqlite_conn_control(w->conn, CONTROL_ROLLBACK_TO);
	if (!code)
		code = sqlite_conn_control(w->conn, CONTROL_RELEASE);
	if (!code)
		return err;
	err = err ? err : sqlite_fail(c, w->conn, code, NULL);
	if (!transaction_is_lost(w))
		sqlite_conn_control(w->conn, CONTROL_ROLLBACK);
	return err;
}

/* Alone in its transaction a write needs no savepoint: its failure is the transaction's. */
static enum app_err write_run(struct sqlite_writer *w, struct db_write *write, bool alone)
{
	struct ctx *c = write->c;
	if (ctx_is_late(c))
		return db_fail_late(c);
	int code = alone ? SQLITE_OK : sqlite_conn_control(w->conn, CONTROL_SAVEPOINT);
	if (code)
		return sqlite_fail(c, w->conn, code, NULL);
	enum app_err err = session_run(w, write);
	w->writes++;
	if (transaction_is_lost(w))
		return err ? err : sqlite_fail_lost(c);
	if (!err)
		err = deferred_check(c, w->conn);
	return alone ? err : savepoint_end(w, c, err);
}

/* Returns the first write that was not run: a lost transaction ends the round. */
static struct db_write *writes_run(struct sqlite_writer *w, struct db_write *first,
				   enum app_err *ret_last)
{
	bool alone = !first->next;
	struct db_write *at = first;
	for (; at; at = at->next) {
		at->err = *ret_last = write_run(w, at, alone);
		if (transaction_is_lost(w))
			return at->next;
	}
	return NULL;
}

static void fail_if_done(struct db_write *write, struct sqlite_conn *conn, int code)
{
	if (write->err)
		return;
	ctx_recover(write->c);
	write->err = code ? sqlite_fail(write->c, conn, code, NULL) : sqlite_fail_lost(write->c);
}

static void commit_failed(struct db_write *write, struct sqlite_conn *conn, int code)
{
	if (write->err || !sqlite_is_in_doubt(code)) {
		fail_if_done(write, conn, code);
		return;
	}
	ctx_recover(write->c);
	write->err = sqlite_fail_unknown(write->c, conn, code);
}

/* SQLITE_OK, or why what was done must not be committed. */
static int ground_look(struct sqlite_writer *w)
{
	sqlite_file_remember_beside(w->sqlite);
	if (sqlite_file_moved(w->sqlite))
		return SQLITE_READONLY_DBMOVED;
	if (sqlite_file_overwritten(w->sqlite, w->conn->handle))
		return SQLITE_READONLY_OVERWRITTEN;
	return SQLITE_OK;
}

/* After a commit that failed nobody knows whether it did: then the tables count as changed. */
static int transaction_close(struct sqlite_writer *w, bool any)
{
	struct sqlite_versions *versions = w->sqlite->versions;
	int gone = any ? ground_look(w) : SQLITE_OK;
	if (gone) {
		sqlite_conn_control(w->conn, CONTROL_ROLLBACK);
		sqlite_versions_forget(versions);
		return gone;
	}
	if (any)
		sqlite_versions_committing(versions);
	int code = sqlite_conn_control(w->conn, any ? CONTROL_COMMIT : CONTROL_ROLLBACK);
	if (!any) {
		sqlite_versions_forget(versions);
		return code;
	}
	bool all = sqlite_versions_touched_all(versions);
	if (w->sqlite->counts)
		sqlite_counts_work(w->sqlite, !code);
	sqlite_versions_committed(versions);
	if (w->sqlite->counts)
		sqlite_counts_publish(w->sqlite, all);
	return code;
}

/* Commits what was run, from `first` to before `end`. `last` is how the last of them ended. */
static void transaction_end(struct sqlite_writer *w, struct db_write *first,
			    const struct db_write *end, enum app_err last)
{
	bool lost = transaction_is_lost(w), any = false;
	if (lost)
		sqlite_versions_forget(w->sqlite->versions);
	for (const struct db_write *at = first; at != end; at = at->next)
		any = any || !at->err;
	int code = last == APP_STORAGE_FULL ? SQLITE_FULL : SQLITE_OK;
	if (!lost) {
		code = transaction_close(w, any);
		w->commits += any && !code;
	}
	for (struct db_write *at = first; lost && at != end; at = at->next)
		fail_if_done(at, w->conn, code);
	for (struct db_write *at = first; !lost && code && at != end; at = at->next)
		commit_failed(at, w->conn, code);
	if (!transaction_is_lost(w))
		sqlite_conn_control(w->conn, CONTROL_ROLLBACK);
}

/* A write may be gone once its done() has been called. */
static void answer(struct db_write *at, const struct db_write *end)
{
	while (at != end) {
		struct db_write *next = at->next;
		db_write_done(at);
		at = next;
	}
}

static struct db_write *transaction_run(struct sqlite_writer *w, struct db_write *first)
{
	struct db_write *end = NULL;
	int code = transaction_begin(w, first);
	if (code) {
		for (struct db_write *at = first; at; at = at->next)
			fail_if_done(at, w->conn, code);
	} else {
		enum app_err last = APP_OK;
		end = writes_run(w, first, &last);
		transaction_end(w, first, end, last);
		sqlite_lock_give(w->sqlite);
	}
	sqlite_health_note(w, first, end);
	db_signals_tell(w->sqlite->db, db_signals_of(first, end));
	answer(first, end);
	return end;
}

void sqlite_commit(struct sqlite_writer *w, struct db_write *batch)
{
	while (batch)
		batch = transaction_run(w, batch);
}
