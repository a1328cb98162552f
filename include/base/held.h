/*
 * What is done once a write is committed, and not at all when it is undone: lines of the log that
 * tell of it, letters about it. A write that is nested in another waits for the outer one.
 */
#ifndef CROFT_BASE_HELD_H
#define CROFT_BASE_HELD_H

#include "base/ctx.h"

/* On the thread that committed, for which others wait: it is short. */
typedef void held_fn(const struct ctx *c, void *arg);

/* Only inside a write, where c->held is set. `arg` is in c->arena. */
void held_add(const struct ctx *c, held_fn *fn, void *arg);
/* Does all that is in the list, the newest last; NULL is fine. */
void held_do(const struct ctx *c, const struct held *list);

#endif
