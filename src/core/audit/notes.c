/* The ring of what was refused, until it is written. */
#include "core/audit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/app.h"

enum { ADDRESS_ROOM = 46, REQUEST_ID_ROOM = 65 };

struct note {
	struct instant at;
	const char *operation;
	enum app_err err;
	struct actor actor;
	struct touched subject;
	/* "": not known */
	char address[ADDRESS_ROOM], request_id[REQUEST_ID_ROOM];
};

struct audit_notes {
	pthread_mutex_t lock; /* guards all below but the notes that wait */
	/* the oldest, and how many wait */
	size_t first, count;
	int64_t dropped;
	struct note ring[AUDIT_NOTES_MAX];
};

struct audit_notes *audit_notes_new(void)
{
	struct audit_notes *notes = mem_new(1, sizeof(*notes));
	pthread_mutex_init(&notes->lock, NULL);
	return notes;
}

void audit_notes_drop(struct audit_notes *notes)
{
	if (!notes)
		return;
	pthread_mutex_destroy(&notes->lock);
	free(notes);
}

/* Long ones are cut; NULL is "". */
static void keep(char *room, size_t size, const char *text)
{
	snprintf(room, size, "%s", text ? text : "");
}

void audit_note(struct ctx *c, const char *operation, enum app_err err, struct touched subject)
{
	struct audit_notes *notes = c->app->audit_notes;
	if (!notes)
		return;
	struct note note = { .at = ctx_now(c),
			     .operation = operation,
			     .err = err,
			     .actor = c->actor,
			     .subject = subject };
	keep(note.address, sizeof(note.address), c->client ? c->client->address : NULL);
	keep(note.request_id, sizeof(note.request_id), c->request_id);
	pthread_mutex_lock(&notes->lock);
	if (notes->count < AUDIT_NOTES_MAX)
		notes->ring[(notes->first + notes->count++) % AUDIT_NOTES_MAX] = note;
	else
		notes->dropped++;
	pthread_mutex_unlock(&notes->lock);
}

size_t audit_notes_count(struct audit_notes *notes, int64_t *ret_dropped)
{
	pthread_mutex_lock(&notes->lock);
	size_t count = notes->count;
	*ret_dropped = notes->dropped;
	notes->dropped = 0;
	pthread_mutex_unlock(&notes->lock);
	return count;
}

static enum app_err note_write(struct ctx *c, const struct note *note)
{
	struct ctx as = *c;
	as.actor = note->actor;
	as.client = &(struct client){ .address = note->address };
	as.request_id = *note->request_id ? note->request_id : NULL;
	enum app_err err = audit_write(&as,
				       &(struct audit_entry){ .at = note->at,
							      .operation = note->operation,
							      .outcome = app_err_slug(note->err),
							      .subject = note->subject });
	c->failure = as.failure;
	return err;
}

/* Those that wait stay as they are: what comes is put behind them. */
enum app_err audit_notes_write(struct ctx *c, struct audit_notes *notes, size_t most)
{
	enum app_err err = APP_OK;
	for (size_t i = 0; !err && i < most; i++)
		err = note_write(c, &notes->ring[(notes->first + i) % AUDIT_NOTES_MAX]);
	return err;
}

void audit_notes_forget(struct audit_notes *notes, size_t count)
{
	pthread_mutex_lock(&notes->lock);
	notes->first = (notes->first + count) % AUDIT_NOTES_MAX;
	notes->count -= count;
	pthread_mutex_unlock(&notes->lock);
}
