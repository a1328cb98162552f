/*
 * Which connection a context is served by; the read-only ones, one for each thread that reads, and
 * the transaction that a thread's reads share when they are told to. A thread finds its connection
 * in a thread-local slot; the list in struct sqlite is for closing them, and for threads that use
 * two databases in turn.
 */
#include "base/budget.h"
#include "changes/versions.h"
#include "core/app.h"
#include "files/files.h"
#include "internal.h"

/*
 * Thread-local because a connection belongs to one thread, and a read must not take a lock to find
 * it.
 */
static _Thread_local struct {
	uint64_t serial; /* of the database; 0: none */
	struct sqlite_conn *conn;
} here;

static struct sqlite_conn *reader_find(struct sqlite *s)
{
	pthread_mutex_lock(&s->readers_lock);
	struct sqlite_conn *conn = s->readers;
	while (conn && conn->reader.owner != &here)
		conn = conn->reader.next;
	pthread_mutex_unlock(&s->readers_lock);
	return conn;
}

struct sqlite_conn *sqlite_reader_have(struct sqlite *s)
{
	if (here.serial != s->serial) {
		struct sqlite_conn *conn = reader_find(s);
		if (!conn)
			return NULL;
		here.serial = s->serial;
		here.conn = conn;
	}
	return here.conn;
}

/*
 * Opens one for this thread, which has none yet, and never on another file; returns SQLite's code.
 */
static int reader_open(struct sqlite *s)
{
	struct sqlite_conn *conn = NULL;
	if (sqlite_file_moved(s))
		return SQLITE_READONLY_DBMOVED;
	int code = sqlite_conn_open(s, false, &conn);
	if (code)
		return code;
	conn->reader.owner = &here;
	pthread_mutex_lock(&s->readers_lock);
	conn->reader.next = s->readers;
	s->readers = conn;
	pthread_mutex_unlock(&s->readers_lock);
	here.serial = s->serial;
	here.conn = conn;
	return SQLITE_OK;
}

enum app_err sqlite_reader(struct ctx *c, struct sqlite *s, struct sqlite_conn **ret_conn)
{
	int code = sqlite_reader_have(s) ? SQLITE_OK : reader_open(s);
	/* what it read would be made of two files */
	if (!code && s->overwritten)
		code = SQLITE_READONLY_OVERWRITTEN;
	if (code)
		return sqlite_fail(c, NULL, code, NULL);
	*ret_conn = here.conn;
	return APP_OK;
}

/* ---- reads that see one state ---- */

/*
 * Not while rows are open: then the transaction would be of their state, which may be older than
 * the moment.
 */
void sqlite_reader_share(struct sqlite *s, struct sqlite_conn *conn)
{
	if (!conn->reader.together || conn->reader.began || conn->lent)
		return;
	conn->reader.moment = sqlite_versions_moment(s->versions);
	conn->reader.began = sqlite_conn_control(conn, CONTROL_BEGIN_READ) == SQLITE_OK;
}

enum app_err sqlite_conn_of(struct ctx *c, struct sqlite_conn **ret_conn)
{
	if (!c->db) {
		if (ctx_is_late(c) || budget_is_over(c->budget))
			return db_fail_late(c);
		struct sqlite *s = c->app->db->state;
		enum app_err err = sqlite_reader(c, s, ret_conn);
		if (!err)
			sqlite_reader_share(s, *ret_conn);
		return err;
	}
	struct sqlite_conn *conn = c->db->connection;
	/* SQLite ended the transaction by itself: what ran now would be committed alone. */
	if (sqlite3_get_autocommit(conn->handle))
		return sqlite_fail_lost(c);
	if (c->db->deadline_us != INT64_MAX &&
	    c->clock->monotonic_us(c->clock) >= c->db->deadline_us)
		return db_fail_late(c);
	*ret_conn = conn;
	return APP_OK;
}

static void reads_release(struct sqlite_conn *conn)
{
	if (!conn->reader.began)
		return;
	conn->reader.began = false;
	/* After some errors SQLite has ended it by itself. */
	if (!sqlite3_get_autocommit(conn->handle))
		sqlite_conn_control(conn, CONTROL_COMMIT);
}

/*
 * Where readers lock tables of memory, such a transaction would stand in the writer's way. When no
 * connection can be opened now, the reads tell why, if there are any.
 */
void sqlite_reads_begin(struct db *db)
{
	struct sqlite *s = db->state;
	if (!s->memory && (sqlite_reader_have(s) || !reader_open(s)))
		here.conn->reader.together++;
}

void sqlite_reads_end(struct db *db)
{
	struct sqlite *s = db->state;
	struct sqlite_conn *conn = s->memory ? NULL : sqlite_reader_have(s);
	if (conn && conn->reader.together && !--conn->reader.together)
		reads_release(conn);
}

void sqlite_reads_renew(struct db *db)
{
	struct sqlite *s = db->state;
	struct sqlite_conn *conn = s->memory ? NULL : sqlite_reader_have(s);
	if (conn)
		reads_release(conn);
}

void sqlite_readers_close(struct sqlite *s)
{
	while (s->readers) {
		struct sqlite_conn *next = s->readers->reader.next;
		sqlite_conn_close(s->readers);
		s->readers = next;
	}
}
