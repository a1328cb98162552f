/* Signals: from the writes that raise them to those who listen. How others hear is the driver's. */
#include "core/db_signal.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/db_driver.h"

struct db_listener {
	db_heard *heard;
	void *arg;
	struct db_listener *next;
};

void db_signal(struct ctx *c, unsigned signals)
{
	assert(c->db && "db_signal() is for the inside of a write");
	c->db->signals |= signals;
}

void db_signal_listen(struct db *db, db_heard *heard, void *arg)
{
	struct db_listener *listener = mem_new(1, sizeof(*listener));
	pthread_mutex_lock(&db->listeners_lock);
	*listener = (struct db_listener){ heard, arg, db->listeners };
	db->listeners = listener;
	pthread_mutex_unlock(&db->listeners_lock);
}

void db_signal_unlisten(struct db *db, db_heard *heard, void *arg)
{
	pthread_mutex_lock(&db->listeners_lock);
	struct db_listener **at = &db->listeners;
	while ((*at)->heard != heard || (*at)->arg != arg)
		at = &(*at)->next;
	struct db_listener *listener = *at;
	*at = listener->next;
	pthread_mutex_unlock(&db->listeners_lock);
	free(listener);
}

void db_signal_others_begin(struct db *db, struct ticker *ticker)
{
	db->driver->others_begin(db, ticker);
}

void db_signal_others_end(struct db *db)
{
	db->driver->others_end(db);
}

unsigned db_signals_of(const struct db_write *first, const struct db_write *end)
{
	unsigned signals = 0;
	for (const struct db_write *at = first; at != end; at = at->next)
		if (at->signals && (!at->err || db_outcome_is_unknown(at->c)))
			signals |= at->signals;
	return signals;
}

void db_signals_hear(struct db *db, unsigned signals)
{
	pthread_mutex_lock(&db->listeners_lock);
	for (struct db_listener *at = db->listeners; at; at = at->next)
		at->heard(at->arg, signals);
	pthread_mutex_unlock(&db->listeners_lock);
}

void db_signals_tell(struct db *db, unsigned signals)
{
	if (!signals)
		return;
	db_signals_hear(db, signals);
	db->driver->signals_send(db, signals);
}
