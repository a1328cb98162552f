/*
 * Queries outside writes: on which connection each one runs, and the transaction that the reads of
 * a thread share when they are told to (REPEATABLE READ, READ ONLY). It begins with the first of
 * them, in the same round trip, and its end is not waited for. Meanwhile the thread holds that one
 * connection and asks the pool for no other, so that nobody who holds one ever waits for one.
 */
#include "base/clock.h"
#include "core/app.h"
#include "internal.h"

/*
 * Thread-local because a request reads on one thread, and a shared table would need a lock for each
 * query.
 */
static _Thread_local struct {
	/* NULL: nothing was begun. Of another database reads see the state of their moment. */
	struct postgres *of;
	int depth;
	struct postgres_conn *conn; /* in the transaction; NULL: nothing was read yet */
} here;

static void reads_release(void)
{
	struct postgres_conn *conn = here.conn;
	here.conn = NULL;
	if (!conn)
		return;
	postgres_conn_end(conn);
	postgres_pool_give(conn);
}

void postgres_reads_begin(struct db *db)
{
	if (!here.of)
		here.of = db->state;
	if (here.of == db->state)
		here.depth++;
}

void postgres_reads_end(struct db *db)
{
	if (here.of != db->state || --here.depth)
		return;
	reads_release();
	here.of = NULL;
}

void postgres_reads_renew(struct db *db)
{
	if (here.of == db->state)
		reads_release();
}

/*
 * Not for what decides who may do what: a replica lags behind, and a token or a password that was
 * revoked would still be good there.
 *
 * A replica gets half the time, so that enough is left for the primary when it is away, and one
 * try, so that what it cannot do yet is done by the primary: a table that has not reached it, rows
 * that it has to take away.
 */
static struct postgres_conn *reader_take(struct postgres *p, bool replica, int64_t until_us)
{
	struct postgres_conn *conn = NULL;
	if (replica && p->replica && !postgres_pool_is_down(p->replica)) {
		int64_t now_us = clock_monotonic_us();
		conn = postgres_pool_take(p->replica, now_us + (until_us - now_us) / 2);
	}
	return conn ? conn : postgres_pool_take(p->primary, until_us);
}

/* Whether the query is worth another connection: it only reads, so it may run twice. */
static bool reads_again(const struct postgres *p, const struct postgres_conn *conn,
			enum app_err err, int64_t until_us)
{
	if (conn->late || clock_monotonic_us() >= until_us)
		return false;
	if (conn->pool == p->replica)
		return err == APP_UNAVAILABLE || err == APP_INTERNAL;
	return err == APP_UNAVAILABLE && (conn->lost || conn->stale);
}

static void reader_give(struct postgres_conn *conn)
{
	if (PQtransactionStatus(conn->handle) != PQTRANS_IDLE)
		postgres_conn_end(conn);
	postgres_pool_give(conn);
}

/*
 * On a connection of its own; with `share` it begins what the next reads share, and keeps the
 * connection.
 */
static enum app_err read_first(struct ctx *c, const char *sql, struct db_binds binds, bool share,
			       PGresult **ret_result)
{
	struct postgres *p = c->app->db->state;
	const struct failure before = c->failure;
	int64_t until_us = postgres_until(c, 0), now_us = clock_monotonic_us();
	if (until_us > now_us + MILLISECONDS_US(p->options->acquire_ms))
		until_us = now_us + MILLISECONDS_US(p->options->acquire_ms);
	for (bool first = true;; first = false) {
		struct postgres_conn *conn = reader_take(p, first && !c->reads_primary, until_us);
		if (!conn)
			return postgres_fail_none(c, p->primary);
		const struct postgres_around around = { .begin = share || conn->shared,
							.end = !share };
		enum app_err err = postgres_run(c, conn, sql, binds, around, ret_result);
		if (!err && share) {
			here.conn = conn;
			return APP_OK;
		}
		bool again = first && reads_again(p, conn, err, until_us);
		reader_give(conn);
		if (!again)
			return err;
		c->failure = before;
	}
}

/* A statement that failed has ended the transaction: what is read afterwards is of a new state. */
static enum app_err read_next(struct ctx *c, const char *sql, struct db_binds binds,
			      PGresult **ret_result)
{
	enum app_err err = postgres_run(c, here.conn, sql, binds, (struct postgres_around){ 0 },
					ret_result);
	if (here.conn->lost || PQtransactionStatus(here.conn->handle) != PQTRANS_INTRANS)
		reads_release();
	return err;
}

/* Where there is a replica, what must be read from the primary is read by itself. */
enum app_err postgres_read(struct ctx *c, const char *sql, struct db_binds binds,
			   PGresult **ret_result)
{
	struct postgres *p = c->app->db->state;
	if (ctx_is_late(c))
		return db_fail_late(c);
	bool share = here.of == p && !(c->reads_primary && p->replica);
	if (share && here.conn)
		return read_next(c, sql, binds, ret_result);
	return read_first(c, sql, binds, share, ret_result);
}
