/*
 * One write: a connection, BEGIN, the work, COMMIT. Runs on a thread of writer.c. A write that the
 * server has undone for another's sake is run again if it may be; no other ever is. When the
 * connection is lost during COMMIT, the submitter is told that the outcome is unknown.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/str.h"
#include "flush.h"
#include "internal.h"

enum {
	/* for COMMIT and ROLLBACK: giving up early leaves everyone guessing */
	END_LEAST_MS = 10000,
	PAUSE_US = 2000,      /* before the second run: twice that, and twice as long each time */
	RUNS_MOST = 5,        /* of a write that is undone each time */
	BEGIN_LEAST_MS = 250, /* for BEGIN, on a connection that was had in the last moment */
};

static int64_t end_until(const struct postgres *p)
{
	int64_t ms = p->options->write_ms > END_LEAST_MS ? p->options->write_ms : END_LEAST_MS;
	return clock_monotonic_us() + MILLISECONDS_US(ms);
}

static int64_t begin_until(int64_t until_us)
{
	int64_t least_us = clock_monotonic_us() + MILLISECONDS_US(BEGIN_LEAST_MS);
	return until_us > least_us ? until_us : least_us;
}

/*
 * All of it ends with the transaction. Nothing is taken from what a server, a role or a proxy has
 * for a preset: two reads of one row that is locked in between are those of READ COMMITTED.
 */
static void begin_text(const struct postgres_conn *conn, const struct db_options *options,
		       const struct db_write *write, char *sql, size_t room)
{
	snprintf(sql, room,
		 "BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE;"
		 " SET LOCAL statement_timeout = %lld; SET LOCAL lock_timeout = %lld;"
		 " %s SET LOCAL TIME ZONE 'UTC'; SET LOCAL DateStyle = 'ISO'",
		 (long long)(write->slow ? 0 : options->write_ms),
		 (long long)(write->slow ? 0 : options->lock_ms),
		 conn->flush_unsaid ? POSTGRES_SQL_FLUSH("true") : "");
}

/* BEGIN shows whether the connection still works, and nothing is lost by trying it on another. */
static enum app_err transaction_begin(struct postgres *p, struct db_write *write,
				      struct postgres_conn **ret_conn)
{
	struct ctx *c = write->c;
	const struct failure before = c->failure;
	int64_t until_us = write->since_us + MILLISECONDS_US(p->options->acquire_ms);
	char sql[384];
	for (;;) {
		struct postgres_conn *conn = postgres_pool_take(p->primary, until_us);
		if (!conn)
			return postgres_fail_none(c, p->primary);
		begin_text(conn, p->options, write, sql, sizeof(sql));
		PGresult *result = postgres_conn_simple(conn, sql, begin_until(until_us));
		if (postgres_result_ok(result)) {
			PQclear(result);
			*ret_conn = conn;
			return APP_OK;
		}
		enum app_err err = postgres_fail(c, conn, result, sql);
		bool again = conn->lost && clock_monotonic_us() < until_us;
		conn->stale = true;
		postgres_pool_give(conn);
		if (!again)
			return err;
		c->failure = before;
	}
}

static enum app_err session_run(struct db_write *write, struct postgres_conn *conn,
				int64_t deadline_us)
{
	struct ctx *c = write->c;
	struct db_session session = { .connection = conn, .deadline_us = deadline_us };
	enum app_err err = db_session_run(&session, write);
	if (!err && conn->lost)
		return postgres_fail_lost(c);
	/* PostgreSQL answers such a COMMIT with ROLLBACK and calls it a success. */
	if (!err && PQtransactionStatus(conn->handle) != PQTRANS_INTRANS)
		return ctx_fail_cause(c, APP_INTERNAL,
				      "a statement failed and the write went on as if it had not: "
				      "put a statement that may fail into db_write() or a db_tx of "
				      "its own");
	return err;
}

/*
 * An ERROR has undone it all. What ends the connection, be it said by a proxy (08…), has not, and
 * one (40003) says that it does not know either.
 */
static bool is_in_doubt(const struct postgres_conn *conn, const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
	return conn->lost || !state || !severity || strcmp(severity, "ERROR") != 0 ||
	       str_starts(state, "57") || str_starts(state, "08") || str_eq(state, "40003");
}

static enum app_err transaction_commit(struct postgres *p, struct ctx *c,
				       struct postgres_conn *conn)
{
	PGresult *result = postgres_conn_simple(conn, "COMMIT", end_until(p));
	if (postgres_result_ok(result)) {
		PQclear(result);
		p->commits++;
		return APP_OK;
	}
	if (!is_in_doubt(conn, result))
		return postgres_fail(c, conn, result, NULL);
	PQclear(result);
	conn->lost = true;
	return postgres_fail_unknown(c);
}

/* One run of it, on a connection that has begun a transaction. */
static enum app_err transaction_run(struct postgres *p, struct db_write *write,
				    struct postgres_conn *conn, int64_t deadline_us)
{
	conn->collided = false;
	enum app_err err = session_run(write, conn, deadline_us);
	p->writes++;
	if (!err)
		err = transaction_commit(p, write->c, conn);
	else if (!conn->lost)
		postgres_conn_do(conn, "ROLLBACK", end_until(p));
	return err;
}

/* The deadline is that of all runs: *ret_again tells whether there may be another. */
static enum app_err write_try(struct postgres *p, struct db_write *write, int64_t *deadline_us,
			      bool *ret_again)
{
	struct ctx *c = write->c;
	*ret_again = false;
	if (ctx_is_late(c))
		return db_fail_late(c);
	struct postgres_conn *conn = NULL;
	enum app_err err = transaction_begin(p, write, &conn);
	if (err)
		return err;
	if (!*deadline_us)
		*deadline_us = db_write_deadline(write, p->options->write_ms);
	err = transaction_run(p, write, conn, *deadline_us);
	*ret_again = err == APP_UNAVAILABLE && write->again && conn->collided && !conn->lost &&
		     c->clock->monotonic_us(c->clock) < *deadline_us;
	postgres_pool_give(conn);
	return err;
}

/*
 * Or it might take the row away again from those who waited for it, and be in their way as before.
 */
static void pause_after(int runs)
{
	const struct timespec pause = { 0, (PAUSE_US << runs) * 1000L };
	nanosleep(&pause, NULL);
}

static bool is_due(struct db_write *write)
{
	bool due = true;
	write->err = write->look ? write->look(write->c, write->arg, &due) : APP_OK;
	return due && !write->err;
}

void postgres_commit(struct postgres *p, struct db_write *write)
{
	if (!is_due(write))
		return;
	const struct failure before = write->c->failure;
	int64_t deadline_us = 0;
	bool again = true;
	for (int runs = 0; again && runs < RUNS_MOST; runs++) {
		if (runs) {
			pause_after(runs);
			write->since_us = clock_monotonic_us(); /* to find a connection anew */
		}
		write->c->failure = before;
		write->err = write_try(p, write, &deadline_us, &again);
	}
}
