/*
 * Signals between processes: a counter for each in the page that they share (shared.c), raised
 * after the commit. The ticker compares them with what they were. How often this process has raised
 * one is known, so that it does not hear itself.
 */
#include <pthread.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/db_signal.h"
#include "core/sqlite/internal.h"
#include "core/ticker.h"
#include "versions.h"

enum { LOOK_MS = 200 };

struct sqlite_signals {
	pthread_mutex_t lock; /* guards the next two */
	uint64_t own[DB_SIGNALS];
	uint64_t others[DB_SIGNALS]; /* how often all others have, at the last look */
	struct tick *look;           /* NULL: nobody wants to hear them */
};

_Static_assert(DB_SIGNALS <= (int)SQLITE_SIGNALS_ROOM, "no room in the page for another signal");

/* Called with the lock held. */
static uint64_t others_now(const struct sqlite *s, int signal)
{
	return __atomic_load_n(&s->shared->signals[signal], __ATOMIC_SEQ_CST) -
	       s->signals->own[signal];
}

void sqlite_signals_open(struct sqlite *s)
{
	s->signals = mem_new(1, sizeof(*s->signals));
	pthread_mutex_init(&s->signals->lock, NULL);
}

void sqlite_signals_close(struct sqlite *s)
{
	if (!s->signals)
		return;
	pthread_mutex_destroy(&s->signals->lock);
	free(s->signals);
	s->signals = NULL;
}

void sqlite_signals_send(struct db *db, unsigned signals)
{
	struct sqlite *s = db->state;
	if (!s->shared)
		return;
	pthread_mutex_lock(&s->signals->lock);
	for (int i = 0; i < DB_SIGNALS; i++) {
		uint64_t more = signals >> i & 1;
		__atomic_fetch_add(&s->shared->signals[i], more, __ATOMIC_SEQ_CST);
		s->signals->own[i] += more;
	}
	pthread_mutex_unlock(&s->signals->lock);
}

static unsigned others_look(struct sqlite *s)
{
	unsigned raised = 0;
	pthread_mutex_lock(&s->signals->lock);
	for (int i = 0; i < DB_SIGNALS; i++) {
		uint64_t now = others_now(s, i);
		raised |= (unsigned)(now != s->signals->others[i]) << i;
		s->signals->others[i] = now;
	}
	pthread_mutex_unlock(&s->signals->lock);
	return raised;
}

static void look(void *arg)
{
	struct db *db = arg;
	unsigned raised = others_look(db->state);
	if (raised)
		db_signals_hear(db, raised);
}

/* What was raised before is heard of, too, but for what this process did. */
void sqlite_others_begin(struct db *db, struct ticker *ticker)
{
	struct sqlite *s = db->state;
	if (s->shared)
		s->signals->look = ticker_add(ticker, LOOK_MS, look, db);
}

void sqlite_others_end(struct db *db)
{
	struct sqlite *s = db->state;
	ticker_remove(s->signals->look);
	s->signals->look = NULL;
}
