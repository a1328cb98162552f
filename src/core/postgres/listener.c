/*
 * The thread that has a connection of its own, which listens. It also tells what this process has
 * raised, by NOTIFY in transactions of their own: inside the transaction of a write it would make
 * all commits of the server stand in line. What comes within a moment is told together.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/attr.h"
#include "core/db_signal.h"
#include "core/log.h"
#include "listener.h"

#define CHANNEL "croft"
#define UNHEARD \
	"rows that other processes leave to be indexed are noticed within a second, and a new " \
	"full-text index within half a minute"

enum {
	SEND_EVERY_MS = 20,
	ANSWER_MS = 5000,
};

/* What the thread is to do, as it was a moment ago. */
struct orders {
	bool sends, wants, stopping;
	int64_t leave_us;
};

static struct orders orders_read(struct postgres_listener *l)
{
	pthread_mutex_lock(&l->lock);
	const struct orders orders = { l->unsent != 0, l->wants && !l->deaf, l->stopping,
				       l->leave_us };
	pthread_mutex_unlock(&l->lock);
	return orders;
}

static void hear(const struct postgres_listener *l, unsigned signals)
{
	if (signals & DB_SIGNALS_ALL)
		db_signals_hear(l->postgres->db, signals & DB_SIGNALS_ALL);
}

/* ---- the connection ---- */

/* `why` there is none; NULL: there is one now. */
static void conn_tell(struct postgres_listener *l, const char *why)
{
	AUTO(ctx_own) own;
	ctx_own_init(&own, l->postgres->app);
	l->lacking = why != NULL;
	if (why)
		log_warn(&own.c,
			 "there is no connection to listen on, so " UNHEARD ": if the server is "
			 "up, does it allow database.pool_max + 1 connections?",
			 LOG_TEXT("server", l->postgres->primary->place.shown),
			 LOG_TEXT("why", why));
	else
		log_info(&own.c, "there is a connection to listen on now",
			 LOG_TEXT("server", l->postgres->primary->place.shown));
}

static void conn_drop(struct postgres_listener *l)
{
	if (l->conn &&
	    clock_monotonic_us() - l->conn->opened_us > MILLISECONDS_US(POSTGRES_LONGEST_PAUSE_MS))
		l->pause.ms = 0;
	postgres_conn_close(l->conn);
	l->conn = NULL;
	l->listens = false;
	postgres_pause_grow(&l->pause);
}

/*
 * That the server is away is told by the pool; what is told here is that it does not give one more.
 */
static void conn_open(struct postgres_listener *l, const struct orders *orders)
{
	const struct postgres *p = l->postgres;
	char why[POSTGRES_WHY_ROOM];
	l->conn = postgres_conn_open(&p->primary->place, p->options, why);
	if (!l->conn)
		postgres_pause_grow(&l->pause);
	if (l->conn && l->lacking)
		conn_tell(l, NULL);
	if (!l->conn && !l->lacking && orders->wants && !postgres_pool_is_down(p->primary))
		conn_tell(l, why);
}

static void deafness_tell(struct postgres_listener *l)
{
	AUTO(ctx_own) own;
	ctx_own_init(&own, l->postgres->app);
	log_info(&own.c,
		 "a proxy lends the database's sessions, so that none can listen: " UNHEARD);
	l->deaf = true;
}

/* What was told while nobody listened is not known: it may have been anything. */
static void listen_begin(struct postgres_listener *l)
{
	if (l->conn->shared) {
		deafness_tell(l);
		return;
	}
	l->listens = postgres_conn_do(l->conn, "LISTEN " CHANNEL,
				      clock_monotonic_us() + MILLISECONDS_US(ANSWER_MS));
	if (l->listens)
		hear(l, DB_SIGNALS_ALL);
	else
		conn_drop(l);
}

/* ---- telling and hearing ---- */

