/*
 * Waiting for what the server answers, under a deadline. Nothing waits without one: a server that
 * stops answering costs its connection, not a thread.
 */
#include <errno.h>
#include <poll.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "internal.h"

/* for the server to say that it has stopped */
enum { CANCEL_GRACE_MS = 500 };

bool postgres_socket_wait(PGconn *handle, short events, int64_t until_us)
{
	struct pollfd fd = { .fd = PQsocket(handle), .events = events };
	for (;;) {
		int64_t left_ms = (until_us - clock_monotonic_us() + 999) / 1000;
		if (left_ms <= 0)
			return false;
		int ready = poll(&fd, 1, left_ms > 60000 ? 60000 : (int)left_ms);
		if (ready > 0)
			return true;
		if (ready < 0 && errno != EINTR)
			return false;
	}
}

/*
 * Sends and reads until a result is there or the connection has failed. False when the time is up.
 */
static bool result_arrives(PGconn *handle, int64_t until_us)
{
	for (;;) {
		int unsent = PQflush(handle);
		if (unsent < 0 || !PQisBusy(handle))
			return true;
		if (!postgres_socket_wait(handle, (short)(POLLIN | (unsent ? POLLOUT : 0)),
					  until_us))
			return false;
		if (!PQconsumeInput(handle))
			return true;
	}
}

bool postgres_result_ok(const PGresult *result)
{
	switch (PQresultStatus(result)) {
	case PGRES_COMMAND_OK:
	case PGRES_TUPLES_OK:
	case PGRES_EMPTY_QUERY: return true;
	default: return false;
	}
}

static bool is_copy(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);
	return status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH;
}

static void *cancel_main(void *arg)
{
	PGcancel *request = arg;
	char message[256];
	PQcancel(request, message, sizeof(message));
	PQfreeCancel(request);
	return NULL;
}

/*
 * Asks the server to stop what it does for us. On a thread that nobody waits for: PQcancel() waits
 * for the server without a bound, and one that has stopped answering may never let go. The request
 * may also arrive late and hit what the connection does next, so the connection is not kept.
 */
static void cancel_ask(struct postgres_conn *conn)
{
	conn->stale = conn->late = true;
	PGcancel *request = PQgetCancel(conn->handle);
	if (!request)
		return;
	pthread_t thread;
	if (thread_start(&thread, "db-cancel", cancel_main, request))
		PQfreeCancel(request);
	else
		pthread_detach(thread);
}

/* A wait that is past its time is cancelled, and goes on for a moment. */
struct wait {
	int64_t until_us;
	bool cancelled;
};

static bool result_is_there(struct postgres_conn *conn, struct wait *wait)
{
	if (result_arrives(conn->handle, wait->until_us))
		return true;
	if (wait->cancelled)
		return false;
	cancel_ask(conn);
	*wait = (struct wait){ clock_monotonic_us() + MILLISECONDS_US(CANCEL_GRACE_MS), true };
	return result_arrives(conn->handle, wait->until_us);
}

/* The next result; NULL when there are no more, or when the server has stopped answering. */
static PGresult *result_next(struct postgres_conn *conn, struct wait *wait)
{
	if (conn->lost)
		return NULL;
	if (!result_is_there(conn, wait)) {
		conn->lost = conn->silent = true;
		return NULL;
	}
	PGresult *result = PQgetResult(conn->handle);
	conn->lost = conn->lost || PQstatus(conn->handle) == CONNECTION_BAD || is_copy(result);
	return result;
}

/* Never NULL: the connection's own complaint when no result came. */
static PGresult *result_or_none(struct postgres_conn *conn, PGresult *result)
{
	if (!result)
		result = PQmakeEmptyPGresult(conn->handle, PGRES_FATAL_ERROR);
	if (!result)
		mem_out(0);
	return result;
}

static PGresult *last_result(struct postgres_conn *conn, int sent, struct wait wait)
{
	PGresult *kept = NULL, *result;
	if (!sent)
		conn->lost = true;
	while ((result = result_next(conn, &wait))) {
		if (kept && !postgres_result_ok(kept)) {
			PQclear(result);
			continue;
		}
		PQclear(kept);
		kept = result;
	}
	return result_or_none(conn, kept);
}

PGresult *postgres_conn_wait(struct postgres_conn *conn, int sent, int64_t until_us)
{
	return last_result(conn, sent, (struct wait){ .until_us = until_us });
}

/* There is nothing worth a cancellation, nor the time that it takes. */
static bool last_is_ok(struct postgres_conn *conn, int sent, int64_t until_us)
{
	PGresult *result = last_result(conn, sent, (struct wait){ until_us, .cancelled = true });
	bool ok = postgres_result_ok(result);
	PQclear(result);
	return ok;
}

bool postgres_conn_answers(struct postgres_conn *conn, const char *sql, int64_t until_us)
{
	return last_is_ok(conn, PQsendQuery(conn->handle, sql), until_us);
}

/* The results of each statement end with a NULL. */
PGresult *postgres_conn_wait_pipeline(struct postgres_conn *conn, int sent, int which,
				      int64_t until_us)
{
	PGresult *kept = NULL;
	struct wait wait = { .until_us = until_us };
	bool synced = false;
	if (!sent)
		conn->lost = true;
	for (int at = 0; !synced && !conn->lost;) {
		PGresult *result = result_next(conn, &wait);
		synced = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
		bool wanted = result && !synced && (at == which || !postgres_result_ok(result));
		at += !result;
		if (kept || !wanted)
			PQclear(result);
		else
			kept = result;
	}
	if (!conn->lost && !PQexitPipelineMode(conn->handle))
		conn->lost = true;
	return result_or_none(conn, kept);
}

PGresult *postgres_conn_simple(struct postgres_conn *conn, const char *sql, int64_t until_us)
{
	return postgres_conn_wait(conn, PQsendQuery(conn->handle, sql), until_us);
}

bool postgres_conn_do(struct postgres_conn *conn, const char *sql, int64_t until_us)
{
	PGresult *result = postgres_conn_simple(conn, sql, until_us);
	bool ok = postgres_result_ok(result);
	PQclear(result);
	return ok;
}

void postgres_conn_end(struct postgres_conn *conn)
{
	if (conn->lost)
		return;
	if (PQsendQuery(conn->handle, "COMMIT") && PQflush(conn->handle) >= 0)
		conn->ending = true;
	else
		conn->lost = true;
}

bool postgres_conn_settle(struct postgres_conn *conn, int64_t until_us)
{
	if (!conn->ending)
		return true;
	conn->ending = false;
	return last_is_ok(conn, 1, until_us) && !conn->stale &&
	       PQtransactionStatus(conn->handle) == PQTRANS_IDLE;
}
