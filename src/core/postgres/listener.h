/* Signals between processes: what signals.c and the thread of listener.c share. */
#ifndef CROFT_SRC_CORE_POSTGRES_LISTENER_H
#define CROFT_SRC_CORE_POSTGRES_LISTENER_H

#include "pool.h"

struct postgres_listener {
	struct postgres *postgres;
	pthread_t thread;
	int wake_fd;
	/* guards the next five */
	pthread_mutex_t lock;
	unsigned unsent;
	/* to hear others */
	bool wants;
	bool runs, stopping;
	/* when it is stopping: no longer than until then */
	int64_t leave_us;

	/* the thread's */
	/* NULL: none is open */
	struct postgres_conn *conn;
	/* it does */
	bool listens;
	/* the server gives no connection; told in the log */
	bool lacking;
	/* none can: a proxy lends sessions; told in the log */
	bool deaf;
	struct postgres_pause pause;
	int64_t next_send_us;
};

void *postgres_listener_main(void *listener);

enum app_err postgres_listener_new(struct ctx *c, struct postgres *p) MUST_USE;
/* After the last write, before the pools. Nothing to do when there is none. */
void postgres_listener_drop(struct postgres *p);
void postgres_signals_send(struct db *db, unsigned signals);
void postgres_others_begin(struct db *db, struct ticker *ticker);
void postgres_others_end(struct db *db);

#endif
