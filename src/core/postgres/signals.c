/*
 * Signals between processes: what the thread of listener.c is told to do. It is started by whoever
 * wants to hear of others, or has something to tell them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/thread.h"
#include "listener.h"

/* At the end, for what is not told yet. */
enum { LEAVE_MS = 1000 };

static void listener_wake(struct postgres_listener *l)
{
	const uint64_t one = 1;
	ssize_t written = write(l->wake_fd, &one, sizeof(one));
	(void)written; /* when the number is full it wakes as well */
}

/* Called with the lock held. A thread that is not to be had now is tried again with the next. */
static void listener_need(struct postgres_listener *l)
{
	if (!l->runs)
		l->runs = !thread_start(&l->thread, "db-listener", postgres_listener_main, l);
	listener_wake(l);
}

enum app_err postgres_listener_new(struct ctx *c, struct postgres *p)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (fd < 0)
		return ctx_fail(c, APP_UNAVAILABLE, "cannot prepare to hear of other processes: %s",
				strerror(errno));
	struct postgres_listener *l = mem_new(1, sizeof(*l));
	pthread_mutex_init(&l->lock, NULL);
	l->postgres = p;
	l->wake_fd = fd;
	p->listener = l;
	return APP_OK;
}

/* What was raised is told, if the server takes it within a moment. */
static void listener_stop(struct postgres_listener *l)
{
	pthread_mutex_lock(&l->lock);
	if (l->unsent)
		listener_need(l);
	bool runs = l->runs;
	l->stopping = runs;
	l->wants = false;
	l->leave_us = clock_monotonic_us() + MILLISECONDS_US(LEAVE_MS);
	pthread_mutex_unlock(&l->lock);
	if (!runs)
		return;
	listener_wake(l);
	pthread_join(l->thread, NULL);
	pthread_mutex_lock(&l->lock);
	l->runs = l->stopping = false;
	pthread_mutex_unlock(&l->lock);
}

void postgres_listener_drop(struct postgres *p)
{
	struct postgres_listener *l = p->listener;
	if (!l)
		return;
	listener_stop(l);
	close(l->wake_fd);
	pthread_mutex_destroy(&l->lock);
	free(l);
	p->listener = NULL;
}

void postgres_signals_send(struct db *db, unsigned signals)
{
	struct postgres_listener *l = ((struct postgres *)db->state)->listener;
	pthread_mutex_lock(&l->lock);
	l->unsent |= signals;
	listener_need(l);
	pthread_mutex_unlock(&l->lock);
}

void postgres_others_begin(struct db *db, struct ticker *ticker)
{
	(void)ticker;
	struct postgres_listener *l = ((struct postgres *)db->state)->listener;
	pthread_mutex_lock(&l->lock);
	l->wants = true;
	listener_need(l);
	pthread_mutex_unlock(&l->lock);
}

void postgres_others_end(struct db *db)
{
	listener_stop(((struct postgres *)db->state)->listener);
}
