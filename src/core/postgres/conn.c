/* One connection to a PostgreSQL server: opening it, setting its session up, closing it. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "flush.h"
#include "internal.h"

enum { OPEN_LEAST_MS = 100 };

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
			if (!postgres_socket_wait(handle, POLLIN, until_us))
				return false;
			break;
		case PGRES_POLLING_WRITING:
			if (!postgres_socket_wait(handle, POLLOUT, until_us))
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

/* Whoever says so in the URL has said it to croft. */
static bool says_when_to_flush(const struct postgres_place *place)
{
	for (const PQconninfoOption *at = place->list; at->keyword; at++)
		if (str_eq(at->keyword, "options") && at->val)
			return strstr(at->val, "synchronous_commit") != NULL;
	return false;
}

/*
 * Reading is all that a session of our own may do by itself: a write says BEGIN READ WRITE. In a
 * shared one each transaction says what it needs.
 */
static bool session_set(struct postgres_conn *conn, const struct postgres_place *place,
			const struct db_options *options, int64_t until_us)
{
	char sql[384];
	bool flush_said = says_when_to_flush(place);
	if (!session_look(conn, until_us))
		return false;
	conn->flush_unsaid = conn->shared && !flush_said;
	snprintf(sql, sizeof(sql),
		 "%s SET default_transaction_read_only = on; SET TIME ZONE 'UTC'; "
		 "SET DateStyle = 'ISO'; SET statement_timeout = %lld",
		 flush_said ? "" : POSTGRES_SQL_FLUSH("false"), (long long)options->query_ms);
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
		  session_set(conn, place, options, until_us);
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
