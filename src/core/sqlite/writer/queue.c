/* The way to the writer's thread, for all others: handing it a write, and waking it. */
#include "core/sqlite/internal.h"
#include "writer.h"

/*
 * With the lock held. Whoever wakes the thread says so at once: those who come before it runs need
 * not signal again.
 */
static bool sleep_end(struct sqlite_writer *w)
{
	bool slept = w->asleep;
	w->asleep = false;
	return slept;
}

void sqlite_writer_wake(struct sqlite_writer *w)
{
	pthread_mutex_lock(&w->lock);
	bool wake = sleep_end(w);
	pthread_mutex_unlock(&w->lock);
	if (wake)
		pthread_cond_signal(&w->wake);
}

enum app_err sqlite_submit(struct db *db, struct db_write *write)
{
	struct sqlite_writer *w = ((struct sqlite *)db->state)->writer;
	pthread_mutex_lock(&w->lock);
	bool added = db_queue_add(&w->queue, write, db->options.queue);
	bool wake = added && sleep_end(w);
	pthread_mutex_unlock(&w->lock);
	if (wake)
		pthread_cond_signal(&w->wake);
	return added ? APP_OK : db_queue_refuse(write->c);
}