static unsigned unsent_take(struct postgres_listener *l)
{
	pthread_mutex_lock(&l->lock);
	unsigned signals = l->unsent;
	l->unsent = 0;
	pthread_mutex_unlock(&l->lock);
	return signals;
}

static void unsent_add(struct postgres_listener *l, unsigned signals)
{
	pthread_mutex_lock(&l->lock);
	l->unsent |= signals;
	pthread_mutex_unlock(&l->lock);
}

/* Nothing that is to last is written, so nobody need wait for the disk. */
static void send(struct postgres_listener *l)
{
	char sql[96];
	unsigned signals = unsent_take(l);
	snprintf(sql, sizeof(sql),
		 "BEGIN; SET LOCAL synchronous_commit = off; NOTIFY " CHANNEL ", '%u'; COMMIT",
		 signals);
	if (postgres_conn_do(l->conn, sql, clock_monotonic_us() + MILLISECONDS_US(ANSWER_MS))) {
		l->next_send_us = clock_monotonic_us() + MILLISECONDS_US(SEND_EVERY_MS);
		return;
	}
	unsent_add(l, signals);
	conn_drop(l);
}

/* What has come, but for what this connection has told itself. */
static unsigned notices_take(PGconn *handle)
{
	unsigned signals = 0;
	PGnotify *notice;
	while ((notice = PQnotifies(handle))) {
		if (notice->be_pid != PQbackendPID(handle))
			signals |= (unsigned)strtoul(notice->extra, NULL, 10);
		PQfreemem(notice);
	}
	return signals;
}

static void conn_read(struct postgres_listener *l)
{
	if (!PQconsumeInput(l->conn->handle) || PQstatus(l->conn->handle) != CONNECTION_OK)
		conn_drop(l);
}

/* ---- the thread ---- */

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* When there is something to do though nothing has happened. */
static int64_t next_us(const struct postgres_listener *l, const struct orders *orders)
{
	int64_t next = INT64_MAX;
	if (!l->conn && (orders->wants || orders->sends))
		next = l->pause.until_us;
	else if (l->conn && orders->sends)
		next = l->next_send_us;
	return orders->stopping ? earlier(next, orders->leave_us) : next;
}

static void wait_for_some(struct postgres_listener *l, int64_t until_us)
{
	enum { LONGEST_MS = 60000 };
	struct pollfd fds[] = { { .fd = l->wake_fd, .events = POLLIN },
				{ .fd = l->conn ? PQsocket(l->conn->handle) : -1,
				  .events = POLLIN } };
	int64_t left_us = until_us - clock_monotonic_us();
	int64_t wait_ms = left_us > 0 ? earlier(left_us / 1000 + 1, LONGEST_MS) : 0;
	if (poll(fds, COUNT_OF(fds), (int)wait_ms) <= 0)
		return;
	uint64_t unused;
	if (fds[0].revents && read(l->wake_fd, &unused, sizeof(unused)) < 0)
		return;
	if (fds[1].revents)
		conn_read(l);
}

/* Does what is due and waits for more; false when it is over. */
static bool listener_turn(struct postgres_listener *l)
{
	struct orders orders = orders_read(l);
	int64_t now = clock_monotonic_us();
	if (orders.stopping && (!orders.sends || now >= orders.leave_us))
		return false;
	if (!l->conn && (orders.wants || orders.sends) && now >= l->pause.until_us)
		conn_open(l, &orders);
	if (l->conn && orders.wants && !l->listens)
		listen_begin(l);
	if (l->conn && orders.sends && now >= l->next_send_us)
		send(l);
	/* also what came while an answer was waited for */
	if (l->conn)
		hear(l, notices_take(l->conn->handle));
	orders = orders_read(l);
	wait_for_some(l, next_us(l, &orders));
	return true;
}

void *postgres_listener_main(void *arg)
{
	struct postgres_listener *l = arg;
	while (listener_turn(l))
		;
	postgres_conn_close(l->conn);
	l->conn = NULL;
	l->listens = false;
	return NULL;
}
