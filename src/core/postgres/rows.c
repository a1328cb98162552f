/*
 * Queries. A result is read whole, so a connection goes back to the pool before its rows are looked at: rows that
 * stay open hold nobody up, and a query inside the loop of another needs no second connection.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "core/app.h"
#include "internal.h"

static struct db_rows rows_of(struct ctx *c, PGresult *result)
{
	struct postgres_rows *read = mem_new(1, sizeof(*read));
	postgres_bytes_decode(result);
	read->result = result;
	read->at = -1;
	return (struct db_rows){ .c = c, .statement = read };
}

/*
 * Not for what decides who may do what: a replica lags behind, and a token or a password that was revoked would
 * still be good there.
 *
 * A replica gets half the time, so that enough is left for the primary when it is away, and one try, so that what it
 * cannot do yet is done by the primary: a table that has not reached it, rows that it has to take away.
 */
static struct postgres_conn *reader_take(struct postgres *p, bool replica, int64_t until_us)
{
	struct postgres_conn *conn = NULL;
	if (replica && p->replica && !postgres_pool_is_down(p->replica)) {
		int64_t now_us = postgres_now();
		conn = postgres_pool_take(p->replica, now_us + (until_us - now_us) / 2);
	}
	return conn ? conn : postgres_pool_take(p->primary, until_us);
}

/* Whether the query is worth another connection: it only reads, so it may run twice. */
static bool reads_again(const struct postgres *p, const struct postgres_conn *conn,
			enum app_err err, int64_t until_us)
{
	if (conn->late || postgres_now() >= until_us)
		return false;
	if (conn->pool == p->replica)
		return err == APP_UNAVAILABLE || err == APP_INTERNAL;
	return err == APP_UNAVAILABLE && (conn->lost || conn->stale);
}

static enum app_err read_run(struct ctx *c, const char *sql, struct db_binds binds,
			     PGresult **ret_result)
{
	struct postgres *p = c->app->db->state;
	const struct failure before = c->failure;
	if (ctx_is_late(c))
		return postgres_fail_late(c);
	int64_t until_us = postgres_until(c, 0), now_us = postgres_now();
	if (until_us > now_us + MILLISECONDS_US(p->options->acquire_ms))
		until_us = now_us + MILLISECONDS_US(p->options->acquire_ms);
	for (bool first = true;; first = false) {
		struct postgres_conn *conn = reader_take(p, first && !c->reads_primary, until_us);
		if (!conn)
			return postgres_fail_none(c, p->primary);
		enum app_err err = postgres_run(c, conn, sql, binds, ret_result);
		bool again = first && reads_again(p, conn, err, until_us);
		postgres_pool_give(conn);
		if (!again)
			return err;
		c->failure = before;
	}
}

enum app_err postgres_query(struct ctx *c, const char *sql, struct db_binds binds,
			    struct db_rows *ret_rows)
{
	PGresult *result;
	enum app_err err = c->db ? postgres_run(c, c->db->connection, sql, binds, &result)
				 : read_run(c, sql, binds, &result);
	if (err)
		return err;
	*ret_rows = rows_of(c, result);
	return APP_OK;
}

enum app_err postgres_rows_next(struct db_rows *rows, bool *ret_row)
{
	struct postgres_rows *read = rows->statement;
	*ret_row = !rows->done && ++read->at < PQntuples(read->result);
	rows->done = !*ret_row;
	return APP_OK;
}

void postgres_rows_close(struct db_rows *rows)
{
	struct postgres_rows *read = rows->statement;
	PQclear(read->result);
	free(read);
	rows->statement = NULL;
}
