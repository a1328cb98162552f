/*
 * Where letters arrive in tests: in memory. It takes the mailer's place on a stage, whose services
 * it starts, and gives that a pool.
 */
#ifndef CROFT_TESTING_MAILBOX_H
#define CROFT_TESTING_MAILBOX_H

#include "core/mailer.h"
#include "testing/stage.h"

enum { MAILBOX_MOST = 64 };

struct mailbox {
	struct mailer mailer;
	/* Texts on the heap. */
	struct letter letters[MAILBOX_MOST];
	int count;
};

void mailbox_open(struct mailbox *box, struct stage *s);
/* Closes the stage, too. */
void mailbox_close(struct mailbox *box, struct stage *s);
/* Waits for what was posted: how many have come since the stage was opened. */
int mailbox_count(struct mailbox *box);
/* The last of them. */
const struct letter *mailbox_last(struct mailbox *box);
/* The code of the link in that, in the arena of the stage. */
const char *mailbox_code(struct mailbox *box, struct stage *s);

#endif
