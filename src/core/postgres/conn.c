/*
 * One connection to a PostgreSQL server: opening it, setting its session up, and waiting for
 * results under a deadline. Nothing here waits without one: a server that stops answering costs its
 * connection, not a thread.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "internal.h"

enum {
	CANCEL_GRACE_MS = 500, /* for the server to say that it has stopped */
	OPEN_LEAST_MS = 100,
};

/* Whether the socket is ready for any of `events` before the time is up. */
static bool socket_wait(PGconn *handle, short events, int64_t until_us)
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

/* ---- opening ---- */

/* For PQconnectStartParams(): of a name given twice the later value counts. */
struct parameters {
	const char **keys, **values;
	size_t count;
};

static void parameter_add(struct parameters *to, const char *key, const char *value)
{
	to->keys[to->count] = key;
	to->values[to->count++] = value;
}

/* The URL has the last word on these. */
static void add_ours(struct parameters *to, const struct db_options *options,
		     const char *tcp_timeout_ms, const char *connect_s)
{
	parameter_add(to, "application_name", options->application_name);
	parameter_add(to, "connect_timeout", connect_s);
	parameter_add(to, "keepalives", "1");
	parameter_add(to, "keepalives_idle", "30");
	parameter_add(to, "keepalives_interval", "10");
	parameter_add(to, "keepalives_count", "3");
	parameter_add(to, "tcp_user_timeout", tcp_timeout_ms);
	parameter_add(to, "gssencmode", "disable");
}

static size_t list_count(const PQconninfoOption *list)
{
	size_t count = 0;
	while (list[count].keyword)
		count++;
	return count;
}

static PGconn *connect_start(const struct postgres_place *place, const struct db_options *options)
{
	enum { OURS = 16 };
	char tcp_timeout_ms[24], connect_s[24];
	snprintf(tcp_timeout_ms, sizeof(tcp_timeout_ms), "%lld",
		 (long long)options->connect_ms * 2);
	snprintf(connect_s, sizeof(connect_s), "%lld",
		 (long long)(options->connect_ms + 999) / 1000);
	size_t room = list_count(place->list) + OURS;
	struct parameters all = { .keys = mem_new(room, sizeof(*all.keys)),
				  .values = mem_new(room, sizeof(*all.values)) };
	add_ours(&all, options, tcp_timeout_ms, connect_s);
	for (const PQconninfoOption *at = place->list; at->keyword; at++)
		if (at->val)
			parameter_add(&all, at->keyword, at->val);
	parameter_add(&all, "client_encoding", "UTF8");
	PGconn *handle = PQconnectStartParams(all.keys, all.values, 0);
	free(all.keys);
	free(all.values);
	return handle;
}

/*
 * libpq keeps the password, for PQreset(), which is not called here, and leaves copies in what it
 * frees.
 */
static void password_forget(PGconn *handle, const struct postgres_place *place)
{
	char *kept = PQpass(handle);
	if (kept && *kept)
		mem_wipe(kept, strlen(kept));
	if (place->password)
		mem_scour(strlen(place->password) + 1);
}

static bool connect_finish(PGconn *handle, int64_t until_us)
{
	for (;;) {
		switch (PQconnectPoll(handle)) {
		case PGRES_POLLING_OK: return true;
		case PGRES_POLLING_READING:
			if (!socket_wait(handle, POLLIN, until_us))
				return false;
			break;
		case PGRES_POLLING_WRITING:
			if (!socket_wait(handle, POLLOUT, until_us))
				return false;
			break;
		default: return false;
		}
	}
}

/*
 * Whether a proxy stands between: it makes up the number by which it knows whom a cancellation is
 * for. Looked at before anything is set, for the session may be anybody's in a moment.
 */
static bool session_look(struct postgres_conn *conn, int64_t until_us)
{
	PGresult *result = postgres_conn_simple(conn, "SELECT pg_backend_pid()", until_us);
	bool ok = PQntuples(result) == 1;
	conn->shared = ok &&
		       strtol(PQgetvalue(result, 0, 0), NULL, 10) != PQbackendPID(conn->handle);
	PQclear(result);
	return ok;
}

/*
 * Reading is all that a session of our own may do by itself: a write says BEGIN READ WRITE. In a
 * shared one each transaction says what it needs.
 */
static bool session_set(struct postgres_conn *conn, const struct db_options *options,
			int64_t until_us)
{
	char sql[160];
	if (!session_look(conn, until_us))
		return false;
	snprintf(sql, sizeof(sql),
		 "SET default_transaction_read_only = on; SET TIME ZONE 'UTC'; "
		 "SET statement_timeout = %lld",
		 (long long)options->query_ms);
	return conn->shared || postgres_conn_do(conn, sql, until_us);
}

/* Notices hold what a script's author wrote, and libpq would print them on stderr. */
static void notice_ignore(void *arg, const PGresult *result)
{
	(void)arg, (void)result;
}

struct postgres_conn *postgres_conn_open(const struct postgres_place *place,
					 const struct db_options *options,
					 char why[POSTGRES_WHY_ROOM])
{
	int64_t wait_ms = options->connect_ms < OPEN_LEAST_MS ? OPEN_LEAST_MS : options->connect_ms;
	int64_t until_us = clock_monotonic_us() + MILLISECONDS_US(wait_ms);
	struct postgres_conn *conn = mem_new(1, sizeof(*conn));
	conn->handle = connect_start(place, options);
	if (!conn->handle)
		mem_out(0);
	PQsetNoticeReceiver(conn->handle, notice_ignore, NULL);
	bool ok = PQstatus(conn->handle) != CONNECTION_BAD &&
		  connect_finish(conn->handle, until_us) && !PQsetnonblocking(conn->handle, 1) &&
		  session_set(conn, options, until_us);
	password_forget(conn->handle, place);
	if (ok) {
		conn->opened_us = conn->idle_us = clock_monotonic_us();
		return conn;
	}
	const char *message = PQerrorMessage(conn->handle);
	postgres_place_say(place, *message ? message : "it did not answer in time", why);
	postgres_conn_close(conn);
	return NULL;
}

void postgres_conn_close(struct postgres_conn *conn)
{
	if (!conn)
		return;
	postgres_statements_drop(conn);
	PQfinish(conn->handle);
	free(conn);
}

/* ---- results ---- */

/*
 * Sends and reads until a result is there or the connection has failed. False when the time is up.
 */
static bool result_arrives(PGconn *handle, int64_t until_us)
{
	for (;;) {
		int unsent = PQflush(handle);
		if (unsent < 0 || !PQisBusy(handle))
			return true;
		if (!socket_wait(handle, (short)(POLLIN | (unsent ? POLLOUT : 0)), until_us))
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
	sigset_t all, old;
	pthread_attr_t detached;
	pthread_t thread;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	if (pthread_create(&thread, &detached, cancel_main, request))
		PQfreeCancel(request);
	pthread_attr_destroy(&detached);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
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
