/*
 * Read-only connections, one for each thread that reads. A thread finds its own in a thread-local slot; the
 * list in struct sqlite is for closing them, and for threads that use two databases in turn.
 */
#include "sqlite.h"

/* Thread-local because a connection belongs to one thread, and a read must not take a lock to find it. */
static _Thread_local struct {
	uint64_t serial; /* of the database; 0: none */
	struct sqlite_conn *conn;
} here;

static struct sqlite_conn *reader_find(struct sqlite *s)
{
	pthread_mutex_lock(&s->readers_lock);
	struct sqlite_conn *conn = s->readers;
	while (conn && conn->owner != &here)
		conn = conn->next;
	pthread_mutex_unlock(&s->readers_lock);
	return conn;
}

static enum app_err reader_open(struct ctx *c, struct sqlite *s, struct sqlite_conn **ret_conn)
{
	struct sqlite_conn *conn = NULL;
	int code = sqlite_conn_open(s, false, &conn);
	if (code)
		return sqlite_fail(c, NULL, code, NULL);
	conn->owner = &here;
	pthread_mutex_lock(&s->readers_lock);
	conn->next = s->readers;
	s->readers = conn;
	pthread_mutex_unlock(&s->readers_lock);
	*ret_conn = conn;
	return APP_OK;
}

enum app_err sqlite_reader(struct ctx *c, struct sqlite *s, struct sqlite_conn **ret_conn)
{
	if (here.serial != s->serial) {
		struct sqlite_conn *conn = reader_find(s);
		if (!conn) {
			enum app_err err = reader_open(c, s, &conn);
			if (err)
				return err;
		}
		here.serial = s->serial;
		here.conn = conn;
	}
	*ret_conn = here.conn;
	return APP_OK;
}

void sqlite_reader_done(struct sqlite *s)
{
	pthread_mutex_lock(&s->readers_lock);
	struct sqlite_conn **at = &s->readers;
	while (*at && (*at)->owner != &here)
		at = &(*at)->next;
	struct sqlite_conn *conn = *at;
	if (conn)
		*at = conn->next;
	pthread_mutex_unlock(&s->readers_lock);
	sqlite_conn_close(conn);
	if (here.serial == s->serial)
		here.serial = 0;
}

void sqlite_readers_close(struct sqlite *s)
{
	while (s->readers) {
		struct sqlite_conn *next = s->readers->next;
		sqlite_conn_close(s->readers);
		s->readers = next;
	}
}
