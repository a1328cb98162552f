/* A mailer that keeps what it is given. */
#include "testing/mailbox.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/pool.h"
#include "core/service.h"

static enum app_err keep(struct ctx *c, struct mailer *mailer, const struct letter *letter)
{
	struct mailbox *box = (struct mailbox *)mailer;
	pthread_mutex_lock(&mailer->lock);
	bool has_room = box->count < MAILBOX_MOST;
	if (has_room)
		box->letters[box->count++] = (struct letter){ mem_strdup(letter->to),
							      mem_strdup(letter->subject),
							      mem_strdup(letter->text),
							      mem_strdup(letter->html) };
	pthread_mutex_unlock(&mailer->lock);
	return has_room ? APP_OK : ctx_fail(c, APP_UNAVAILABLE, "the mailbox is full");
}

void mailbox_open(struct mailbox *box, struct stage *s)
{
	memset(box, 0, sizeof(*box));
	mailer_init(&box->mailer);
	box->mailer.send = keep;
	s->scene.app.pool = pool_new(&(struct pool_options){ .waiting = { MAILBOX_MOST } });
	stage_start_services(s,
			     (const struct service_given[]){ GIVEN(mailer, &box->mailer), { 0 } });
}

void mailbox_close(struct mailbox *box, struct stage *s)
{
	mailer_settle(&box->mailer);
	pool_drop(s->scene.app.pool);
	stage_close(s);
	for (int i = 0; i < box->count; i++) {
		free((char *)(uintptr_t)box->letters[i].to);
		free((char *)(uintptr_t)box->letters[i].subject);
		free((char *)(uintptr_t)box->letters[i].text);
		free((char *)(uintptr_t)box->letters[i].html);
	}
}

int mailbox_count(struct mailbox *box)
{
	mailer_settle(&box->mailer);
	return box->count;
}

const struct letter *mailbox_last(struct mailbox *box)
{
	assert_true(mailbox_count(box) > 0);
	return &box->letters[box->count - 1];
}

const char *mailbox_code(struct mailbox *box, struct stage *s)
{
	const char *code = strstr(mailbox_last(box)->text, "#token=");
	assert_non_null(code);
	code += strlen("#token=");
	return arena_strndup(s->scene.c.arena, code, strcspn(code, "\n"));
}
