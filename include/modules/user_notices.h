/* Letters that tell the owner of an account what was done with it. */
#ifndef CROFT_MODULES_USER_NOTICES_H
#define CROFT_MODULES_USER_NOTICES_H

#include "base/ctx.h"
#include "modules/users.h"

/* Where it says {{username}} and {{service}} these are filled in. */
struct user_notice {
	const char *subject, *text;
};
/*
 * Has it sent to the e-mail that is given, once the write is committed. Where none can be sent it
 * is done all the same: who is locked out by that could mend nothing.
 */
void user_notice_send(struct ctx *c, const struct user_credentials *owner,
		      const struct user_notice *notice);

#endif
